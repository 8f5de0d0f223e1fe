//! The tree of stacks and resources that a deployment shows while it runs.
//!
//! ```text
//! ✓ data        created                                                      1.2 s
//! ⠹ service     is being created                                             3.4 s
//!   ✓ 12 resources done
//!   ✗ IndexQueue                SQS::Queue              CREATE_FAILED    200 ms
//!     Queue already exists: idv-local-index
//!   ⠹ ApiFunction               Lambda::Function        CREATE_IN_PROGRESS 0.8 s
//! ```

use crate::deploy::watch::{DeployEvent, Operation, Phase, StackResult};
use crate::model::{StackKind, Timestamp};
use crate::report::Palette;

const SPINNER: [&str; 8] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧"];
/// Width of the longest resource name shown in full.
const NAME: usize = 24;
/// Width of the longest resource type shown in full.
const TYPE: usize = 23;

/// Everything that is known of a running deployment.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    stacks: Vec<StackNode>,
    note: Option<String>,
}

#[derive(Debug, Clone)]
struct StackNode {
    kind: StackKind,
    operation: Operation,
    started: Timestamp,
    finished: Option<(StackResult, u64)>,
    resources: Vec<ResourceNode>,
}

#[derive(Debug, Clone)]
struct ResourceNode {
    name: String,
    resource_type: String,
    status: String,
    phase: Phase,
    started: Timestamp,
    at: Timestamp,
    /// Why it failed; kept when its rollback goes on.
    failure: Option<String>,
}

impl Tree {
    /// Takes an event in. `now` is this machine's clock, on which spinners and running times turn.
    pub fn take(&mut self, event: &DeployEvent, now: Timestamp) {
        match event {
            DeployEvent::Note { message, .. } => self.note = Some(message.clone()),
            DeployEvent::Started { stack, operation } => {
                self.note = None;
                let node = self.stack(*stack, *operation, now);
                node.operation = *operation;
            }
            DeployEvent::Resource { stack, resource, resource_type, status, phase, reason, at } => {
                let node = self.stack(*stack, Operation::Update, now);
                let failure = reason.clone().filter(|_| *phase == Phase::Failed);
                if resource_type == "AWS::CloudFormation::Stack" {
                    return;
                }
                match node.resources.iter_mut().find(|known| known.name == *resource) {
                    Some(known) => {
                        known.status.clone_from(status);
                        known.phase = *phase;
                        known.at = *at;
                        known.failure = known.failure.take().or(failure);
                    }
                    None => node.resources.push(ResourceNode {
                        name: resource.clone(),
                        resource_type: resource_type.clone(),
                        status: status.clone(),
                        phase: *phase,
                        started: *at,
                        at: *at,
                        failure,
                    }),
                }
            }
            DeployEvent::Finished { stack, result, millis } => {
                self.stack(*stack, Operation::Update, now).finished = Some((*result, *millis));
            }
        }
    }

    fn stack(&mut self, kind: StackKind, operation: Operation, now: Timestamp) -> &mut StackNode {
        if let Some(index) = self.stacks.iter().position(|known| known.kind == kind) {
            return &mut self.stacks[index];
        }
        self.stacks.push(StackNode { kind, operation, started: now, finished: None, resources: Vec::new() });
        let last = self.stacks.len() - 1;
        &mut self.stacks[last]
    }

    /// The tree in at most `height` lines of at most `width` columns.
    #[must_use]
    pub fn lines(&self, now: Timestamp, width: usize, height: usize, palette: Palette) -> Vec<String> {
        let turn = usize::try_from(now.millis() / 100).unwrap_or(0) % SPINNER.len();
        // Stacks and the note always show; what is left is shared by the resources of stacks that are not done.
        let fixed = self.stacks.len() * 2 + usize::from(self.note.is_some());
        let open = self.stacks.iter().filter(|stack| stack.shows_resources()).count().max(1);
        let share = height.saturating_sub(fixed) / open;
        let mut lines = Vec::new();
        for stack in &self.stacks {
            lines.push(stack.line(now, width, SPINNER[turn], palette));
            if stack.shows_resources() {
                stack.resource_lines(now, width, share, SPINNER[turn], palette, &mut lines);
            }
        }
        if let Some(note) = &self.note {
            lines.push(palette.dim(&clip(&format!("{} {note}", SPINNER[turn]), width)));
        }
        lines.truncate(height);
        lines
    }
}

