//! Executing a plan along the graph of stacks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;

use super::cause::{Cause, first_cause};
use super::parameters::Bound;
use super::plan::{Draft, DraftState, Plan};
use super::prepare::{Clearing, Purpose};
use super::standing::{Standing, succeeded};
use super::watch::{DeployEvent, LiveStack, Operation, Reporter, StackResult, follow};
use super::{DeployError, Deployment, Site, Watcher};
use crate::aws::cloudformation::{StackDescription, StackEvent};
use crate::model::{StackKind, Timestamp};

/// How often a watcher's clock ticks.
const TICK: Duration = Duration::from_millis(100);

/// What a deployment did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeployReport {
    /// Every stack, in the order in which they ended.
    pub stacks: Vec<StackReport>,
}

/// What a deployment did to one stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StackReport {
    /// Which stack.
    pub kind: StackKind,
    /// Its CloudFormation name.
    pub name: String,
    /// How it ended.
    pub result: StackResult,
    /// How long it took, milliseconds.
    pub millis: u64,
    /// Its outputs.
    pub outputs: BTreeMap<String, String>,
}

impl DeployReport {
    /// Whether anything was changed.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.stacks.iter().any(|stack| stack.result != StackResult::Unchanged)
    }

    /// An output of any stack.
    #[must_use]
    pub fn output(&self, name: &str) -> Option<&str> {
        self.stacks.iter().find_map(|stack| stack.outputs.get(name)).map(String::as_str)
    }
}

impl Deployment {
    /// Executes a plan. Each stack starts when those that it needs are done; those that need each other not run side by
    /// side. After a failure nothing new is started, what runs is followed to its end, and the first error is given.
    pub async fn run(&self, plan: Plan, watcher: &mut dyn Watcher) -> Result<DeployReport, DeployError> {
        let (sender, mut events) = unbounded_channel();
        let mut waiting = plan.drafts;
        let mut running = JoinSet::new();
        let mut stacks: Vec<StackReport> = Vec::new();
        let mut failure = None;
        loop {
            let (ready, blocked): (Vec<Draft>, Vec<Draft>) =
                waiting.into_iter().partition(|draft| failure.is_none() && is_ready(draft.kind, &stacks));
            waiting = blocked;
            for draft in ready {
                let needed = stacks.iter().filter(|stack| draft.kind.needs().contains(&stack.kind));
                let outputs: BTreeMap<_, _> = needed.flat_map(|stack| stack.outputs.clone()).collect();
                let (site, reporter) = (Arc::clone(&self.site), Reporter::new(sender.clone(), draft.kind));
                running.spawn(async move { site.apply_and_tell(draft, &outputs, &reporter).await });
            }
            match next(&mut running, &mut events, watcher).await {
                None => break,
                Some(result) => match result.and_then(|result| result) {
                    Ok(report) => stacks.push(report),
                    Err(error) => failure = failure.or(Some(error)),
                },
            }
        }
        for draft in &waiting {
            self.site.discard_quietly(draft, &Reporter::new(sender.clone(), draft.kind)).await;
        }
        while let Ok(event) = events.try_recv() {
            watcher.event(&event);
        }
        watcher.finish();
        failure.map_or(Ok(DeployReport { stacks }), Err)
    }
}

/// Whether every stack that a kind needs is done.
fn is_ready(kind: StackKind, done: &[StackReport]) -> bool {
    kind.needs().iter().all(|needed| done.iter().any(|stack| stack.kind == *needed))
}

/// The next task to end; until then the watcher hears what happens and how time passes.
pub(super) async fn next<T: 'static>(
    tasks: &mut JoinSet<T>,
    events: &mut UnboundedReceiver<DeployEvent>,
    watcher: &mut dyn Watcher,
) -> Option<Result<T, DeployError>> {
    let mut clock = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            biased;
            Some(event) = events.recv() => watcher.event(&event),
            ended = tasks.join_next() => {
                // What a task told before it ended is heard before its end.
                while let Ok(event) = events.try_recv() {
                    watcher.event(&event);
                }
                return ended.map(|ended| ended.map_err(|error| DeployError::BrokenOff(error.to_string())));
            }
            _ = clock.tick() => watcher.tick(),
        }
    }
}

