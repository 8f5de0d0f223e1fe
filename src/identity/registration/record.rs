//! What is remembered of a registration, and the states that it goes through.
//!
//! ```text
//! Started ──> Pending ──> Indexed ──> Concluded (approved)
//!    └───────────┴───────────┴──────> Undoing ──> Concluded (everything else)
//! ```
//!
//! A face can be in a collection only from Pending on, when the record names the collection: whoever finds the record
//! knows where to look for faces that nobody wrote down.

use serde::{Deserialize, Serialize};

use crate::identity::face::Indexed;
use crate::identity::quality::QualityFailure;
use crate::model::{
    CollectionId, LivenessSessionId, Outcome, Percent, Reason, RegistrationId, Step, TenantId, Timestamp, UserId,
};

/// One attempt of a person to be registered.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    /// Its id; random.
    pub id: RegistrationId,
    /// The customer through whom the person came; nobody else is told anything about it.
    pub tenant: TenantId,
    /// The id that the person is to have.
    pub user: UserId,
    /// What the shard is chosen by under the strategy `attribute`, for example a country.
    pub attribute: Option<String>,
    /// Where the pictures are.
    pub pictures: Pictures,
    /// The liveness session whose reference picture is the selfie.
    pub liveness: Option<LivenessSessionId>,
    /// Keys of the caller's uploads that the pictures were copied from; removed at the end.
    pub uploads: Vec<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// How far it is.
    pub state: RegistrationState,
}

/// Keys of a registration's pictures in the image store. They are known before anything is stored under them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pictures {
    /// The person, now.
    pub selfie: String,
    /// The identity document.
    pub document: String,
}

/// How far a registration is.
#[derive(Debug, Clone, PartialEq)]
pub enum RegistrationState {
    /// The pictures are being judged.
    Started,
    /// The user id is reserved; faces may be in this collection.
    Pending {
        /// The shard of registered users that was chosen.
        collection: CollectionId,
    },
    /// The faces are in the collection, and wait for the last look.
    Indexed {
        /// The shard.
        collection: CollectionId,
        /// The faces.
        faces: IndexedFaces,
    },
    /// The answer is no, and what was stored is being removed.
    Undoing {
        /// Where faces may be; `None` when nothing was indexed.
        collection: Option<CollectionId>,
        /// The answer.
        verdict: Conclusion,
    },
    /// Over. Nothing is stored but this record, or the person is a user.
    Concluded(Conclusion),
}

/// The faces of a registration that are in its collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexedFaces {
    /// The person's own.
    pub selfie: Indexed,
    /// The one on the document; `None` when the engine's filter refused it, for documents hold small and old pictures.
    pub document: Option<Indexed>,
}

/// How a registration ended, or is going to end as soon as everything is removed.
#[derive(Debug, Clone, PartialEq)]
pub struct Conclusion {
    /// How.
    pub outcome: Outcome,
    /// The step that it ended at.
    pub step: Step,
    /// Why; `None` of an approval.
    pub reason: Option<Reason>,
    /// How similar selfie and document are, where that was asked.
    pub similarity: Option<Percent>,
    /// The user that the person is registered as already, where it is the same customer's.
    pub existing: Option<UserId>,
    /// The broken quality rules.
    pub failures: Vec<QualityFailure>,
    /// When.
    pub at: Timestamp,
}

impl RegistrationState {
    /// The collection that faces of the registration may be in.
    #[must_use]
    pub const fn collection(&self) -> Option<&CollectionId> {
        match self {
            Self::Pending { collection } | Self::Indexed { collection, .. } => Some(collection),
            Self::Undoing { collection, .. } => collection.as_ref(),
            Self::Started | Self::Concluded(_) => None,
        }
    }
}

impl Pictures {
    /// Where the pictures of a registration are kept.
    #[must_use]
    pub fn of(id: &RegistrationId) -> Self {
        Self { selfie: format!("registrations/{id}/selfie"), document: format!("registrations/{id}/document") }
    }
}
