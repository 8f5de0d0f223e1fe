//! What is remembered of a liveness session.

use serde::{Deserialize, Serialize};

use crate::model::{LivenessSessionId, Percent, Reason, TenantId, Timestamp, UserId};

/// A session, and what it may be used for.
#[derive(Debug, Clone, PartialEq)]
pub struct LivenessRecord {
    /// The engine's id of it.
    pub id: LivenessSessionId,
    /// The customer who began it.
    pub tenant: TenantId,
    /// The user that it is for; `None` where the user is not known yet.
    pub user: Option<UserId>,
    /// The only purpose that it may be used for.
    pub purpose: LivenessPurpose,
    /// When it began. It can be completed within three minutes (Rekognition developer guide, "Face Liveness").
    pub created_at: Timestamp,
    /// How far it is.
    pub state: LivenessState,
}

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LivenessPurpose {
    /// A registration.
    Registration,
    /// An authentication.
    Authentication,
    /// A photo update.
    PhotoUpdate,
}

/// How far a session is.
#[derive(Debug, Clone, PartialEq)]
pub enum LivenessState {
    /// Nobody has asked for its result yet.
    Open,
    /// The result is known and was not used yet.
    Judged(LivenessVerdict),
    /// It was used, with this result.
    Used(LivenessVerdict),
    /// Nobody came back with it.
    Abandoned,
}

/// What a session showed.
#[derive(Debug, Clone, PartialEq)]
pub struct LivenessVerdict {
    /// Why the person does not count as living; `None`: lives.
    pub refusal: Option<Reason>,
    /// The engine's confidence, where it gave one.
    pub confidence: Option<Percent>,
    /// Key of the picture to be used as the selfie.
    pub reference: Option<String>,
    /// Keys of the pictures kept for review.
    pub audit: Vec<String>,
}