impl Site {
    async fn apply_and_tell(
        &self,
        draft: Draft,
        outputs: &BTreeMap<String, String>,
        reporter: &Reporter,
    ) -> Result<StackReport, DeployError> {
        let started = Instant::now();
        let (kind, name) = (draft.kind, draft.name.clone());
        let mut applied = self.apply(draft, outputs, reporter).await;
        if let (StackKind::Data, Ok((_, stack))) = (kind, &applied)
            && let Err(error) = self.write_routing(&stack.outputs, reporter).await
        {
            applied = Err(error);
        }
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let result = applied.as_ref().map_or(StackResult::Failed, |(result, _)| *result);
        reporter.tell(DeployEvent::Finished { stack: kind, result, millis });
        applied.map(|(result, stack)| StackReport { kind, name, result, millis, outputs: stack.outputs })
    }

    async fn apply(
        &self,
        draft: Draft,
        outputs: &BTreeMap<String, String>,
        reporter: &Reporter,
    ) -> Result<(StackResult, StackDescription), DeployError> {
        let draft = self.up_to_date(draft, outputs, reporter).await?;
        let kind = draft.kind;
        match (draft.state, draft.before) {
            (DraftState::Unchanged, Some(stack)) => {
                if kind == StackKind::Data && !stack.termination_protected {
                    // An earlier run was killed between making the stack and protecting it.
                    self.protect(&stack.id).await?;
                }
                Ok((StackResult::Unchanged, stack))
            }
            (DraftState::Ready { change_set, stack_id, created }, before) => {
                let status = before.as_ref().map(|stack| stack.status.as_str());
                let is_new = matches!(Standing::of(status), Standing::Absent | Standing::Announced);
                let (operation, result) = if is_new {
                    (Operation::Create, StackResult::Created)
                } else {
                    (Operation::Update, StackResult::Updated)
                };
                if let (Some(key), Some(bucket)) =
                    (draft.parameters.get("HandlerKey"), draft.parameters.get("HandlerBucket"))
                {
                    self.upload_package(key, bucket, reporter).await?;
                }
                let stack = self.execute_and_follow(&change_set, &stack_id, created, operation, reporter).await?;
                if kind == StackKind::Data {
                    self.protect(&stack.id).await?;
                }
                Ok((result, stack))
            }
            (DraftState::Unchanged | DraftState::Deferred, _) => {
                Err(DeployError::MissingParameter { stack: kind, parameters: Vec::new() })
            }
        }
    }

    /// The draft itself where it was made with the values that are known now, else a new one.
    async fn up_to_date(
        &self,
        draft: Draft,
        outputs: &BTreeMap<String, String>,
        reporter: &Reporter,
    ) -> Result<Draft, DeployError> {
        let kind = draft.kind;
        let bound = match self.bind(kind, outputs) {
            Bound::Complete(bound) => bound,
            Bound::Waiting(parameters) => return Err(DeployError::MissingParameter { stack: kind, parameters }),
        };
        if draft.state != DraftState::Deferred && draft.parameters == bound && !draft.takes_over {
            return Ok(draft);
        }
        let before = self.settled(&draft.name, reporter).await?;
        let renewed = self.draft(before, outputs, Purpose::Deploy, Clearing::Allowed, reporter).await?;
        match renewed.losses.iter().find(|loss| !draft.losses.contains(loss)) {
            None => Ok(renewed),
            Some(loss) => {
                self.discard_quietly(&renewed, reporter).await;
                Err(DeployError::UnseenLoss { stack: kind, resource: loss.resource.clone() })
            }
        }
    }

    async fn upload_package(&self, key: &str, bucket: &str, reporter: &Reporter) -> Result<(), DeployError> {
        let Some(package) = self.options.package.as_ref().filter(|package| package.key() == key) else {
            return Ok(());
        };
        let sent = package.upload(&self.buckets, bucket).await?;
        if sent > 0 {
            reporter.note(format!("uploaded the Lambda program, {:.1} MB", sent as f64 / 1e6));
        }
        Ok(())
    }

