//! The beginning: the record, then the pictures.

use super::{Pictures, Registering, Registration, RegistrationState};
use crate::identity::concurrently;
use crate::identity::error::{IdentityError, Refusal};
use crate::identity::given::Given;
use crate::identity::ports::{FaceEngine, Ports, RegistrationRecords, WorkflowInput};
use crate::model::{DeferrableStep, LivenessSessionId, RegistrationId, Step, TenantId, Timestamp, UserId};

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

impl<E: FaceEngine, P: Ports> Registering<'_, E, P> {
    /// Writes the record, then stores the pictures. What fails here is undone at once: a record that tells how is left.
    /// A picture that cannot be read is [`IdentityError::Refused`].
    pub async fn begin(&self, new: NewRegistration) -> Result<Registration, IdentityError> {
        let registration = Registration {
            pictures: Pictures::of(&new.id),
            uploads: [new.selfie.as_ref(), Some(&new.document)].into_iter().flatten().filter_map(upload).collect(),
            id: new.id,
            tenant: new.tenant,
            user: new.user,
            attribute: new.attribute,
            liveness: new.liveness,
            created_at: Timestamp::now(),
            state: RegistrationState::Started,
        };
        self.ports.registrations().begin(&registration).await?;
        let Err(error) = self.take(&registration, new.selfie, new.document).await else { return Ok(registration) };
        match self.conclude(&registration.id, Some((Step::Intake, error.reason()))).await {
            Ok(_) => Err(error),
            Err(left) => Err(error.beside(left)),
        }
    }

    /// Which way a registration takes through the steps.
    #[must_use]
    pub fn way(&self, registration: &Registration) -> WorkflowInput {
        WorkflowInput {
            registration_id: registration.id.clone(),
            liveness: registration.liveness.is_some() || self.settings.liveness.required,
            document_text: self.settings.registration.document_text,
            deferred_from: self.deferred_from(),
        }
    }

    /// The step from which on the queue's worker goes on. Where only the search for duplicates is deferred it is left
    /// out: settling, which is deferred in its place, looks for the same person anyway.
    pub(super) fn deferred_from(&self) -> Option<Step> {
        let deferred = |step| self.settings.registration.deferred.contains(&step);
        match (deferred(DeferrableStep::DuplicateSearch), deferred(DeferrableStep::Index)) {
            (true, true) => Some(Step::DuplicateSearch),
            (false, true) => Some(Step::Record),
            (true, false) => Some(Step::Settle),
            (false, false) => None,
        }
    }

    /// Stores the pictures. The selfie of a registration with a liveness session is the session's own.
    async fn take(
        &self,
        registration: &Registration,
        selfie: Option<Given>,
        document: Given,
    ) -> Result<(), IdentityError> {
        let Pictures { selfie: selfie_key, document: document_key } = &registration.pictures;
        let mut pictures = vec![(document_key, document)];
        match selfie {
            _ if registration.liveness.is_some() => {}
            Some(selfie) => pictures.push((selfie_key, selfie)),
            None => return Err(Refusal::NotUploaded.into()),
        }
        let stored = pictures.iter().map(|(key, given)| self.put(key, given));
        concurrently(stored).await.into_iter().collect()
    }

    /// Only what can be looked at is copied: an upload may be anything.
    async fn put(&self, key: &str, given: &Given) -> Result<(), IdentityError> {
        let images = self.ports.images();
        given.size(images).await?;
        given.keep(images, key).await
    }
}

/// The upload that a picture was given as.
fn upload(given: &Given) -> Option<String> {
    match given {
        Given::Inline(_) => None,
        Given::Upload(key) => Some(key.clone()),
    }
}
