//! How a run ends: the exit codes are a contract with scripts.

use std::fmt;
use std::process::ExitCode;

use crate::aws::{CloudError, ErrorKind};
use crate::config::ConfigError;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, also when there was nothing to change.
    Done,
    /// 1: failed.
    Failed,
    /// 2: wrong usage or configuration.
    Usage,
    /// 3: findings at error level.
    Findings,
    /// 4: refused or not confirmed.
    Refused,
    /// 5: differences found (with `--exit-code`).
    Differences,
    /// 6: no valid credentials, or another account than configured.
    Credentials,
    /// 130: interrupted.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Findings => 3,
            Exit::Refused => 4,
            Exit::Differences => 5,
            Exit::Credentials => 6,
            Exit::Interrupted => 130,
        })
    }
}

/// Why a run ended badly: what failed with the value and the place, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CliError {
    /// What failed.
    pub what: String,
    /// What to do next.
    pub remedy: String,
    /// How the run ends.
    pub exit: Exit,
}

impl CliError {
    /// A failure with its remedy.
    pub fn new(exit: Exit, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into(), exit }
    }

    /// A failure at exit code 1.
    pub fn failed(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Exit::Failed, what, remedy)
    }
}

impl From<CloudError> for CliError {
    fn from(error: CloudError) -> Self {
        let exit = if error.kind == ErrorKind::Credentials { Exit::Credentials } else { Exit::Failed };
        Self::new(exit, error.to_string(), error.remedy())
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::new(Exit::Usage, error.to_string(), error.remedy())
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  → {}", self.what, self.remedy)
    }
}

impl std::error::Error for CliError {}
