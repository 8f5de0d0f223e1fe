//! Problem documents (RFC 9457) with stable codes: the only form in which the API says no.

use serde_json::{Value, json};

use crate::identity::{IdentityError, PictureError, QualityFailure, Refusal};
use crate::model::{Outcome, Reason, RegistrationId, Step};

/// The seconds after which a throttled caller may try again.
pub const RETRY_AFTER_SECONDS: u32 = 2;

/// What went wrong, for programs. The names are a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The token lacks the scope, or names no tenant of this environment.
    PermissionDenied,
    /// The tenant may not use face matching.
    FeatureNotEnabled,
    /// No such route.
    NotFound,
    /// The tenant has no such face.
    FaceNotFound,
    /// The tenant has no such user.
    UserNotFound,
    /// The tenant has no such registration.
    RegistrationNotFound,
    /// The tenant has no such liveness session.
    LivenessSessionNotFound,
    /// The resource is not in the state that the request needs; it may be in a moment.
    Conflict,
    /// The request is not what the route takes.
    InvalidRequest,
    /// The picture cannot be read.
    InvalidImage,
    /// The picture has too many bytes.
    ImageTooLarge,
    /// No face in the picture.
    NoFaceDetected,
    /// More than one face in the picture.
    MultipleFaces,
    /// The picture broke quality rules; the document lists them as `failures`.
    QualityRejected,
    /// The session has registered all the faces that it may.
    MaxFacesExceeded,
    /// The body has too many bytes.
    PayloadTooLarge,
    /// Too many requests at the moment.
    Throttled,
    /// Our fault.
    Internal,
    /// Our fault: it took too long.
    Timeout,
}

/// One problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// What went wrong, for programs.
    pub code: Code,
    /// What went wrong, for people. Never holds what the caller sent as a picture.
    pub detail: String,
    /// The broken quality rules.
    pub failures: Vec<QualityFailure>,
    /// What the log says beyond that; not for the caller.
    pub cause: Option<String>,
    /// Which registration it is about, and how far that came.
    pub stopped: Option<Stopped>,
}

/// A registration that gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    registration: RegistrationId,
    /// How it ended, where and why; `None` while that is open.
    end: Option<(Outcome, Step, Reason)>,
}

impl Stopped {
    /// One that has ended.
    #[must_use]
    pub fn new(registration: &RegistrationId, outcome: Outcome, step: Step, reason: Reason) -> Self {
        Self { registration: registration.clone(), end: Some((outcome, step, reason)) }
    }

    /// One that is open still.
    #[must_use]
    pub fn open(registration: &RegistrationId) -> Self {
        Self { registration: registration.clone(), end: None }
    }
}

impl Problem {
    /// A problem in words for people.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), failures: Vec::new(), cause: None, stopped: None }
    }

    /// A request that is not what the route takes.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(Code::InvalidRequest, detail)
    }

    /// Our fault, with what the log should say.
    pub fn internal(cause: impl Into<String>) -> Self {
        let detail = "The request failed on our side; try it again later.";
        Self { cause: Some(cause.into()), ..Self::new(Code::Internal, detail) }
    }

    /// The same about a registration.
    #[must_use]
    pub fn of_registration(self, stopped: Stopped) -> Self {
        Self { stopped: Some(stopped), ..self }
    }

    /// The document.
    #[must_use]
    pub fn document(&self, request_id: &str) -> Value {
        let mut document = json!({
            "type": "about:blank",
            "title": self.code.title(),
            "status": self.code.status(),
            "detail": self.detail,
            "code": self.code.name(),
            "request_id": request_id,
        });
        if !self.failures.is_empty() {
            document["failures"] = failures(&self.failures);
        }
        if let Some((step, reason)) = self.why() {
            document["step"] = json!(step.name());
            document["reason"] = json!(reason.name());
        }
        if let Some(Stopped { registration, end }) = &self.stopped {
            document["registration_id"] = json!(registration);
            document["state"] = json!(end.map_or("pending", |(outcome, ..)| outcome.name()));
        }
        document
    }

    /// Where and why the flow ended; `None` where none began, and of one that has not ended.
    fn why(&self) -> Option<(Step, Reason)> {
        match &self.stopped {
            Some(Stopped { end, .. }) => end.map(|(_, step, reason)| (step, reason)),
            None => self.code.why(),
        }
    }
}

/// Broken rules as the API tells them.
#[must_use]
pub fn failures(failures: &[QualityFailure]) -> Value {
    failures.iter().map(failure).collect()
}

