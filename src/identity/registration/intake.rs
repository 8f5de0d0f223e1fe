//! The beginning: the record, then the pictures.

use super::{Pictures, Registering, Registration, RegistrationState};
use crate::identity::concurrently;
use crate::identity::error::{IdentityError, Refusal};
use crate::identity::picture::{MAX_STORED_PICTURE_BYTES, Picture, PictureError, PictureFacts};
use crate::identity::ports::{FaceEngine, ImageStore, Looked, Ports, RegistrationRecords, WorkflowInput};
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
        let registration = Registration {
            pictures: Pictures::of(&new.id),
            uploads: [new.selfie.as_ref(), Some(&new.document)]
                .into_iter()
                .flatten()
                .filter_map(Given::upload)
                .collect(),
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

    async fn put(&self, key: &str, given: &Given) -> Result<(), IdentityError> {
        let images = self.ports.images();
        let from = match given {
            Given::Inline(picture) => return Ok(images.store(key, picture).await?),
            Given::Upload(from) => from,
        };
        match images.look(from).await? {
            Looked::Missing => Err(Refusal::NotUploaded.into()),
            Looked::Refused(error) => Err(Refusal::Picture(error).into()),
            Looked::Picture(PictureFacts { bytes, .. }) if bytes > MAX_STORED_PICTURE_BYTES => {
                Err(Refusal::Picture(PictureError::TooLarge { bytes }).into())
            }
            Looked::Picture(_) => Ok(images.copy(from, key).await?),
        }
    }
}

impl Given {
    fn upload(&self) -> Option<String> {
        match self {
            Self::Inline(_) => None,
            Self::Upload(key) => Some(key.clone()),
        }
    }
}
