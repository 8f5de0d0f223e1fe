//! Writes with conditions, all or none.
//!
//! A write of one item goes the same way: the SDK gives every transaction a token, under which a repeated attempt is
//! not done twice for ten minutes (DynamoDB API reference, `TransactWriteItems`). A plain UpdateItem that is repeated
//! because its answer was lost would find its own work and call it a conflict.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, Delete, Put, TransactWriteItem, Update};

use super::item::{Fields, Item, number};
use crate::aws::patience::Pauses;
use crate::aws::{CloudError, ErrorKind};
use crate::identity::ServiceError;

const OPERATION: &str = "TransactWriteItems";

/// One write of a transaction.
#[derive(Debug)]
pub(super) struct Write {
    table: String,
    what: What,
    condition: Option<String>,
    values: Item,
}

#[derive(Debug)]
enum What {
    Put(Item),
    Update { key: Item, expression: String },
    Delete { key: Item },
}

/// What an update changes.
#[derive(Debug, Default)]
pub(super) struct Change {
    assignments: Vec<String>,
    removals: Vec<String>,
    additions: Vec<String>,
    values: Item,
}

/// Why nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NotWritten {
    /// The conditions of these writes were not fulfilled, by their number in the transaction.
    Refused(Vec<usize>),
    /// Anything else.
    Failed(CloudError),
}

impl Write {
    /// The whole item.
    pub(super) fn put(table: &str, item: Item) -> Self {
        Self::of(table, What::Put(item))
    }

    /// Some attributes of an item.
    pub(super) fn update(table: &str, key: Item, change: Change) -> Self {
        let expression = change.expression();
        Self { values: change.values, ..Self::of(table, What::Update { key, expression }) }
    }

    /// No item any more.
    pub(super) fn delete(table: &str, key: Item) -> Self {
        Self::of(table, What::Delete { key })
    }

    fn of(table: &str, what: What) -> Self {
        Self { table: table.to_owned(), what, condition: None, values: Item::new() }
    }

    /// Only when this is true. `#name` is the attribute `name`, `:value` is the field `value`.
    pub(super) fn when(mut self, condition: &str, values: Fields) -> Self {
        self.condition = Some(condition.to_owned());
        self.values.extend(values.item().into_iter().map(|(name, value)| (format!(":{name}"), value)));
        self
    }

    fn build(self) -> Result<TransactWriteItem, BuildError> {
        let Self { table, what, condition, values } = self;
        let values = (!values.is_empty()).then_some(values);
        let write = TransactWriteItem::builder();
        Ok(match what {
            What::Put(item) => {
                let names = names([condition.as_deref()]);
                let put = Put::builder().table_name(table).set_item(Some(item)).set_condition_expression(condition);
                let put = put.set_expression_attribute_names(names).set_expression_attribute_values(values);
                write.put(put.build()?)
            }
            What::Update { key, expression } => {
                let names = names([condition.as_deref(), Some(&expression)]);
                let update = Update::builder().table_name(table).set_key(Some(key)).update_expression(expression);
                let update = update.set_condition_expression(condition).set_expression_attribute_names(names);
                write.update(update.set_expression_attribute_values(values).build()?)
            }
            What::Delete { key } => {
                let names = names([condition.as_deref()]);
                let delete = Delete::builder().table_name(table).set_key(Some(key)).set_condition_expression(condition);
                let delete = delete.set_expression_attribute_names(names).set_expression_attribute_values(values);
                write.delete(delete.build()?)
            }
        }
        .build())
    }
}

impl Change {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Sets attributes.
    pub(super) fn set(mut self, fields: Fields) -> Self {
        for (name, value) in fields.item() {
            self.assignments.push(format!("#{name} = :new_{name}"));
            self.values.insert(format!(":new_{name}"), value);
        }
        self
    }

    /// Sets those attributes that the item does not have yet.
    pub(super) fn set_missing(mut self, fields: Fields) -> Self {
        for (name, value) in fields.item() {
            self.assignments.push(format!("#{name} = if_not_exists(#{name}, :new_{name})"));
            self.values.insert(format!(":new_{name}"), value);
        }
        self
    }

    /// Removes attributes.
    pub(super) fn remove<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.removals.extend(names.into_iter().map(|name| format!("#{name}")));
        self
    }

    /// Adds to a number, which counts as 0 where it is missing.
    pub(super) fn add(mut self, name: &str, by: i64) -> Self {
        self.additions.push(format!("#{name} :by_{name}"));
        self.values.insert(format!(":by_{name}"), number(by));
        self
    }

    fn expression(&self) -> String {
        let clauses = [("SET", &self.assignments), ("REMOVE", &self.removals), ("ADD", &self.additions)];
        let clauses = clauses.into_iter().filter(|(_, parts)| !parts.is_empty());
        clauses.map(|(word, parts)| format!("{word} {}", parts.join(", "))).collect::<Vec<_>>().join(" ")
    }
}

/// Writes all or nothing. Who collides with another transaction waits a moment and tries again: on AWS a transaction that
/// meets another on the same item is cancelled, whatever its conditions.
pub(super) async fn write<const N: usize>(client: &Client, writes: [Write; N]) -> Result<(), NotWritten> {
    let writes: Result<Vec<_>, BuildError> = writes.into_iter().map(Write::build).collect();
    let writes = writes.map_err(|_| CloudError::incomplete(super::SERVICE, OPERATION, "table, key or item"))?;
    let mut pauses = Pauses::new();
    loop {
        let Err(error) = client.transact_write_items().set_transact_items(Some(writes.clone())).send().await else {
            return Ok(());
        };
        match NotWritten::from(&error) {
            NotWritten::Failed(error) if error.code == COLLIDED && pauses.pause().await => {}
            other => return Err(other),
        }
    }
}