fn failure(failure: &QualityFailure) -> Value {
    json!({
        "image": failure.subject.name(),
        "rule": failure.rule.name(),
        "measured": failure.measured,
        "limit": failure.limit,
        "advice": failure.advice,
    })
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 19] = [
        Self::PermissionDenied,
        Self::FeatureNotEnabled,
        Self::NotFound,
        Self::FaceNotFound,
        Self::UserNotFound,
        Self::RegistrationNotFound,
        Self::LivenessSessionNotFound,
        Self::Conflict,
        Self::InvalidRequest,
        Self::InvalidImage,
        Self::ImageTooLarge,
        Self::NoFaceDetected,
        Self::MultipleFaces,
        Self::QualityRejected,
        Self::MaxFacesExceeded,
        Self::PayloadTooLarge,
        Self::Throttled,
        Self::Internal,
        Self::Timeout,
    ];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PermissionDenied => "permission_denied",
            Self::FeatureNotEnabled => "feature_not_enabled",
            Self::NotFound => "not_found",
            Self::FaceNotFound => "face_not_found",
            Self::UserNotFound => "user_not_found",
            Self::RegistrationNotFound => "registration_not_found",
            Self::LivenessSessionNotFound => "liveness_session_not_found",
            Self::Conflict => "conflict",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidImage => "invalid_image",
            Self::ImageTooLarge => "image_too_large",
            Self::NoFaceDetected => "no_face_detected",
            Self::MultipleFaces => "multiple_faces",
            Self::QualityRejected => "quality_rejected",
            Self::MaxFacesExceeded => "max_faces_exceeded",
            Self::PayloadTooLarge => "payload_too_large",
            Self::Throttled => "throttled",
            Self::Internal => "internal",
            Self::Timeout => "timeout",
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::PermissionDenied | Self::FeatureNotEnabled => 403,
            Self::NotFound
            | Self::FaceNotFound
            | Self::UserNotFound
            | Self::RegistrationNotFound
            | Self::LivenessSessionNotFound => 404,
            Self::Conflict => 409,
            Self::PayloadTooLarge => 413,
            Self::Throttled => 429,
            Self::Internal => 500,
            Self::Timeout => 504,
            Self::InvalidRequest
            | Self::InvalidImage
            | Self::ImageTooLarge
            | Self::NoFaceDetected
            | Self::MultipleFaces
            | Self::QualityRejected
            | Self::MaxFacesExceeded => 400,
        }
    }

    /// The status in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self.status() {
            400 => "Bad Request",
            403 => "Forbidden",
            404 => "Not Found",
            409 => "Conflict",
            413 => "Content Too Large",
            429 => "Too Many Requests",
            504 => "Gateway Timeout",
            _ => "Internal Server Error",
        }
    }

    /// Where and why a flow ended that ran into this problem; `None` where it never began.
    #[must_use]
    pub const fn why(self) -> Option<(Step, Reason)> {
        match self {
            Self::PermissionDenied
            | Self::FeatureNotEnabled
            | Self::NotFound
            | Self::FaceNotFound
            | Self::UserNotFound
            | Self::RegistrationNotFound
            | Self::LivenessSessionNotFound
            | Self::Conflict
            | Self::InvalidRequest
            | Self::PayloadTooLarge => None,
            Self::MaxFacesExceeded => Some((Step::Record, Reason::MaxFacesExceeded)),
            Self::InvalidImage | Self::ImageTooLarge => Some((Step::Intake, Reason::InvalidImage)),
            Self::NoFaceDetected => Some((Step::Quality, Reason::NoFaceDetected)),
            Self::MultipleFaces => Some((Step::Quality, Reason::MultipleFaces)),
            Self::QualityRejected => Some((Step::Quality, Reason::QualityRejected)),
            Self::Throttled => Some((Step::Intake, Reason::Throttled)),
            Self::Internal | Self::Timeout => Some((Step::Intake, Reason::Internal)),
        }
    }

    /// How a registration or authentication ended that ran into this problem; `None` where it never began, because
    /// the request was not one.
    #[must_use]
    pub const fn outcome(self) -> Option<Outcome> {
        match self {
            Self::PermissionDenied
            | Self::FeatureNotEnabled
            | Self::NotFound
            | Self::FaceNotFound
            | Self::UserNotFound
            | Self::RegistrationNotFound
            | Self::LivenessSessionNotFound
            | Self::Conflict
            | Self::InvalidRequest
            | Self::PayloadTooLarge => None,
            Self::MaxFacesExceeded => Some(Outcome::Failed),
            Self::InvalidImage
            | Self::ImageTooLarge
            | Self::NoFaceDetected
            | Self::MultipleFaces
            | Self::QualityRejected
            | Self::Throttled
            | Self::Internal
            | Self::Timeout => Some(Outcome::Incomplete),
        }
    }
}

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Refused(refusal) => refusal.into(),
            IdentityError::Throttled => {
                Self::new(Code::Throttled, format!("Too many requests; try again in {RETRY_AFTER_SECONDS} seconds."))
            }
            IdentityError::Failed(error) => Self::internal(error.message),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoFace => Self::new(Code::NoFaceDetected, "No face detected in the image."),
            Refusal::SeveralFaces { found } => {
                Self::new(Code::MultipleFaces, format!("{found} faces detected; the image must show exactly one."))
            }
            Refusal::PoorQuality(failures) => {
                let advice: Vec<&str> = failures.iter().map(|failure| failure.advice).collect();
                Self { failures, ..Self::new(Code::QualityRejected, advice.join(" ")) }
            }
            Refusal::Picture(error) => error.into(),
            Refusal::NotUploaded => {
                Self::new(Code::InvalidImage, "Nothing was uploaded there; put the picture to its address first.")
            }
            Refusal::TooManyFaces { limit } => {
                Self::new(Code::MaxFacesExceeded, format!("The session has registered all of its {limit} faces."))
            }
        }
    }
}

impl From<PictureError> for Problem {
    fn from(error: PictureError) -> Self {
        let code = match error {
            PictureError::TooLarge { .. } => Code::ImageTooLarge,
            PictureError::Empty | PictureError::Unreadable | PictureError::TooSmall { .. } => Code::InvalidImage,
        };
        Self::new(code, format!("{}.", sentence(&error.to_string())))
    }
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
