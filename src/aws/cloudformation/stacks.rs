//! Whole stacks: how they stand, how they are protected and how they go.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::types::TemplateStage;

use super::{CloudFormation, SERVICE};
use crate::aws::{CloudError, ErrorKind};

/// How a stack stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackDescription {
    /// Its unique id, which stays valid after the stack was deleted.
    pub id: String,
    /// CloudFormation's own word, for example `UPDATE_COMPLETE`.
    pub status: String,
    /// Why it stands so, where CloudFormation says.
    pub reason: Option<String>,
    /// Its outputs by name.
    pub outputs: BTreeMap<String, String>,
    /// Its parameters by name; a secret one reads `****`.
    pub parameters: BTreeMap<String, String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Whether it refuses to be deleted.
    pub termination_protected: bool,
}

/// A resource of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackResource {
    /// Its name in the template.
    pub logical_id: String,
    /// Its name in the cloud; empty where it was never made.
    pub physical_id: String,
    /// Its CloudFormation type.
    pub resource_type: String,
    /// CloudFormation's own word, for example `DELETE_SKIPPED`.
    pub status: String,
}

impl CloudFormation {
    /// The stack of a name (or of an id, then also a deleted one); `None` when there is none.
    pub async fn describe_stack(&self, name: &str) -> Result<Option<StackDescription>, CloudError> {
        let answer = match self.client.describe_stacks().stack_name(name).send().await {
            Ok(answer) => answer,
            Err(error) => {
                let error = CloudError::from_sdk(SERVICE, "DescribeStacks", &error);
                return if error.kind == ErrorKind::NotFound { Ok(None) } else { Err(error) };
            }
        };
        let Some(stack) = answer.stacks.unwrap_or_default().into_iter().next() else {
            return Ok(None);
        };
        let id = stack.stack_id.ok_or_else(|| CloudError::incomplete(SERVICE, "DescribeStacks", "stack id"))?;
        let status =
            stack.stack_status.ok_or_else(|| CloudError::incomplete(SERVICE, "DescribeStacks", "stack status"))?;
        let outputs = stack.outputs.unwrap_or_default();
        let parameters = stack.parameters.unwrap_or_default();
        Ok(Some(StackDescription {
            id,
            status: status.as_str().to_owned(),
            reason: stack.stack_status_reason.filter(|reason| !reason.is_empty()),
            outputs: outputs.into_iter().filter_map(|output| output.output_key.zip(output.output_value)).collect(),
            parameters: parameters
                .into_iter()
                .filter_map(|parameter| parameter.parameter_key.zip(parameter.parameter_value))
                .collect(),
            tags: stack.tags.unwrap_or_default().into_iter().filter_map(|tag| tag.key.zip(tag.value)).collect(),
            termination_protected: stack.enable_termination_protection.unwrap_or(false),
        }))
    }

    /// The template as it was sent, byte for byte.
    pub async fn template(&self, stack: &str) -> Result<String, CloudError> {
        let call = self.client.get_template().stack_name(stack).template_stage(TemplateStage::Original);
        let answer = call.send().await.map_err(|error| CloudError::from_sdk(SERVICE, "GetTemplate", &error))?;
        answer.template_body.ok_or_else(|| CloudError::incomplete(SERVICE, "GetTemplate", "template"))
    }

    /// Every resource of a stack; by its id also of a deleted one.
    pub async fn stack_resources(&self, stack: &str) -> Result<Vec<StackResource>, CloudError> {
        let mut pages = self.client.list_stack_resources().stack_name(stack).into_paginator().items().send();
        let mut resources = Vec::new();
        while let Some(summary) = pages.next().await {
            let summary = summary.map_err(|error| CloudError::from_sdk(SERVICE, "ListStackResources", &error))?;
            resources.push(StackResource {
                logical_id: summary.logical_resource_id.unwrap_or_default(),
                physical_id: summary.physical_resource_id.unwrap_or_default(),
                resource_type: summary.resource_type.unwrap_or_default(),
                status: summary.resource_status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
            });
        }
        Ok(resources)
    }

    /// Begins to delete a stack. A stack that does not exist is deleted already.
    pub async fn delete_stack(&self, stack: &str, token: &str) -> Result<(), CloudError> {
        let call = self.client.delete_stack().stack_name(stack).client_request_token(token);
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(CloudError::from_sdk(SERVICE, "DeleteStack", &error)),
        }
    }

    /// Makes a stack refuse to be deleted, or lets it go.
    pub async fn protect_from_termination(&self, stack: &str, protected: bool) -> Result<(), CloudError> {
        let call = self.client.update_termination_protection().stack_name(stack);
        match call.enable_termination_protection(protected).send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(CloudError::from_sdk(SERVICE, "UpdateTerminationProtection", &error)),
        }
    }

    /// Says which resources of a stack updates may touch. It can be replaced later, but not removed.
    pub async fn set_stack_policy(&self, stack: &str, policy: &str) -> Result<(), CloudError> {
        match self.client.set_stack_policy().stack_name(stack).stack_policy_body(policy).send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(CloudError::from_sdk(SERVICE, "SetStackPolicy", &error)),
        }
    }
}
