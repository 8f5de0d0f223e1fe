//! Sending to the index queue.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::Builder;

use crate::aws::patience::{brisk_retries, brisk_timeouts};
use crate::aws::{Cloud, CloudError};
use crate::identity::{Job, JobQueue, ServiceError, ServiceErrorKind};

/// A face's message can be received this long after it was sent, seconds. The API function, which sends it when it begins a
/// registration, has ended by then: its timeout is 26 s.
const DELAY_SECONDS: i32 = 30;

/// The queue of what is concluded later.
#[derive(Debug)]
pub struct IndexQueueClient {
    client: Client,
    url: Option<String>,
}

impl IndexQueueClient {
    /// A client for the queue at `url`.
    #[must_use]
    pub fn new(cloud: &Cloud, url: Option<String>) -> Self {
        let config = Builder::from(&cloud.shared).retry_config(brisk_retries()).timeout_config(brisk_timeouts());
        Self { client: Client::from_conf(config.build()), url }
    }
}

impl JobQueue for IndexQueueClient {
    async fn enqueue(&self, job: &Job) -> Result<(), ServiceError> {
        let Some(url) = &self.url else {
            return Err(ServiceError::new(ServiceErrorKind::Unavailable, "no index queue is configured"));
        };
        let delay = match job {
            Job::Face { .. } => DELAY_SECONDS,
            Job::Registration { .. } => 0,
        };
        let body = serde_json::to_string(job).map_err(|error| {
            ServiceError::new(ServiceErrorKind::Unavailable, format!("a message is no JSON: {error}"))
        })?;
        let message = self.client.send_message().queue_url(url).message_body(body).delay_seconds(delay);
        message.send().await.map_err(|error| CloudError::from_sdk("SQS", "SendMessage", &error))?;
        Ok(())
    }
}
