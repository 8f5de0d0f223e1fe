//! What CloudFormation says of a stack.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::Client;

use crate::aws::{Cloud, CloudError, ErrorKind};
use crate::model::Timestamp;

const SERVICE: &str = "CloudFormation";

/// A stack as DescribeStacks answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackFacts {
    /// Its name.
    pub name: String,
    /// Its ARN, which also tells the account and the region.
    pub arn: String,
    /// CloudFormation's word for its state, for example `UPDATE_ROLLBACK_COMPLETE`.
    pub status: String,
    /// CloudFormation's reason for the state, where it gives one.
    pub reason: Option<String>,
    /// When it was last changed, or made.
    pub changed: Option<Timestamp>,
    /// Its outputs.
    pub outputs: BTreeMap<String, String>,
}

impl Cloud {
    /// Where the API of a service stack with these outputs answers; `None` where it has none. The address that AWS
    /// documents cannot be called on the local cloud, which has a path instead.
    #[must_use]
    pub fn api_url(&self, outputs: &BTreeMap<String, String>) -> Option<String> {
        let Some(endpoint) = self.endpoint() else { return outputs.get("ApiUrl").cloned() };
        let (id, stage) = (outputs.get("RestApiId")?, outputs.get("StageName")?);
        Some(format!("{}/restapis/{id}/{stage}/_user_request_", endpoint.trim_end_matches('/')))
    }

    /// A stack by name; `None` where there is none.
    pub async fn stack(&self, name: &str) -> Result<Option<StackFacts>, CloudError> {
        let client = Client::new(&self.shared);
        let answer = match client.describe_stacks().stack_name(name).send().await {
            Ok(answer) => answer,
            Err(error) => {
                let error = CloudError::from_sdk(SERVICE, "DescribeStacks", &error);
                return if error.kind == ErrorKind::NotFound { Ok(None) } else { Err(error) };
            }
        };
        let stack = answer.stacks.unwrap_or_default().into_iter().next();
        Ok(stack.map(|stack| StackFacts {
            name: stack.stack_name.unwrap_or_else(|| name.to_owned()),
            arn: stack.stack_id.unwrap_or_default(),
            status: stack.stack_status.map_or_else(|| "UNKNOWN".to_owned(), |status| status.as_str().to_owned()),
            reason: stack.stack_status_reason.filter(|reason| !reason.is_empty()),
            changed: stack
                .last_updated_time
                .or(stack.creation_time)
                .and_then(|at| at.to_millis().ok())
                .map(Timestamp::from_millis),
            outputs: stack
                .outputs
                .unwrap_or_default()
                .into_iter()
                .filter_map(|output| Some((output.output_key?, output.output_value?)))
                .collect(),
        }))
    }
}
