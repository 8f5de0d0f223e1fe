//! How it stands with the cloud: asking, answered, lost; and when to ask again.

use std::time::Duration;

use crate::model::Timestamp;

/// The rhythm while all is well.
pub(in crate::dashboard) const REFRESH: Duration = Duration::from_secs(10);
/// The first wait after a loss; doubles up to [`REFRESH`].
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// An answer that takes longer than this will not come: the cloud counts as lost, and the answer is dropped should it
/// come after all. Longer than a snapshot takes whose every call runs into its limit.
const PATIENCE: Duration = Duration::from_secs(30);

/// How it stands with the cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dashboard) struct Link {
    /// The question that is out, with the time when it went out.
    asked: Option<(u64, Timestamp)>,
    /// The number of the next question.
    next: u64,
    /// When to ask again.
    due: Timestamp,
    /// Since when and why nothing answers.
    pub lost: Option<Loss>,
}

/// A cloud that does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dashboard) struct Loss {
    /// Since when.
    pub since: Timestamp,
    /// Why.
    pub why: String,
    /// How often it was tried since.
    tries: u32,
}

impl Link {
    /// Nothing asked yet; due at once.
    pub fn new(now: Timestamp) -> Self {
        Self { asked: None, next: 0, due: now, lost: None }
    }

    /// Whether a question is out.
    pub const fn is_asking(&self) -> bool {
        self.asked.is_some()
    }

    /// Time until the next question.
    pub fn due_in(&self, now: Timestamp) -> Duration {
        self.due.since(now)
    }

    /// The number of the question to ask now, if it is time. A question that is overdue has failed first.
    pub fn ask_if_due(&mut self, now: Timestamp) -> Option<u64> {
        if self.asked.is_some_and(|(_, at)| now.since(at) > PATIENCE) {
            self.asked = None;
            self.failed(now, format!("no answer within {} s", PATIENCE.as_secs()));
        }
        (self.asked.is_none() && now >= self.due).then(|| self.ask(now))
    }

    /// The number of a question to ask now, whatever the rhythm; none while one is out.
    pub fn ask_now(&mut self, now: Timestamp) -> Option<u64> {
        self.asked.is_none().then(|| self.ask(now))
    }

    fn ask(&mut self, now: Timestamp) -> u64 {
        let number = self.next;
        self.next += 1;
        self.asked = Some((number, now));
        number
    }

    /// Takes an answer; false when it is not the one that is waited for.
    pub fn accept(&mut self, number: u64) -> bool {
        let expected = self.asked.is_some_and(|(asked, _)| asked == number);
        if expected {
            self.asked = None;
        }
        expected
    }

    /// The cloud answered.
    pub fn answered(&mut self, now: Timestamp) {
        self.lost = None;
        self.due = later(now, REFRESH);
    }

    /// The cloud did not answer.
    pub fn failed(&mut self, now: Timestamp, why: String) {
        let tries = self.lost.as_ref().map_or(0, |loss| loss.tries);
        let since = self.lost.as_ref().map_or(now, |loss| loss.since);
        let wait = FIRST_RETRY.saturating_mul(1 << tries.min(6)).min(REFRESH);
        self.lost = Some(Loss { since, why, tries: tries.saturating_add(1) });
        self.due = later(now, wait);
    }
}

fn later(now: Timestamp, by: Duration) -> Timestamp {
    Timestamp::from_millis(now.millis().saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    #[test]
    fn waits_grow_after_a_loss_and_the_beginning_is_kept() {
        let mut link = Link::new(at(0));
        let mut now = 100;
        let mut waits = Vec::new();
        for _ in 0..6 {
            link.failed(at(now), "refused".to_owned());
            let wait = link.due_in(at(now)).as_secs();
            waits.push(wait);
            now += i64::try_from(wait).unwrap();
        }
        assert_eq!(waits, [1, 2, 4, 8, 10, 10]);
        assert_eq!(link.lost.as_ref().map(|loss| loss.since), Some(at(100)));
        link.answered(at(now));
        assert_eq!((link.lost.clone(), link.due_in(at(now))), (None, REFRESH));
    }

    #[test]
    fn one_question_at_a_time_and_late_answers_are_refused() {
        let mut link = Link::new(at(0));
        assert_eq!(link.ask_if_due(at(0)), Some(0));
        assert_eq!(link.ask_now(at(1)), None);
        assert_eq!(link.ask_if_due(at(30)), None);
        assert_eq!(link.lost, None);
        assert_eq!(link.ask_if_due(at(31)), None, "the first is given up, and the cloud gets a moment");
        assert_eq!(link.lost.as_ref().map(|loss| loss.since), Some(at(31)));
        assert_eq!(link.ask_if_due(at(32)), Some(1));
        assert!(!link.accept(0), "it came after all");
        assert!(link.accept(1));
    }
}
