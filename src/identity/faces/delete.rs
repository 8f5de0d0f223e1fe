//! Deleting a registered face: out of its collection, then its picture, then its record.
//!
//! ```text
//! record DELETING ─ forget face ─ delete picture ─ remove record
//! ```
//!
//! The record goes last: as long as it is there, whatever else is left can be found and removed. From the first step on
//! the face is no match of any search, and whoever is just indexing it takes it out again.
//!
//! A face that is not active is only marked. Somebody may be indexing it at this very moment and be stopped right after
//! that; the sweep comes when nobody can be at it any more ([`FaceDeletion::settle`]).

use super::record::{FaceRecord, RecordState};
use super::register::{Completion, FaceRegistration};
use crate::identity::deadline::Deadline;
use crate::identity::error::{EngineError, IdentityError, ServiceErrorKind};
use crate::identity::picture::PictureRef;
use crate::identity::ports::{FaceEngine, FaceRecords, ImageStore, Looked, Ports};
use crate::identity::tally::Tally;
use crate::model::{CollectionId, FaceId, Flow, Metric, Outcome, Percent, Reason, Step, TenantId};

/// A picture and the face that was indexed from it are far more similar than this, percent.
const SAME_PICTURE: f64 = 80.0;
/// Most matches of a search (Rekognition API model, `SearchFacesByImage`): the session may have registered the same
/// picture several times.
const MOST_MATCHES: u16 = 4_096;

/// What deleting needs.
#[derive(Debug)]
pub struct FaceDeletion<'a, E, P> {
    /// The face engine, measured.
    pub engine: &'a E,
    /// Everything else.
    pub ports: &'a P,
    /// Where the numbers go.
    pub tally: &'a Tally,
}

/// What became of a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// Nothing is left of the face.
    Done,
    /// It is found by no search any more; the sweep removes what is left of it.
    Begun,
    /// The tenant has no such face.
    Unknown,
}

impl<E: FaceEngine, P: Ports> FaceDeletion<'_, E, P> {
    /// Deletes a tenant's face. After an error it may be half deleted: doing it again, or the sweep, finishes it.
    pub async fn delete(&self, tenant: &TenantId, face: &FaceId) -> Result<Deletion, IdentityError> {
        let Some(record) = self.ports.records().find(tenant, face).await? else {
            return Ok(Deletion::Unknown);
        };
        match self.ports.records().begin_deletion(tenant, face).await {
            Ok(()) => {}
            // Somebody else has deleted it in the meantime.
            Err(error) if error.kind == ServiceErrorKind::Conflict => return Ok(Deletion::Unknown),
            Err(error) => return Err(error.into()),
        }
        match &record.state {
            RecordState::Active(indexed) => {
                self.forget(&record.collection, std::slice::from_ref(&indexed.engine_face)).await?;
                self.remove(&record).await?;
                Ok(Deletion::Done)
            }
            RecordState::Pending | RecordState::Deleting => Ok(Deletion::Begun),
        }
    }

    /// Finishes what was left open: a registration is completed once more, a deletion is carried out. Only for faces
    /// that have been open for longer than any function runs.
    pub async fn settle(&self, tenant: &TenantId, face: &FaceId) -> Result<(), IdentityError> {
        let Some(record) = self.ports.records().find(tenant, face).await? else { return Ok(()) };
        match record.state {
            RecordState::Active(_) => Ok(()),
            RecordState::Pending => self.complete(&record).await,
            RecordState::Deleting => {
                let faces = self.traces(&record).await?;
                self.forget(&record.collection, &faces).await?;
                self.remove(&record).await
            }
        }
    }

    async fn complete(&self, record: &FaceRecord) -> Result<(), IdentityError> {
        let (engine, ports, tally) = (self.engine, self.ports, self.tally);
        let registration = FaceRegistration { engine, ports, tally, deadline: Deadline::NEVER };
        match registration.complete(&record.tenant, &record.face).await? {
            Completion::Completed => tally.outcome(Flow::Registration, Outcome::Approved, None),
            Completion::Undone => {
                tally.outcome(Flow::Registration, Outcome::Incomplete, Some((Step::Index, Reason::Interrupted)));
            }
            Completion::AlreadyActive | Completion::Unknown => {}
        }
        Ok(())
    }

    /// The faces that the collection holds of a record that does not say which: those that the record's picture finds
    /// and that carry its reference. Without the picture there are none: it is stored before the face is indexed, and
    /// removed after the face.
    async fn traces(&self, record: &FaceRecord) -> Result<Vec<FaceId>, IdentityError> {
        match self.ports.images().look(&record.image_key).await? {
            Looked::Picture(_) => {}
            Looked::Missing | Looked::Refused(_) => return Ok(Vec::new()),
        }
        let picture = PictureRef::Stored(&record.image_key);
        let floor = Percent::saturating(SAME_PICTURE);
        match self.engine.search(&record.collection, picture, floor, MOST_MATCHES).await {
            Ok(found) => {
                let own = found.faces.into_iter().filter(|matched| {
                    matched.reference.as_ref().is_some_and(|reference| reference.as_str() == record.face.as_str())
                });
                Ok(own.map(|matched| matched.engine_face).collect())
            }
            // What cannot be searched by was not indexed either.
            Err(EngineError::NoFace | EngineError::Picture(_)) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    async fn forget(&self, collection: &CollectionId, faces: &[FaceId]) -> Result<(), IdentityError> {
        if faces.is_empty() {
            return Ok(());
        }
        self.engine.forget(collection, faces).await?;
        self.tally.count(Metric::FacesDeleted, faces.len());
        Ok(())
    }

    async fn remove(&self, record: &FaceRecord) -> Result<(), IdentityError> {
        self.ports.images().delete(&record.image_key).await?;
        self.ports.records().remove(record).await?;
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests;
