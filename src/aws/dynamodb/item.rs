//! Items: attributes put together, and read with errors that name the attribute but never its value, which belongs to a
//! person.
//!
//! Moments are RFC 3339 text, words of the vocabulary are written as everywhere else, lists are lists: whoever opens a
//! table in the console can read it.

use std::collections::HashMap;
use std::fmt::{self, Display};

use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::de::{Deserialize, IntoDeserializer};

use crate::aws::{CloudError, ErrorKind};
use crate::identity::{ServiceError, ServiceErrorKind};
use crate::model::{Percent, Timestamp};

/// Attributes by name.
pub(super) type Item = HashMap<String, AttributeValue>;

/// A text attribute.
pub(super) fn text(value: impl Display) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

/// A number attribute.
pub(super) fn number(value: impl Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// A list of texts.
pub(super) fn texts(values: &[String]) -> AttributeValue {
    AttributeValue::L(values.iter().map(text).collect())
}

/// Attributes that are put together one by one.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Item);

impl Fields {
    /// None yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// With this attribute.
    pub(super) fn with(mut self, name: &str, value: AttributeValue) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    /// With this text.
    pub(super) fn text(self, name: &str, value: impl Display) -> Self {
        self.with(name, text(value))
    }

    /// With this text, if there is one.
    pub(super) fn text_if(self, name: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    /// With this percent, if there is one.
    pub(super) fn percent_if(self, name: &str, value: Option<Percent>) -> Self {
        match value {
            Some(value) => self.with(name, number(value.value())),
            None => self,
        }
    }

    /// With these texts, if there are any.
    pub(super) fn texts(self, name: &str, values: &[String]) -> Self {
        if values.is_empty() { self } else { self.with(name, texts(values)) }
    }

    /// With those of another; where both have one, the other's.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// As a whole item, or the key of one.
    pub(super) fn item(self) -> Item {
        self.0
    }

    /// As one attribute of an item.
    pub(super) fn map(self) -> AttributeValue {
        AttributeValue::M(self.0)
    }
}

/// An item that is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    table: &'static str,
    item: &'a Item,
}

/// An item that this program did not write, or not in this version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    /// What the table holds, for example `registrations`.
    pub(super) table: &'static str,
    /// The attribute that is missing or means nothing.
    pub(super) attribute: &'static str,
}

impl<'a> Record<'a> {
    /// An item of the table that holds these things.
    pub(super) const fn new(table: &'static str, item: &'a Item) -> Self {
        Self { table, item }
    }

    /// The error for an attribute.
    pub(super) const fn unreadable(&self, attribute: &'static str) -> Unreadable {
        Unreadable { table: self.table, attribute }
    }

    /// A text.
    pub(super) fn text(&self, name: &'static str) -> Result<&'a str, Unreadable> {
        self.text_if(name)?.ok_or_else(|| self.unreadable(name))
    }

    /// A text that may be missing.
    pub(super) fn text_if(&self, name: &'static str) -> Result<Option<&'a str>, Unreadable> {
        let text = self.item.get(name).map(|value| value.as_s().map(String::as_str));
        text.transpose().map_err(|_| self.unreadable(name))
    }

    /// A text that was checked when it was made.
    pub(super) fn checked<T, E>(
        &self,
        name: &'static str,
        check: impl FnOnce(String) -> Result<T, E>,
    ) -> Result<T, Unreadable> {
        check(self.text(name)?.to_owned()).map_err(|_| self.unreadable(name))
    }

    /// A text that was checked when it was made, and may be missing.
    pub(super) fn checked_if<T, E>(
        &self,
        name: &'static str,
        check: impl FnOnce(String) -> Result<T, E>,
    ) -> Result<Option<T>, Unreadable> {
        self.text_if(name)?.map(|text| check(text.to_owned()).map_err(|_| self.unreadable(name))).transpose()
    }

    /// A moment.
    pub(super) fn moment(&self, name: &'static str) -> Result<Timestamp, Unreadable> {
        self.checked(name, |text| Timestamp::parse(&text))
    }

    /// A word of the vocabulary.
    pub(super) fn word<T: Deserialize<'a>>(&self, name: &'static str) -> Result<T, Unreadable> {
        self.word_if(name)?.ok_or_else(|| self.unreadable(name))
    }

    /// A word of the vocabulary that may be missing.
    pub(super) fn word_if<T: Deserialize<'a>>(&self, name: &'static str) -> Result<Option<T>, Unreadable> {
        let word = self.text_if(name)?.map(|word| {
            let word: StrDeserializer<'a, WordError> = word.into_deserializer();
            T::deserialize(word)
        });
        word.transpose().map_err(|_| self.unreadable(name))
    }

