//! SQS, by who needs it.

#[cfg(feature = "cli")]
mod posture;

#[cfg(feature = "cli")]
pub use posture::{QueuePosture, QueueProtection};
