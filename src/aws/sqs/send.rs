//! Sending a registration to the index queue.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::Builder;

use crate::aws::ports::{brisk_retries, brisk_timeouts};
use crate::aws::{Cloud, CloudError};
use crate::identity::{IndexQueue, ServiceError, ServiceErrorKind};
use crate::model::{FaceId, TenantId};

/// A message can be received this long after it was sent, seconds. The API function, which sends it when it begins a
/// registration, has ended by then: its timeout is 15 s.
const DELAY_SECONDS: i32 = 30;

/// The queue of registrations. A message is `{"tenant": …, "face_id": …}`.
#[derive(Debug)]
pub struct IndexQueueClient {
    client: Client,
    url: Option<String>,
}

impl IndexQueueClient {
    /// A client for the queue at `url`.
    #[must_use]
    pub(in crate::aws) fn new(cloud: &Cloud, url: Option<String>) -> Self {
        let config = Builder::from(&cloud.shared).retry_config(brisk_retries()).timeout_config(brisk_timeouts());
        Self { client: Client::from_conf(config.build()), url }
    }
}

impl IndexQueue for IndexQueueClient {
    async fn enqueue(&self, tenant: &TenantId, face: &FaceId) -> Result<(), ServiceError> {
        let Some(url) = &self.url else {
            return Err(ServiceError::new(ServiceErrorKind::Unavailable, "no index queue is configured"));
        };
        let message = serde_json::json!({ "tenant": tenant, "face_id": face }).to_string();
        let message = self.client.send_message().queue_url(url).message_body(message).delay_seconds(DELAY_SECONDS);
        message.send().await.map_err(|error| CloudError::from_sdk("SQS", "SendMessage", &error))?;
        Ok(())
    }
}
