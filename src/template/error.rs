//! What is wrong with a template: the file and line, the value, and what to do.

use std::fmt;

use super::Sources;
use crate::yaml::{Position, Step, locate};

/// A template that cannot be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// The file, for example `templates/data.yaml`.
    pub file: String,
    /// Where in the file, if it is about a place in it.
    pub position: Option<Position>,
    /// What is wrong, with the offending value.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(position) = self.position {
            write!(f, ":{}:{}", position.line, position.column)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for TemplateError {}

/// A [`TemplateError`] whose place is still a path; most templates are right, so lines are looked up only for those
/// that are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The file's name among the [`Sources`].
    pub file: String,
    /// Where in the file.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// Where a fault is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// Somewhere in the tree.
    Path(Vec<Step>),
    /// Where the reader stopped, if it knows.
    At(Option<Position>),
}

impl Fault {
    /// The same, with the line of the path's end, or of the nearest node around it that has one: a path may lead
    /// through a short tag, which has no key of its own in the text.
    pub fn locate(self, sources: &Sources) -> TemplateError {
        let source = sources.get(&self.file).ok();
        let position = match self.place {
            Place::At(position) => position,
            Place::Path(path) => source
                .and_then(|source| (1..=path.len()).rev().find_map(|length| locate(&source.text, &path[..length]))),
        };
        let file = source.map_or(self.file, |source| source.shown.clone());
        TemplateError { file, position, message: self.message, remedy: self.remedy }
    }
}
