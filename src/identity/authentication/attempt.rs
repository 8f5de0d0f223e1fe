//! An attempt to be recognised, and what came of it: the same for an authentication and for a photo update.

use crate::identity::error::{IdentityError, ServiceError};
use crate::identity::given::Given;
use crate::identity::tally::Tally;
use crate::model::{Flow, LivenessSessionId, Outcome, Percent, Reason, Step, TenantId, UserId};

/// Somebody who wants to be recognised.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The customer through whom the person comes.
    pub tenant: TenantId,
    /// Who the person says to be; `None`: whoever it is.
    pub user: Option<UserId>,
    /// The person, now. With a liveness session it is not looked at: the session's own reference picture is the selfie
    /// then, or one person could show to be living and another one's photo could be recognised.
    pub selfie: Option<Given>,
    /// The session that shows that the person lives.
    pub liveness: Option<LivenessSessionId>,
}

/// What came of an attempt. A no is an answer; errors are what kept it from being one.
#[derive(Debug, Clone, PartialEq)]
pub struct Authenticated {
    /// Approved or failed.
    pub outcome: Outcome,
    /// The step at which it ended.
    pub step: Step,
    /// Why; `None` of an approval.
    pub reason: Option<Reason>,
    /// Who it is; only of an approval.
    pub user: Option<UserId>,
    /// How similar the person is to the registered face; only of an approval.
    pub similarity: Option<Percent>,
    /// The least similarity that counted, where one collection was asked or the person was found.
    pub threshold: Option<Percent>,
    /// What went wrong beside the answer and does not change it: a recognition that could not be written down, a
    /// replaced face that the sweep has to remove. For the log.
    pub left_over: Option<ServiceError>,
}

impl Authenticated {
    /// A no.
    #[must_use]
    pub const fn failed(step: Step, reason: Reason) -> Self {
        Self {
            outcome: Outcome::Failed,
            step,
            reason: Some(reason),
            user: None,
            similarity: None,
            threshold: None,
            left_over: None,
        }
    }
}

/// An attempt that ended without an answer, and the step at which it did.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::identity) struct Stopped {
    /// The step.
    pub(in crate::identity) step: Step,
    /// What happened.
    pub(in crate::identity) error: IdentityError,
}

/// Says at which step something failed.
pub(in crate::identity) trait At<T> {
    /// The same, with the step.
    fn at(self, step: Step) -> Result<T, Stopped>;
}

impl<T, E: Into<IdentityError>> At<T> for Result<T, E> {
    fn at(self, step: Step) -> Result<T, Stopped> {
        self.map_err(|error| Stopped { step, error: error.into() })
    }
}

/// Counts how an attempt ended, once, and gives the result without its step.
pub(in crate::identity) fn conclude(
    tally: &Tally,
    flow: Flow,
    ended: Result<Authenticated, Stopped>,
) -> Result<Authenticated, IdentityError> {
    match ended {
        Ok(answer) => {
            tally.outcome(flow, answer.outcome, answer.reason.map(|reason| (answer.step, reason)));
            Ok(answer)
        }
        Err(Stopped { step, error }) => {
            tally.outcome(flow, Outcome::Incomplete, Some((step, error.reason())));
            Err(error)
        }
    }
}
