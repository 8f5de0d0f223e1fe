//! Clients of Rekognition, one for each class of operations.
//!
//! The SDK's clients of one service share one budget of retries. Rekognition throttles by operation, so when searches
//! are throttled they would use up the retries of everything else; with a budget of its own each class stands alone.

use aws_sdk_rekognition::Client;
use aws_sdk_rekognition::config::Builder;
use aws_sdk_rekognition::config::retry::RetryPartition;

use crate::aws::Cloud;
use crate::aws::patience::{brisk_retries, brisk_timeouts};

/// See the module.
#[derive(Debug)]
pub(super) struct Clients {
    /// What looks at pictures: DetectFaces, CompareFaces, DetectText.
    pub(super) look: Client,
    /// SearchFacesByImage, DescribeCollection.
    pub(super) search: Client,
    /// What changes collections: IndexFaces, DeleteFaces.
    pub(super) change: Client,
    /// Sessions of Face Liveness.
    pub(super) liveness: Client,
}

impl Clients {
    /// Clients with few attempts and short timeouts.
    pub(super) fn new(cloud: &Cloud) -> Self {
        let client = |class: &'static str| {
            let mut config = Builder::from(&cloud.shared)
                .retry_config(brisk_retries())
                .timeout_config(brisk_timeouts())
                .retry_partition(RetryPartition::new(class));
            if let Some(endpoint) = &cloud.rekognition_endpoint {
                config = config.endpoint_url(endpoint);
            }
            Client::from_conf(config.build())
        };
        Self {
            look: client("rekognition-look"),
            search: client("rekognition-search"),
            change: client("rekognition-change"),
            liveness: client("rekognition-liveness"),
        }
    }
}
