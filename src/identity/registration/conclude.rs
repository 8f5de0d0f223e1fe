//! The end: the answer, and nothing left behind that the answer does not stand for.

use std::collections::BTreeSet;

use super::index::reference;
use super::{Conclusion, Registering, Registration, RegistrationState};
use crate::identity::concurrently;
use crate::identity::error::{EngineError, IdentityError, ServiceError, ServiceErrorKind};
use crate::identity::picture::PictureRef;
use crate::identity::ports::{FaceEngine, ImageStore, Looked, Ports, RegistrationRecords};
use crate::identity::search::{MOST_FACES, SearchThresholds};
use crate::model::{CollectionId, FaceId, Metric, Outcome, Reason, RegistrationId, Step};

/// How often a record is read that others may change meanwhile: open, with a verdict, over.
const LOOKS: usize = 4;

impl<E: FaceEngine, P: Ports> Registering<'_, E, P> {
    /// How a registration ended. One with a verdict is undone first; one without is given up as incomplete, because of
    /// the step that `failed`, or as interrupted.
    pub async fn conclude(
        &self,
        id: &RegistrationId,
        failed: Option<(Step, Reason)>,
    ) -> Result<Conclusion, IdentityError> {
        self.end(id, |state| {
            let (step, reason) = failed.unwrap_or((state.interrupted_at(), Reason::Interrupted));
            Conclusion::no(Outcome::Incomplete, step, reason)
        })
        .await
    }

    /// Ends a registration that nobody works on any more: what is not approved is undone, as abandoned where nothing
    /// was reserved yet, otherwise as interrupted.
    pub async fn settle(&self, id: &RegistrationId) -> Result<Conclusion, IdentityError> {
        self.end(id, |state| match state {
            RegistrationState::Started => Conclusion::no(Outcome::Abandoned, Step::Intake, Reason::Abandoned),
            state => Conclusion::no(Outcome::Incomplete, state.interrupted_at(), Reason::Interrupted),
        })
        .await
    }

    /// Ends it, with this verdict where it has none. The verdict is written before anything is removed: from then on
    /// nobody can approve it, and whoever comes by goes on from there.
    async fn end(
        &self,
        id: &RegistrationId,
        verdict: impl Fn(&RegistrationState) -> Conclusion,
    ) -> Result<Conclusion, IdentityError> {
        for _ in 0..LOOKS {
            let registration = self.read(id).await?;
            match &registration.state {
                RegistrationState::Concluded(conclusion) => return Ok(conclusion.clone()),
                RegistrationState::Undoing { collection, verdict } => {
                    self.undo(&registration, collection.as_ref()).await?;
                    if self.write_end(&registration).await? {
                        verdict.count(self.tally);
                        return Ok(verdict.clone());
                    }
                }
                open => self.write_verdict(id, &verdict(open)).await?,
            }
        }
        let message = format!("registration {id} changes all the time; it is left to the sweep");
        Err(ServiceError::new(ServiceErrorKind::Conflict, message).into())
    }

    /// `false`: somebody else has.
    async fn write_end(&self, registration: &Registration) -> Result<bool, IdentityError> {
        match self.ports.registrations().conclude(registration).await {
            Ok(()) => Ok(true),
            Err(error) if error.kind == ServiceErrorKind::Conflict => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes all that a registration has stored. The faces first: they are found by the pictures.
    async fn undo(&self, registration: &Registration, collection: Option<&CollectionId>) -> Result<(), IdentityError> {
        let pictures = [registration.pictures.selfie.clone(), registration.pictures.document.clone()];
        if let Some(collection) = collection {
            self.forget_faces(registration, collection, &pictures).await?;
        }
        self.delete_pictures(&pictures).await?;
        self.delete_pictures(&registration.uploads).await
    }

    /// Forgets every face of the registration, also those that nobody wrote down: a face that was made of one of its
    /// pictures and carries its user's id, which is reserved for it as long as it is not over.
    async fn forget_faces(
        &self,
        registration: &Registration,
        collection: &CollectionId,
        pictures: &[String],
    ) -> Result<(), IdentityError> {
        let reference = reference(&registration.user)?;
        let floor = SearchThresholds::configured(&self.settings.matching).lowest();
        let mut own: BTreeSet<FaceId> = BTreeSet::new();
        for picture in pictures {
            // Pictures are removed after all faces, so where one is gone there is nothing left to be found by it.
            if self.is_gone(picture).await? {
                continue;
            }
            match self.engine.search(collection, PictureRef::Stored(picture), floor, MOST_FACES).await {
                Ok(found) => {
                    let faces = found.faces.into_iter().filter(|face| face.reference.as_ref() == Some(&reference));
                    own.extend(faces.map(|face| face.engine_face));
                }
                // Where no face can be found in a picture, none was indexed from it.
                Err(EngineError::NoFace) => {}
                // Somebody else undoes at the same time.
                Err(EngineError::Picture(_)) if self.is_gone(picture).await? => {}
                Err(error) => return Err(error.into()),
            }
        }
        if own.is_empty() {
            return Ok(());
        }
        let own: Vec<FaceId> = own.into_iter().collect();
        self.engine.forget(collection, &own).await?;
        self.tally.count(Metric::FacesDeleted, own.len());
        Ok(())
    }

    async fn is_gone(&self, picture: &str) -> Result<bool, IdentityError> {
        Ok(self.ports.images().look(picture).await? == Looked::Missing)
    }

    pub(super) async fn delete_pictures(&self, keys: &[String]) -> Result<(), IdentityError> {
        let deleted = concurrently(keys.iter().map(|key| self.ports.images().delete(key))).await;
        Ok(deleted.into_iter().collect::<Result<(), ServiceError>>()?)
    }
}

impl RegistrationState {
    /// The step that was not finished, as far as the record tells.
    const fn interrupted_at(&self) -> Step {
        match self {
            Self::Started => Step::Intake,
            Self::Pending { .. } => Step::Index,
            Self::Indexed { .. } | Self::Undoing { .. } | Self::Concluded(_) => Step::Settle,
        }
    }
}