/// Cancelled because of what others were doing at the same time, or of too much of it.
const COLLIDED: &str = "TransactionCollided";
/// The condition of a write was not fulfilled.
const REFUSED: &str = "ConditionalCheckFailed";

impl NotWritten {
    /// Whether the condition of this write was not fulfilled.
    pub(super) fn refused(&self, number: usize) -> bool {
        matches!(self, Self::Refused(refused) if refused.contains(&number))
    }

    /// What the reasons of a cancelled transaction, one per write, mean: a condition counts before a collision, for
    /// trying again would not change it.
    fn cancelled(reasons: &[CancellationReason]) -> Option<Self> {
        let codes = || reasons.iter().map(|reason| reason.code().unwrap_or("None"));
        let refused: Vec<usize> =
            codes().enumerate().filter(|(_, code)| *code == REFUSED).map(|(number, _)| number).collect();
        if !refused.is_empty() {
            return Some(Self::Refused(refused));
        }
        let collided =
            |code| matches!(code, "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded");
        let code = codes().find(|code| collided(code))?;
        Some(Self::Failed(CloudError {
            service: super::SERVICE,
            operation: OPERATION,
            kind: ErrorKind::Throttled,
            code: COLLIDED.to_owned(),
            message: code.to_owned(),
        }))
    }
}

impl<R: std::fmt::Debug> From<&SdkError<TransactWriteItemsError, R>> for NotWritten {
    fn from(error: &SdkError<TransactWriteItemsError, R>) -> Self {
        let cancelled = match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                Self::cancelled(cancelled.cancellation_reasons())
            }
            _ => None,
        };
        cancelled.unwrap_or_else(|| Self::Failed(CloudError::from_sdk(super::SERVICE, OPERATION, error)))
    }
}

impl From<CloudError> for NotWritten {
    fn from(error: CloudError) -> Self {
        Self::Failed(error)
    }
}

impl From<NotWritten> for CloudError {
    fn from(not_written: NotWritten) -> Self {
        match not_written {
            NotWritten::Failed(error) => error,
            NotWritten::Refused(_) => Self {
                service: super::SERVICE,
                operation: OPERATION,
                kind: ErrorKind::Conflict,
                code: REFUSED.to_owned(),
                message: "the record is not in the state that the change starts from".to_owned(),
            },
        }
    }
}

impl From<NotWritten> for ServiceError {
    fn from(not_written: NotWritten) -> Self {
        CloudError::from(not_written).into()
    }
}

/// Every `#name` of the expressions, which stands for the attribute of that name: many good names are reserved words.
fn names<const N: usize>(expressions: [Option<&str>; N]) -> Option<HashMap<String, String>> {
    let words = expressions.into_iter().flatten().flat_map(|expression| expression.split('#').skip(1));
    let names = words.map(|rest| rest.split(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap_or_default());
    let names: HashMap<_, _> = names.map(|name| (format!("#{name}"), name.to_owned())).collect();
    (!names.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::dynamodb::item::text;

    fn reasons(codes: &[&str]) -> Vec<CancellationReason> {
        codes.iter().map(|code| CancellationReason::builder().code(*code).build()).collect()
    }

    #[test]
    fn a_condition_is_a_conflict_and_a_collision_is_worth_another_try() {
        let kind = |codes: &[&str]| NotWritten::cancelled(&reasons(codes)).map(|why| CloudError::from(why).kind);
        assert_eq!(kind(&["None", REFUSED]), Some(ErrorKind::Conflict));
        assert_eq!(kind(&[REFUSED, "TransactionConflict"]), Some(ErrorKind::Conflict));
        assert_eq!(kind(&["TransactionConflict", "None"]), Some(ErrorKind::Throttled));
        assert_eq!(kind(&["None", "ThrottlingError"]), Some(ErrorKind::Throttled));
        assert_eq!(kind(&["ValidationError", "None"]), None);
        let refused = NotWritten::cancelled(&reasons(&["None", REFUSED])).unwrap();
        assert!(!refused.refused(0) && refused.refused(1));
    }

    #[test]
    fn an_update_names_what_it_uses_and_nothing_else() {
        let change = Change::new().set(Fields::new().text("state", "DONE")).remove(["since"]).add("count", -1);
        let write = Write::update("things", Fields::new().text("id", 7).item(), change)
            .when("#state = :was AND attribute_exists(#owner)", Fields::new().text("was", "OPEN"));
        let update = write.build().unwrap().update.unwrap();
        assert_eq!(update.update_expression(), "SET #state = :new_state REMOVE #since ADD #count :by_count");
        let mut names: Vec<_> = update.expression_attribute_names().unwrap().keys().cloned().collect();
        names.sort_unstable();
        assert_eq!(names, ["#count", "#owner", "#since", "#state"]);
        let values = update.expression_attribute_values().unwrap();
        assert_eq!((&values[":by_count"], &values[":new_state"]), (&number(-1), &text("DONE")));
        assert_eq!(values.len(), 3, "{values:?}");
    }
}
