//! How a queue is protected.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;

use crate::aws::{Cloud, CloudError};

const SERVICE: &str = "SQS";

/// Asks queues how they are protected.
#[derive(Debug, Clone)]
pub struct QueuePosture {
    client: Client,
}

/// What protects a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueProtection {
    /// Encrypted with SQS's own key.
    pub managed_encryption: bool,
    /// Encrypted with this KMS key.
    pub key: Option<String>,
    /// The queue policy as JSON.
    pub policy: Option<String>,
}

impl QueuePosture {
    /// The way to the queues of this cloud.
    #[must_use]
    pub fn new(cloud: &Cloud) -> Self {
        Self { client: Client::new(&cloud.shared) }
    }

    /// What protects the queue of this name.
    pub async fn protection(&self, queue: &str) -> Result<QueueProtection, CloudError> {
        let url = self.client.get_queue_url().queue_name(queue).send().await;
        let url = url.map_err(|error| CloudError::from_sdk(SERVICE, "GetQueueUrl", &error))?;
        let url = url.queue_url().ok_or_else(|| CloudError::incomplete(SERVICE, "GetQueueUrl", "QueueUrl"))?;
        let answer = self.client.get_queue_attributes().queue_url(url).attribute_names(QueueAttributeName::All);
        let answer =
            answer.send().await.map_err(|error| CloudError::from_sdk(SERVICE, "GetQueueAttributes", &error))?;
        let attribute = |name| answer.attributes().and_then(|attributes| attributes.get(&name)).cloned();
        let not_empty = |text: &String| !text.is_empty();
        Ok(QueueProtection {
            managed_encryption: attribute(QueueAttributeName::SqsManagedSseEnabled).is_some_and(|flag| flag == "true"),
            key: attribute(QueueAttributeName::KmsMasterKeyId).filter(not_empty),
            policy: attribute(QueueAttributeName::Policy).filter(not_empty),
        })
    }
}
