//! The domain's ports, each on its AWS service, with the patience of a function that somebody waits for.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;

use super::dynamodb::{FaceTable, LivenessTable, RegistrationTable, RoutingTable, UserTable};
use super::rekognition::RekognitionEngine;
use super::s3::ImageBucket;
use super::sqs::IndexQueueClient;
use super::states::RegistrationWorkflow;
use super::{Cloud, CloudError, ErrorKind};
use crate::identity::{Ports, ServiceError, ServiceErrorKind};

/// Longest wait for a connection: within a region, it takes milliseconds or does not come.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// Longest time of one attempt. The slowest call, a search in a full collection, takes well under two seconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(4);
/// Longest time of a call with its retries: two calls in a row fit into the function's time, and its into the API's.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(6);
/// Attempts in all. Whoever is still throttled after the second is told so: callers and the queue retry by themselves,
/// and retries on retries multiply exactly when there is no room for them.
const ATTEMPTS: u32 = 2;
/// The second attempt comes within this time.
const FIRST_BACKOFF: Duration = Duration::from_millis(200);

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
    /// Clients for every port; nothing is called yet.
    #[must_use]
    pub fn new(cloud: &Cloud, names: PortNames) -> Self {
        Self {
            engine: RekognitionEngine::new(cloud, names.image_bucket.clone()),
            images: ImageBucket::new(cloud, names.image_bucket),
            records: FaceTable::new(cloud, names.faces_table),
            registrations: RegistrationTable::new(cloud, names.registrations_table),
            users: UserTable::new(cloud, names.users_table),
            liveness: LivenessTable::new(cloud, names.liveness_table),
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

/// The retries of a call that somebody waits for.
pub(super) fn brisk_retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(FIRST_BACKOFF)
}

/// The timeouts of a call that somebody waits for.
pub(super) fn brisk_timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build()
}

/// Service, operation and code are all that a function's log may say: a service's own message can name an object, and
/// with it a person's face.
impl From<CloudError> for ServiceError {
    fn from(error: CloudError) -> Self {
        let kind = match error.kind {
            ErrorKind::Throttled => ServiceErrorKind::Throttled,
            ErrorKind::NotFound => ServiceErrorKind::Missing,
            ErrorKind::Conflict => ServiceErrorKind::Conflict,
            ErrorKind::Unreachable | ErrorKind::Service => ServiceErrorKind::Unanswered,
            ErrorKind::Credentials | ErrorKind::Denied | ErrorKind::Invalid => ServiceErrorKind::Unavailable,
        };
        let how = match (error.code.as_str(), error.kind) {
            ("", ErrorKind::Unreachable) => "no answer",
            ("", ErrorKind::Credentials) => "no credentials",
            ("", _) => "an answer without a code",
            (code, _) => code,
        };
        Self::new(kind, format!("{} {}: {how}", error.service, error.operation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_learns_of_an_error_what_its_log_may_say() {
        let error = |code: &str, kind| CloudError {
            service: "S3",
            operation: "GetObject",
            kind,
            code: code.to_owned(),
            message: "not authorized on arn:aws:s3:::images/tenants/demo/faces/7.png".to_owned(),
        };
        for (code, kind, expected, said) in [
            ("AccessDenied", ErrorKind::Denied, ServiceErrorKind::Unavailable, "S3 GetObject: AccessDenied"),
            ("SlowDown", ErrorKind::Throttled, ServiceErrorKind::Throttled, "S3 GetObject: SlowDown"),
            ("InternalError", ErrorKind::Service, ServiceErrorKind::Unanswered, "S3 GetObject: InternalError"),
            ("", ErrorKind::Unreachable, ServiceErrorKind::Unanswered, "S3 GetObject: no answer"),
        ] {
            assert_eq!(ServiceError::from(error(code, kind)), ServiceError::new(expected, said));
        }
    }
}
