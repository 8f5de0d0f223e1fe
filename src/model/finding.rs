//! What a check found, and what to do about it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One finding of `idvctl check`. The field names are a contract with scripts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's stable name, for example `S3_BUCKET_TLS_ONLY`.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// The logical id of the resource, or the configuration key.
    pub resource: String,
    /// The source file, relative to the project or to the built-in templates.
    pub file: String,
    /// The line in that file, from 1; `None` where a finding belongs to the file as a whole.
    pub line: Option<u32>,
    /// What is wrong, with the value.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Must be mended before a deployment.
    Error,
    /// Deserves a look.
    Warning,
    /// Worth knowing.
    Info,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        })
    }
}
