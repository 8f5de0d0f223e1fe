//! Telling what happens while it happens.

mod follow;

use serde::Serialize;
use tokio::sync::mpsc::UnboundedSender;

pub use follow::{Ended, LiveStack, Pace, StackFeed, follow};

use crate::model::{StackKind, Timestamp};

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum DeployEvent {
    /// A step that is worth a line: a build, an upload, a wait.
    Note {
        /// What it is about; `None` when it is about no single stack.
        stack: Option<StackKind>,
        /// In words.
        message: String,
    },
    /// CloudFormation begins to work on a stack.
    Started {
        /// The stack.
        stack: StackKind,
        /// What happens to it.
        operation: Operation,
    },
    /// A resource of a stack comes on.
    Resource {
        /// The stack.
        stack: StackKind,
        /// The resource's name in the template.
        resource: String,
        /// Its CloudFormation type.
        #[serde(rename = "type")]
        resource_type: String,
        /// CloudFormation's word.
        status: String,
        /// The same in fewer words.
        phase: Phase,
        /// Why, where CloudFormation says.
        reason: Option<String>,
        /// When, by the cloud's clock.
        at: Timestamp,
    },
    /// A stack is done with.
    Finished {
        /// The stack.
        stack: StackKind,
        /// How it ended.
        result: StackResult,
        /// How long it took, milliseconds.
        millis: u64,
    },
}

/// What CloudFormation does to a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Makes it.
    Create,
    /// Changes it.
    Update,
    /// Takes existing resources over.
    Import,
    /// Deletes it.
    Delete,
}

/// How a stack ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StackResult {
    /// It is new.
    Created,
    /// It was changed.
    Updated,
    /// There was nothing to change.
    Unchanged,
    /// It is gone.
    Deleted,
    /// It did not reach what was asked for.
    Failed,
}

impl StackResult {
    /// In one word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Deleted => "deleted",
            Self::Failed => "failed",
        }
    }
}

/// Where a resource stands, in fewer words than CloudFormation's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Being worked on.
    Running,
    /// As asked for.
    Done,
    /// Kept where its stack lets it go.
    Retained,
    /// Failed.
    Failed,
    /// Being brought back to where it was, or deleted because something else failed.
    Undoing,
}

impl Phase {
    /// The phase of a CloudFormation status.
    #[must_use]
    pub fn of(status: &str) -> Self {
        match status {
            "DELETE_SKIPPED" => Self::Retained,
            status if status.ends_with("_FAILED") => Self::Failed,
            status if status.contains("ROLLBACK") => Self::Undoing,
            status if status.ends_with("_IN_PROGRESS") => Self::Running,
            _ => Self::Done,
        }
    }
}

/// Somebody who wants to know.
pub trait Watcher: Send {
    /// Something happened.
    fn event(&mut self, event: &DeployEvent);

    /// Time passed: a spinner may turn. Called about ten times per second.
    fn tick(&mut self) {}

    /// Nothing more will happen: leave the terminal as a reader wants to find it.
    fn finish(&mut self) {}
}

/// Nobody.
impl Watcher for () {
    fn event(&mut self, _event: &DeployEvent) {}
}

/// What the work on one stack tells through.
#[derive(Debug, Clone)]
pub struct Reporter {
    events: UnboundedSender<DeployEvent>,
    stack: StackKind,
}

impl Reporter {
    /// A reporter of one stack.
    #[must_use]
    pub const fn new(events: UnboundedSender<DeployEvent>, stack: StackKind) -> Self {
        Self { events, stack }
    }

    /// The stack that it tells of.
    #[must_use]
    pub const fn stack(&self) -> StackKind {
        self.stack
    }

    /// Tells that something happened. Where nobody listens any more, nobody needs to know.
    pub fn tell(&self, event: DeployEvent) {
        drop(self.events.send(event));
    }

    /// Tells a step in words.
    pub fn note(&self, message: impl Into<String>) {
        self.tell(DeployEvent::Note { stack: Some(self.stack), message: message.into() });
    }
}
