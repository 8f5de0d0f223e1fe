//! CloudWatch Logs: which groups there are and what was written to them.

use aws_sdk_cloudwatchlogs::Client;

use super::{Cloud, CloudError};
use crate::model::Timestamp;

const SERVICE: &str = "CloudWatch Logs";

/// One line of a log.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LogEvent {
    /// The stream that it was written to.
    pub stream: String,
    /// When, by its writer.
    pub at: Timestamp,
    /// The line.
    pub message: String,
}

/// Reads the logs of one cloud.
#[derive(Debug, Clone)]
pub struct Logs {
    client: Client,
}

impl Logs {
    /// The logs of a cloud.
    #[must_use]
    pub fn new(cloud: &Cloud) -> Self {
        Self { client: Client::new(&cloud.shared) }
    }

    /// The name of every log group.
    pub async fn groups(&self) -> Result<Vec<String>, CloudError> {
        let mut pages = self.client.describe_log_groups().into_paginator().items().send();
        let mut names = Vec::new();
        while let Some(group) = pages.next().await {
            let group = group.map_err(|error| CloudError::from_sdk(SERVICE, "DescribeLogGroups", &error))?;
            names.extend(group.log_group_name);
        }
        Ok(names)
    }

    /// Every event of a group from `since` on, oldest first, whose message matches `pattern` (CloudWatch Logs filter
    /// syntax; empty for all).
    pub async fn events(&self, group: &str, since: Timestamp, pattern: &str) -> Result<Vec<LogEvent>, CloudError> {
        let request = self.client.filter_log_events().log_group_name(group).start_time(since.millis());
        let request = if pattern.is_empty() { request } else { request.filter_pattern(pattern) };
        let mut pages = request.into_paginator().send();
        let mut events = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| CloudError::from_sdk(SERVICE, "FilterLogEvents", &error))?;
            events.extend(page.events.unwrap_or_default().into_iter().map(|event| LogEvent {
                stream: event.log_stream_name.unwrap_or_default(),
                at: Timestamp::from_millis(event.timestamp.unwrap_or_default()),
                message: event.message.unwrap_or_default(),
            }));
        }
        Ok(events)
    }
}
