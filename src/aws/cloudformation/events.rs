//! What CloudFormation tells about a running change.

use aws_sdk_cloudformation::types::{EventFilter, EventType};

use super::{CloudFormation, SERVICE, timestamp};
use crate::aws::CloudError;
use crate::model::Timestamp;

/// One line of a stack's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackEvent {
    /// Unique within the stack.
    pub id: String,
    /// When it happened, by the cloud's clock.
    pub at: Timestamp,
    /// The resource's name in the template; the stack's name where the stack itself is meant.
    pub resource: String,
    /// Its CloudFormation type.
    pub resource_type: String,
    /// Its name in the cloud; `None` where it was not made yet.
    pub physical_id: Option<String>,
    /// CloudFormation's own word, for example `CREATE_IN_PROGRESS`.
    pub status: String,
    /// Why, where CloudFormation says.
    pub reason: Option<String>,
    /// Whether the stack itself is meant and not one of its resources.
    pub of_stack: bool,
}

impl CloudFormation {
    /// The events of a stack (by its id, so that a deleted one still answers) that are newer than a moment, oldest
    /// first. CloudFormation answers newest first, so only as many pages are read as are needed.
    pub async fn events_after(&self, stack_id: &str, after: Timestamp) -> Result<Vec<StackEvent>, CloudError> {
        let mut pages = self.client.describe_stack_events().stack_name(stack_id).into_paginator().send();
        let mut events = Vec::new();
        'pages: while let Some(page) = pages.next().await {
            let page = page.map_err(|error| CloudError::from_sdk(SERVICE, "DescribeStackEvents", &error))?;
            for event in page.stack_events.unwrap_or_default() {
                let at = event.timestamp.as_ref().and_then(timestamp);
                let at = at.ok_or_else(|| CloudError::incomplete(SERVICE, "DescribeStackEvents", "timestamp"))?;
                if at <= after {
                    break 'pages;
                }
                events.push(StackEvent {
                    id: event.event_id.unwrap_or_default(),
                    at,
                    // A nested stack is a resource of its parent; only the stack itself names itself.
                    of_stack: event.physical_resource_id.is_some() && event.physical_resource_id == event.stack_id,
                    physical_id: event.physical_resource_id.filter(|id| !id.is_empty()),
                    resource: event.logical_resource_id.unwrap_or_default(),
                    resource_type: event.resource_type.unwrap_or_default(),
                    status: event.resource_status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
                    reason: event.resource_status_reason.filter(|reason| !reason.is_empty()),
                });
            }
        }
        events.reverse();
        Ok(events)
    }

    /// What the validation before a deployment refused since a moment, oldest first: the stack's own events only say
    /// that something was refused.
    pub async fn refused_after(&self, stack_id: &str, after: Timestamp) -> Result<Vec<StackEvent>, CloudError> {
        let filter = EventFilter::builder().failed_events(true).build();
        let mut pages = self.client.describe_events().stack_name(stack_id).filters(filter).into_paginator().send();
        let mut events = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| CloudError::from_sdk(SERVICE, "DescribeEvents", &error))?;
            for event in page.operation_events.unwrap_or_default() {
                let at = event.timestamp.as_ref().and_then(timestamp).unwrap_or(after);
                if event.event_type != Some(EventType::ValidationError) || at < after {
                    continue;
                }
                events.push(StackEvent {
                    id: event.event_id.unwrap_or_default(),
                    at,
                    resource: event.logical_resource_id.unwrap_or_default(),
                    resource_type: event.resource_type.unwrap_or_default(),
                    physical_id: event.physical_resource_id,
                    status: "VALIDATION_FAILED".to_owned(),
                    reason: event.validation_status_reason,
                    of_stack: false,
                });
            }
        }
        // The order of this call is not documented.
        events.sort_by_key(|event| event.at);
        Ok(events)
    }

    /// When the newest event of a stack happened; `None` for a stack without history.
    pub async fn newest_event(&self, stack_id: &str) -> Result<Option<Timestamp>, CloudError> {
        let answer = self.client.describe_stack_events().stack_name(stack_id).send().await;
        let answer = answer.map_err(|error| CloudError::from_sdk(SERVICE, "DescribeStackEvents", &error))?;
        Ok(answer.stack_events.unwrap_or_default().first().and_then(|event| timestamp(event.timestamp.as_ref()?)))
    }
}
