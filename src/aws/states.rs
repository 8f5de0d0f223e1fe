//! Step Functions: the registration workflow.

use crate::aws::Cloud;
use crate::identity::{ServiceError, ServiceErrorKind, Workflow, WorkflowEnd, WorkflowInput};

/// The registration workflow, an EXPRESS state machine that is waited for.
#[derive(Debug)]
pub struct RegistrationWorkflow {
    machine: Option<String>,
}

impl RegistrationWorkflow {
    /// A client for the state machine with this ARN.
    #[must_use]
    pub(in crate::aws) fn new(_: &Cloud, machine: Option<String>) -> Self {
        Self { machine }
    }
}

impl Workflow for RegistrationWorkflow {
    async fn run(&self, _: &WorkflowInput) -> Result<WorkflowEnd, ServiceError> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, format!("{:?} is not connected", self.machine)))
    }
}
