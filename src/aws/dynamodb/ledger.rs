//! The ledger of erasures as it lies in its table: key `ledger` (S) and `sequence` (N), the entry's other fields as
//! attributes of their own names.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Select};
use serde_json::{Map, Value};

use crate::aws::{Cloud, CloudError};
use crate::identity::ledger::{ERASURES, LedgerEntry};

const SERVICE: &str = "DynamoDB";
const OPERATION: &str = "Query";

/// Reads the ledger of erasures.
#[derive(Debug, Clone)]
pub struct LedgerTable {
    client: Client,
    table: String,
}

impl LedgerTable {
    /// The ledger in this table.
    #[must_use]
    pub fn new(cloud: &Cloud, table: impl Into<String>) -> Self {
        Self { client: Client::new(&cloud.shared), table: table.into() }
    }

    /// How many entries there are.
    pub async fn count(&self) -> Result<u64, CloudError> {
        let mut pages = self.query().select(Select::Count).into_paginator().send();
        let mut count = 0;
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| CloudError::from_sdk(SERVICE, OPERATION, &error))?;
            count += u64::try_from(page.count()).unwrap_or(0);
        }
        Ok(count)
    }

    /// Every entry, by sequence.
    pub async fn entries(&self) -> Result<Vec<LedgerEntry>, CloudError> {
        let mut pages = self.query().consistent_read(true).into_paginator().send();
        let mut entries = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| CloudError::from_sdk(SERVICE, OPERATION, &error))?;
            for item in page.items() {
                entries.push(entry(item)?);
            }
        }
        Ok(entries)
    }

    fn query(&self) -> aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .key_condition_expression("ledger = :ledger")
            .expression_attribute_values(":ledger", AttributeValue::S(ERASURES.to_owned()))
    }
}

fn entry(item: &HashMap<String, AttributeValue>) -> Result<LedgerEntry, CloudError> {
    let sorted: BTreeMap<_, _> = item.iter().filter(|(name, _)| name.as_str() != "ledger").collect();
    let fields: Map<String, Value> = sorted.into_iter().map(|(name, value)| (name.clone(), plain(value))).collect();
    let sequence = fields.get("sequence").map_or_else(|| "?".to_owned(), Value::to_string);
    serde_json::from_value(Value::Object(fields)).map_err(|error| {
        CloudError::incomplete(SERVICE, OPERATION, &format!("readable ledger entry at sequence {sequence}: {error}"))
    })
}

fn plain(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => text.as_str().into(),
        AttributeValue::N(number) => number.parse::<u64>().map_or_else(|_| number.as_str().into(), Value::from),
        AttributeValue::Bool(flag) => (*flag).into(),
        AttributeValue::M(fields) => fields.iter().map(|(name, field)| (name.clone(), plain(field))).collect(),
        AttributeValue::L(items) => items.iter().map(plain).collect(),
        _ => Value::Null,
    }
}
