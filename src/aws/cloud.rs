//! Loading credentials, endpoints, timeouts and retries, once, for every service client.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_smithy_http_client::Builder as HttpClientBuilder;

use super::web::TLS;
use crate::model::{AwsTarget, LocalCloud};

/// Longest wait for a TCP and TLS connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Longest time of one attempt of a call.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest time of a call with its retries.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(25);
/// Attempts of a call in all, the first included.
const ATTEMPTS: u32 = 3;

/// The way to one cloud. Cheap to clone; clients made from it share connections.
#[derive(Debug, Clone)]
pub struct Cloud {
    pub(super) shared: SdkConfig,
    /// Rekognition listens elsewhere on the local cloud.
    pub(super) rekognition_endpoint: Option<String>,
}

impl Cloud {
    /// An AWS account, through the configured profile or the default credential chain. Nothing is called yet.
    pub async fn aws(target: &AwsTarget) -> Self {
        let mut loader = loader().region(Region::new(target.region.to_string())).use_fips(target.fips);
        if let Some(profile) = &target.profile {
            loader = loader.profile_name(profile);
        }
        Self { shared: loader.load().await, rekognition_endpoint: None }
    }

    /// The local cloud on this machine.
    pub async fn local(local: &LocalCloud) -> Self {
        let credentials = aws_sdk_dynamodb::config::Credentials::new(
            &local.access_key_id,
            &local.secret_access_key,
            None,
            None,
            "local-cloud",
        );
        let shared = loader()
            .region(Region::new(local.region.to_string()))
            .endpoint_url(&local.endpoint)
            // Of no meaning here, and the SDK refuses them beside an endpoint of one's own.
            .use_fips(false)
            .use_dual_stack(false)
            .credentials_provider(credentials)
            .load()
            .await;
        Self { shared, rekognition_endpoint: Some(local.rekognition_endpoint.clone()) }
    }

    /// The region that calls go to.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.shared.region().map(Region::as_ref)
    }

    /// The one endpoint of every service but Rekognition; `None` on AWS, where each service has its own.
    #[must_use]
    pub fn endpoint(&self) -> Option<&str> {
        self.shared.endpoint_url()
    }
}

fn loader() -> aws_config::ConfigLoader {
    let loader = aws_config::defaults(behavior())
        .http_client(HttpClientBuilder::new().tls_provider(TLS).build_https())
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                .operation_timeout(OPERATION_TIMEOUT)
                .build(),
        );
    match app_name() {
        Some(name) => loader.app_name(name),
        None => loader,
    }
}

/// The defaults of the SDK, as of a fixed day.
pub(super) fn behavior() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

/// What calls say of the program in their user agent.
pub(super) fn app_name() -> Option<AppName> {
    AppName::new(concat!("idvctl-", env!("CARGO_PKG_VERSION"))).ok()
}
