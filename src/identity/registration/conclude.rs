//! The end: the answer, and nothing left behind that the answer does not stand for.

use super::{Conclusion, Registering};
use crate::identity::error::{IdentityError, ServiceError, ServiceErrorKind};
use crate::identity::ports::{FaceEngine, Ports};
use crate::model::{Reason, RegistrationId, Step};

impl<E: FaceEngine, P: Ports> Registering<'_, E, P> {
    /// How a registration ended. One with a verdict is undone first; one without is given up as incomplete, because of
    /// the step that `failed`, or as interrupted.
    pub async fn conclude(
        &self,
        id: &RegistrationId,
        failed: Option<(Step, Reason)>,
    ) -> Result<Conclusion, IdentityError> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, format!("{id} cannot be concluded yet: {failed:?}"))
            .into())
    }

    /// Ends a registration that nobody works on any more: what is not approved is undone, as abandoned where nothing
    /// was reserved yet, otherwise as interrupted.
    pub async fn settle(&self, id: &RegistrationId) -> Result<Conclusion, IdentityError> {
        self.conclude(id, None).await
    }
}
