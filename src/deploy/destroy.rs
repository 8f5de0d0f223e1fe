//! Taking an environment down, in the reverse order of its making.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinSet;

use super::retained::{RetainedResource, Store};
use super::run::next;
use super::standing::Standing;
use super::watch::{DeployEvent, Reporter, StackResult};
use super::{DeployError, Deployment, Site, Watcher};
use crate::aws::cloudformation::StackDescription;
use crate::model::StackKind;

/// What destroying an environment would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destruction {
    stacks: Vec<(StackKind, StackDescription)>,
    /// What holds data and would stay, or go with `purge`.
    pub holdings: Vec<RetainedResource>,
}

/// What destroying an environment did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DestroyReport {
    /// The stacks that were deleted.
    pub deleted: Vec<StackKind>,
    /// What still holds data, and how much of it.
    pub retained: Vec<RetainedResource>,
    /// What held data and is gone; each was looked for afterwards.
    pub purged: Vec<RetainedResource>,
}

impl Destruction {
    /// The stacks that would be deleted.
    #[must_use]
    pub fn stacks(&self) -> Vec<StackKind> {
        self.stacks.iter().map(|(kind, _)| *kind).collect()
    }

    /// Whether there is anything to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stacks.is_empty() && self.holdings.is_empty()
    }
}

impl Deployment {
    /// Looks at what there is to take down. Changes nothing.
    pub async fn survey(&self) -> Result<Destruction, DeployError> {
        let mut stacks = Vec::new();
        for kind in StackKind::ALL {
            let stack = self.site.stacks.describe_stack(&self.site.stack_name(kind)).await?;
            if let Some(stack) = stack.filter(|stack| Standing::of(Some(&stack.status)) != Standing::Absent) {
                stacks.push((kind, stack));
            }
        }
        let ids: Vec<String> = stacks.iter().map(|(_, stack)| stack.id.clone()).collect();
        let holdings = self.site.holdings(&ids).await?;
        Ok(Destruction { stacks, holdings })
    }

    /// Deletes every stack. What holds data stays, unless `purge` says that it goes too.
    pub async fn destroy(
        &self,
        destruction: Destruction,
        purge: bool,
        watcher: &mut dyn Watcher,
    ) -> Result<DestroyReport, DeployError> {
        let (sender, mut events) = unbounded_channel();
        let mut waiting = destruction.stacks;
        let mut deleted = Vec::new();
        let mut running = JoinSet::new();
        let mut failure = None;
        let mut standing: Vec<StackKind> = waiting.iter().map(|(kind, _)| *kind).collect();
        loop {
            let (ready, blocked): (Vec<_>, Vec<_>) =
                waiting.into_iter().partition(|(kind, _)| failure.is_none() && !is_needed(*kind, &standing));
            waiting = blocked;
            for (kind, stack) in ready {
                let (site, reporter) = (Arc::clone(&self.site), Reporter::new(sender.clone(), kind));
                running.spawn(async move { site.delete(stack, &reporter).await.map(|()| kind) });
            }
            match next(&mut running, &mut events, watcher).await {
                None => break,
                Some(result) => match result.and_then(|result| result) {
                    Ok(kind) => {
                        standing.retain(|known| *known != kind);
                        deleted.push(kind);
                    }
                    Err(error) => failure = failure.or(Some(error)),
                },
            }
        }
        watcher.finish();
        if let Some(error) = failure {
            return Err(error);
        }
        let (mut retained, mut purged) = (Vec::new(), Vec::new());
        for resource in destruction.holdings {
            if purge && resource.store != Store::Key {
                self.site.purge(&resource).await?;
                purged.push(resource);
            } else {
                retained.push(resource);
            }
        }
        Ok(DestroyReport { deleted, retained, purged })
    }
}

/// Whether another stack that still stands needs a kind.
fn is_needed(kind: StackKind, standing: &[StackKind]) -> bool {
    standing.iter().any(|other| other.needs().contains(&kind))
}

impl Site {
    async fn delete(&self, stack: StackDescription, reporter: &Reporter) -> Result<(), DeployError> {
        let started = std::time::Instant::now();
        // A running operation is waited for: CloudFormation would refuse.
        let settled = self.settled(&stack.id, reporter).await?;
        if settled.is_some_and(|stack| stack.termination_protected) {
            self.stacks.protect_from_termination(&stack.id, false).await?;
        }
        let ended = self.delete_and_follow(&stack.id, reporter).await;
        let result = if ended.is_ok() { StackResult::Deleted } else { StackResult::Failed };
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        reporter.tell(DeployEvent::Finished { stack: reporter.stack(), result, millis });
        ended.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_goes_only_when_no_other_needs_it() {
        let all = StackKind::ALL;
        assert!(is_needed(StackKind::Data, &all) && is_needed(StackKind::Service, &all));
        assert!(!is_needed(StackKind::Monitoring, &all) && !is_needed(StackKind::Governance, &all));
        assert!(!is_needed(StackKind::Service, &[StackKind::Data, StackKind::Service]));
        assert!(!is_needed(StackKind::Data, &[StackKind::Data]));
    }
}
