//! Registering a face: gate, queue, record, store, index.
//!
//! ```text
//! detect ─ gate ─ queue ─ record PENDING ─ store picture ─ index ─ record ACTIVE
//!                   └ later: completes what is still PENDING, whatever became of the rest
//! ```
//!
//! The message goes out before anything is stored, and is received only after the one who registers has ended. So
//! nothing is left half done, even when the program is stopped in the middle: no picture is without a record and no
//! record is without a message, which ends in a face that can be found or in nothing at all. Indexing twice does no
//! harm, for the engine knows the reference of a face (see [`FaceEngine::index`]).
//!
//! What fails for sure is undone at once and reported. Where it is not known whether the engine has done its work, or
//! where no time is left to find out, the registration stays PENDING: removing its record could leave a face in the
//! collection that nobody can erase.

use std::time::Duration;

use serde_json::{Map, Value};

use super::record::{FaceRecord, RecordState, SessionId};
use crate::identity::deadline::Deadline;
use crate::identity::error::{IdentityError, Refusal, ServiceError, ServiceErrorKind};
use crate::identity::face::{Indexed, Indexing};
use crate::identity::picture::{Picture, PictureError, PictureFacts, PictureRef};
use crate::identity::ports::{FaceEngine, FaceRecords, ImageStore, Job, JobQueue, Looked, Ports};
use crate::identity::quality::{QualityFailure, assess};
use crate::identity::tally::Tally;
use crate::model::{CollectionId, ExternalImageId, FaceId, Metric, QualityGates, TenantId, Timestamp};

/// Indexing is left to the queue when less time than this is left: one call of the engine at its longest, and a moment
/// for the record.
const INDEXING_TIME: Duration = Duration::from_secs(7);

/// What registering and completing need.
#[derive(Debug)]
pub struct FaceRegistration<'a, E, P> {
    /// The face engine, measured.
    pub engine: &'a E,
    /// Everything else.
    pub ports: &'a P,
    /// Where the numbers go.
    pub tally: &'a Tally,
    /// Until when the answer must be there.
    pub deadline: Deadline,
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
    pub picture: NewPicture<'a>,
    /// What the caller wants to keep with it.
    pub metadata: Map<String, Value>,
    /// What the picture must fulfil.
    pub gates: &'a QualityGates,
    /// Faces that one session may register.
    pub max_faces: u32,
}

/// The picture of a face to be registered.
#[derive(Debug, Clone, Copy)]
pub enum NewPicture<'a> {
    /// It came with the request.
    Inline(&'a Picture),
    /// It was uploaded into the image store, and is copied from there.
    Upload {
        /// Its key.
        key: &'a str,
        /// What it is.
        facts: PictureFacts,
    },
}

/// What became of a registration.
#[derive(Debug, Clone, PartialEq)]
pub struct Registered {
    /// The record as it stands: active, or pending when the queue completes it.
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

impl<E: FaceEngine, P: Ports> FaceRegistration<'_, E, P> {
    /// Registers a face.
    pub async fn register(&self, new: NewFace<'_>) -> Result<Registered, IdentityError> {
        self.check_quality(&new).await?;
        let mut record = FaceRecord {
            image_key: new.picture.key(new.tenant, &new.face),
            tenant: new.tenant.clone(),
            face: new.face,
            session: new.session,
            collection: new.collection,
            metadata: new.metadata,
            blacklisted: None,
            created_at: Timestamp::now(),
            state: RecordState::Pending,
        };
        self.ports.queue().enqueue(&Job::face(&record.tenant, &record.face)).await?;
        match self.store(&record, new.picture, new.max_faces).await {
            Ok(true) => {}
            Ok(false) => return Err(Refusal::TooManyFaces { limit: new.max_faces }.into()),
            Err(error) => return Err(self.undo(&record, error).await),
        }
        if !self.deadline.leaves(INDEXING_TIME) {
            return Ok(Registered { record });
        }
        match self.index(&record, new.picture.stored_as(&record)).await {
            Ok(indexed) => {
                record.state = RecordState::Active(indexed);
                Ok(Registered { record })
            }
            Err(IndexFailure::Unfinished(_)) => Ok(Registered { record }),
            Err(IndexFailure::NotIndexed(reason)) => Err(self.undo(&record, reason).await),
        }
    }

    /// Completes a registration if it is still pending. Doing it twice does no harm. While the engine is still
    /// throttled the error is [`IdentityError::Throttled`], and the registration stays pending.
    pub async fn complete(&self, tenant: &TenantId, face: &FaceId) -> Result<Completion, IdentityError> {
        let Some(record) = self.ports.records().find(tenant, face).await? else {
            return Ok(Completion::Unknown);
        };
        match record.state {
            RecordState::Pending => {}
            RecordState::Active(_) => return Ok(Completion::AlreadyActive),
            RecordState::Deleting => return Ok(Completion::Unknown),
        }
        match self.ports.images().look(&record.image_key).await? {
            Looked::Picture(_) => {}
            Looked::Missing | Looked::Refused(_) => return self.give_up(&record).await,
        }
        match self.index(&record, PictureRef::Stored(&record.image_key)).await {
            Ok(_) => Ok(Completion::Completed),
            Err(IndexFailure::NotIndexed(IdentityError::Refused(_))) => self.give_up(&record).await,
            Err(IndexFailure::NotIndexed(error) | IndexFailure::Unfinished(error)) => Err(error),
        }
    }

