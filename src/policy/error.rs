//! Why a check could not be made at all. A broken rule must never look like a clean template.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// A check that could not be made.
#[derive(Debug)]
pub enum PolicyError {
    /// The folder of rules, or a file in it, cannot be read.
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder holds no rule at all.
    NoRules {
        /// The folder.
        path: PathBuf,
    },
    /// A rule file is not in the Guard language.
    Syntax {
        /// The file.
        file: String,
        /// What its parser says.
        message: String,
    },
    /// The rules could not be evaluated.
    Evaluation {
        /// What the evaluator says.
        message: String,
    },
}

impl PolicyError {
    /// What to do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "make the folder readable, or name another one",
            Self::NoRules { .. } => "put *.guard files there, or leave --rules out for the built-in ones",
            Self::Syntax { .. } => {
                "mend the rule file; the Guard language is described at github.com/aws-cloudformation/cloudformation-guard"
            }
            Self::Evaluation { .. } => {
                "run it again with one rule file at a time to find the rule that cannot be applied"
            }
        }
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, source } => write!(f, "{} cannot be read: {source}", path.display()),
            Self::NoRules { path } => write!(f, "{} holds no rule", path.display()),
            Self::Syntax { file, message } => write!(f, "{file} is not a Guard rule file: {message}"),
            Self::Evaluation { message } => write!(f, "the Guard rules cannot be evaluated: {message}"),
        }
    }
}

impl std::error::Error for PolicyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { source, .. } => Some(source),
            _ => None,
        }
    }
}
