//! Registering a face: gate, count, store, record, index.
//!
//! ```text
//! detect ─ gate ─ count ─ store picture ─ record PENDING ─ index ─ record ACTIVE
//!                                                          └ throttled: queue, stays PENDING, completed later
//! ```
//!
//! Either all of it stands at the end or nothing does: whatever fails after the picture was stored undoes every step
//! before it. A face that is indexed but not recorded would match forever and could never be erased.

use serde_json::{Map, Value};

use super::error::{IdentityError, Refusal, ServiceError, ServiceErrorKind};
use super::face::{FaceRecord, Indexed, Indexing, RecordState, SessionId};
use super::picture::{MAX_PICTURE_BYTES, Picture};
use super::ports::{FaceEngine, FaceRecords, ImageStore, IndexQueue, Ports, Stored};
use super::quality::{QualityFailure, assess};
use super::tally::Tally;
use crate::model::{CollectionId, ExternalImageId, FaceId, Metric, QualityGates, TenantId, Timestamp};

/// What registering and completing need.
#[derive(Debug)]
pub struct Registration<'a, E, P> {
    /// The face engine, measured.
    pub engine: &'a E,
    /// Everything else.
    pub ports: &'a P,
    /// Where the numbers go.
    pub tally: &'a Tally,
}

/// A face to be registered.
#[derive(Debug)]
pub struct NewFace<'a> {
    /// For whom.
    pub tenant: &'a TenantId,
    /// The id that it is to have; new and random.
    pub face: FaceId,
    /// The session that it belongs to.
    pub session: SessionId,
    /// The shard that it goes to.
    pub collection: CollectionId,
    /// Its picture.
    pub picture: &'a Picture,
    /// What the caller wants to keep with it.
    pub metadata: Map<String, Value>,
    /// What the picture must fulfil.
    pub gates: &'a QualityGates,
    /// Faces that one session may register.
    pub max_faces: u32,
}

/// What became of a registration.
#[derive(Debug, Clone, PartialEq)]
pub struct Registered {
    /// The record as it stands: active, or pending when the engine had no time.
    pub record: FaceRecord,
}

/// What became of completing a pending registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completion {
    /// It is active now.
    Completed,
    /// It was active already.
    AlreadyActive,
    /// Nobody knows it any more: erased, or never recorded.
    Unknown,
    /// Its picture is gone or was refused by the engine: the registration was undone.
    Undone,
}

