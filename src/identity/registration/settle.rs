//! The last look. Of all who are registered as the same person at the same time exactly one is approved.
//!
//! Each adds its face first and looks for the same person then, so of two at least one sees the other:
//!
//! ```text
//! the other one is      we
//! ───────────────────   ────────────────────────────────────────────────────────────
//! a user                are the duplicate
//! open, its id lower    give way
//! open, its id higher   write "overtaken" as its verdict; its own approval then fails
//! being removed, gone   go on: only its face is left, and not for long
//! ```
//!
//! Whoever is left approves itself, in one transaction that fails if somebody has written a verdict meanwhile. The
//! lowest id of those who look at the same time is overtaken by nobody.

use super::person::told_to;
use super::{Answer, Conclusion, IndexedFaces, Registering, Registration, RegistrationState, out_of_place};
use crate::identity::error::{IdentityError, ServiceError, ServiceErrorKind};
use crate::identity::face::Indexed;
use crate::identity::ports::{FaceEngine, Ports, RegistrationRecords, UserRecords};
use crate::identity::user::{User, UserFace};
use crate::model::{CollectionId, Step, Timestamp, UserId};

/// How often a rival is looked at that is another one each time: it is open, then it is not, and then it stays so.
const LOOKS: usize = 4;

impl<E: FaceEngine, P: Ports> Registering<'_, E, P> {
    /// Looks for the same person once more, then approves.
    pub(super) async fn look_again(&self, registration: &Registration) -> Result<Answer, IdentityError> {
        let RegistrationState::Indexed { collection, faces } = &registration.state else {
            return Err(out_of_place(registration, Step::Settle));
        };
        for rival in self.look_alikes(registration).await? {
            if rival != registration.user
                && let Some(verdict) = self.against(registration, &rival).await?
            {
                return Ok(Answer::No(verdict));
            }
        }
        // Before the approval: nobody comes by after it.
        self.delete_pictures(&registration.uploads).await?;
        self.approve(registration, collection, faces).await
    }

    /// The verdict, where somebody else who looks the same goes before.
    async fn against(&self, own: &Registration, rival: &UserId) -> Result<Option<Conclusion>, IdentityError> {
        for _ in 0..LOOKS {
            if let Some(user) = self.ports.users().find(rival).await? {
                if user.is_leaving() {
                    return Ok(None);
                }
                return Ok(Some(Conclusion::duplicate(Step::Settle, told_to(&own.tenant, &user.tenant, user.id))));
            }
            let Some(holder) = self.ports.users().holder(rival).await? else { return Ok(None) };
            let Some(other) = self.ports.registrations().find(&holder).await? else { continue };
            match other.state {
                RegistrationState::Concluded(conclusion) if conclusion.is_approval() => {
                    let existing = told_to(&own.tenant, &other.tenant, other.user);
                    return Ok(Some(Conclusion::duplicate(Step::Settle, existing)));
                }
                RegistrationState::Undoing { .. } | RegistrationState::Concluded(_) => return Ok(None),
                _ if other.id < own.id => return Ok(Some(Conclusion::overtaken())),
                _ => match self.ports.registrations().begin_undoing(&other.id, &Conclusion::overtaken()).await {
                    Ok(()) => return Ok(None),
                    Err(error) if error.kind == ServiceErrorKind::Conflict => {}
                    Err(error) => return Err(error.into()),
                },
            }
        }
        let message = format!("registration {}: another one of the same person changes all the time", own.id);
        Err(ServiceError::new(ServiceErrorKind::Conflict, message).into())
    }

    async fn approve(
        &self,
        registration: &Registration,
        collection: &CollectionId,
        faces: &IndexedFaces,
    ) -> Result<Answer, IdentityError> {
        let conclusion = Conclusion::approved();
        let user = user(registration, collection, faces, conclusion.at);
        let approved = self.ports.registrations().approve(&registration.id, &conclusion, &user).await;
        let Err(error) = approved else {
            conclusion.count(self.tally);
            return Ok(Answer::Yes);
        };
        // Whether it was done after all: an answer can get lost.
        match self.read(&registration.id).await?.state {
            RegistrationState::Concluded(stored) if stored == conclusion => {
                conclusion.count(self.tally);
                Ok(Answer::Yes)
            }
            RegistrationState::Undoing { .. } | RegistrationState::Concluded(_) => Ok(Answer::Over),
            _ => Err(error.into()),
        }
    }
}

fn user(registration: &Registration, collection: &CollectionId, faces: &IndexedFaces, at: Timestamp) -> User {
    let face = |indexed: &Indexed, image: &str| UserFace { indexed: indexed.clone(), image: image.to_owned() };
    let pictures = &registration.pictures;
    User {
        id: registration.user.clone(),
        tenant: registration.tenant.clone(),
        registration: registration.id.clone(),
        collection: collection.clone(),
        selfie: face(&faces.selfie, &pictures.selfie),
        document: faces.document.as_ref().map(|indexed| face(indexed, &pictures.document)),
        document_image: pictures.document.clone(),
        created_at: at,
        seen_at: at,
        change: None,
    }
}
