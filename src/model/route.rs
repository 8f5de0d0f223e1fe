//! The routes of the HTTP API.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One route: a method on a path, as API Gateway names them in its metrics.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Route {
    /// The HTTP method in capitals.
    pub method: String,
    /// The resource path, for example `/kyc/facematch/verify`.
    pub path: String,
}

impl Route {
    /// The name of the stage that is deployed.
    pub const STAGE: &'static str = "v1";

    /// A route.
    pub fn new(method: impl Into<String>, path: impl Into<String>) -> Self {
        Self { method: method.into(), path: path.into() }
    }

    /// Every route of the built-in `templates/api.yaml`. Metrics name a route only after its first call, so what is
    /// idle has to be known beforehand.
    #[must_use]
    pub fn built_in() -> Vec<Self> {
        [
            ("POST", "/ips"),
            ("POST", "/kyc/facematch/verify"),
            ("POST", "/kyc/facematch/register"),
            ("POST", "/kyc/facematch/search"),
            ("POST", "/kyc/facematch/blacklist"),
            ("DELETE", "/kyc/facematch/faces/{face_id}"),
            ("GET", "/kyc/facematch/collections/status"),
            ("POST", "/kyc/facematch/upload-url"),
            ("POST", "/identity/registrations"),
            ("GET", "/identity/registrations"),
            ("POST", "/identity/authentications"),
            ("GET", "/identity/users/{user_id}"),
            ("DELETE", "/identity/users/{user_id}"),
            ("PUT", "/identity/users/{user_id}/photo"),
            ("POST", "/identity/liveness-sessions"),
            ("GET", "/identity/liveness-sessions"),
        ]
        .map(|(method, path)| Self::new(method, path))
        .to_vec()
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.method, self.path))
    }
}
