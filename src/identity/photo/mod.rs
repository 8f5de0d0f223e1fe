//! Replacing a user's registered photo.
//!
//! ```text
//! record Adding ─ picture ─ quality ─ search ─ index ─ record Retiring ─ old face and picture ─ record
//!    └ a no, or a failure: taken back ────────────┘          └ later at the latest, by the sweep
//! ```
//!
//! The new face is in the collection before the record switches to it, and the old one leaves afterwards: at no moment
//! is the person without a face. The record names the new picture before anything is stored, so that whatever is
//! stopped in the middle can be found, finished or taken back: [`PhotoUpdate::settle`].
//!
//! The picture is judged as it is stored: an upload can be written again by the caller, after it was judged and before
//! it is indexed.

mod settle;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::time::Duration;

use uuid::Uuid;

use super::authentication::{At, Attempt, Authenticated, Authentication, Stopped, conclude};
use super::deadline::Deadline;
use super::error::{IdentityError, Refusal, ServiceError, ServiceErrorKind};
use super::face::Indexing;
use super::given::{Given, stored_size};
use super::liveness::LivenessPurpose;
use super::picture::PictureRef;
use super::ports::{FaceEngine, Ports, UserRecords};
use super::quality::QualityFailure;
use super::tally::Tally;
use super::user::{PhotoChange, User, UserFace};
use super::users::Users;
use crate::model::{ExternalImageId, Flow, HandlerSettings, Metric, Reason, Step, Timestamp};

/// The old face is left to the sweep when less time than this is left: one call of the engine at its longest, and a
/// moment for picture and record.
const RETIRING_TIME: Duration = Duration::from_secs(7);

/// What replacing a photo needs.
#[derive(Debug)]
pub struct PhotoUpdate<'a, E, P> {
    /// The face engine, measured.
    pub engine: &'a E,
    /// Everything else.
    pub ports: &'a P,
    /// Where the numbers go; the outcome of an attempt is counted here, exactly once. Settling counts none.
    pub tally: &'a Tally,
    /// Thresholds and quality gates.
    pub settings: &'a HandlerSettings,
    /// Until when the answer must be there.
    pub deadline: Deadline,
}

