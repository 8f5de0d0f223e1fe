//! SQS, by who needs it.

#[cfg(feature = "cli")]
mod posture;

#[cfg(feature = "cli")]
pub use posture::{QueuePosture, QueueProtection};
//! SQS: registrations that wait to be indexed.

mod send;

pub use send::IndexQueueClient;
