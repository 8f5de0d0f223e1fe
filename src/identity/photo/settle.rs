//! Finishing or taking back what is going on with a user.

use std::time::Duration;

use super::PhotoUpdate;
use crate::identity::error::{EngineError, IdentityError, ServiceErrorKind};
use crate::identity::picture::PictureRef;
use crate::identity::ports::{FaceEngine, ImageStore, Looked, Ports, UserRecords};
use crate::identity::search::{MOST_FACES, SearchThresholds};
use crate::identity::user::{PhotoChange, User, UserFace};
use crate::model::{FaceId, Timestamp, UserId};

/// After this time nobody works on a change any more: the function that began it has ended, one way or another.
const OVER_AFTER: Duration = Duration::from_mins(1);

impl<E: FaceEngine, P: Ports> PhotoUpdate<'_, E, P> {
    /// Finishes or takes back whatever was left in the middle with a user, a removal included: for the sweep, once
    /// nobody works on it any more. A user who is gone, or with whom nothing is going on, is fine.
    pub async fn settle(&self, user: &UserId) -> Result<(), IdentityError> {
        let Some(user) = self.ports.users().find(user).await? else { return Ok(()) };
        match &user.change {
            None => Ok(()),
            Some(PhotoChange::Adding { image, .. }) => self.withdraw(&user, image).await,
            Some(PhotoChange::Retiring { .. }) => self.retire(&user).await,
            Some(PhotoChange::Erasing { .. }) => self.users().erase(&user).await,
        }
    }

    /// Sees to it that nothing is going on with a user: what was left in the middle is settled, and what may still be
    /// worked on is [`IdentityError::Throttled`].
    pub(in crate::identity) async fn clear(&self, user: &User) -> Result<(), IdentityError> {
        match &user.change {
            None => Ok(()),
            Some(change) if Timestamp::now().since(change.since()) < OVER_AFTER => Err(IdentityError::Throttled),
            Some(_) => self.settle(&user.id).await,
        }
    }

    /// Takes back a change of one's own that failed after the face may have been indexed. The record is read again: a
    /// face that has become the user's stays, and the sweep removes the one before it.
    pub(super) async fn take_back(&self, user: &User, image: &str) -> Result<(), IdentityError> {
        let found = self.ports.users().find(&user.id).await?;
        if found.iter().flat_map(User::faces).any(|face| face.image == image) {
            return Ok(());
        }
        let current = User { change: user.change.clone(), ..found.unwrap_or_else(|| user.clone()) };
        self.withdraw(&current, image).await
    }

    /// Takes a new picture back, with whatever was indexed from it.
    async fn withdraw(&self, user: &User, image: &str) -> Result<(), IdentityError> {
        let unwritten = self.unwritten(user, image).await?;
        self.users().forget(&user.collection, &unwritten).await?;
        self.discard(user, image).await
    }

    /// Takes a new picture back from which nothing was indexed.
    pub(super) async fn discard(&self, user: &User, image: &str) -> Result<(), IdentityError> {
        self.ports.images().delete(image).await?;
        self.end(user).await
    }

    /// Removes the face that was replaced, and its picture: unless they are in use, because the new photo is the old
    /// one or the document's.
    pub(super) async fn retire(&self, user: &User) -> Result<(), IdentityError> {
        let Some(PhotoChange::Retiring { old, .. }) = &user.change else { return Ok(()) };
        let kept: Vec<&UserFace> = [Some(&user.selfie), user.document.as_ref()].into_iter().flatten().collect();
        if kept.iter().all(|face| face.indexed.engine_face != old.indexed.engine_face) {
            self.users().forget(&user.collection, std::slice::from_ref(&old.indexed.engine_face)).await?;
        }
        if kept.iter().all(|face| face.image != old.image) && user.document_image != old.image {
            self.ports.images().delete(&old.image).await?;
        }
        self.end(user).await
    }

    /// The user's faces in the collection that look like a picture and are written down nowhere. What was indexed from
    /// the picture itself is among them: it looks like nothing else does.
    async fn unwritten(&self, user: &User, image: &str) -> Result<Vec<FaceId>, IdentityError> {
        // A picture that is not there, or cannot be read, was never indexed: it is stored before.
        let Looked::Picture(_) = self.ports.images().look(image).await? else { return Ok(Vec::new()) };
        let floor = SearchThresholds::configured(&self.settings.matching).lowest();
        let found = match self.engine.search(&user.collection, PictureRef::Stored(image), floor, MOST_FACES).await {
            Ok(found) => found.faces,
            Err(EngineError::NoFace) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let is_own = |reference: &str| reference == user.id.as_str();
        let is_written = |face: &FaceId| user.faces().any(|written| written.indexed.engine_face == *face);
        let unwritten = found.into_iter().filter(|face| {
            face.reference.as_ref().is_some_and(|reference| is_own(reference.as_str()))
                && !is_written(&face.engine_face)
        });
        Ok(unwritten.map(|face| face.engine_face).collect())
    }

    /// Ends a change; one that somebody has ended is ended.
    async fn end(&self, user: &User) -> Result<(), IdentityError> {
        let Some(change) = &user.change else { return Ok(()) };
        match self.ports.users().end_change(&user.id, change).await {
            Err(error) if error.kind == ServiceErrorKind::Conflict => Ok(()),
            ended => Ok(ended?),
        }
    }
}
