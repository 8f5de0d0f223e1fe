//! The way to AWS of a Lambda function: everything that it needs stands in its process environment.
//!
//! Lambda gives role, region and credentials by environment variables and by nothing else, so none of the SDK's other
//! sources (profiles, instance metadata, single sign-on …) is asked, and none of them is in the program.

use std::env;

use aws_config::SdkConfig;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_sdk_dynamodb::config::{Region, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::http_client_fn;

use super::Cloud;
use super::cloud::{app_name, behavior};
use super::patience::{CONNECT_TIMEOUT, brisk_retries, brisk_timeouts};
use super::web::{Security, connector};

/// The endpoint of every service; set on the local cloud only.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";
/// The endpoint of Rekognition, where it is another one.
const REKOGNITION_ENDPOINT: &str = "AWS_ENDPOINT_URL_REKOGNITION";

impl Cloud {
    /// Whatever the process environment says. Nothing is called yet.
    #[must_use]
    pub fn from_process_environment() -> Self {
        Self::read(|variable| env::var(variable).ok().filter(|value| !value.is_empty()))
    }

    /// Reads variables from anywhere.
    fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let endpoint = variable(ENDPOINT);
        // One pool for all clients, made now: on Lambda, a start has a whole processor, a call has a part of one.
        let pool = connector(endpoint.as_deref().map_or(Security::Tls, Security::of), CONNECT_TIMEOUT);
        let mut config = SdkConfig::builder()
            .behavior_version(behavior())
            .region(variable("AWS_REGION").map(Region::new))
            .use_fips(variable("AWS_USE_FIPS_ENDPOINT").is_some_and(|value| value.eq_ignore_ascii_case("true")))
            .credentials_provider(SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()))
            .retry_config(brisk_retries())
            .timeout_config(brisk_timeouts())
            .http_client(http_client_fn(move |_, _| pool.clone()));
        config.set_endpoint_url(endpoint);
        config.set_app_name(app_name());
        Self { shared: config.build(), rekognition_endpoint: variable(REKOGNITION_ENDPOINT) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_on_aws_has_a_region_and_no_endpoint() {
        let cloud = Cloud::read(|name| (name == "AWS_REGION").then(|| "eu-west-1".to_owned()));
        assert_eq!((cloud.region(), cloud.endpoint(), &cloud.rekognition_endpoint), (Some("eu-west-1"), None, &None));
        assert_eq!(cloud.shared.use_fips(), Some(false));
    }

    #[test]
    fn a_function_on_the_local_cloud_asks_its_two_endpoints() {
        let cloud = Cloud::read(|name| match name {
            ENDPOINT => Some("http://127.0.0.1:4566".to_owned()),
            REKOGNITION_ENDPOINT => Some("http://127.0.0.1:4567".to_owned()),
            _ => None,
        });
        assert_eq!(cloud.endpoint(), Some("http://127.0.0.1:4566"));
        assert_eq!(cloud.rekognition_endpoint.as_deref(), Some("http://127.0.0.1:4567"));
    }

    #[test]
    fn fips_endpoints_are_used_where_the_environment_says_so() {
        let cloud = Cloud::read(|name| (name == "AWS_USE_FIPS_ENDPOINT").then(|| "true".to_owned()));
        assert_eq!(cloud.shared.use_fips(), Some(true));
    }
}