    /// A percent that may be missing.
    pub(super) fn percent_if(&self, name: &'static str) -> Result<Option<Percent>, Unreadable> {
        let percent = |value: &AttributeValue| Percent::new(value.as_n().ok()?.parse().ok()?).ok();
        self.item.get(name).map(|value| percent(value).ok_or_else(|| self.unreadable(name))).transpose()
    }

    /// A list of texts; empty when it is missing.
    pub(super) fn texts(&self, name: &'static str) -> Result<Vec<String>, Unreadable> {
        let text = |value: &AttributeValue| value.as_s().cloned().map_err(|_| self.unreadable(name));
        self.list(name)?.iter().map(text).collect()
    }

    /// A list of parts; empty when it is missing.
    pub(super) fn parts(&self, name: &'static str) -> Result<Vec<Self>, Unreadable> {
        self.list(name)?.iter().map(|value| self.inside(name, value)).collect()
    }

    /// A part with attributes of its own, which may be missing.
    pub(super) fn part_if(&self, name: &'static str) -> Result<Option<Self>, Unreadable> {
        self.item.get(name).map(|value| self.inside(name, value)).transpose()
    }

    /// A part with attributes of its own.
    pub(super) fn part(&self, name: &'static str) -> Result<Self, Unreadable> {
        self.part_if(name)?.ok_or_else(|| self.unreadable(name))
    }

    /// Any attribute.
    pub(super) fn value(&self, name: &str) -> Option<&'a AttributeValue> {
        self.item.get(name)
    }

    fn inside(&self, name: &'static str, value: &'a AttributeValue) -> Result<Self, Unreadable> {
        value.as_m().map(|item| Self::new(self.table, item)).map_err(|_| self.unreadable(name))
    }

    fn list(&self, name: &'static str) -> Result<&'a [AttributeValue], Unreadable> {
        let list = self.item.get(name).map(|value| value.as_l().map(Vec::as_slice));
        list.transpose().map(Option::unwrap_or_default).map_err(|_| self.unreadable(name))
    }
}

impl Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, attribute } = self;
        write!(f, "a record of the {table} table has no readable `{attribute}`; it was not written by this program")
    }
}

impl From<Unreadable> for ServiceError {
    fn from(unreadable: Unreadable) -> Self {
        Self::new(ServiceErrorKind::Unavailable, unreadable.to_string())
    }
}

impl From<Unreadable> for CloudError {
    fn from(unreadable: Unreadable) -> Self {
        let (code, message) = ("UnreadableRecord".to_owned(), unreadable.to_string());
        Self { service: super::SERVICE, operation: "GetItem", kind: ErrorKind::Invalid, code, message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Step, TenantId};

    #[test]
    fn what_is_missing_or_means_nothing_is_named_without_its_value() {
        let item = Fields::new()
            .text("step", "dancing")
            .text("tenant", "NOT ONE")
            .with("score", number(101))
            .with("list", texts(&["a".to_owned()]))
            .item();
        let record = Record::new("things", &item);
        let errors = [
            record.word::<Step>("step").unwrap_err(),
            record.checked("tenant", TenantId::new).unwrap_err(),
            record.percent_if("score").unwrap_err(),
            record.text("list").unwrap_err(),
            record.text("nothing").unwrap_err(),
            record.parts("list").unwrap_err(),
        ];
        for (error, name) in errors.into_iter().zip(["step", "tenant", "score", "list", "nothing", "list"]) {
            let message = ServiceError::from(error).message;
            assert!(message.contains(&format!("`{name}`")) && message.contains("things"), "{message}");
            assert!(!message.contains("dancing") && !message.contains("NOT ONE"), "{message}");
        }
    }

    #[test]
    fn what_is_missing_where_it_may_be_is_nothing() {
        let item = Item::new();
        let record = Record::new("things", &item);
        assert_eq!(record.word_if::<Step>("step"), Ok(None));
        assert_eq!(record.percent_if("score"), Ok(None));
        assert_eq!(record.texts("list"), Ok(Vec::new()));
    }
}
