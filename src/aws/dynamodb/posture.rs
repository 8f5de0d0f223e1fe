//! How a table is protected.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{PointInTimeRecoveryStatus, SseStatus};

use crate::aws::{Cloud, CloudError};

const SERVICE: &str = "DynamoDB";

/// Asks tables how they are protected.
#[derive(Debug, Clone)]
pub struct TablePosture {
    client: Client,
}

/// A table and the key that it is encrypted with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableEncryption {
    /// The table's ARN, which names its account.
    pub arn: String,
    /// The key, where it is not AWS's own and encryption with it is in force.
    pub key: Option<String>,
}

impl TablePosture {
    /// The way to the tables of this cloud.
    #[must_use]
    pub fn new(cloud: &Cloud) -> Self {
        Self { client: Client::new(&cloud.shared) }
    }

    /// The key that a table is encrypted with.
    pub async fn encryption(&self, table: &str) -> Result<TableEncryption, CloudError> {
        let operation = "DescribeTable";
        let answer = self.client.describe_table().table_name(table).send().await;
        let answer = answer.map_err(|error| CloudError::from_sdk(SERVICE, operation, &error))?;
        let table = answer.table().ok_or_else(|| CloudError::incomplete(SERVICE, operation, "Table"))?;
        let arn = table.table_arn().ok_or_else(|| CloudError::incomplete(SERVICE, operation, "TableArn"))?;
        let in_force = table
            .sse_description()
            .filter(|sse| matches!(sse.status(), Some(SseStatus::Enabled | SseStatus::Updating)));
        let key = in_force.and_then(|sse| sse.kms_master_key_arn());
        Ok(TableEncryption { arn: arn.to_owned(), key: key.map(str::to_owned) })
    }

    /// Whether a table can be restored to any second of its backup window.
    pub async fn point_in_time_recovery(&self, table: &str) -> Result<bool, CloudError> {
        let operation = "DescribeContinuousBackups";
        let answer = self.client.describe_continuous_backups().table_name(table).send().await;
        let answer = answer.map_err(|error| CloudError::from_sdk(SERVICE, operation, &error))?;
        let status = answer
            .continuous_backups_description()
            .and_then(|backups| backups.point_in_time_recovery_description())
            .and_then(|recovery| recovery.point_in_time_recovery_status())
            .ok_or_else(|| CloudError::incomplete(SERVICE, operation, "PointInTimeRecoveryStatus"))?;
        Ok(*status == PointInTimeRecoveryStatus::Enabled)
    }
}
