//! One step after the other.

use super::{Conclusion, Next, Registering};
use crate::identity::error::{IdentityError, ServiceError, ServiceErrorKind};
use crate::identity::ports::{FaceEngine, Ports};
use crate::model::{RegistrationId, Step};

impl<E: FaceEngine, P: Ports> Registering<'_, E, P> {
    /// One step. A no is written down as the verdict and is [`Next::Conclude`], as is every step of a registration
    /// that is over; a step that was done before is [`Next::Continue`]. An error leaves the registration open: who
    /// does not try the step again concludes it with the error's reason.
    pub async fn perform(&self, step: Step, id: &RegistrationId) -> Result<Next, IdentityError> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, format!("{id}: {step} is not there yet")).into())
    }

    /// All steps that the workflow has left to the queue's worker, then the conclusion. An error leaves the
    /// registration open for another try; what nobody tries again is undone by the sweep.
    pub async fn finish(&self, id: &RegistrationId) -> Result<Conclusion, IdentityError> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, format!("{id} cannot be finished yet")).into())
    }
}
