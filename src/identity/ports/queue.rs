//! What goes on without the caller: the queue of what is concluded later, and the registration workflow.

use std::future::Future;

use serde::{Deserialize, Serialize};

use crate::identity::error::ServiceError;
use crate::model::{FaceId, RegistrationId, Step, TenantId};

/// What makes sure that everything begun is concluded, whatever happens to the one who began it.
pub trait JobQueue: Send + Sync {
    /// Asks for something to be looked at. A face not before the one who registers it has ended, one way or another; a
    /// registration at once.
    fn enqueue(&self, job: &Job) -> impl Future<Output = Result<(), ServiceError>> + Send;
}

/// A message of the queue, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Job {
    /// The registration of a tenant's face that may not be concluded: `{"tenant": …, "face_id": …}`.
    Face {
        /// Whose.
        tenant: TenantId,
        /// Which.
        face_id: FaceId,
    },
    /// The steps of a registration that its caller does not wait for: `{"registration_id": …}`.
    Registration {
        /// Which.
        registration_id: RegistrationId,
    },
}

/// Runs the steps of a registration as a workflow, and waits for its end.
pub trait Workflow: Send + Sync {
    /// Runs it. An execution that failed is an answer; its registration says how far it came.
    fn run(&self, input: &WorkflowInput) -> impl Future<Output = Result<WorkflowEnd, ServiceError>> + Send;
}

/// What the workflow is told: which registration, and which way through the steps. Nothing of the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowInput {
    /// Which.
    pub registration_id: RegistrationId,
    /// Whether there is a liveness session to be judged.
    pub liveness: bool,
    /// Whether the document must hold text.
    pub document_text: bool,
    /// The step from which on the queue's worker goes on; `None`: the caller waits for all of them.
    pub deferred_from: Option<Step>,
}

/// How a workflow ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkflowEnd {
    /// All of its steps ran.
    Succeeded,
    /// A step failed, and so did what was to clean up after it.
    Failed,
    /// It took too long.
    TimedOut,
}

impl Job {
    /// The registration of a tenant's face.
    #[must_use]
    pub fn face(tenant: &TenantId, face: &FaceId) -> Self {
        Self::Face { tenant: tenant.clone(), face_id: face.clone() }
    }

    /// The rest of a registration.
    #[must_use]
    pub fn registration(id: &RegistrationId) -> Self {
        Self::Registration { registration_id: id.clone() }
    }
}
