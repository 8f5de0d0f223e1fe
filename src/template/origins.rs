//! Where a resource of a rendered template is written.

use super::sources::Source;
use crate::yaml::{Step, locate};

/// A line of a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The file, for example `templates/data.yaml`.
    pub file: String,
    /// The line, from 1: of the resource's key, which in a loop is the key of the loop's fragment.
    pub line: u32,
}

impl Origin {
    /// The line of the key that a path ends with.
    pub(super) fn of(source: &Source, path: &[Step]) -> Self {
        let line = by_search(&source.text, path)
            .or_else(|| locate(&source.text, path).map(|position| position.line))
            .unwrap_or(1);
        Self { file: source.shown.clone(), line }
    }
}

/// The line by plain search, which is much quicker than reading the YAML up to each of some fifty resources: in its
/// section, a resource's key stands further left than any property of the same name.
fn by_search(text: &str, path: &[Step]) -> Option<u32> {
    let (Some(Step::Key(section)), Some(Step::Key(key))) = (path.first(), path.last()) else { return None };
    let in_section = |line: &str| line.starts_with([' ', '#', '-']) || line.trim().is_empty();
    let lines = text.lines().enumerate().skip_while(|(_, line)| line.strip_suffix(':') != Some(section)).skip(1);
    let found = lines.take_while(|(_, line)| in_section(line)).filter_map(|(index, line)| {
        let entry = line.trim_start_matches([' ', '-']);
        (entry.strip_prefix(key.as_str())?.trim_end() == ":").then_some((line.len() - entry.len(), index))
    });
    let (_, index) = found.min()?;
    u32::try_from(index + 1).ok()
}
