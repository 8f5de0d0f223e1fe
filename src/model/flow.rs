//! What a person comes for, the steps of the way, and why a way can end early. Labels of metrics, words of the API and
//! attributes of records: one vocabulary for all three, few enough to be counted.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a person came for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// To be registered.
    Registration,
    /// To be recognised, 1:1 or 1:N.
    Authentication,
    /// To replace the registered photo.
    PhotoUpdate,
    /// To be forgotten.
    Erasure,
}

/// One step of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Reading and storing what was sent.
    Intake,
    /// Is a living person in front of the camera?
    Liveness,
    /// Are the pictures good enough to ask?
    Quality,
    /// Is the selfie the person on the document?
    Compare,
    /// Is it a known fraudster?
    FraudSearch,
    /// Is the person registered already?
    DuplicateSearch,
    /// Can the document be read?
    DocumentText,
    /// Writing down where the faces will be.
    Record,
    /// Adding the faces to their collection.
    Index,
    /// Looking once more for the same person, then approving.
    Settle,
    /// Looking for the person among the registered ones.
    Search,
    /// Putting the new face in the place of the old one.
    Switch,
}

/// Why a flow ended without an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No face in a picture.
    NoFaceDetected,
    /// More than one face in a picture that must show one.
    MultipleFaces,
    /// A picture broke quality rules.
    QualityRejected,
    /// A picture cannot be read.
    InvalidImage,
    /// Nobody, or not the person that it should be, is similar at all.
    NoMatch,
    /// Similar, but not enough.
    BelowThreshold,
    /// The face is of somebody else than the given user.
    OtherPerson,
    /// Several users are above the threshold.
    Ambiguous,
    /// No such user.
    UnknownUser,
    /// The face is among the fraudsters or blacklisted.
    Blacklisted,
    /// The person is registered already, under the same or another id.
    AlreadyRegistered,
    /// The same person is just being registered by another request.
    RegisteredMeanwhile,
    /// The user id is taken.
    UserExists,
    /// The document holds no text that can be read.
    UnreadableDocument,
    /// The confidence that a living person was in front of the camera is below the threshold.
    NotLive,
    /// A liveness session is required and none was given.
    LivenessRequired,
    /// The session was not completed.
    LivenessIncomplete,
    /// The session is older than it may be.
    LivenessExpired,
    /// The session was used before.
    LivenessReused,
    /// The session belongs to another user, purpose or tenant, or does not exist.
    LivenessForeign,
    /// The session has registered all the faces that it may.
    MaxFacesExceeded,
    /// Too many calls at the moment.
    Throttled,
    /// A service that the flow depends on failed.
    Internal,
    /// The program was stopped in the middle.
    Interrupted,
    /// The person left before the end.
    Abandoned,
}

impl Flow {
    /// Every flow.
    pub const ALL: [Self; 4] = [Self::Registration, Self::Authentication, Self::PhotoUpdate, Self::Erasure];

    /// The flow as a label.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Authentication => "authentication",
            Self::PhotoUpdate => "photo_update",
            Self::Erasure => "erasure",
        }
    }
}

impl Step {
    /// The steps of a registration, in their order.
    pub const REGISTRATION: [Self; 9] = [
        Self::Liveness,
        Self::Quality,
        Self::Compare,
        Self::FraudSearch,
        Self::DuplicateSearch,
        Self::DocumentText,
        Self::Record,
        Self::Index,
        Self::Settle,
    ];

    /// The step as a label.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Liveness => "liveness",
            Self::Quality => "quality",
            Self::Compare => "compare",
            Self::FraudSearch => "fraud_search",
            Self::DuplicateSearch => "duplicate_search",
            Self::DocumentText => "document_text",
            Self::Record => "record",
            Self::Index => "index",
            Self::Settle => "settle",
            Self::Search => "search",
            Self::Switch => "switch",
        }
    }
}

impl Reason {
    /// The reason as a label.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoFaceDetected => "no_face_detected",
            Self::MultipleFaces => "multiple_faces",
            Self::QualityRejected => "quality_rejected",
            Self::InvalidImage => "invalid_image",
            Self::NoMatch => "no_match",
            Self::BelowThreshold => "below_threshold",
            Self::OtherPerson => "other_person",
            Self::Ambiguous => "ambiguous",
            Self::UnknownUser => "unknown_user",
            Self::Blacklisted => "blacklisted",
            Self::AlreadyRegistered => "already_registered",
            Self::RegisteredMeanwhile => "registered_meanwhile",
            Self::UserExists => "user_exists",
            Self::UnreadableDocument => "unreadable_document",
            Self::NotLive => "not_live",
            Self::LivenessRequired => "liveness_required",
            Self::LivenessIncomplete => "liveness_incomplete",
            Self::LivenessExpired => "liveness_expired",
            Self::LivenessReused => "liveness_reused",
            Self::LivenessForeign => "liveness_foreign",
            Self::MaxFacesExceeded => "max_faces_exceeded",
            Self::Throttled => "throttled",
            Self::Internal => "internal",
            Self::Interrupted => "interrupted",
            Self::Abandoned => "abandoned",
        }
    }
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
