//! What can go wrong with the local cloud.

use std::fmt::Display;
use std::io;
use std::path::Path;

/// A failure of the local cloud: what failed with the value and the place, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct LocalError {
    /// What failed.
    pub what: String,
    /// What to do next.
    pub remedy: String,
}

impl LocalError {
    /// A failure with its remedy.
    pub(super) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }

    /// A file or folder that cannot be read or written. `doing` completes "cannot", for example `be written`.
    pub(super) fn file(path: &Path, doing: &str, error: impl Display) -> Self {
        Self::new(
            format!("{} cannot {doing}: {error}", path.display()),
            "check the folder's owner and permissions and the free space of the disk",
        )
    }

    /// The local cloud does not run.
    pub(super) fn not_running(folder: &Path) -> Self {
        Self::new(
            format!("the local cloud of {} does not run", folder.display()),
            "start it with `idvctl local start`, or start and deploy with `idvctl up`",
        )
    }

    /// A process that cannot be started or waited for.
    pub(super) fn process(program: &Path, error: &io::Error) -> Self {
        Self::new(
            format!("{} cannot be run: {error}", program.display()),
            "check that the file exists and may be executed",
        )
    }
}
