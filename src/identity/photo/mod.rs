//! Replacing a user's registered photo.

use super::authentication::{At, Attempt, Authenticated, Stopped, conclude};
use super::deadline::Deadline;
use super::error::{IdentityError, ServiceError, ServiceErrorKind};
use super::ports::{FaceEngine, Ports};
use super::tally::Tally;
use crate::model::{Flow, HandlerSettings, Step, UserId};

/// What replacing a photo needs.
#[derive(Debug)]
pub struct PhotoUpdate<'a, E, P> {
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

impl<E: FaceEngine, P: Ports> PhotoUpdate<'_, E, P> {
    /// Recognises the user on a new photo, which then takes the place of the registered one. An attempt without a user
    /// id is one of an unknown user.
    pub async fn update(&self, attempt: Attempt) -> Result<Authenticated, IdentityError> {
        let ended = self.replace(&attempt).await;
        conclude(self.tally, Flow::PhotoUpdate, ended)
    }

    /// Finishes or takes back whatever was left in the middle with a user: for the sweep, once nobody works on it any
    /// more. A user who is gone, or with whom nothing is going on, is fine.
    pub async fn settle(&self, _: &UserId) -> Result<(), IdentityError> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, "photo updates are not connected").into())
    }

    async fn replace(&self, _: &Attempt) -> Result<Authenticated, Stopped> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, "photo updates are not connected")).at(Step::Intake)
    }
}
