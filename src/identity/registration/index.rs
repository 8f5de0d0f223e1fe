//! Writing down where the faces will be, then adding them: in this order, so that no face is in a collection of which
//! nobody knows.

use std::time::Duration;

use super::{Answer, Conclusion, IndexedFaces, Registering, Registration, RegistrationState};
use crate::identity::error::{IdentityError, Refusal, ServiceError, ServiceErrorKind};
use crate::identity::face::{Indexed, Indexing};
use crate::identity::picture::PictureRef;
use crate::identity::ports::{FaceEngine, Ports, RegistrationRecords, Reserved};
use crate::identity::quality::QualityFailure;
use crate::model::{CollectionId, CollectionRole, ExternalImageId, Metric, Outcome, Reason, Step, Timestamp, UserId};

/// Nothing is indexed so shortly before the sweep may come by: a face that is added after it would be nobody's.
const BEFORE_THE_SWEEP: Duration = Duration::from_mins(1);

impl<E: FaceEngine, P: Ports> Registering<'_, E, P> {
    /// Reserves the user id, and with it the shard that the faces are going to be in.
    pub(super) async fn reserve(&self, registration: &Registration) -> Result<Answer, IdentityError> {
        let routing = self.routing(&CollectionRole::Registered).await?;
        let chosen = routing.choose(registration.user.as_str(), registration.attribute.as_deref());
        let collection =
            chosen.map_err(|error| ServiceError::new(ServiceErrorKind::Unavailable, format!("registered: {error}")))?;
        match self.ports.registrations().reserve(registration, collection).await {
            Ok(Reserved::Done) => Ok(Answer::Yes),
            Ok(Reserved::UserExists) => {
                Ok(Answer::No(Conclusion::no(Outcome::Failed, Step::Record, Reason::UserExists)))
            }
            // Two may work on the same registration: a message can come twice.
            Err(error) if error.kind == ServiceErrorKind::Conflict => self.after_conflict(registration, error).await,
            Err(error) => Err(error.into()),
        }
    }

    /// Adds the faces of both pictures. Without the selfie's there is no user; the document's may be missing.
    pub(super) async fn index(&self, registration: &Registration) -> Result<Answer, IdentityError> {
        let RegistrationState::Pending { collection } = &registration.state else {
            return Err(super::out_of_place(registration, Step::Index));
        };
        let minutes = Duration::from_mins(self.settings.registration.abandoned_after_minutes.into());
        if Timestamp::now().since(registration.created_at) + BEFORE_THE_SWEEP > minutes {
            return Ok(Answer::No(Conclusion::no(Outcome::Incomplete, Step::Index, Reason::Interrupted)));
        }
        let selfie = match self.add(collection, &registration.pictures.selfie, &registration.user).await? {
            Indexing::Indexed(indexed) => indexed,
            Indexing::Rejected(reasons) if reasons.is_empty() => return Err(Refusal::NoFace.into()),
            Indexing::Rejected(reasons) => {
                let failure = QualityFailure::by_engine(&reasons);
                self.tally.quality_failure(failure.rule);
                return Err(Refusal::PoorQuality(vec![failure]).into());
            }
        };
        let mut faces = IndexedFaces { selfie, document: None };
        let answer = self.complete(registration, collection, &mut faces).await;
        if matches!(answer, Ok(Answer::Yes)) {
            return answer;
        }
        match (self.forget_if_over(registration, collection, &faces).await, answer) {
            (Ok(()), answer) => answer,
            (Err(left), Ok(_)) => Err(left),
            (Err(left), Err(error)) => Err(error.beside(left)),
        }
    }

    /// The document's face, and then both into the record.
    async fn complete(
        &self,
        registration: &Registration,
        collection: &CollectionId,
        faces: &mut IndexedFaces,
    ) -> Result<Answer, IdentityError> {
        faces.document = match self.add(collection, &registration.pictures.document, &registration.user).await? {
            Indexing::Indexed(indexed) => Some(indexed),
            Indexing::Rejected(_) => None,
        };
        match self.ports.registrations().index(&registration.id, faces).await {
            Ok(()) => {
                self.tally.count(Metric::FacesIndexed, faces.all().count());
                Ok(Answer::Yes)
            }
            Err(error) if error.kind == ServiceErrorKind::Conflict => self.after_conflict(registration, error).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn add(&self, collection: &CollectionId, key: &str, user: &UserId) -> Result<Indexing, IdentityError> {
        Ok(self.engine.index(collection, PictureRef::Stored(key), &reference(user)?).await?)
    }

    /// Somebody else has moved the record on: to the next step, which is as well, or to its end.
    async fn after_conflict(&self, before: &Registration, error: ServiceError) -> Result<Answer, IdentityError> {
        let registration = self.read(&before.id).await?;
        match registration.state {
            RegistrationState::Undoing { .. } | RegistrationState::Concluded(_) => Ok(Answer::Over),
            state if state != before.state => Ok(Answer::Yes),
            _ => Err(error.into()),
        }
    }

    /// Takes faces out again that may have been added when somebody else had ended the registration and removed its
    /// pictures: nobody could find them any more. As long as it is open, the pictures find them.
    async fn forget_if_over(
        &self,
        registration: &Registration,
        collection: &CollectionId,
        faces: &IndexedFaces,
    ) -> Result<(), IdentityError> {
        let is_over = match self.read(&registration.id).await?.state {
            RegistrationState::Concluded(conclusion) => !conclusion.is_approval(),
            RegistrationState::Undoing { .. } => true,
            RegistrationState::Started | RegistrationState::Pending { .. } | RegistrationState::Indexed { .. } => false,
        };
        if is_over {
            let faces: Vec<_> = faces.all().map(|face| face.engine_face.clone()).collect();
            self.engine.forget(collection, &faces).await?;
        }
        Ok(())
    }
}

impl IndexedFaces {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Indexed> {
        std::iter::once(&self.selfie).chain(&self.document)
    }
}

/// The user's id as the reference of faces. It always is one; an error all the same, so that a changed rule is no crash.
pub(super) fn reference(user: &UserId) -> Result<ExternalImageId, IdentityError> {
    ExternalImageId::new(user.as_str()).map_err(|error| {
        let message = format!("a user id is no {}: {}", error.kind, error.rule);
        ServiceError::new(ServiceErrorKind::Unavailable, message).into()
    })
}
