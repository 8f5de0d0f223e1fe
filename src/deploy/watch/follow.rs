//! Following one stack until its operation has ended.

use std::collections::HashSet;
use std::future::Future;
use std::time::Duration;

use super::{DeployEvent, Phase, Reporter};
use crate::aws::cloudformation::{CloudFormation, StackDescription, StackEvent};
use crate::aws::{CloudError, ErrorKind};
use crate::deploy::standing::Standing;
use crate::model::Timestamp;

/// Throttled polls in a row that are waited out before it is an error.
const PATIENCE: u32 = 8;
/// How far events may arrive out of order: CloudFormation's history is eventually consistent.
const DISORDER: Duration = Duration::from_secs(30);

/// How often a cloud is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The first pause; each further one is twice as long.
    pub first: Duration,
    /// The longest pause while all is well.
    pub longest: Duration,
}

impl Pace {
    /// The emulator answers in a millisecond and finishes a stack in fifteen.
    pub const LOCAL: Self = Self { first: Duration::from_millis(5), longest: Duration::from_millis(100) };
    /// CloudFormation takes seconds for anything, and throttles those who ask too often.
    pub const AWS: Self = Self { first: Duration::from_millis(500), longest: Duration::from_secs(2) };

    /// The pauses, one after the other, without end.
    pub fn pauses(self) -> impl Iterator<Item = Duration> + Send {
        std::iter::successors(Some(self.first), move |pause| Some((*pause * 2).min(self.longest)))
    }
}

/// Where the news of one stack come from: a cloud, or a recording.
pub trait StackFeed: Send {
    /// What happened since the last call, oldest first.
    fn news(&mut self) -> impl Future<Output = Result<Vec<StackEvent>, CloudError>> + Send;

    /// How the stack stands now; `None` when it is gone.
    fn stack(&mut self) -> impl Future<Output = Result<Option<StackDescription>, CloudError>> + Send;
}

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The stack's last status.
    pub status: String,
    /// The stack as it stands now; `None` when it is gone.
    pub stack: Option<StackDescription>,
    /// Everything that happened, oldest first.
    pub events: Vec<StackEvent>,
}

/// Follows a stack until its operation has ended, and tells every event on the way. The history is asked first, and
/// the stack itself only when the history says that it is done, so that a quick operation costs two calls.
pub async fn follow(feed: &mut impl StackFeed, pace: Pace, reporter: &Reporter) -> Result<Ended, CloudError> {
    let mut events: Vec<StackEvent> = Vec::new();
    let mut pauses = pace.pauses();
    let mut throttled = 0;
    loop {
        match feed.news().await {
            Ok(news) => {
                throttled = 0;
                let ended = news.iter().rev().find(|event| event.of_stack).is_some_and(|event| {
                    // A failed stack may be about to roll back: only the stack itself knows.
                    Standing::of(Some(&event.status)) != Standing::Busy
                });
                for event in &news {
                    reporter.tell(to_event(reporter, event));
                }
                events.extend(news);
                if ended {
                    let stack = feed.stack().await?;
                    let status = stack.as_ref().map_or("DELETE_COMPLETE", |stack| stack.status.as_str());
                    if Standing::of(Some(status)) != Standing::Busy {
                        return Ok(Ended { status: status.to_owned(), stack, events });
                    }
                }
            }
            Err(error) if error.kind == ErrorKind::Throttled && throttled < PATIENCE => throttled += 1,
            Err(error) => return Err(error),
        }
        let pause = pauses.next().unwrap_or(pace.longest);
        tokio::time::sleep(pause * 2_u32.pow(throttled)).await;
    }
}

fn to_event(reporter: &Reporter, event: &StackEvent) -> DeployEvent {
    DeployEvent::Resource {
        stack: reporter.stack(),
        resource: event.resource.clone(),
        resource_type: event.resource_type.clone(),
        status: event.status.clone(),
        phase: Phase::of(&event.status),
        reason: event.reason.clone(),
        at: event.at,
    }
}

/// The news of a stack in a cloud.
#[derive(Debug)]
pub struct LiveStack {
    stacks: CloudFormation,
    id: String,
    after: Timestamp,
    seen: HashSet<String>,
}

impl LiveStack {
    /// The news of a stack (by its id) that are newer than a moment of the cloud's clock.
    #[must_use]
    pub fn new(stacks: CloudFormation, id: String, after: Timestamp) -> Self {
        Self { stacks, id, after, seen: HashSet::new() }
    }
}

impl StackFeed for LiveStack {
    async fn news(&mut self) -> Result<Vec<StackEvent>, CloudError> {
        let mut events = self.stacks.events_after(&self.id, self.after).await?;
        events.retain(|event| self.seen.insert(event.id.clone()));
        if let Some(newest) = events.last() {
            self.after = self.after.max(newest.at.before(DISORDER));
        }
        Ok(events)
    }

