//! CloudFormation: stacks, change sets and their events.

mod change_sets;
mod events;
mod read;
mod stacks;

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::primitives::DateTime;

pub use change_sets::{
    ChangeSet, ChangeSetRequest, ChangeSetState, ChangeSetType, ResourceChange, ResourceImport, TemplateSource,
};
pub use events::StackEvent;
pub use read::StackFacts;
pub use stacks::{StackDescription, StackResource};

use super::Cloud;
use crate::model::Timestamp;

const SERVICE: &str = "CloudFormation";

/// The way to an environment's stacks. Cheap to clone.
#[derive(Debug, Clone)]
pub struct CloudFormation {
    client: Client,
}

impl CloudFormation {
    /// The stacks of a cloud.
    #[must_use]
    pub fn new(cloud: &Cloud) -> Self {
        Self { client: Client::new(&cloud.shared) }
    }
}

fn timestamp(moment: &DateTime) -> Option<Timestamp> {
    moment.to_millis().ok().map(Timestamp::from_millis)
}
