//! What is remembered. Every change names the state that it starts from, so that of two who change the same record one
//! is told [`Conflict`], and every read is consistent unless it says otherwise.
//!
//! What is not concluded can be found by its age: whatever crashes in between, the sweep comes by.
//!
//! [`Conflict`]: crate::identity::ServiceErrorKind::Conflict

use std::future::Future;

use crate::identity::error::ServiceError;
use crate::identity::face::Indexed;
use crate::identity::faces::{Blacklisting, FaceRecord};
use crate::identity::liveness::{LivenessRecord, LivenessVerdict};
use crate::identity::registration::{Conclusion, IndexedFaces, Registration};
use crate::identity::routing::Routing;
use crate::identity::user::{PhotoChange, User, UserFace};
use crate::model::{
    CollectionId, CollectionRole, FaceId, LivenessSessionId, RegistrationId, TenantId, Timestamp, UserId,
};

/// Remembers the faces of tenants.
pub trait FaceRecords: Send + Sync {
    /// Adds a pending record; its face id must be new. Takes one of the session's places for faces, of which there are
    /// `places`; `false` when all are taken, also by faces that are pending or on their way out.
    fn add(&self, record: &FaceRecord, places: u32) -> impl Future<Output = Result<bool, ServiceError>> + Send;

    /// Pending to active.
    fn activate(
        &self,
        tenant: &TenantId,
        face: &FaceId,
        indexed: &Indexed,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Marks an active face as blacklisted. A face that is not there or not active is a conflict.
    fn blacklist(
        &self,
        tenant: &TenantId,
        face: &FaceId,
        blacklisting: &Blacklisting,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Whatever it was, to deleting; it is no match of a search any more. A record that is not there is a conflict.
    fn begin_deletion(&self, tenant: &TenantId, face: &FaceId)
    -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Removes a record and gives its place in the session free, both or neither; one that is not there is no error.
    fn remove(&self, record: &FaceRecord) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// One record.
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

    /// Faces that are pending or deleting since before a time, oldest first, at most `limit`.
    fn unsettled(
        &self,
        before: Timestamp,
        limit: u16,
    ) -> impl Future<Output = Result<Vec<(TenantId, FaceId)>, ServiceError>> + Send;
}

/// Whether a user id was reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserved {
    /// It is this registration's now.
    Done,
    /// Somebody else has it.
    UserExists,
}

/// Remembers registrations. The states are those of [`Registration`].
pub trait RegistrationRecords: Send + Sync {
    /// Adds a started registration; its id must be new.
    fn begin(&self, registration: &Registration) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// One registration.
    fn find(&self, id: &RegistrationId) -> impl Future<Output = Result<Option<Registration>, ServiceError>> + Send;

    /// Started to pending in a collection, and the user id reserved for it: both or neither.
    fn reserve(
        &self,
        registration: &Registration,
        collection: &CollectionId,
    ) -> impl Future<Output = Result<Reserved, ServiceError>> + Send;

    /// Pending to indexed.
    fn index(&self, id: &RegistrationId, faces: &IndexedFaces)
    -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Indexed to concluded with an approval, and the reserved user id to this user: both or neither.
    fn approve(
        &self,
        id: &RegistrationId,
        conclusion: &Conclusion,
        user: &User,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Started, pending or indexed to undoing with a verdict. One that is undoing or concluded already is a conflict.
    fn begin_undoing(
        &self,
        id: &RegistrationId,
        verdict: &Conclusion,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Undoing to concluded with its verdict, and the user id given free if it was reserved for it: both or neither.
    fn conclude(&self, registration: &Registration) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Registrations begun before a time and not concluded, oldest first, at most `limit`. May be a moment late.
    fn unsettled(
        &self,
        before: Timestamp,
        limit: u16,
    ) -> impl Future<Output = Result<Vec<RegistrationId>, ServiceError>> + Send;
}

/// Remembers users. Reserved ids are no users: nobody finds them here, but for [`Self::holder`].
pub trait UserRecords: Send + Sync {
    /// One user.
    fn find(&self, user: &UserId) -> impl Future<Output = Result<Option<User>, ServiceError>> + Send;

    /// The registration that a user id is reserved for or was approved by; `None` when the id is free.
    fn holder(&self, user: &UserId) -> impl Future<Output = Result<Option<RegistrationId>, ServiceError>> + Send;

    /// The user was recognised.
    fn seen(&self, user: &UserId, at: Timestamp) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// No change to adding or erasing. A change that is going on is a conflict, and so is a user that is not there.
    fn begin_change(
        &self,
        user: &UserId,
        change: &PhotoChange,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Adding to retiring: `selfie` is the user's face now, the one before it is to be removed.
    fn switch_face(
        &self,
        user: &User,
        selfie: &UserFace,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Adding or retiring to no change.
    fn end_change(&self, user: &UserId, change: &PhotoChange) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Removes a user; one that is not there is no error.
    fn remove(&self, user: &UserId) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Users whose change has been going on since before a time, oldest first, at most `limit`. May be a moment late.
    fn unsettled(
        &self,
        before: Timestamp,
        limit: u16,
    ) -> impl Future<Output = Result<Vec<UserId>, ServiceError>> + Send;
}

/// Remembers liveness sessions: whose they are, what for, and that each is used once.
pub trait LivenessRecords: Send + Sync {
    /// Adds an open session; its id must be new.
    fn add(&self, record: &LivenessRecord) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// One session.
    fn find(
        &self,
        session: &LivenessSessionId,
    ) -> impl Future<Output = Result<Option<LivenessRecord>, ServiceError>> + Send;

    /// Open to judged.
    fn judge(
        &self,
        session: &LivenessSessionId,
        verdict: &LivenessVerdict,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Judged to used. One that was used before is a conflict.
    fn consume(&self, session: &LivenessSessionId) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Open or judged to abandoned.
    fn abandon(&self, session: &LivenessSessionId) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Sessions that have been open or judged, but not used, since before a time, oldest first, at most `limit`.
    fn unsettled(
        &self,
        before: Timestamp,
        limit: u16,
    ) -> impl Future<Output = Result<Vec<LivenessSessionId>, ServiceError>> + Send;
}

/// Remembers where faces are kept. The table is data: shards are added and closed without new code.
pub trait RoutingRecords: Send + Sync {
    /// The routing table of a role; `None` when none was written yet.
    fn routing(&self, role: &CollectionRole) -> impl Future<Output = Result<Option<Routing>, ServiceError>> + Send;
}
