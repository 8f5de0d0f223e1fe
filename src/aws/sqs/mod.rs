//! SQS: registrations that wait to be indexed.

mod send;

pub use send::IndexQueueClient;