impl<E: FaceEngine, P: Ports> Registration<'_, E, P> {
    /// Registers a face.
    pub async fn register(&self, new: NewFace<'_>) -> Result<Registered, IdentityError> {
        self.check_quality(&new).await?;
        if self.ports.records().count(new.tenant, &new.session).await? >= new.max_faces {
            return Err(Refusal::TooManyFaces { limit: new.max_faces }.into());
        }
        let mut record = FaceRecord {
            image_key: image_key(new.tenant, &new.face, new.picture),
            tenant: new.tenant.clone(),
            face: new.face,
            session: new.session,
            collection: new.collection,
            metadata: new.metadata,
            blacklisted: None,
            created_at: Timestamp::now(),
            state: RecordState::Pending,
        };
        self.ports.images().store(&record.image_key, new.picture).await?;
        if let Err(error) = self.ports.records().add(&record).await {
            return Err(self.undo(&record, error.into()).await);
        }
        match self.index(&record, new.picture).await {
            Ok(indexed) => {
                record.state = RecordState::Active(indexed);
                Ok(Registered { record })
            }
            Err(IndexFailure::NotIndexed(IdentityError::Throttled)) => {
                match self.ports.queue().enqueue(&record.tenant, &record.face).await {
                    Ok(()) => Ok(Registered { record }),
                    Err(error) => Err(self.undo(&record, error.into()).await),
                }
            }
            Err(IndexFailure::NotIndexed(reason)) => Err(self.undo(&record, reason).await),
            Err(IndexFailure::LeftInCollection(error)) => Err(error.into()),
        }
    }

    /// Completes a registration that was left pending. Doing it twice does no harm. While the engine is still
    /// throttled the error is [`IdentityError::Throttled`], and the registration stays pending.
    pub async fn complete(&self, tenant: &TenantId, face: &FaceId) -> Result<Completion, IdentityError> {
        let Some(record) = self.ports.records().find(tenant, face).await? else {
            return Ok(Completion::Unknown);
        };
        if matches!(record.state, RecordState::Active(_)) {
            return Ok(Completion::AlreadyActive);
        }
        let Stored::Bytes(bytes) = self.ports.images().load(&record.image_key, MAX_PICTURE_BYTES).await? else {
            return self.give_up(&record).await;
        };
        let Ok(picture) = Picture::new(bytes) else {
            return self.give_up(&record).await;
        };
        match self.index(&record, &picture).await {
            Ok(_) => Ok(Completion::Completed),
            Err(IndexFailure::NotIndexed(IdentityError::Refused(_))) => self.give_up(&record).await,
            Err(IndexFailure::NotIndexed(error)) => Err(error),
            Err(IndexFailure::LeftInCollection(error)) => Err(error.into()),
        }
    }

    async fn check_quality(&self, new: &NewFace<'_>) -> Result<(), IdentityError> {
        let faces = self.engine.detect(new.picture).await?;
        self.tally.count(Metric::FacesDetected, faces.len());
        match assess(new.picture, &faces, new.gates) {
            Ok(_) => Ok(()),
            Err(refusal) => {
                if let Refusal::PoorQuality(failures) = &refusal {
                    for failure in failures {
                        self.tally.quality_failure(failure.rule);
                    }
                }
                Err(refusal.into())
            }
        }
    }

    /// Indexes the face and marks its record; when the record cannot be marked, the face is taken out again.
    async fn index(&self, record: &FaceRecord, picture: &Picture) -> Result<Indexed, IndexFailure> {
        let indexed = self.add_to_collection(record, picture).await.map_err(IndexFailure::NotIndexed)?;
        let Err(error) = self.ports.records().activate(&record.tenant, &record.face, &indexed).await else {
            self.tally.count(Metric::FacesIndexed, 1);
            return Ok(indexed);
        };
        if error.kind == ServiceErrorKind::Conflict && self.is_active(record).await {
            // The queue was faster; what it indexed is the same face.
            return Ok(indexed);
        }
        match self.engine.forget(&record.collection, &indexed.engine_face).await {
            // Failed, not throttled, whatever the store said: the engine has done its part, nothing is to be queued.
            Ok(()) => Err(IndexFailure::NotIndexed(IdentityError::Failed(error))),
            Err(left) => Err(IndexFailure::LeftInCollection(beside(&error, &left.to_string()))),
        }
    }

    async fn add_to_collection(&self, record: &FaceRecord, picture: &Picture) -> Result<Indexed, IdentityError> {
        // A UUID is always a valid reference; an error all the same, so that a changed rule is no crash.
        let reference = ExternalImageId::new(record.face.as_str())
            .map_err(|error| ServiceError::new(ServiceErrorKind::Unavailable, error.to_string()))?;
        match self.engine.index(&record.collection, picture, &reference).await? {
            Indexing::Indexed(indexed) => Ok(indexed),
            Indexing::Rejected(reasons) if reasons.is_empty() => Err(Refusal::NoFace.into()),
            Indexing::Rejected(reasons) => {
                let failure = QualityFailure::by_engine(&reasons);
                self.tally.quality_failure(failure.rule);
                Err(Refusal::PoorQuality(vec![failure]).into())
            }
        }
    }

    async fn is_active(&self, record: &FaceRecord) -> bool {
        let found = self.ports.records().find(&record.tenant, &record.face).await;
        matches!(found, Ok(Some(FaceRecord { state: RecordState::Active(_), .. })))
    }

    async fn give_up(&self, record: &FaceRecord) -> Result<Completion, IdentityError> {
        self.remove(record).await?;
        Ok(Completion::Undone)
    }

    async fn remove(&self, record: &FaceRecord) -> Result<(), ServiceError> {
        self.ports.images().delete(&record.image_key).await?;
        self.ports.records().remove(&record.tenant, &record.face).await
    }

    /// Removes what a registration has stored that failed for a reason, and returns the reason. What cannot be removed
    /// is said in the error.
    async fn undo(&self, record: &FaceRecord, reason: IdentityError) -> IdentityError {
        match (self.remove(record).await, reason) {
            (Ok(()), reason) => reason,
            (Err(left), IdentityError::Failed(error)) => IdentityError::Failed(beside(&error, &left.message)),
            (Err(left), _) => {
                IdentityError::Failed(ServiceError::new(left.kind, format!("could not be undone: {}", left.message)))
            }
        }
    }
}

/// Why a face is not active after it was to be indexed.
enum IndexFailure {
    /// It is in no collection.
    NotIndexed(IdentityError),
    /// It is in its collection and could not be taken out. Its record and picture stay, because a face without a
    /// record can never be erased.
    LeftInCollection(ServiceError),
}

/// Where the picture of a registered face is stored.
fn image_key(tenant: &TenantId, face: &FaceId, picture: &Picture) -> String {
    format!("tenants/{tenant}/faces/{face}.{}", picture.format().extension())
}

fn beside(error: &ServiceError, left: &str) -> ServiceError {
    ServiceError::new(error.kind, format!("{}; and what was stored could not be removed: {left}", error.message))
}

#[cfg(test)]
mod tests;
