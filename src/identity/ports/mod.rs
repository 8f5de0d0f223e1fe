//! What the domain needs from the world.

#[cfg(test)]
pub(crate) mod contract;
mod engine;
mod images;
mod queue;
mod records;

pub use engine::{FaceEngine, LivenessEngine, LivenessResult, LivenessStatus};
pub use images::{ImageStore, Looked, Stored, Upload};
pub use queue::{Job, JobQueue, Workflow, WorkflowEnd, WorkflowInput};
pub use records::{FaceRecords, LivenessRecords, RegistrationRecords, Reserved, RoutingRecords, UserRecords};

/// Everything that the flows need, in one place.
pub trait Ports: Send + Sync {
    /// The face engine.
    type Engine: FaceEngine + LivenessEngine;
    /// The picture store.
    type Images: ImageStore;
    /// The records of tenants' faces.
    type Records: FaceRecords;
    /// The records of registrations.
    type Registrations: RegistrationRecords;
    /// The records of users.
    type Users: UserRecords;
    /// The records of liveness sessions.
    type Liveness: LivenessRecords;
    /// The routing tables.
    type Routing: RoutingRecords;
    /// The queue of what is concluded later.
    type Queue: JobQueue;
    /// The registration workflow.
    type Workflow: Workflow;

    /// The face engine.
    fn engine(&self) -> &Self::Engine;
    /// The picture store.
    fn images(&self) -> &Self::Images;
    /// The records of tenants' faces.
    fn records(&self) -> &Self::Records;
    /// The records of registrations.
    fn registrations(&self) -> &Self::Registrations;
    /// The records of users.
    fn users(&self) -> &Self::Users;
    /// The records of liveness sessions.
    fn liveness(&self) -> &Self::Liveness;
    /// The routing tables.
    fn routing(&self) -> &Self::Routing;
    /// The queue of what is concluded later.
    fn queue(&self) -> &Self::Queue;
    /// The registration workflow.
    fn workflow(&self) -> &Self::Workflow;
}
