//! The answers that end a registration, and how each is counted.

use super::Conclusion;
use crate::identity::error::Refusal;
use crate::identity::quality::Subject;
use crate::identity::tally::Tally;
use crate::model::{Flow, Outcome, Percent, Reason, Step, Timestamp, UserId};

impl Conclusion {
    /// Yes.
    pub(super) fn approved() -> Self {
        Self { reason: None, ..Self::no(Outcome::Approved, Step::Settle, Reason::Interrupted) }
    }

    /// No.
    pub(super) fn no(outcome: Outcome, step: Step, reason: Reason) -> Self {
        let (similarity, existing, failures) = (None, None, Vec::new());
        Self { outcome, step, reason: Some(reason), similarity, existing, failures, at: Timestamp::now() }
    }

    /// The pictures will not do; other ones may.
    pub(super) fn refused(step: Step, subject: Subject, refusal: &Refusal) -> Self {
        Self { failures: refusal.failures(subject), ..Self::no(Outcome::Incomplete, step, refusal.reason()) }
    }

    /// The person is somebody else than the document says.
    pub(super) fn unlike(reason: Reason, similarity: Percent) -> Self {
        Self { similarity: Some(similarity), ..Self::no(Outcome::Failed, Step::Compare, reason) }
    }

    /// The person is registered already; `existing` is told only to the customer whose user it is.
    pub(super) fn duplicate(step: Step, existing: Option<UserId>) -> Self {
        Self { existing, ..Self::no(Outcome::Duplicate, step, Reason::AlreadyRegistered) }
    }

    /// Another registration of the same person goes before.
    pub(super) fn overtaken() -> Self {
        Self::no(Outcome::Duplicate, Step::Settle, Reason::RegisteredMeanwhile)
    }

    /// Whether the person is a user now.
    #[must_use]
    pub fn is_approval(&self) -> bool {
        self.outcome == Outcome::Approved
    }

    /// Counts it. Whoever moves the record to its end does, and nobody else.
    pub(super) fn count(&self, tally: &Tally) {
        tally.outcome(Flow::Registration, self.outcome, self.reason.map(|reason| (self.step, reason)));
    }
}
