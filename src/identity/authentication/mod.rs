//! Recognising a person: 1:1 with a user id, 1:N without.
//!
//! | | known user | unknown user |
//! |---|---|---|
//! | looked into | the user's collection | every collection of registered users |
//! | approved | the user is above the collection's threshold | exactly one user is |
//! | `no_match` | nobody is | nobody is |
//! | `other_person` | only others are | |
//! | `ambiguous` | | several are |
//! | `unknown_user` | there is no such user | |
//!
//! Users of other customers do not exist: they are neither found nor the other person.

mod attempt;
mod recognition;
#[cfg(test)]
mod tests;

pub use attempt::{Attempt, Authenticated};

pub(super) use attempt::{At, Stopped, conclude};

use std::time::Duration;

use super::deadline::Deadline;
use super::error::{IdentityError, ServiceError, ServiceErrorKind};
use super::liveness::LivenessPurpose;
use super::ports::{FaceEngine, Ports, UserRecords};
use super::tally::Tally;
use super::user::User;
use super::users::Users;
use crate::model::{Flow, HandlerSettings, Reason, Step, Timestamp};

/// How exactly it is known when a person was last recognised. Inactive users are erased after years: a write per day is
/// enough, and a write per authentication would be the flow's most expensive part.
const SEEN_TO_THE: Duration = Duration::from_hours(24);
/// The recognition is not written down when less time than this is left: one call of a table at its longest.
const WRITING_TIME: Duration = Duration::from_secs(7);

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
        let ended = self.recognise(attempt).await;
        conclude(self.tally, Flow::Authentication, ended)
    }

    async fn recognise(&self, attempt: Attempt) -> Result<Authenticated, Stopped> {
        // Who does not exist cannot be recognised: no session is used up for it.
        let known = match &attempt.user {
            None => None,
            Some(id) => match self.users().find(&attempt.tenant, id).await.at(Step::Search)? {
                Some(user) => Some(user),
                None => return Ok(Authenticated::failed(Step::Search, Reason::UnknownUser)),
            },
        };
        let tenant = attempt.tenant.clone();
        let selfie = match self.selfie(attempt, LivenessPurpose::Authentication).await? {
            Ok(selfie) => selfie,
            Err(reason) => return Ok(Authenticated::failed(Step::Liveness, reason)),
        };
        let size = selfie.size(self.ports.images()).await.at(Step::Intake)?;
        self.judge(selfie.picture(), size).await.at(Step::Quality)?;
        let (answer, user) = match known {
            Some(user) => {
                let answer = self.verify(&user, selfie.picture()).await.at(Step::Search)?;
                (answer, Some(user))
            }
            None => self.identify(&tenant, selfie.picture()).await.at(Step::Search)?,
        };
        let left_over = match user.filter(|_| answer.reason.is_none()) {
            Some(user) => self.note(&user).await.err(),
            None => None,
        };
        Ok(Authenticated { left_over, ..answer })
    }

    /// The users, with the same ports.
    const fn users(&self) -> Users<'_, E, P> {
        let Self { engine, ports, tally, settings, deadline } = *self;
        Users { engine, ports, tally, settings, deadline }
    }

    /// Writes down that the user was recognised, at most once a day. A failure does not take an approval back, for the
    /// person is who they are: it goes to the log with the answer, and the next recognition makes up for it.
    async fn note(&self, user: &User) -> Result<(), ServiceError> {
        let now = Timestamp::now();
        if now.since(user.seen_at) < SEEN_TO_THE {
            return Ok(());
        }
        if !self.deadline.leaves(WRITING_TIME) {
            let message = "no time was left to write down when a user was last seen";
            return Err(ServiceError::new(ServiceErrorKind::Unavailable, message));
        }
        self.ports.users().seen(&user.id, now).await
    }
}