impl<E: FaceEngine, P: Ports> PhotoUpdate<'_, E, P> {
    /// Recognises the user on a new photo, which then takes the place of the registered one. An attempt without a user
    /// id is one of an unknown user. While another change of the same user is going on it is
    /// [`IdentityError::Throttled`].
    ///
    /// Approved means that the new face is the user's. What could not be removed of the old one is named beside the
    /// answer, and the sweep removes it.
    pub async fn update(&self, attempt: Attempt) -> Result<Authenticated, IdentityError> {
        let ended = self.replace(attempt).await;
        conclude(self.tally, Flow::PhotoUpdate, ended)
    }

    async fn replace(&self, attempt: Attempt) -> Result<Authenticated, Stopped> {
        let known = match &attempt.user {
            Some(id) => self.users().find(&attempt.tenant, id).await.at(Step::Search)?,
            None => None,
        };
        let Some(user) = known else { return Ok(Authenticated::failed(Step::Search, Reason::UnknownUser)) };
        self.clear(&user).await.at(Step::Switch)?;
        let selfie = match self.recognition().selfie(attempt, LivenessPurpose::PhotoUpdate).await? {
            Ok(selfie) => selfie,
            Err(reason) => return Ok(Authenticated::failed(Step::Liveness, reason)),
        };
        let image = format!("users/photos/{}", Uuid::new_v4());
        let adding = PhotoChange::Adding { image: image.clone(), since: Timestamp::now() };
        let user = self.users().begin(&user.id, adding).await.at(Step::Switch)?;
        match self.recognise(&user, &image, &selfie).await {
            Ok(answer) if answer.reason.is_none() => self.switch(&user, &image, answer).await,
            Ok(no) => Ok(Authenticated { left_over: left_over(self.discard(&user, &image).await), ..no }),
            Err(stopped) => Err(undone(stopped, self.discard(&user, &image)).await),
        }
    }

    /// Is the new picture good, and is it the user's?
    async fn recognise(&self, user: &User, image: &str, selfie: &Given) -> Result<Authenticated, Stopped> {
        let (images, recognition) = (self.ports.images(), self.recognition());
        selfie.keep(images, image).await.at(Step::Intake)?;
        let size = stored_size(images, image).await.at(Step::Intake)?;
        recognition.judge(PictureRef::Stored(image), size).await.at(Step::Quality)?;
        recognition.verify(user, PictureRef::Stored(image)).await.at(Step::Search)
    }

    async fn switch(&self, user: &User, image: &str, answer: Authenticated) -> Result<Authenticated, Stopped> {
        let face = match self.index(user, image).await.at(Step::Index) {
            Ok(face) => face,
            Err(stopped) => return Err(undone(stopped, self.take_back(user, image)).await),
        };
        let switched = match self.put_in_place(user, &face).await.at(Step::Switch) {
            Ok(switched) => switched,
            Err(stopped) => return Err(undone(stopped, self.take_back(user, image)).await),
        };
        if face.indexed.engine_face != user.selfie.indexed.engine_face {
            self.tally.count(Metric::FacesUpdated, 1);
        }
        let left_over = if self.deadline.leaves(RETIRING_TIME) {
            left_over(self.retire(&switched).await)
        } else {
            let message = "no time was left to remove a replaced face; the sweep does it";
            Some(ServiceError::new(ServiceErrorKind::Unavailable, message))
        };
        Ok(Authenticated { step: Step::Switch, left_over, ..answer })
    }

    async fn index(&self, user: &User, image: &str) -> Result<UserFace, IdentityError> {
        // A user id is always a valid reference; an error all the same, so that a changed rule is no crash.
        let reference = ExternalImageId::new(user.id.as_str())
            .map_err(|error| ServiceError::new(ServiceErrorKind::Unavailable, format!("not a {}", error.kind)))?;
        match self.engine.index(&user.collection, PictureRef::Stored(image), &reference).await? {
            Indexing::Indexed(indexed) => {
                if user.faces().all(|face| face.indexed.engine_face != indexed.engine_face) {
                    self.tally.count(Metric::FacesIndexed, 1);
                }
                Ok(UserFace { indexed, image: image.to_owned() })
            }
            Indexing::Rejected(reasons) if reasons.is_empty() => Err(Refusal::NoFace.into()),
            Indexing::Rejected(reasons) => {
                let failure = QualityFailure::by_engine(&reasons);
                self.tally.quality_failure(failure.rule);
                Err(Refusal::PoorQuality(vec![failure]).into())
            }
        }
    }

    /// Makes a face the user's, and gives the user as they are then. When somebody has ended the change meanwhile it is
    /// [`IdentityError::Throttled`], and the face is nobody's.
    async fn put_in_place(&self, user: &User, face: &UserFace) -> Result<User, IdentityError> {
        match self.ports.users().switch_face(user, face, Timestamp::now()).await {
            // A call that is repeated because its answer got lost is in its own way: the record tells.
            Err(error) if error.kind == ServiceErrorKind::Conflict => {}
            switched => switched?,
        }
        match self.ports.users().find(&user.id).await? {
            Some(found) if found.selfie == *face => Ok(found),
            _ => Err(IdentityError::Throttled),
        }
    }

    const fn recognition(&self) -> Authentication<'_, E, P> {
        let Self { engine, ports, tally, settings, deadline } = *self;
        Authentication { engine, ports, tally, settings, deadline }
    }

    const fn users(&self) -> Users<'_, E, P> {
        let Self { engine, ports, tally, settings, deadline } = *self;
        Users { engine, ports, tally, settings, deadline }
    }
}

/// Takes back what a failed update has done. Where nobody knows whether a call did its work, it may be about to: the
/// change stays as it is written down, and is settled once that is over.
async fn undone(stopped: Stopped, back: impl Future<Output = Result<(), IdentityError>>) -> Stopped {
    let Stopped { step, error } = stopped;
    if matches!(&error, IdentityError::Failed(error) if error.kind == ServiceErrorKind::Unanswered) {
        return Stopped { step, error };
    }
    let error = match (left_over(back.await), error) {
        (Some(left), IdentityError::Failed(error)) => {
            let message = format!("{}; and it is left to the sweep to take it back: {left}", error.message);
            IdentityError::Failed(ServiceError::new(error.kind, message))
        }
        // A refusal tells the person what to do, and is told whatever is left behind: the record knows of that.
        (_, error) => error,
    };
    Stopped { step, error }
}

/// What went wrong with removing something, for the log.
fn left_over(removed: Result<(), IdentityError>) -> Option<ServiceError> {
    match removed {
        Ok(()) => None,
        Err(IdentityError::Failed(error)) => Some(error),
        Err(IdentityError::Throttled) => Some(ServiceError::new(ServiceErrorKind::Throttled, "too many calls")),
        Err(IdentityError::Refused(refusal)) => {
            Some(ServiceError::new(ServiceErrorKind::Unavailable, refusal.reason().name()))
        }
    }
}
