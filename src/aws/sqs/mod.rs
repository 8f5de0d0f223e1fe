//! SQS: registrations that wait to be indexed, and the queues themselves.

#[cfg(feature = "cli")]
mod posture;
mod send;

#[cfg(feature = "cli")]
pub use posture::{QueuePosture, QueueProtection};
pub use send::IndexQueueClient;
