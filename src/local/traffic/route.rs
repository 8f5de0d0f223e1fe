//! The routes that visits call.

/// A route of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Route {
    Ips,
    Verify,
    Register,
    Search,
    Blacklist,
    DeleteFace,
    UploadUrl,
    Status,
    BeginRegistration,
    Registration,
    Authenticate,
    UpdatePhoto,
    User,
    DeleteUser,
    BeginLiveness,
    Liveness,
}

/// How a route is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Route {
    /// Method and path, as the summary names the route.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ips => "POST /ips",
            Self::Verify => "POST /kyc/facematch/verify",
            Self::Register => "POST /kyc/facematch/register",
            Self::Search => "POST /kyc/facematch/search",
            Self::Blacklist => "POST /kyc/facematch/blacklist",
            Self::DeleteFace => "DELETE /kyc/facematch/faces/{face_id}",
            Self::UploadUrl => "POST /kyc/facematch/upload-url",
            Self::Status => "GET /kyc/facematch/collections/status",
            Self::BeginRegistration => "POST /identity/registrations",
            Self::Registration => "GET /identity/registrations",
            Self::Authenticate => "POST /identity/authentications",
            Self::UpdatePhoto => "PUT /identity/users/{user_id}/photo",
            Self::User => "GET /identity/users/{user_id}",
            Self::DeleteUser => "DELETE /identity/users/{user_id}",
            Self::BeginLiveness => "POST /identity/liveness-sessions",
            Self::Liveness => "GET /identity/liveness-sessions",
        }
    }

    pub(super) fn method(self) -> Method {
        match self.name().split_once(' ').map(|(method, _)| method) {
            Some("GET") => Method::Get,
            Some("PUT") => Method::Put,
            Some("DELETE") => Method::Delete,
            _ => Method::Post,
        }
    }

    /// The path that is called about `subject`: a face, a user, a registration or a session.
    pub(super) fn path(self, subject: &str) -> String {
        let path = self.name().split_once(' ').map_or("/", |(_, path)| path);
        match self {
            Self::Registration => format!("{path}?registration_id={subject}"),
            Self::Liveness => format!("{path}?session_id={subject}"),
            _ => path.replace("{face_id}", subject).replace("{user_id}", subject),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_called_as_it_is_named() {
        assert_eq!(Route::UpdatePhoto.method(), Method::Put);
        assert_eq!(Route::UpdatePhoto.path("member-1"), "/identity/users/member-1/photo");
        assert_eq!(Route::Registration.path("r-1"), "/identity/registrations?registration_id=r-1");
        assert_eq!((Route::Ips.method(), Route::Ips.path("")), (Method::Post, "/ips".to_owned()));
    }
}
