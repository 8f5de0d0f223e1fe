//! Change sets: what a stack would become, reviewed before it happens.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::types::{
    self, Capability, ChangeSetStatus, OnStackFailure, Parameter, ResourceToImport, Tag,
};

use super::{CloudFormation, SERVICE, timestamp};
use crate::aws::CloudError;
use crate::model::{Change, ChangeAction, ChangeDetail, Replacement, Timestamp};

/// A change set to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeSetRequest<'a> {
    /// The stack's name.
    pub stack: &'a str,
    /// The change set's own name.
    pub name: &'a str,
    /// Whether the stack is new, exists, or takes over resources and nothing else.
    pub kind: ChangeSetType,
    /// The template.
    pub template: TemplateSource<'a>,
    /// Values of parameters; others keep the template's default.
    pub parameters: &'a BTreeMap<String, String>,
    /// Tags that CloudFormation puts on every resource.
    pub tags: &'a BTreeMap<String, String>,
    /// Makes the call repeatable: the same token never makes a second change set.
    pub token: &'a str,
}

/// What a change set does to its stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeSetType {
    /// Makes it.
    Create,
    /// Changes it.
    Update,
    /// Takes these existing resources over and does nothing else.
    Import(Vec<ResourceImport>),
}

/// An existing resource to be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceImport {
    /// Its CloudFormation type.
    pub resource_type: String,
    /// Its name in the template.
    pub logical_id: String,
    /// The property that identifies it, and its value.
    pub identifier: (String, String),
}

/// Where CloudFormation finds a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateSource<'a> {
    /// In the request itself, up to 51,200 bytes.
    Inline(&'a str),
    /// At an S3 URL, up to 1 MB.
    Url(&'a str),
}

/// A change set as CloudFormation computed it.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeSet {
    /// How far CloudFormation is with it.
    pub state: ChangeSetState,
    /// The unique id of its stack.
    pub stack_id: String,
    /// When it was made, by the cloud's clock.
    pub created: Timestamp,
    /// What it changes.
    pub changes: Vec<ResourceChange>,
}

/// How far CloudFormation is with a change set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeSetState {
    /// Still being computed.
    Pending,
    /// Ready to be executed.
    Ready,
    /// It came to nothing, for this reason; "no changes" is one.
    Failed(String),
}

/// One change with the resource's name in the cloud.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceChange {
    /// The change in the words of the house.
    pub change: Change,
    /// The resource's name in the cloud; `None` where it does not exist yet.
    pub physical_id: Option<String>,
    /// Whether the old resource outlives its removal or replacement.
    pub retained: bool,
}

impl CloudFormation {
    /// Begins to compute a change set and gives its id.
    pub async fn create_change_set(&self, request: &ChangeSetRequest<'_>) -> Result<String, CloudError> {
        let parameter = |(key, value)| Parameter::builder().parameter_key(key).parameter_value(value).build();
        let tag = |(key, value)| Tag::builder().key(key).value(value).build();
        let call = self
            .client
            .create_change_set()
            .stack_name(request.stack)
            .change_set_name(request.name)
            .client_token(request.token)
            .capabilities(Capability::CapabilityNamedIam)
            .set_parameters(Some(request.parameters.iter().map(parameter).collect()))
            .set_tags(Some(request.tags.iter().map(tag).collect()));
        let call = match request.template {
            TemplateSource::Inline(body) => call.template_body(body),
            TemplateSource::Url(url) => call.template_url(url),
        };
        // A failed change must leave the stack as it was, and retained resources of an earlier life are taken over:
        // both are said, since CloudFormation's defaults differ from call to call.
        let adopting =
            |call: aws_sdk_cloudformation::operation::create_change_set::builders::CreateChangeSetFluentBuilder| {
                call.on_stack_failure(OnStackFailure::Rollback).import_existing_resources(true)
            };
        let call = match &request.kind {
            ChangeSetType::Create => adopting(call).change_set_type(types::ChangeSetType::Create),
            ChangeSetType::Update => adopting(call).change_set_type(types::ChangeSetType::Update),
            ChangeSetType::Import(resources) => call
                .change_set_type(types::ChangeSetType::Import)
                .set_resources_to_import(Some(resources.iter().map(to_import).collect())),
        };
        let answer = call.send().await.map_err(|error| CloudError::from_sdk(SERVICE, "CreateChangeSet", &error))?;
        answer.id.ok_or_else(|| CloudError::incomplete(SERVICE, "CreateChangeSet", "change set id"))
    }

    /// A change set with all its changes.
    pub async fn describe_change_set(&self, id: &str) -> Result<ChangeSet, CloudError> {
        let mut changes = Vec::new();
        let mut page = None;
        loop {
            let call = self.client.describe_change_set().change_set_name(id).include_property_values(true);
            let answer = call
                .set_next_token(page)
                .send()
                .await
                .map_err(|error| CloudError::from_sdk(SERVICE, "DescribeChangeSet", &error))?;
            changes.extend(answer.changes.unwrap_or_default().into_iter().filter_map(from_change));
            page = answer.next_token.filter(|token| !token.is_empty());
            if page.is_none() {
                let state = match answer.status {
                    Some(ChangeSetStatus::CreateComplete) => ChangeSetState::Ready,
                    Some(ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress) => ChangeSetState::Pending,
                    Some(status) => {
                        ChangeSetState::Failed(answer.status_reason.unwrap_or_else(|| status.as_str().to_owned()))
                    }
                    None => return Err(CloudError::incomplete(SERVICE, "DescribeChangeSet", "status")),
                };
                let created = answer.creation_time.as_ref().and_then(timestamp);
                let created =
                    created.ok_or_else(|| CloudError::incomplete(SERVICE, "DescribeChangeSet", "creation time"))?;
                let stack_id = answer.stack_id;
                let stack_id =
                    stack_id.ok_or_else(|| CloudError::incomplete(SERVICE, "DescribeChangeSet", "stack id"))?;
                return Ok(ChangeSet { state, stack_id, created, changes });
            }
        }
    }

