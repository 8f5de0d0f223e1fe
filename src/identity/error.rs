//! How a flow can end without an answer.

use std::fmt;

use super::PictureError;
use super::quality::{QualityFailure, Subject};
use crate::model::{CollectionId, Reason};

/// Why a flow gave no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum IdentityError {
    /// The picture or the request cannot be accepted; the person or the caller can do something about it.
    Refused(Refusal),
    /// Too many calls at the moment; worth another try in a second.
    Throttled,
    /// Something that the flow depends on failed; nothing that the caller can do.
    Failed(ServiceError),
}

/// Why a picture or a request is not accepted.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// No face in the picture.
    NoFace,
    /// More than one face in a picture that must show exactly one.
    SeveralFaces {
        /// How many were found.
        found: usize,
    },
    /// The quality gate refused the picture.
    PoorQuality(Vec<QualityFailure>),
    /// The picture cannot be read.
    Picture(PictureError),
    /// Nothing lies where the caller says to have put the picture.
    NotUploaded,
    /// The session has registered all the faces that it may.
    TooManyFaces {
        /// How many it may register.
        limit: u32,
    },
}

/// What asking the face engine can end with, other than an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineError {
    /// No usable face in a picture that must have one.
    NoFace,
    /// The engine refuses the picture: damaged, too large, not an image.
    Picture(PictureError),
    /// The collection does not exist.
    NoCollection(CollectionId),
    /// Too many calls.
    Throttled,
    /// Anything else.
    Failed(ServiceError),
}

/// A dependency that did not do its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    /// What kind of failure.
    pub kind: ServiceErrorKind,
    /// Which service and operation failed and how, for the log; never the person's data.
    pub message: String,
}

/// The failures of a dependency that flows treat differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceErrorKind {
    /// Too many calls.
    Throttled,
    /// The thing asked for is not there.
    Missing,
    /// The thing is not in the state that the call needs.
    Conflict,
    /// No answer, or one that says that the service itself failed: nobody knows whether the call did its work.
    Unanswered,
    /// Everything else: refused, and nothing was done.
    Unavailable,
}

impl ServiceError {
    /// A failure of a kind, in words for the log.
    pub fn new(kind: ServiceErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl IdentityError {
    /// It as the reason of a flow that ended because of it.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        match self {
            Self::Refused(refusal) => refusal.reason(),
            Self::Throttled => Reason::Throttled,
            Self::Failed(_) => Reason::Internal,
        }
    }

    /// It, with what could not be undone after it.
    pub(super) fn beside(self, left: Self) -> Self {
        match (self, left) {
            (Self::Failed(error), Self::Failed(left)) => Self::Failed(ServiceError::new(
                error.kind,
                format!("{error}; and what was stored could not be removed: {left}"),
            )),
            (_, Self::Failed(left)) => {
                Self::Failed(ServiceError::new(left.kind, format!("could not be undone: {left}")))
            }
            (error, Self::Refused(_) | Self::Throttled) => error,
        }
    }
}

impl Refusal {
    /// It as the reason of a flow that ended because of it.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        match self {
            Self::NoFace => Reason::NoFaceDetected,
            Self::SeveralFaces { .. } => Reason::MultipleFaces,
            Self::PoorQuality(_) => Reason::QualityRejected,
            Self::Picture(_) | Self::NotUploaded => Reason::InvalidImage,
            Self::TooManyFaces { .. } => Reason::MaxFacesExceeded,
        }
    }

    /// The broken rules, where it is about what a picture of this subject shows.
    #[must_use]
    pub fn failures(&self, subject: Subject) -> Vec<QualityFailure> {
        match self {
            Self::NoFace => vec![QualityFailure::of_count(subject, 0)],
            Self::SeveralFaces { found } => vec![QualityFailure::of_count(subject, *found)],
            Self::PoorQuality(failures) => failures.clone(),
            Self::Picture(_) | Self::NotUploaded | Self::TooManyFaces { .. } => Vec::new(),
        }
    }
}

impl From<EngineError> for IdentityError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::NoFace => Self::Refused(Refusal::NoFace),
            EngineError::Picture(error) => Self::Refused(Refusal::Picture(error)),
            EngineError::Throttled => Self::Throttled,
            EngineError::Failed(error) => error.into(),
            EngineError::NoCollection(collection) => Self::Failed(ServiceError::new(
                ServiceErrorKind::Missing,
                format!("collection {collection} does not exist; deploy the data stack"),
            )),
        }
    }
}

impl From<ServiceError> for EngineError {
    fn from(error: ServiceError) -> Self {
        if error.kind == ServiceErrorKind::Throttled { Self::Throttled } else { Self::Failed(error) }
    }
}

impl From<ServiceError> for IdentityError {
    fn from(error: ServiceError) -> Self {
        if error.kind == ServiceErrorKind::Throttled { Self::Throttled } else { Self::Failed(error) }
    }
}

impl From<Refusal> for IdentityError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<PictureError> for IdentityError {
    fn from(error: PictureError) -> Self {
        Self::Refused(Refusal::Picture(error))
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ServiceError {}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFace => f.write_str("no usable face in the picture"),
            Self::Picture(error) => error.fmt(f),
            Self::NoCollection(collection) => write!(f, "collection {collection} does not exist"),
            Self::Throttled => f.write_str("too many calls"),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for EngineError {}