    /// The record first: a picture without one could not be found to be erased. `false`: the session has no place
    /// left, and nothing is stored.
    async fn store(&self, record: &FaceRecord, picture: NewPicture<'_>, places: u32) -> Result<bool, IdentityError> {
        if !self.ports.records().add(record, places).await? {
            return Ok(false);
        }
        match picture {
            NewPicture::Inline(picture) => self.ports.images().store(&record.image_key, picture).await?,
            NewPicture::Upload { key, .. } => match self.ports.images().copy(key, &record.image_key).await {
                Ok(()) => {}
                // It was there a moment ago: whoever uploaded it took it away.
                Err(error) if error.kind == ServiceErrorKind::Missing => {
                    return Err(Refusal::Picture(PictureError::Unreadable).into());
                }
                Err(error) => return Err(error.into()),
            },
        }
        Ok(true)
    }

    async fn check_quality(&self, new: &NewFace<'_>) -> Result<(), IdentityError> {
        let faces = self.engine.detect(new.picture.as_sent()).await?;
        self.tally.count(Metric::FacesDetected, faces.len());
        match assess(new.picture.size(), &faces, new.gates) {
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

    /// Indexes the face and marks its record. When the record is gone, the face is taken out again.
    async fn index(&self, record: &FaceRecord, picture: PictureRef<'_>) -> Result<Indexed, IndexFailure> {
        let indexed = self.add_to_collection(record, picture).await.map_err(IndexFailure::of_the_engine)?;
        let Err(error) = self.ports.records().activate(&record.tenant, &record.face, &indexed).await else {
            self.tally.count(Metric::FacesIndexed, 1);
            return Ok(indexed);
        };
        if error.kind != ServiceErrorKind::Conflict {
            return Err(IndexFailure::Unfinished(error.into()));
        }
        match self.ports.records().find(&record.tenant, &record.face).await {
            // Somebody was faster; what they indexed is the same face.
            Ok(Some(FaceRecord { state: RecordState::Active(_), .. })) => Ok(indexed),
            // Erased in the meantime, or about to be: the face must not outlive its record.
            Ok(None | Some(FaceRecord { state: RecordState::Deleting, .. })) => {
                match self.engine.forget(&record.collection, std::slice::from_ref(&indexed.engine_face)).await {
                    Ok(()) => Err(IndexFailure::NotIndexed(IdentityError::Failed(error))),
                    Err(left) => {
                        Err(IndexFailure::Unfinished(IdentityError::Failed(beside(&error, &left.to_string()))))
                    }
                }
            }
            Ok(Some(FaceRecord { state: RecordState::Pending, .. })) => Err(IndexFailure::Unfinished(error.into())),
            Err(unknown) => Err(IndexFailure::Unfinished(unknown.into())),
        }
    }

    async fn add_to_collection(&self, record: &FaceRecord, picture: PictureRef<'_>) -> Result<Indexed, IdentityError> {
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

    async fn give_up(&self, record: &FaceRecord) -> Result<Completion, IdentityError> {
        self.remove(record).await?;
        Ok(Completion::Undone)
    }

    async fn remove(&self, record: &FaceRecord) -> Result<(), ServiceError> {
        self.ports.images().delete(&record.image_key).await?;
        self.ports.records().remove(record).await
    }

    /// Removes what a registration has stored that failed for a reason, and returns the reason. What cannot be removed
    /// is said in the error; the queue's message then removes or completes it.
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
    /// It is in no collection, and trying again would not change that.
    NotIndexed(IdentityError),
    /// It may be in its collection already, or can be as soon as the engine has time: another try finishes it.
    Unfinished(IdentityError),
}

impl IndexFailure {
    fn of_the_engine(error: IdentityError) -> Self {
        let may_be_done =
            matches!(&error, IdentityError::Failed(failed) if failed.kind == ServiceErrorKind::Unanswered);
        if may_be_done || error == IdentityError::Throttled { Self::Unfinished(error) } else { Self::NotIndexed(error) }
    }
}

impl<'a> NewPicture<'a> {
    /// Width and height in pixels, as encoded.
    const fn size(self) -> (u32, u32) {
        match self {
            Self::Inline(picture) => picture.size(),
            Self::Upload { facts, .. } => (facts.width, facts.height),
        }
    }

    /// The picture as the caller sent it.
    const fn as_sent(self) -> PictureRef<'a> {
        match self {
            Self::Inline(picture) => PictureRef::Inline(picture),
            Self::Upload { key, .. } => PictureRef::Stored(key),
        }
    }

    /// The picture that the record names. An upload can be overwritten by whoever has its address; the copy cannot.
    fn stored_as<'s>(self, record: &'s FaceRecord) -> PictureRef<'s>
    where
        'a: 's,
    {
        match self {
            Self::Inline(picture) => PictureRef::Inline(picture),
            Self::Upload { .. } => PictureRef::Stored(&record.image_key),
        }
    }

    /// Where the picture of a registered face is stored.
    fn key(self, tenant: &TenantId, face: &FaceId) -> String {
        let format = match self {
            Self::Inline(picture) => picture.format(),
            Self::Upload { facts, .. } => facts.format,
        };
        format!("tenants/{tenant}/faces/{face}.{}", format.extension())
    }
}

fn beside(error: &ServiceError, left: &str) -> ServiceError {
    ServiceError::new(error.kind, format!("{}; and what was stored could not be removed: {left}", error.message))
}

#[cfg(test)]
mod tests;
