//! The supervisor's own log: lines with a time on standard error, which `start` sends to a file.

use crate::model::Timestamp;

/// Writes one line.
pub fn say(line: &str) {
    eprintln!("{} {line}", Timestamp::now());
}
