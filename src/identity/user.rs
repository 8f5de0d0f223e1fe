//! A registered person.

use serde::{Deserialize, Serialize};

use super::face::Indexed;
use crate::model::{CollectionId, RegistrationId, TenantId, Timestamp, UserId};

/// What is remembered of a registered person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The person's id; also the external image id of every face of the person.
    pub id: UserId,
    /// The customer through whom the person came; nobody else is told anything about the person.
    pub tenant: TenantId,
    /// The registration that was approved.
    pub registration: RegistrationId,
    /// The shard that all faces of the person are in.
    pub collection: CollectionId,
    /// The person's face.
    pub selfie: UserFace,
    /// The face on the document.
    pub document: Option<UserFace>,
    /// The document's picture; kept also where its face was not indexed.
    pub document_image: String,
    /// When the person was registered.
    pub created_at: Timestamp,
    /// When the person was last registered, recognised or updated: after three years without, the person is erased.
    pub seen_at: Timestamp,
    /// What is going on with the person's photos.
    pub change: Option<PhotoChange>,
}

/// One face of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserFace {
    /// The face in the collection.
    pub indexed: Indexed,
    /// Key of its picture in the image store.
    pub image: String,
}

/// What is going on with a person's photos: at most one thing at a time.
///
/// ```text
/// none ──> Adding ──> Retiring ──> none
///   │         └──────────────────> none (taken back)
///   └────> Erasing ──> the user is gone
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PhotoChange {
    /// The new picture may be stored, and its face may be in the collection. It is not the person's face yet.
    Adding {
        /// Key of the new picture.
        image: String,
        /// When the change began.
        since: Timestamp,
    },
    /// The new face is the person's; the old one is to be removed.
    Retiring {
        /// The old one.
        old: UserFace,
        /// When the change began.
        since: Timestamp,
    },
    /// The person is being removed: all faces, all pictures, then the record. Nobody is recognised as the person any
    /// more.
    Erasing {
        /// When the removal began.
        since: Timestamp,
    },
}

impl PhotoChange {
    /// When it began.
    #[must_use]
    pub const fn since(&self) -> Timestamp {
        match self {
            Self::Adding { since, .. } | Self::Retiring { since, .. } | Self::Erasing { since } => *since,
        }
    }
}

impl User {
    /// Every face of the person that is written down, the old one of a running change included.
    pub fn faces(&self) -> impl Iterator<Item = &UserFace> {
        let old = match &self.change {
            Some(PhotoChange::Retiring { old, .. }) => Some(old),
            Some(PhotoChange::Adding { .. } | PhotoChange::Erasing { .. }) | None => None,
        };
        [Some(&self.selfie), self.document.as_ref(), old].into_iter().flatten()
    }

    /// Whether the person is being removed.
    #[must_use]
    pub const fn is_leaving(&self) -> bool {
        matches!(self.change, Some(PhotoChange::Erasing { .. }))
    }
}
