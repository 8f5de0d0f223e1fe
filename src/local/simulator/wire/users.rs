//! Users: requests and answers.

use serde::{Deserialize, Serialize};

use super::{FaceDetail, Image};

/// CreateUser and DeleteUser.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OneUser {
    pub collection_id: Option<String>,
    pub user_id: Option<String>,
    pub client_request_token: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListUsers {
    pub collection_id: Option<String>,
    pub max_results: Option<i64>,
    pub next_token: Option<String>,
}

/// AssociateFaces and DisassociateFaces; the second has no threshold.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FacesOfUser {
    pub collection_id: Option<String>,
    pub user_id: Option<String>,
    pub face_ids: Option<Vec<String>>,
    pub user_match_threshold: Option<f32>,
    pub client_request_token: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SearchUsers {
    pub collection_id: Option<String>,
    pub user_id: Option<String>,
    pub face_id: Option<String>,
    pub user_match_threshold: Option<f32>,
    pub max_users: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SearchUsersByImage {
    pub collection_id: Option<String>,
    pub image: Option<Image>,
    pub user_match_threshold: Option<f32>,
    pub max_users: Option<i64>,
    pub quality_filter: Option<String>,
}

/// A user with its status: in listings and in matches.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct User {
    pub user_id: String,
    pub user_status: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UsersListed {
    pub users: Vec<User>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// A face by its id alone.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NamedFace {
    pub face_id: String,
}

/// A face that was not associated or disassociated, and why.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Unbound {
    pub face_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    pub reasons: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FacesAssociated {
    pub associated_faces: Vec<NamedFace>,
    pub unsuccessful_face_associations: Vec<Unbound>,
    pub user_status: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FacesDisassociated {
    pub disassociated_faces: Vec<NamedFace>,
    pub unsuccessful_face_disassociations: Vec<Unbound>,
    pub user_status: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserMatch {
    pub similarity: f32,
    pub user: User,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SearchedUser {
    pub user_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UsersSearched {
    pub user_matches: Vec<UserMatch>,
    pub face_model_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub searched_face: Option<NamedFace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub searched_user: Option<SearchedUser>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SearchedFace {
    pub face_detail: FaceDetail,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UnsearchedFace {
    /// Plural on the wire, though it is one face.
    pub face_details: FaceDetail,
    pub reasons: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UsersSearchedByImage {
    pub user_matches: Vec<UserMatch>,
    pub face_model_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub searched_face: Option<SearchedFace>,
    pub unsearched_faces: Vec<UnsearchedFace>,
}
