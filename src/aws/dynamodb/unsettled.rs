//! What is not concluded, by its age. Only such items have the two attributes of the index `by_unsettled`, so that it
//! stays as small as what is going on, and the sweep reads nothing else.

use aws_sdk_dynamodb::Client;

use super::item::{Fields, Item, number, text};
use crate::aws::CloudError;
use crate::model::Timestamp;

const INDEX: &str = "by_unsettled";
/// The same word everywhere: the index has one partition.
const YES: &str = "yes";

/// The attributes that bring an item into the index.
pub(super) const ATTRIBUTES: [&str; 2] = ["unsettled", "since"];

/// The attributes of an item that is not concluded since then. RFC 3339 text of whole seconds does not sort among
/// text with fractions, so this moment is a number, milliseconds since 1970.
pub(super) fn since(moment: Timestamp) -> Fields {
    Fields::new().text("unsettled", YES).with("since", number(moment.millis()))
}

/// The keys of what is not concluded since before a moment, oldest first. The index follows its table by milliseconds.
pub(super) async fn keys(client: &Client, table: &str, before: Timestamp, limit: u16) -> Result<Vec<Item>, CloudError> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let answer = client
        .query()
        .table_name(table)
        .index_name(INDEX)
        .key_condition_expression("unsettled = :yes AND since < :before")
        .expression_attribute_values(":yes", text(YES))
        .expression_attribute_values(":before", number(before.millis()))
        .limit(i32::from(limit))
        .send()
        .await
        .map_err(|error| CloudError::from_sdk(super::SERVICE, "Query", &error))?;
    Ok(answer.items.unwrap_or_default())
}
