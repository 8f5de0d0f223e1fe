//! The supervisor's own log: lines with a time on standard error, which `start` sends to a file.

use crate::model::Timestamp;

/// Where the supervisor says what it does. Cheap to clone.
#[derive(Debug, Clone, Copy, Default)]
pub struct Log;

impl Log {
    /// Writes one line.
    pub fn say(self, line: &str) {
        eprintln!("{} {line}", Timestamp::now());
    }
}
