//! What is wrong with a configuration: all of it at once, each with its place, its rule and the way out.

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Source;
use super::rule::Fault;
use crate::yaml::{self, Position, Step, YamlError};

/// Why there is no configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigError {
    /// The file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        reason: String,
    },
    /// The file says things that it must not say.
    Invalid {
        /// The file.
        path: PathBuf,
        /// Everything that is wrong, in the order of the file.
        problems: Vec<Problem>,
    },
    /// An environment was asked for that the file does not have.
    UnknownEnvironment {
        /// The file.
        path: PathBuf,
        /// The environment that was asked for.
        name: String,
        /// The environment that was probably meant.
        nearest: Option<String>,
        /// The environments that there are.
        known: Vec<String>,
    },
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, unless it is about the file as a whole.
    pub position: Option<Position>,
    /// The keys that lead there, for example `matching.search`.
    pub key: String,
    /// The offending value as it would be written, where there is one.
    pub value: Option<String>,
    /// The rule that is broken.
    pub rule: String,
    /// What to do.
    pub fix: String,
}

impl Source {
    /// A problem at a path of keys.
    pub(super) fn problem(&self, path: &[&str], value: Option<&Value>, fault: Fault) -> Problem {
        Problem {
            position: self.nearest_position(&steps(path)),
            key: path.iter().map(|key| quoted(key)).collect::<Vec<_>>().join("."),
            value: value.map(Value::to_string),
            rule: fault.rule,
            fix: fault.fix,
        }
    }

    /// Whether the value of a key is written in quotes.
    pub(super) fn is_quoted(&self, path: &[&str]) -> bool {
        yaml::written(&self.text, &steps(path)).is_some_and(|written| written.starts_with(['"', '\'']))
    }

    /// The position of the deepest key of the path that the file really has, or of its beginning.
    fn nearest_position(&self, path: &[Step]) -> Option<Position> {
        (0..=path.len()).rev().find_map(|length| yaml::locate(&self.text, &path[..length]))
    }

    /// All problems as one error.
    pub(super) fn error(&self, mut problems: Vec<Problem>) -> ConfigError {
        problems.sort_by_key(|problem| problem.position);
        problems.dedup();
        ConfigError::Invalid { path: self.path.clone(), problems }
    }

    /// Text that is not YAML: nothing else can be said about it.
    pub(super) fn syntax_error(&self, error: YamlError) -> ConfigError {
        let fix = "correct this first; the rest was not looked at".to_owned();
        let problem = Problem { position: error.position, key: String::new(), value: None, rule: error.message, fix };
        self.error(vec![problem])
    }
}

fn steps(path: &[&str]) -> Vec<Step> {
    path.iter().map(|key| Step::Key((*key).to_owned())).collect()
}

/// A key as it would be written: quoted where its dots would look like a path.
fn quoted(key: &str) -> String {
    if key.contains('.') { format!("\"{key}\"") } else { key.to_owned() }
}

impl Problem {
    fn write(&self, f: &mut fmt::Formatter<'_>, path: &Path) -> fmt::Result {
        write!(f, "{}:", path.display())?;
        if let Some(Position { line, column }) = self.position {
            write!(f, "{line}:{column}:")?;
        }
        match (self.key.as_str(), &self.value) {
            ("", _) => write!(f, " {}", self.rule)?,
            (key, None) => write!(f, " {key}: {}", self.rule)?,
            (key, Some(value)) => write!(f, " {key}: {value}: {}", self.rule)?,
        }
        write!(f, "\n  → {}", self.fix)
    }
}

impl ConfigError {
    /// What to do next.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Unreadable { path, .. } => {
                format!("name another file with --config, or write one: idvctl init --config {}", path.display())
            }
            Self::Invalid { .. } => "every key and its rule: idvctl init --schema".to_owned(),
            Self::UnknownEnvironment { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            Self::UnknownEnvironment { path, known, .. } => {
                format!("choose one of {} or add it to {}", known.join(", "), path.display())
            }
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, reason } => write!(f, "{} cannot be read: {reason}", path.display()),
            Self::Invalid { path, problems } => {
                for (number, problem) in problems.iter().enumerate() {
                    f.write_str(if number == 0 { "" } else { "\n" })?;
                    problem.write(f, path)?;
                }
                Ok(())
            }
            Self::UnknownEnvironment { path, name, .. } => {
                write!(f, "there is no environment `{name}` in {}", path.display())
            }
        }
    }
}

impl std::error::Error for ConfigError {}
