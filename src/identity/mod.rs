//! The verification domain: which pictures are good enough, when two faces are the same person, where a face is kept.
//!
//! Nothing here knows a cloud or a protocol. The flows are written against the small traits of [`ports`]; every
//! number that tells how verification is going is written into a [`Tally`] on the way.
//!
//! ```text
//! picture -> quality -> registration -> records, images, queue
//!         -> verification (1:1)
//!         -> search (1:N over all shards, judged by each shard's own face model version)
//! ```
//!
//! The flows of the environment's own users count how they ended by themselves: [`authentication`], [`photo`] and
//! [`liveness`] write the outcome of an attempt into the tally exactly once, so nobody who calls them counts it again.

pub mod authentication;
mod concurrently;
mod deadline;
mod error;
mod face;
pub mod faces;
#[cfg(test)]
pub(crate) mod fakes;
mod given;
pub mod ledger;
pub mod liveness;
mod measured;
pub mod photo;
mod picture;
mod ports;
mod quality;
pub mod registration;
pub mod routing;
mod search;
pub mod sharding;
pub mod sweep;
mod tally;
pub mod user;
pub mod users;
mod verification;

pub use deadline::Deadline;
pub use error::{EngineError, IdentityError, Refusal, ServiceError, ServiceErrorKind};
pub use face::{
    BoundingBox, CollectionFacts, CollectionMatches, Comparison, DetectedFace, Indexed, Indexing, MatchedFace,
};
pub use given::Given;
pub use measured::Measured;
pub use picture::{
    MAX_PICTURE_BYTES, MAX_STORED_PICTURE_BYTES, MIN_PICTURE_SIDE, Picture, PictureError, PictureFacts, PictureFormat,
    PictureRef,
};
pub use ports::{
    FaceEngine, FaceRecords, ImageStore, Job, JobQueue, LivenessEngine, LivenessRecords, LivenessResult,
    LivenessStatus, Looked, Ports, RegistrationRecords, Reserved, RoutingRecords, Stored, Upload, UserRecords,
    Workflow, WorkflowEnd, WorkflowInput,
};
pub use quality::{QualityFailure, QualityRule, Subject, assess, assess_document};
pub use search::{Candidate, MOST_FACES, Search, SearchThresholds};
pub use tally::{Datapoint, Tally};
pub use verification::{Verification, verify};

pub(crate) use concurrently::all as concurrently;