    async fn stack(&mut self) -> Result<Option<StackDescription>, CloudError> {
        self.stacks.describe_stack(&self.id).await
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, VecDeque};

    use tokio::sync::mpsc;

    use super::*;
    use crate::model::StackKind;

    /// A recording: one answer per poll.
    struct Recording {
        news: VecDeque<Result<Vec<StackEvent>, CloudError>>,
        statuses: VecDeque<&'static str>,
    }

    impl StackFeed for Recording {
        async fn news(&mut self) -> Result<Vec<StackEvent>, CloudError> {
            self.news.pop_front().expect("no poll after the end")
        }

        async fn stack(&mut self) -> Result<Option<StackDescription>, CloudError> {
            let status = self.statuses.pop_front().expect("no look after the end");
            Ok((status != "DELETE_COMPLETE").then(|| StackDescription {
                id: "id".to_owned(),
                status: status.to_owned(),
                reason: None,
                outputs: BTreeMap::new(),
                parameters: BTreeMap::new(),
                tags: BTreeMap::new(),
                termination_protected: false,
            }))
        }
    }

    fn event(resource: &str, status: &str) -> StackEvent {
        StackEvent {
            id: format!("{resource}-{status}"),
            at: Timestamp::from_millis(0),
            resource: resource.to_owned(),
            resource_type: String::new(),
            physical_id: None,
            status: status.to_owned(),
            reason: None,
            of_stack: resource == "stack",
        }
    }

    fn throttled() -> CloudError {
        CloudError {
            service: "CloudFormation",
            operation: "DescribeStackEvents",
            kind: ErrorKind::Throttled,
            code: "Throttling".to_owned(),
            message: "Rate exceeded".to_owned(),
        }
    }

    async fn replay(
        news: Vec<Result<Vec<StackEvent>, CloudError>>,
        statuses: &[&'static str],
    ) -> (Result<Ended, CloudError>, Vec<String>) {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let mut recording = Recording { news: news.into(), statuses: statuses.iter().copied().collect() };
        let pace = Pace { first: Duration::from_micros(1), longest: Duration::from_micros(4) };
        let ended = follow(&mut recording, pace, &Reporter::new(sender, StackKind::Data)).await;
        assert!(recording.news.is_empty() && recording.statuses.is_empty(), "everything was asked for");
        let mut told = Vec::new();
        while let Ok(DeployEvent::Resource { resource, status, .. }) = receiver.try_recv() {
            told.push(format!("{resource} {status}"));
        }
        (ended, told)
    }

    #[tokio::test]
    async fn a_stack_is_followed_through_quiet_and_throttled_polls_to_its_end() {
        let (ended, told) = replay(
            vec![
                Ok(vec![event("stack", "CREATE_IN_PROGRESS")]),
                Ok(vec![]),
                Err(throttled()),
                Ok(vec![event("Table", "CREATE_IN_PROGRESS")]),
                Ok(vec![event("Table", "CREATE_COMPLETE"), event("stack", "CREATE_COMPLETE")]),
            ],
            &["CREATE_COMPLETE"],
        )
        .await;
        assert_eq!(ended.unwrap().status, "CREATE_COMPLETE");
        let all =
            ["stack CREATE_IN_PROGRESS", "Table CREATE_IN_PROGRESS", "Table CREATE_COMPLETE", "stack CREATE_COMPLETE"];
        assert_eq!(told, all);
    }

    #[tokio::test]
    async fn a_failure_is_followed_through_its_rollback() {
        let (ended, _) = replay(
            vec![
                Ok(vec![event("Table", "CREATE_FAILED"), event("stack", "CREATE_FAILED")]),
                Ok(vec![event("stack", "ROLLBACK_IN_PROGRESS")]),
                Ok(vec![event("stack", "ROLLBACK_COMPLETE")]),
            ],
            &["ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"],
        )
        .await;
        assert_eq!(ended.unwrap().status, "ROLLBACK_COMPLETE");
    }

    #[tokio::test]
    async fn a_stack_that_is_gone_was_deleted() {
        let (ended, _) = replay(vec![Ok(vec![event("stack", "DELETE_COMPLETE")])], &["DELETE_COMPLETE"]).await;
        let ended = ended.unwrap();
        assert_eq!((ended.status.as_str(), ended.stack), ("DELETE_COMPLETE", None));
    }

    #[tokio::test]
    async fn an_error_that_waiting_does_not_mend_ends_it() {
        let denied = CloudError { kind: ErrorKind::Denied, ..throttled() };
        let (ended, _) = replay(vec![Err(denied.clone())], &[]).await;
        assert_eq!(ended.unwrap_err(), denied);
        let (ended, _) = replay((0..=PATIENCE).map(|_| Err(throttled())).collect(), &[]).await;
        assert_eq!(ended.unwrap_err(), throttled());
    }
}