    /// Executes a change set and follows its stack to the end.
    pub(super) async fn execute_and_follow(
        &self,
        change_set: &str,
        stack_id: &str,
        after: Timestamp,
        operation: Operation,
        reporter: &Reporter,
    ) -> Result<StackDescription, DeployError> {
        reporter.tell(DeployEvent::Started { stack: reporter.stack(), operation });
        let token = format!("idvctl-{}", uuid::Uuid::new_v4());
        self.stacks.execute_change_set(change_set, &token).await?;
        let mut feed = LiveStack::new(self.stacks.clone(), stack_id.to_owned(), after);
        let ended = follow(&mut feed, self.pace, reporter).await?;
        match ended.stack {
            Some(stack) if succeeded(&ended.status) => Ok(stack),
            _ => Err(DeployError::Failed {
                stack: reporter.stack(),
                status: ended.status,
                cause: self.cause(stack_id, after, &ended.events).await,
            }),
        }
    }

    /// The first cause of a failure. Where the validation before the deployment refused it, the stack's events only
    /// point to another call; if that one fails, their words must do.
    async fn cause(&self, stack_id: &str, after: Timestamp, events: &[StackEvent]) -> Option<Cause> {
        let told = first_cause(events)?;
        if !told.reason.contains("DescribeEvents") {
            return Some(told);
        }
        let refused = self.stacks.refused_after(stack_id, after).await.unwrap_or_default();
        first_cause(&refused).or(Some(told))
    }

    /// Deletes a stack and follows it to the end; gives what happened.
    pub(super) async fn delete_and_follow(
        &self,
        stack_id: &str,
        reporter: &Reporter,
    ) -> Result<Vec<StackEvent>, DeployError> {
        let after = self.stacks.newest_event(stack_id).await?.unwrap_or(Timestamp::from_millis(0));
        reporter.tell(DeployEvent::Started { stack: reporter.stack(), operation: Operation::Delete });
        self.stacks.delete_stack(stack_id, &format!("idvctl-{}", uuid::Uuid::new_v4())).await?;
        let mut feed = LiveStack::new(self.stacks.clone(), stack_id.to_owned(), after);
        let ended = follow(&mut feed, self.pace, reporter).await?;
        if ended.status == "DELETE_COMPLETE" {
            return Ok(ended.events);
        }
        Err(DeployError::Failed { stack: reporter.stack(), status: ended.status, cause: first_cause(&ended.events) })
    }

    /// Guards the data stack: it refuses to be deleted, and updates may not replace or delete what holds data.
    async fn protect(&self, stack_id: &str) -> Result<(), DeployError> {
        if let Some(policy) = &self.options.stack_policy {
            self.stacks.set_stack_policy(stack_id, policy).await?;
        }
        // Last, because a later run takes it for the sign that both were done.
        Ok(self.stacks.protect_from_termination(stack_id, true).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(kinds: &[StackKind]) -> Vec<StackReport> {
        let report = |kind: &StackKind| StackReport {
            kind: *kind,
            name: kind.to_string(),
            result: StackResult::Created,
            millis: 0,
            outputs: BTreeMap::new(),
        };
        kinds.iter().map(report).collect()
    }

    #[test]
    fn stacks_start_when_what_they_need_is_done_and_the_last_two_side_by_side() {
        let mut waves: Vec<Vec<StackKind>> = Vec::new();
        let mut ended: Vec<StackKind> = Vec::new();
        while ended.len() < StackKind::ALL.len() {
            let reports = done(&ended);
            let wave = StackKind::ALL.into_iter().filter(|kind| !ended.contains(kind) && is_ready(*kind, &reports));
            waves.push(wave.collect());
            ended.extend(waves.last().unwrap());
        }
        let side_by_side = vec![StackKind::Monitoring, StackKind::Governance];
        assert_eq!(waves, [vec![StackKind::Data], vec![StackKind::Service], side_by_side]);
    }
}
