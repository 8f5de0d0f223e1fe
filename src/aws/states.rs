//! Step Functions: the registration workflow.

use std::time::Duration;

use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_sfn::config::{Builder, ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_sfn::error::BoxError;
use aws_sdk_sfn::types::SyncExecutionStatus;

use super::patience::{brisk_retries, brisk_timeouts};
use super::{Cloud, CloudError};
use crate::identity::{ServiceError, ServiceErrorKind, Workflow, WorkflowEnd, WorkflowInput};

const SERVICE: &str = "Step Functions";
const OPERATION: &str = "StartSyncExecution";

/// Longest wait for the end of a workflow, which may itself take 22 s. The function that waits here has 26 s.
const PATIENCE: Duration = Duration::from_secs(24);

/// The registration workflow, an EXPRESS state machine that is waited for.
#[derive(Debug)]
pub struct RegistrationWorkflow {
    client: Client,
    machine: Option<String>,
}

impl RegistrationWorkflow {
    /// A client for the state machine with this ARN.
    #[must_use]
    pub fn new(cloud: &Cloud, machine: Option<String>) -> Self {
        let timeouts =
            brisk_timeouts().to_builder().operation_attempt_timeout(PATIENCE).operation_timeout(PATIENCE).build();
        let config = Builder::from(&cloud.shared).retry_config(brisk_retries()).timeout_config(timeouts);
        let config = match cloud.endpoint() {
            Some(endpoint) => config.interceptor(AsConfigured { host: host(endpoint).to_owned() }),
            None => config,
        };
        Self { client: Client::from_conf(config.build()), machine }
    }
}

impl Workflow for RegistrationWorkflow {
    /// The execution is named after its registration, so that its log can be found. Names of EXPRESS executions need not
    /// be unique: a second one runs, and its steps see that they were done.
    async fn run(&self, input: &WorkflowInput) -> Result<WorkflowEnd, ServiceError> {
        let Some(machine) = &self.machine else {
            return Err(ServiceError::new(ServiceErrorKind::Unavailable, "no registration workflow is configured"));
        };
        let text = serde_json::to_string(input).map_err(|error| {
            ServiceError::new(ServiceErrorKind::Unavailable, format!("a workflow's input is no JSON: {error}"))
        })?;
        let execution = self.client.start_sync_execution().state_machine_arn(machine).input(text);
        let execution = execution.name(input.registration_id.as_str()).send().await;
        let execution = execution.map_err(|error| CloudError::from_sdk(SERVICE, OPERATION, &error))?;
        // The answer is HTTP 200 however the execution ended.
        match execution.status() {
            SyncExecutionStatus::Succeeded => Ok(WorkflowEnd::Succeeded),
            SyncExecutionStatus::Failed => Ok(WorkflowEnd::Failed),
            SyncExecutionStatus::TimedOut => Ok(WorkflowEnd::TimedOut),
            _ => Err(CloudError::incomplete(SERVICE, OPERATION, "status that is known").into()),
        }
    }
}

/// At an endpoint of one's own there is no `sync-` in front of the host, as there is on AWS; the SDK puts it there all the
/// same, and `sync-127.0.0.1` is nowhere.
#[derive(Debug)]
struct AsConfigured {
    /// Host and port of the endpoint.
    host: String,
}

impl Intercept for AsConfigured {
    fn name(&self) -> &'static str {
        "EndpointAsConfigured"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        let uri = request.uri().replacen(&format!("//sync-{}", self.host), &format!("//{}", self.host), 1);
        request.set_uri(uri)?;
        Ok(())
    }
}

/// Host and port of `http://127.0.0.1:4566/…`.
fn host(endpoint: &str) -> &str {
    let rest = endpoint.split_once("//").map_or(endpoint, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_an_endpoint_comes_with_its_port() {
        for endpoint in ["http://127.0.0.1:4566", "http://127.0.0.1:4566/", "127.0.0.1:4566"] {
            assert_eq!(host(endpoint), "127.0.0.1:4566");
        }
    }
}
