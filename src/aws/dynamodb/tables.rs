//! Whole tables: how much they hold, and how they go.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{Select, TableStatus};

use crate::aws::{Cloud, CloudError, ErrorKind};

const SERVICE: &str = "DynamoDB";

/// The way to an environment's tables. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Tables {
    client: Client,
}

/// What is known of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDescription {
    /// Whether it is being deleted.
    pub deleting: bool,
    /// Whether it refuses to be deleted.
    pub deletion_protected: bool,
    /// The key that encrypts it, where it is a key of the account's own.
    pub key_arn: Option<String>,
}

impl Tables {
    /// The tables of a cloud.
    #[must_use]
    pub fn new(cloud: &Cloud) -> Self {
        Self { client: Client::new(&cloud.shared) }
    }

    /// What is known of a table; `None` when there is none.
    pub async fn describe(&self, table: &str) -> Result<Option<TableDescription>, CloudError> {
        let answer = match self.client.describe_table().table_name(table).send().await {
            Ok(answer) => answer,
            Err(error) => {
                let error = CloudError::from_sdk(SERVICE, "DescribeTable", &error);
                return if error.kind == ErrorKind::NotFound { Ok(None) } else { Err(error) };
            }
        };
        Ok(answer.table.map(|table| TableDescription {
            deleting: table.table_status == Some(TableStatus::Deleting),
            deletion_protected: table.deletion_protection_enabled.unwrap_or(false),
            key_arn: table.sse_description.and_then(|sse| sse.kms_master_key_arn),
        }))
    }

    /// Counts the items by reading them: the number that DescribeTable gives is up to six hours old, and a person's
    /// record must not hide behind that. `None` when there is no such table.
    pub async fn count(&self, table: &str) -> Result<Option<u64>, CloudError> {
        let mut pages = self.client.scan().table_name(table).select(Select::Count).into_paginator().send();
        let mut items: u64 = 0;
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => items += u64::try_from(page.count).unwrap_or(0),
                Err(error) => {
                    let error = CloudError::from_sdk(SERVICE, "Scan", &error);
                    return if error.kind == ErrorKind::NotFound { Ok(None) } else { Err(error) };
                }
            }
        }
        Ok(Some(items))
    }

    /// Lets a table be deleted.
    pub async fn unprotect(&self, table: &str) -> Result<(), CloudError> {
        match self.client.update_table().table_name(table).deletion_protection_enabled(false).send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(CloudError::from_sdk(SERVICE, "UpdateTable", &error)),
        }
    }

    /// Begins to delete a table. One that does not exist is deleted already.
    pub async fn delete(&self, table: &str) -> Result<(), CloudError> {
        match self.client.delete_table().table_name(table).send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                let error = CloudError::from_sdk(SERVICE, "DeleteTable", &error);
                if error.kind == ErrorKind::NotFound { Ok(()) } else { Err(error) }
            }
        }
    }
}
