//! What the domain needs from the world.

use std::future::Future;

use super::error::{EngineError, ServiceError};
use super::face::{
    CollectionFacts, CollectionMatches, Comparison, DetectedFace, FaceRecord, Indexed, Indexing, SessionId,
};
use super::picture::Picture;
use crate::model::{CollectionId, ExternalImageId, FaceId, Percent, TenantId};

/// Finds, compares and remembers faces.
pub trait FaceEngine: Send + Sync {
    /// The faces of a picture with their quality, largest first. None is an empty list.
    fn detect(&self, picture: &Picture) -> impl Future<Output = Result<Vec<DetectedFace>, EngineError>> + Send;

    /// The largest face of `source` against every face of `target`. No face in either is [`EngineError::NoFace`].
    fn compare(
        &self,
        source: &Picture,
        target: &Picture,
    ) -> impl Future<Output = Result<Comparison, EngineError>> + Send;

    /// Adds the largest face to a collection. The same picture with the same reference again adds nothing.
    fn index(
        &self,
        collection: &CollectionId,
        picture: &Picture,
        reference: &ExternalImageId,
    ) -> impl Future<Output = Result<Indexing, EngineError>> + Send;

    /// Faces of a collection that are at least `floor` similar to the largest face of the picture, at most `limit`.
    fn search(
        &self,
        collection: &CollectionId,
        picture: &Picture,
        floor: Percent,
        limit: u16,
    ) -> impl Future<Output = Result<CollectionMatches, EngineError>> + Send;

    /// Removes a face from a collection; one that is not there is no error.
    fn forget(&self, collection: &CollectionId, face: &FaceId) -> impl Future<Output = Result<(), EngineError>> + Send;

    /// How many faces a collection holds, and of which model version.
    fn describe(&self, collection: &CollectionId) -> impl Future<Output = Result<CollectionFacts, EngineError>> + Send;
}

/// Keeps pictures, encrypted.
pub trait ImageStore: Send + Sync {
    /// Stores a picture.
    fn store(&self, key: &str, picture: &Picture) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// The bytes of a stored picture. Bytes beyond `limit` are not fetched: a larger
    /// object is returned as its size alone.
    fn load(&self, key: &str, limit: usize) -> impl Future<Output = Result<Stored, ServiceError>> + Send;

    /// Deletes a picture; one that is not there is no error.
    fn delete(&self, key: &str) -> impl Future<Output = Result<(), ServiceError>> + Send;
}

/// What an image store holds under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// Nothing. What may not be read is an error, not nothing.
    Missing,
    /// More bytes than asked for.
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// The object.
    Bytes(Vec<u8>),
}

/// Remembers registered faces.
pub trait FaceRecords: Send + Sync {
    /// Adds a record; its face id must be new.
    fn add(&self, record: &FaceRecord) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Marks a pending record as indexed. A record that is gone or active already is a conflict.
    fn activate(
        &self,
        tenant: &TenantId,
        face: &FaceId,
        indexed: &Indexed,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// One record, read consistently.
    fn find(
        &self,
        tenant: &TenantId,
        face: &FaceId,
    ) -> impl Future<Output = Result<Option<FaceRecord>, ServiceError>> + Send;

    /// The records of several faces; unknown faces are left out.
    fn find_all(
        &self,
        tenant: &TenantId,
        faces: &[FaceId],
    ) -> impl Future<Output = Result<Vec<FaceRecord>, ServiceError>> + Send;

    /// How many faces a session has registered, pending ones included.
    fn count(&self, tenant: &TenantId, session: &SessionId) -> impl Future<Output = Result<u32, ServiceError>> + Send;

    /// Removes a record; one that is not there is no error.
    fn remove(&self, tenant: &TenantId, face: &FaceId) -> impl Future<Output = Result<(), ServiceError>> + Send;
}

/// What makes sure that every registration is concluded, whatever happens to the one who began it.
pub trait IndexQueue: Send + Sync {
    /// Asks for a registration to be looked at later: not before the one who began it has ended, one way or another.
    fn enqueue(&self, tenant: &TenantId, face: &FaceId) -> impl Future<Output = Result<(), ServiceError>> + Send;
}

/// Everything that the flows need, in one place.
pub trait Ports: Send + Sync {
    /// The face engine.
    type Engine: FaceEngine;
    /// The picture store.
    type Images: ImageStore;
    /// The face records.
    type Records: FaceRecords;
    /// The queue of pending registrations.
    type Queue: IndexQueue;

    /// The face engine.
    fn engine(&self) -> &Self::Engine;
    /// The picture store.
    fn images(&self) -> &Self::Images;
    /// The face records.
    fn records(&self) -> &Self::Records;
    /// The queue of pending registrations.
    fn queue(&self) -> &Self::Queue;
}
