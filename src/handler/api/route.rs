//! The routes: what each is called, what it needs and which flow it is an attempt of.

use super::caller::Scope;
use super::event::RequestEvent;
use crate::model::Flow;

/// A route that is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    Ips,
    Verify,
    Register,
    Search,
    Blacklist,
    DeleteFace,
    CollectionStatus,
    UploadUrl,
    NewRegistration,
    Registration,
    Authenticate,
    User,
    DeleteUser,
    Photo,
    NewLivenessSession,
    LivenessSession,
}

impl Route {
    /// Every route.
    pub(super) const ALL: [Self; 16] = [
        Self::Ips,
        Self::Verify,
        Self::Register,
        Self::Search,
        Self::Blacklist,
        Self::DeleteFace,
        Self::CollectionStatus,
        Self::UploadUrl,
        Self::NewRegistration,
        Self::Registration,
        Self::Authenticate,
        Self::User,
        Self::DeleteUser,
        Self::Photo,
        Self::NewLivenessSession,
        Self::LivenessSession,
    ];

    /// The route of a request.
    pub(super) fn find(event: &RequestEvent) -> Option<Self> {
        let asked = (event.http_method.as_str(), event.resource.as_str());
        Self::ALL.into_iter().find(|route| route.name().split_once(' ') == Some(asked))
    }

    /// Method and path with its placeholders, as in the API's description and in its metrics.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ips => "POST /ips",
            Self::Verify => "POST /kyc/facematch/verify",
            Self::Register => "POST /kyc/facematch/register",
            Self::Search => "POST /kyc/facematch/search",
            Self::Blacklist => "POST /kyc/facematch/blacklist",
            Self::DeleteFace => "DELETE /kyc/facematch/faces/{face_id}",
            Self::CollectionStatus => "GET /kyc/facematch/collections/status",
            Self::UploadUrl => "POST /kyc/facematch/upload-url",
            Self::NewRegistration => "POST /identity/registrations",
            Self::Registration => "GET /identity/registrations",
            Self::Authenticate => "POST /identity/authentications",
            Self::User => "GET /identity/users/{user_id}",
            Self::DeleteUser => "DELETE /identity/users/{user_id}",
            Self::Photo => "PUT /identity/users/{user_id}/photo",
            Self::NewLivenessSession => "POST /identity/liveness-sessions",
            Self::LivenessSession => "GET /identity/liveness-sessions",
        }
    }

    /// What the audit log calls it: the description's operation id.
    pub(super) const fn operation(self) -> &'static str {
        match self {
            Self::Ips => "compareIdAndSelfie",
            Self::Verify => "verifyFaces",
            Self::Register => "registerFace",
            Self::Search => "searchFaces",
            Self::Blacklist => "blacklistFace",
            Self::DeleteFace => "deleteFace",
            Self::CollectionStatus => "describeCollection",
            Self::UploadUrl => "createUploadUrl",
            Self::NewRegistration => "registerUser",
            Self::Registration => "readRegistration",
            Self::Authenticate => "authenticateUser",
            Self::User => "readUser",
            Self::DeleteUser => "deleteUser",
            Self::Photo => "replacePhoto",
            Self::NewLivenessSession => "createLivenessSession",
            Self::LivenessSession => "readLivenessSession",
        }
    }

    /// What the token must allow.
    pub(super) const fn scope(self) -> Scope {
        match self {
            Self::Ips
            | Self::Verify
            | Self::Search
            | Self::CollectionStatus
            | Self::Registration
            | Self::Authenticate
            | Self::User
            | Self::NewLivenessSession
            | Self::LivenessSession => Scope::Read,
            Self::Register
            | Self::Blacklist
            | Self::DeleteFace
            | Self::UploadUrl
            | Self::NewRegistration
            | Self::DeleteUser
            | Self::Photo => Scope::Create,
        }
    }

    /// The flow that a request of this route is an attempt of, where its end is counted here. The identity flows count
    /// theirs themselves: they may end after the request.
    pub(super) const fn flow(self) -> Option<Flow> {
        match self {
            Self::Ips | Self::Verify | Self::Search => Some(Flow::Authentication),
            Self::Register => Some(Flow::Registration),
            Self::Blacklist
            | Self::DeleteFace
            | Self::CollectionStatus
            | Self::UploadUrl
            | Self::NewRegistration
            | Self::Registration
            | Self::Authenticate
            | Self::User
            | Self::DeleteUser
            | Self::Photo
            | Self::NewLivenessSession
            | Self::LivenessSession => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_routes_are_those_that_the_dashboard_knows() {
        let known: Vec<String> = crate::model::Route::built_in().iter().map(ToString::to_string).collect();
        assert_eq!(Route::ALL.map(|route| route.name().to_owned()).to_vec(), known);
    }
}
