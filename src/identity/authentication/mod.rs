//! Recognising a person: 1:1 with a user id, 1:N without.
//!
//! | | known user | unknown user |
//! |---|---|---|
//! | looked into | the user's collection | every collection of registered users |
//! | approved | the user is above the collection's threshold | exactly one user is |
//! | `other_person` | only other users are | |
//! | `ambiguous` | | several users are |
//! | `no_match` | nobody is | nobody is |
//!
//! Users of other customers do not exist: they are neither found nor the other person.

mod attempt;

pub use attempt::{Attempt, Authenticated};

pub(super) use attempt::{At, Stopped, conclude};

use super::deadline::Deadline;
use super::error::{IdentityError, ServiceError, ServiceErrorKind};
use super::ports::{FaceEngine, Ports};
use super::tally::Tally;
use crate::model::{Flow, HandlerSettings, Step};

/// What recognising needs.
#[derive(Debug)]
pub struct Authentication<'a, E, P> {
    /// The face engine, measured.
    pub engine: &'a E,
    /// Everything else.
    pub ports: &'a P,
    /// Where the numbers go; the outcome of an attempt is counted here, exactly once.
    pub tally: &'a Tally,
    /// Thresholds and quality gates.
    pub settings: &'a HandlerSettings,
    /// Until when the answer must be there.
    pub deadline: Deadline,
}

impl<E: FaceEngine, P: Ports> Authentication<'_, E, P> {
    /// Recognises a person. Pictures that cannot be judged are [`IdentityError::Refused`]; too many calls
    /// [`IdentityError::Throttled`]; a session that does not show a living person is a failed attempt.
    pub async fn authenticate(&self, attempt: Attempt) -> Result<Authenticated, IdentityError> {
        let ended = self.recognise(&attempt).await;
        conclude(self.tally, Flow::Authentication, ended)
    }

    async fn recognise(&self, _: &Attempt) -> Result<Authenticated, Stopped> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, "authentication is not connected")).at(Step::Intake)
    }
}
