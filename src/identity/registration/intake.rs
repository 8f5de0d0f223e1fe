//! The beginning: the record, then the pictures.

use super::{Registering, Registration};
use crate::identity::error::{IdentityError, ServiceError, ServiceErrorKind};
use crate::identity::picture::Picture;
use crate::identity::ports::{FaceEngine, Ports, WorkflowInput};
use crate::model::{DeferrableStep, LivenessSessionId, RegistrationId, Step, TenantId, UserId};

/// A person who wants to be registered.
#[derive(Debug)]
pub struct NewRegistration {
    /// The id that the registration is to have; new and random.
    pub id: RegistrationId,
    /// The customer through whom the person comes.
    pub tenant: TenantId,
    /// The id that the person is to have.
    pub user: UserId,
    /// What the shard is chosen by under the strategy `attribute`.
    pub attribute: Option<String>,
    /// The person, now. `None` only with a liveness session, whose reference picture is the selfie then.
    pub selfie: Option<Given>,
    /// The identity document.
    pub document: Given,
    /// The session that shows that the person lives.
    pub liveness: Option<LivenessSessionId>,
}

/// A picture as a caller gives it.
#[derive(Debug)]
pub enum Given {
    /// In the request.
    Inline(Picture),
    /// Uploaded before, under this key of the image store (`uploads/TENANT/…`): whoever makes one of these has seen to
    /// it that the key is the caller's own.
    Upload(String),
}

impl<E: FaceEngine, P: Ports> Registering<'_, E, P> {
    /// Writes the record, then stores the pictures. What fails here is undone at once: a record that tells how is left.
    /// A picture that cannot be read is [`IdentityError::Refused`].
    pub async fn begin(&self, new: NewRegistration) -> Result<Registration, IdentityError> {
        let NewRegistration { id, .. } = new;
        Err(ServiceError::new(ServiceErrorKind::Unavailable, format!("registration {id} cannot begin yet")).into())
    }

    /// Which way a registration takes through the steps.
    #[must_use]
    pub fn way(&self, registration: &Registration) -> WorkflowInput {
        let deferred = &self.settings.registration.deferred;
        let deferred_from =
            match (deferred.contains(&DeferrableStep::DuplicateSearch), deferred.contains(&DeferrableStep::Index)) {
                (true, true) => Some(Step::DuplicateSearch),
                (false, true) => Some(Step::Record),
                (true, false) => Some(Step::Settle),
                (false, false) => None,
            };
        WorkflowInput {
            registration_id: registration.id.clone(),
            liveness: registration.liveness.is_some() || self.settings.liveness.required,
            document_text: self.settings.registration.document_text,
            deferred_from,
        }
    }
}
