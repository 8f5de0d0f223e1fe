//! Effects to events: the calls, on tasks of their own.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use crate::aws::Cloud;
use crate::model::{ComplianceStatus, Environment, Reading};
use crate::observe::{self, Reach, Snapshot, Window};

use super::state::Event;

/// Reads the state of the duties. Passed in, so that the dashboard does not depend on who reads it.
pub type ComplianceReader =
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Reading<ComplianceStatus>> + Send>> + Send + Sync>;

/// Where snapshots come from.
#[derive(Clone)]
pub struct Source {
    cloud: Cloud,
    environment: Arc<Environment>,
    window: Window,
    compliance: Option<ComplianceReader>,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("window", &self.window).finish_non_exhaustive()
    }
}

impl Source {
    /// An environment of a cloud, looking back on `window`.
    #[must_use]
    pub fn new(cloud: Cloud, environment: Environment, window: Window) -> Self {
        Self { cloud, environment: Arc::new(environment), window, compliance: None }
    }

    /// Also reads the state of the duties.
    #[must_use]
    pub fn with_compliance(mut self, reader: ComplianceReader) -> Self {
        self.compliance = Some(reader);
        self
    }

    /// Whether the state of the duties is read.
    #[must_use]
    pub fn has_compliance(&self) -> bool {
        self.compliance.is_some()
    }

    /// The environment's name for the header, before the first answer.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} · {}", self.environment.project, self.environment.name)
    }

    /// Takes one snapshot.
    pub async fn snapshot(&self) -> Snapshot {
        let compliance = async {
            match &self.compliance {
                Some(read) => Some(read().await),
                None => None,
            }
        };
        let (mut snapshot, compliance) =
            tokio::join!(observe::snapshot(&self.cloud, &self.environment, self.window), compliance);
        if snapshot.reach == Reach::Answered {
            snapshot.add_compliance(compliance, &self.environment);
        }
        snapshot
    }

    /// Takes a snapshot on a task of its own and sends it with the number of the question.
    pub(super) fn answer(&self, number: u64, events: UnboundedSender<Event>) {
        let source = self.clone();
        tokio::spawn(async move {
            let snapshot = Box::new(source.snapshot().await);
            // Nobody listens any more when the dashboard was left in between.
            drop(events.send(Event::Answered(number, snapshot)));
        });
    }
}
