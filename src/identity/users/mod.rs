//! Registered persons: who is one, and removing one.
//!
//! ```text
//! record Erasing ─ faces ─ pictures ─ record gone
//! ```
//!
//! From the first write on the person is nobody's user any more; what is stopped after it is finished by the sweep,
//! because the record, which names everything else, goes last.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::deadline::Deadline;
use super::error::{IdentityError, ServiceErrorKind};
use super::photo::PhotoUpdate;
use super::ports::{FaceEngine, ImageStore, Ports, UserRecords};
use super::tally::Tally;
use super::user::{PhotoChange, User};
use crate::model::{CollectionId, FaceId, HandlerSettings, Metric, TenantId, Timestamp, UserId};

/// What looking after users needs.
#[derive(Debug)]
pub struct Users<'a, E, P> {
    /// The face engine, measured.
    pub engine: &'a E,
    /// Everything else.
    pub ports: &'a P,
    /// Where the numbers go.
    pub tally: &'a Tally,
    /// Thresholds and quality gates.
    pub settings: &'a HandlerSettings,
    /// Until when the answer must be there.
    pub deadline: Deadline,
}

impl<E: FaceEngine, P: Ports> Users<'_, E, P> {
    /// A user of a tenant. One of another tenant, or one who is being removed, does not exist.
    pub async fn find(&self, tenant: &TenantId, user: &UserId) -> Result<Option<User>, IdentityError> {
        let found = self.ports.users().find(user).await?;
        Ok(found.filter(|user| user.tenant == *tenant && !user.is_leaving()))
    }

    /// Removes a tenant's user: faces, pictures, record. `false`: the tenant has no such user. While a photo update of
    /// the user is going on it is [`IdentityError::Throttled`]. A removal that was stopped in the middle is finished by
    /// the next one, or by [`PhotoUpdate::settle`].
    pub async fn remove(&self, tenant: &TenantId, user: &UserId) -> Result<bool, IdentityError> {
        let found = self.ports.users().find(user).await?;
        let Some(user) = found.filter(|user| user.tenant == *tenant) else { return Ok(false) };
        let leaving = if user.is_leaving() {
            user
        } else {
            let Self { engine, ports, tally, settings, deadline } = *self;
            PhotoUpdate { engine, ports, tally, settings, deadline }.clear(&user).await?;
            self.begin(&user.id, PhotoChange::Erasing { since: Timestamp::now() }).await?
        };
        self.erase(&leaving).await?;
        Ok(true)
    }

    /// Removes everything of a user who is being removed. Doing it twice does no harm.
    pub(super) async fn erase(&self, user: &User) -> Result<(), IdentityError> {
        let faces: BTreeSet<FaceId> = user.faces().map(|face| face.indexed.engine_face.clone()).collect();
        self.forget(&user.collection, &faces.into_iter().collect::<Vec<_>>()).await?;
        let images: BTreeSet<&String> = user.faces().map(|face| &face.image).chain([&user.document_image]).collect();
        for image in images {
            self.ports.images().delete(image).await?;
        }
        Ok(self.ports.users().remove(&user.id).await?)
    }

    /// Begins a change, and gives the user as they are with it: what was read before may be of yesterday. While another
    /// change is going on it is [`IdentityError::Throttled`].
    pub(super) async fn begin(&self, user: &UserId, change: PhotoChange) -> Result<User, IdentityError> {
        match self.ports.users().begin_change(user, &change).await {
            // It may be this very change that is in the way, when a call was repeated whose answer got lost.
            Err(error) if error.kind == ServiceErrorKind::Conflict => {}
            begun => begun?,
        }
        let found = self.ports.users().find(user).await?;
        found.filter(|user| user.change.as_ref() == Some(&change)).ok_or(IdentityError::Throttled)
    }

    /// Takes faces out of a collection.
    pub(super) async fn forget(&self, collection: &CollectionId, faces: &[FaceId]) -> Result<(), IdentityError> {
        if !faces.is_empty() {
            self.engine.forget(collection, faces).await?;
            self.tally.count(Metric::FacesDeleted, faces.len());
        }
        Ok(())
    }
}