impl StackNode {
    fn shows_resources(&self) -> bool {
        matches!(self.finished, None | Some((StackResult::Failed, _)))
    }

    fn line(&self, now: Timestamp, width: usize, spinner: &str, palette: Palette) -> String {
        let (mark, words, millis) = match self.finished {
            None => (spinner, self.operation.begins(), millis(now, self.started)),
            Some((StackResult::Failed, millis)) => ("✗", StackResult::Failed.name(), millis),
            Some((result, millis)) => ("✓", result.name(), millis),
        };
        let text = columns(&format!("{mark} {:<10}  {words}", self.kind), &span(millis), width);
        match self.finished {
            None => palette.strong(&text),
            Some((StackResult::Failed, _)) => palette.bad(&text),
            Some(_) => palette.good(&text),
        }
    }

    /// Failures first, then what is being worked on, as many as there is room for; what is done is only counted.
    fn resource_lines(
        &self,
        now: Timestamp,
        width: usize,
        room: usize,
        spinner: &str,
        palette: Palette,
        lines: &mut Vec<String>,
    ) {
        let is_over = |resource: &&ResourceNode| {
            resource.failure.is_none() && matches!(resource.phase, Phase::Done | Phase::Retained)
        };
        let done = self.resources.iter().filter(is_over).count();
        if done > 0 {
            let noun = if done == 1 { "resource" } else { "resources" };
            lines.push(palette.dim(&clip(&format!("  ✓ {done} {noun} done"), width)));
        }
        let mut shown: Vec<&ResourceNode> = self.resources.iter().filter(|resource| !is_over(resource)).collect();
        shown.sort_by_key(|resource| (resource.failure.is_none(), resource.at));
        let rows = shown.iter().flat_map(|resource| resource.rows(now, width, spinner, palette));
        let rows: Vec<String> = rows.collect();
        let hidden = rows.len().saturating_sub(room);
        lines.extend(rows.into_iter().take(room));
        if hidden > 0 {
            lines.push(palette.dim(&clip(&format!("  … {hidden} more"), width)));
        }
    }
}

impl ResourceNode {
    fn rows(&self, now: Timestamp, width: usize, spinner: &str, palette: Palette) -> Vec<String> {
        let failed = self.failure.is_some() || self.phase == Phase::Failed;
        let mark = if failed { "✗" } else { spinner };
        // A resource that fails and rolls back is over; only a running one counts on by this machine's clock.
        let until = if self.phase == Phase::Running { now } else { self.at };
        let name = clip(&self.name, NAME);
        let resource_type = self.resource_type.strip_prefix("AWS::").unwrap_or(&self.resource_type);
        let text = format!("  {mark} {name:<NAME$}  {:<TYPE$} {}", clip(resource_type, TYPE), self.status);
        let text = columns(&text, &span(millis(until, self.started)), width);
        let mut rows = vec![if failed { palette.bad(&text) } else { text }];
        if let Some(failure) = &self.failure {
            rows.push(palette.warn(&clip(&format!("    {failure}"), width)));
        }
        rows
    }
}

fn millis(later: Timestamp, earlier: Timestamp) -> u64 {
    u64::try_from(later.since(earlier).as_millis()).unwrap_or(u64::MAX)
}

/// A time span with its unit: `40 ms`, `1.2 s`, `3 min 5 s`.
#[must_use]
pub fn span(millis: u64) -> String {
    match millis {
        0..1_000 => format!("{millis} ms"),
        1_000..60_000 => format!("{:.1} s", millis as f64 / 1_000.0),
        _ => format!("{} min {} s", millis / 60_000, millis % 60_000 / 1_000),
    }
}

/// `left`, and `right` at the right edge; `left` gives way.
fn columns(left: &str, right: &str, width: usize) -> String {
    let room = width.saturating_sub(right.chars().count() + 1);
    format!("{:<room$} {right}", clip(left, room))
}

/// Text that fits, its end replaced by an ellipsis where it does not.
fn clip(text: &str, width: usize) -> String {
    let flat = text.replace(['\n', '\r', '\t', '\u{1b}'], " ");
    if flat.chars().count() <= width {
        return flat;
    }
    flat.chars().take(width.saturating_sub(1)).chain(std::iter::once('…')).collect()
}

#[cfg(test)]
mod tests;
