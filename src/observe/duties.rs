//! The state of the duties, read beside the snapshots: many calls whose answers change seldom, so they are asked for in
//! minutes rather than seconds, and nothing waits for them longer than it wants to.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::aws::Cloud;
use crate::model::{ComplianceStatus, OptOutAnswer, Reading, Verdict};

/// Reads the state of the duties. Passed in, so that this room does not depend on who reads it.
pub type ComplianceReader = Arc<dyn Fn(Cloud) -> Pin<Box<dyn Future<Output = ComplianceStatus> + Send>> + Send + Sync>;

/// The rhythm while everything could be read.
const REFRESH: Duration = Duration::from_mins(5);
/// The rhythm while something could not.
const RETRY: Duration = Duration::from_secs(30);

/// Reads the duties from time to time and keeps the last answer.
#[derive(Clone)]
pub(super) struct Duties {
    read: ComplianceReader,
    limit: Duration,
    kept: watch::Sender<Kept>,
}

#[derive(Debug, Clone, Default)]
struct Kept {
    answer: Option<Reading<ComplianceStatus>>,
    since: Option<Instant>,
    is_asking: bool,
}

impl Duties {
    /// Nothing read yet. A reading is given up after `limit`.
    pub fn new(read: ComplianceReader, limit: Duration) -> Self {
        Self { read, limit, kept: watch::Sender::new(Kept::default()) }
    }

    /// The last answer; `None` before the first. Reads anew on a task of its own where it is time for that, and waits at
    /// most `patience` for the end of a reading.
    pub async fn state(&self, cloud: &Cloud, patience: Duration) -> Option<Reading<ComplianceStatus>> {
        if self.begin() {
            let (duties, cloud) = (self.clone(), cloud.clone());
            tokio::spawn(async move { duties.ask(cloud).await });
        }
        let mut kept = self.kept.subscribe();
        // Without a new answer within that time the last one stands; its own time says how old it is.
        let _ = timeout(patience, kept.wait_for(|kept| !kept.is_asking)).await;
        self.kept.borrow().answer.clone()
    }

    /// Whether it is time to read, and nobody does.
    fn begin(&self) -> bool {
        self.kept.send_if_modified(|kept| {
            let begins = !kept.is_asking && kept.is_due();
            kept.is_asking |= begins;
            begins
        })
    }

    async fn ask(&self, cloud: Cloud) {
        let answer = match timeout(self.limit, (self.read)(cloud)).await {
            Ok(status) => Reading::Known(status),
            Err(_) => Reading::unknown(format!("no answer within {} s", self.limit.as_secs_f32())),
        };
        self.kept.send_replace(Kept { answer: Some(answer), since: Some(Instant::now()), is_asking: false });
    }
}

impl Kept {
    fn is_due(&self) -> bool {
        let rhythm = if self.is_certain() { REFRESH } else { RETRY };
        self.since.is_none_or(|since| since.elapsed() >= rhythm)
    }

    fn is_certain(&self) -> bool {
        self.answer.as_ref().and_then(Reading::known).is_some_and(|status| {
            status.count(Verdict::Unknown) == 0
                && status.opt_out.answer != OptOutAnswer::Unknown
                && status.deletions.known().is_some()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::observe::fixture;

    const MOMENT: Duration = Duration::from_millis(10);

    fn answering(status: ComplianceStatus) -> (ComplianceReader, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let reader: ComplianceReader = Arc::new(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            let status = status.clone();
            Box::pin(async move { status })
        });
        (reader, asked)
    }

    fn known() -> ComplianceStatus {
        fixture::healthy().compliance.and_then(|reading| reading.known().cloned()).unwrap()
    }

    #[tokio::test]
    async fn one_answer_serves_many_snapshots() {
        let (reader, asked) = answering(known());
        let duties = Duties::new(reader, Duration::from_secs(5));
        let cloud = fixture::cloud("http://127.0.0.1:9").await;
        for _ in 0..3 {
            assert_eq!(duties.state(&cloud, Duration::from_secs(5)).await, Some(Reading::Known(known())));
        }
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_reading_without_end_delays_nobody_and_is_unknown_in_the_end() {
        let reader: ComplianceReader = Arc::new(|_| Box::pin(std::future::pending()));
        let duties = Duties::new(reader, MOMENT * 5);
        let cloud = fixture::cloud("http://127.0.0.1:9").await;
        assert_eq!(duties.state(&cloud, Duration::ZERO).await, None, "not read yet, and not waited for");
        let answer = duties.state(&cloud, Duration::from_mins(1)).await;
        assert!(answer.as_ref().and_then(Reading::why).is_some_and(|why| why.contains("no answer")), "{answer:?}");
    }

    #[test]
    fn what_could_not_be_read_is_read_again_sooner() {
        let aged = |answer, age: Duration| Kept {
            answer: Some(answer),
            since: Instant::now().checked_sub(age),
            is_asking: false,
        };
        assert!(Kept::default().is_due());
        assert!(!aged(Reading::Known(known()), RETRY).is_due());
        assert!(aged(Reading::Known(known()), REFRESH).is_due());
        assert!(aged(Reading::unknown("denied"), RETRY).is_due());
        let mut doubtful = known();
        doubtful.controls[0].verdict = Verdict::Unknown;
        assert!(aged(Reading::Known(doubtful), RETRY).is_due());
    }
}
