//! The request as API Gateway hands it over (Lambda proxy integration), and the response as it wants it back: only
//! the parts that are used.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::handler::problem::{Code, Problem, RETRY_AFTER_SECONDS};

/// A request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RequestEvent {
    /// The route's path with its placeholders.
    pub resource: String,
    /// `GET`, `POST` …
    pub http_method: String,
    /// Header fields as the client spelled them.
    pub headers: Option<BTreeMap<String, String>>,
    /// The body as text.
    pub body: Option<String>,
    /// Whether the body's text is base64.
    pub is_base64_encoded: bool,
    /// What the gateway knows.
    pub request_context: RequestContext,
}

/// What the gateway knows of a request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RequestContext {
    /// The gateway's id of the request.
    pub request_id: String,
    /// What the authorizer said: tenant and scope.
    pub authorizer: Option<Map<String, Value>>,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The HTTP status.
    pub status_code: u16,
    /// Header fields.
    pub headers: BTreeMap<&'static str, String>,
    /// The body.
    pub body: String,
    /// Always false: every body is JSON.
    pub is_base64_encoded: bool,
}

/// A response with the log lines to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The response.
    pub response: Response,
    /// Embedded metrics and the log line.
    pub lines: Vec<String>,
}

impl RequestEvent {
    /// A header field, however it is spelled.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let headers = self.headers.as_ref()?;
        headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The gateway's id of the request.
    pub(super) fn request_id(&self) -> &str {
        &self.request_context.request_id
    }
}

impl Response {
    /// An answer.
    pub(super) fn json(status_code: u16, body: &Value) -> Self {
        Self::new(status_code, "application/json", body)
    }

    /// A problem document.
    pub(super) fn problem(problem: &Problem, request_id: &str) -> Self {
        let status = problem.code.status();
        let mut response = Self::new(status, "application/problem+json", &problem.document(request_id));
        if problem.code == Code::Throttled {
            response.headers.insert("Retry-After", RETRY_AFTER_SECONDS.to_string());
        }
        response
    }

    fn new(status_code: u16, media_type: &str, body: &Value) -> Self {
        // An answer about a person is nothing that a cache may keep.
        let headers = [("Content-Type", media_type.to_owned()), ("Cache-Control", "no-store".to_owned())];
        Self { status_code, headers: headers.into(), body: body.to_string(), is_base64_encoded: false }
    }
}
