//! What the simulator tells about its calls: enough for metrics and an audit trail, nothing about a person.

use std::fmt;
use std::time::Duration;

use super::ErrorKind;
use crate::model::Timestamp;

/// Is told of every call after it was answered. Called on the server's own threads: hand the event on and return.
pub trait CallObserver: fmt::Debug + Send + Sync {
    /// One call has been answered.
    fn observe(&self, call: CallEvent);
}

/// One answered call. Holds no image and no id of a person or a face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallEvent {
    /// The operation's name on the wire; empty when the request named none that the simulator offers.
    pub operation: &'static str,
    /// When the request came.
    pub at: Timestamp,
    /// How long the answer took.
    pub duration: Duration,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The exception it was answered with.
    pub error: Option<ErrorKind>,
    /// Faces found, of a DetectFaces or IndexFaces that succeeded.
    pub faces_detected: Option<u32>,
    /// The id that the answer carried.
    pub request_id: String,
    /// The access key that signed the request.
    pub access_key: Option<String>,
    /// The collection, of a call that succeeded and has one.
    pub collection: Option<String>,
}

/// How a call ended, as the AWS/Rekognition metrics count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallOutcome {
    /// `SuccessfulRequestCount`.
    Success,
    /// `ThrottledCount`.
    Throttled,
    /// `UserErrorCount`.
    UserError,
    /// `ServerErrorCount`.
    ServerError,
}

impl CallEvent {
    /// How it ended.
    #[must_use]
    pub const fn outcome(&self) -> CallOutcome {
        match self.error {
            None => CallOutcome::Success,
            Some(ErrorKind::ProvisionedThroughputExceeded | ErrorKind::Throttling) => CallOutcome::Throttled,
            Some(kind) if kind.status() >= 500 => CallOutcome::ServerError,
            Some(_) => CallOutcome::UserError,
        }
    }
}

impl CallOutcome {
    /// The AWS/Rekognition metric that counts such calls.
    #[must_use]
    pub const fn metric_name(self) -> &'static str {
        match self {
            Self::Success => "SuccessfulRequestCount",
            Self::Throttled => "ThrottledCount",
            Self::UserError => "UserErrorCount",
            Self::ServerError => "ServerErrorCount",
        }
    }
}

/// An observer that forgets everything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl CallObserver for Unobserved {
    fn observe(&self, _call: CallEvent) {}
}