    /// Begins to execute a change set. What a failing creation made is deleted again, also where it would be retained.
    pub async fn execute_change_set(&self, id: &str, token: &str) -> Result<(), CloudError> {
        let call = self.client.execute_change_set().change_set_name(id).client_request_token(token);
        match call.retain_except_on_create(true).send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(CloudError::from_sdk(SERVICE, "ExecuteChangeSet", &error)),
        }
    }

    /// Deletes a change set of a stack by its name or id.
    pub async fn delete_change_set(&self, stack: &str, name: &str) -> Result<(), CloudError> {
        match self.client.delete_change_set().stack_name(stack).change_set_name(name).send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(CloudError::from_sdk(SERVICE, "DeleteChangeSet", &error)),
        }
    }
}

fn to_import(resource: &ResourceImport) -> ResourceToImport {
    let (property, value) = &resource.identifier;
    ResourceToImport::builder()
        .resource_type(&resource.resource_type)
        .logical_resource_id(&resource.logical_id)
        .resource_identifier(property, value)
        .build()
}

fn from_change(change: types::Change) -> Option<ResourceChange> {
    let change = change.resource_change?;
    let retained = change.policy_action.is_some_and(|action| action.as_str().contains("Retain"));
    let action = match change.action? {
        types::ChangeAction::Add => ChangeAction::Add,
        types::ChangeAction::Modify => ChangeAction::Modify,
        types::ChangeAction::Remove => ChangeAction::Remove,
        types::ChangeAction::Import => ChangeAction::Import,
        // Whatever CloudFormation learns to do later is at least not certain.
        _ => ChangeAction::Dynamic,
    };
    let replacement = match change.replacement {
        Some(types::Replacement::True) => Replacement::Yes,
        Some(types::Replacement::Conditional) => Replacement::Conditional,
        _ => Replacement::No,
    };
    Some(ResourceChange {
        change: Change {
            action,
            resource: change.logical_resource_id.unwrap_or_default(),
            resource_type: change.resource_type.unwrap_or_default(),
            replacement,
            faces_at_risk: None,
            details: from_details(change.details.unwrap_or_default()),
        },
        physical_id: change.physical_resource_id.filter(|id| !id.is_empty()),
        retained,
    })
}

/// The changed properties, each once: CloudFormation repeats a property for every reference that changes it.
fn from_details(details: Vec<types::ResourceChangeDetail>) -> Vec<ChangeDetail> {
    let mut seen: Vec<ChangeDetail> = Vec::new();
    for target in details.into_iter().filter_map(|detail| detail.target) {
        let property = match (target.path, target.attribute, target.name) {
            (Some(path), _, _) if !path.is_empty() => path.trim_start_matches('/').replace('/', "."),
            (_, Some(attribute), Some(name)) => format!("{}.{name}", attribute.as_str()),
            (_, Some(attribute), None) => attribute.as_str().to_owned(),
            (_, None, name) => name.unwrap_or_default(),
        };
        let detail = ChangeDetail { property, before: target.before_value, after: target.after_value };
        match seen.iter_mut().find(|known| known.property == detail.property) {
            Some(known) if known.before.is_none() && known.after.is_none() => *known = detail,
            Some(_) => {}
            None => seen.push(detail),
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::types::{
        ChangeSource, PolicyAction, ResourceAttribute, ResourceChangeDetail, ResourceTargetDefinition,
    };

    use super::*;

    #[test]
    fn a_change_keeps_what_matters_and_names_each_property_once() {
        let target = |before: Option<&str>| {
            ResourceTargetDefinition::builder()
                .attribute(ResourceAttribute::Properties)
                .name("BillingMode")
                .path("/Properties/BillingMode")
                .set_before_value(before.map(str::to_owned))
                .build()
        };
        let detail =
            |source, before| ResourceChangeDetail::builder().change_source(source).target(target(before)).build();
        let change = types::ResourceChange::builder()
            .action(types::ChangeAction::Modify)
            .replacement(types::Replacement::Conditional)
            .policy_action(PolicyAction::ReplaceAndRetain)
            .logical_resource_id("FacesTable")
            .physical_resource_id("idv-local-faces")
            .resource_type("AWS::DynamoDB::Table")
            .details(detail(ChangeSource::ParameterReference, None))
            .details(detail(ChangeSource::DirectModification, Some("PROVISIONED")))
            .build();
        let change = from_change(types::Change::builder().resource_change(change).build()).unwrap();
        assert!(change.retained);
        assert_eq!(change.physical_id.as_deref(), Some("idv-local-faces"));
        assert_eq!(change.change.replacement, Replacement::Conditional);
        assert_eq!(
            change.change.details,
            [ChangeDetail {
                property: "Properties.BillingMode".to_owned(),
                before: Some("PROVISIONED".to_owned()),
                after: None
            }]
        );
    }
}
