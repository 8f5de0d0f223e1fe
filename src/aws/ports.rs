//! The domain's ports, each on its AWS service, with the patience of a function that somebody waits for.

use std::time::Duration;

use super::Cloud;
use super::dynamodb::{FaceTable, LivenessTable, RegistrationTable, RoutingTable, UserTable};
use super::rekognition::RekognitionEngine;
use super::s3::ImageBucket;
use super::sqs::IndexQueueClient;
use super::states::RegistrationWorkflow;
use crate::identity::Ports;

const DAY: Duration = Duration::from_hours(24);

/// What the environment calls the resources behind the ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortNames {
    /// The table of face records.
    pub faces_table: String,
    /// The table of registrations.
    pub registrations_table: String,
    /// The table of users.
    pub users_table: String,
    /// The table of liveness sessions.
    pub liveness_table: String,
    /// The table of routing tables.
    pub routing_table: String,
    /// The bucket of pictures.
    pub image_bucket: String,
    /// The queue of what is concluded later; `None` for a function that never adds to it.
    pub index_queue_url: Option<String>,
    /// ARN of the registration workflow; `None` for a function that never starts it.
    pub workflow: Option<String>,
}

/// The domain's ports on AWS.
#[derive(Debug)]
pub struct AwsPorts {
    engine: RekognitionEngine,
    images: ImageBucket,
    records: FaceTable,
    registrations: RegistrationTable,
    users: UserTable,
    liveness: LivenessTable,
    routing: RoutingTable,
    queue: IndexQueueClient,
    workflow: RegistrationWorkflow,
}

impl AwsPorts {
    /// Clients for every port; nothing is called yet. Records of registrations and liveness sessions that are over are
    /// kept for so many days.
    #[must_use]
    pub fn new(cloud: &Cloud, names: PortNames, days: u32) -> Self {
        let kept = DAY * days;
        let registrations = names.registrations_table;
        Self {
            engine: RekognitionEngine::new(cloud, names.image_bucket.clone()),
            images: ImageBucket::new(cloud, names.image_bucket),
            records: FaceTable::new(cloud, names.faces_table),
            registrations: RegistrationTable::new(cloud, registrations, names.users_table.clone(), kept),
            users: UserTable::new(cloud, names.users_table),
            liveness: LivenessTable::new(cloud, names.liveness_table, kept),
            routing: RoutingTable::new(cloud, names.routing_table),
            queue: IndexQueueClient::new(cloud, names.index_queue_url),
            workflow: RegistrationWorkflow::new(cloud, names.workflow),
        }
    }
}

impl Ports for AwsPorts {
    type Engine = RekognitionEngine;
    type Images = ImageBucket;
    type Records = FaceTable;
    type Registrations = RegistrationTable;
    type Users = UserTable;
    type Liveness = LivenessTable;
    type Routing = RoutingTable;
    type Queue = IndexQueueClient;
    type Workflow = RegistrationWorkflow;

    fn engine(&self) -> &RekognitionEngine {
        &self.engine
    }

    fn images(&self) -> &ImageBucket {
        &self.images
    }

    fn records(&self) -> &FaceTable {
        &self.records
    }

    fn registrations(&self) -> &RegistrationTable {
        &self.registrations
    }

    fn users(&self) -> &UserTable {
        &self.users
    }

    fn liveness(&self) -> &LivenessTable {
        &self.liveness
    }

    fn routing(&self) -> &RoutingTable {
        &self.routing
    }

    fn queue(&self) -> &IndexQueueClient {
        &self.queue
    }

    fn workflow(&self) -> &RegistrationWorkflow {
        &self.workflow
    }
}
