//! The record of a tenant's face.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::identity::face::Indexed;
use crate::model::{CollectionId, FaceId, InvalidId, TenantId, Timestamp};

/// The caller's reference of one person's verification session: 1–128 letters, digits, `_`, `.`, `:` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(String);

impl SessionId {
    /// A checked session id.
    pub fn new(value: impl Into<String>) -> Result<Self, InvalidId> {
        let value = value.into();
        let fits = (1..=128).contains(&value.len());
        if fits && value.chars().all(|c| c.is_ascii_alphanumeric() || "_.:-".contains(c)) {
            Ok(Self(value))
        } else {
            let rule = "1–128 letters, digits, `_`, `.`, `:` and `-`";
            Err(InvalidId { kind: "session id", value, rule })
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What is remembered of a registered face.
#[derive(Debug, Clone, PartialEq)]
pub struct FaceRecord {
    /// Whose face collection it is in.
    pub tenant: TenantId,
    /// Our id of the face; also the external image id in the collection.
    pub face: FaceId,
    /// The session that registered it.
    pub session: SessionId,
    /// The collection that it belongs to.
    pub collection: CollectionId,
    /// Where its picture is stored.
    pub image_key: String,
    /// What the caller wants to keep with it.
    pub metadata: Map<String, Value>,
    /// That it is blacklisted, if it is.
    pub blacklisted: Option<Blacklisting>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Whether it can be found by a search yet.
    pub state: RecordState,
}

/// Whether a registered face is in its collection yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordState {
    /// Stored, not indexed yet.
    Pending,
    /// Indexed.
    Active(Indexed),
    /// On its way out: face, picture and record are removed, in this order.
    Deleting,
}

/// Why, by whom and when a face was blacklisted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blacklisting {
    /// The reason that was given.
    pub reason: String,
    /// Who decided it: the caller's own reference of the reviewer.
    pub reviewer: Option<String>,
    /// When.
    pub at: Timestamp,
}
