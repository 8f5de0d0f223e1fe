//! Where snapshots come from: a cloud, an environment, a window, and who is asked about the duties.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::read::snapshot;
use super::snapshot::{Reach, Snapshot};
use super::window::Window;
use crate::aws::Cloud;
use crate::model::{ComplianceStatus, Environment, Reading};

/// Reads the state of the duties. Passed in, so that this room does not depend on who reads it.
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
        // Boxed: with every call in it the future is too large for the stacks of its callers.
        let snapshot = Box::pin(snapshot(&self.cloud, &self.environment, self.window));
        let (mut snapshot, compliance) = tokio::join!(snapshot, compliance);
        if snapshot.reach == Reach::Answered {
            snapshot.add_compliance(compliance, &self.environment);
        }
        snapshot
    }
}
