//! Why a deployment did not go through.

use super::cause::Cause;
use super::package::{PackageError, UploadError};
use super::standing;
use crate::aws::CloudError;
use crate::model::StackKind;

/// Why a deployment did not go through.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// A call failed.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// There is no Lambda program to deploy.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// A parameter without a default is the output of no earlier stack.
    #[error("stack {stack}: nothing gives a value to {}", parameters.join(", "))]
    MissingParameter {
        /// The stack.
        stack: StackKind,
        /// Its parameters without a value.
        parameters: Vec<String>,
    },
    /// The template fits neither inline nor into a bucket that exists.
    #[error("stack {stack}: the template has {bytes} bytes; {limit} is the most that can be sent inline")]
    TooLarge {
        /// The stack.
        stack: StackKind,
        /// The template's size.
        bytes: usize,
        /// CloudFormation's limit.
        limit: usize,
    },
    /// CloudFormation refused the change set.
    #[error("stack {stack}: CloudFormation refuses the change: {reason}")]
    Refused {
        /// The stack.
        stack: StackKind,
        /// CloudFormation's words.
        reason: String,
    },
    /// The stack is in a status from which it cannot be changed.
    #[error("stack {stack} is {status}")]
    Stuck {
        /// The stack.
        stack: StackKind,
        /// Its status.
        status: String,
    },
    /// Something that holds data would be lost, which nobody agreed to because it came up only on the way.
    #[error("stack {stack}: {resource} would be removed or replaced, which the plan did not show")]
    UnseenLoss {
        /// The stack.
        stack: StackKind,
        /// The resource.
        resource: String,
    },
    /// The stack did not reach the status that was asked for.
    #[error("stack {stack} ended {status}{}", cause.as_ref().map(|cause| format!(": {cause}")).unwrap_or_default())]
    Failed {
        /// The stack.
        stack: StackKind,
        /// The status it ended with.
        status: String,
        /// The first resource that failed.
        cause: Option<Cause>,
    },
    /// Something was deleted and does not go.
    #[error("{what} was deleted, but is still there")]
    StillThere {
        /// What, with its name.
        what: String,
    },
    /// A task of ours ended before its work did.
    #[error("the deployment of a stack was broken off: {0}")]
    BrokenOff(String),
}

impl DeployError {
    /// What the user can do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Cloud(error) => error.remedy().to_owned(),
            Self::Package(error) => error.remedy().to_owned(),
            Self::MissingParameter { .. } => {
                "give the parameter a Default, or let an earlier stack have an output of that name".to_owned()
            }
            Self::TooLarge { .. } => "make the template smaller; the data stack itself must fit inline".to_owned(),
            Self::Refused { reason, .. } => super::cause::remedy(reason).to_owned(),
            Self::Stuck { status, .. } => standing::remedy(status).to_owned(),
            Self::UnseenLoss { .. } => "look at it with `idvctl plan`, then run it again".to_owned(),
            Self::Failed { cause, .. } => {
                cause.as_ref().map_or("look at the stack's events", |cause| cause.remedy).to_owned()
            }
            Self::StillThere { .. } | Self::BrokenOff(_) => "run it again; it goes on where it stopped".to_owned(),
        }
    }
}

impl From<UploadError> for DeployError {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Package(error) => Self::Package(error),
            UploadError::Cloud(error) => Self::Cloud(error),
        }
    }
}
