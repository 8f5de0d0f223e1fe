//! What a table of keys is made of. The table itself is [`super::keys`].

use serde_json::{Value, json};

use super::rule::Rule;

/// The keys of one mapping, in groups that mappings share.
pub(super) type Shape = &'static [&'static [Field]];

/// One key.
pub(super) struct Field {
    pub key: &'static str,
    /// What it means: a comment of the sample file, a description of the schema.
    pub about: &'static str,
    pub kind: Kind,
}

/// What stands under a key.
pub(super) enum Kind {
    /// One value.
    Value(Rule, Preset),
    /// A mapping with known keys.
    Section(Shape),
    /// A mapping whose keys are names that the user chooses.
    Named { name: Rule, entry: Shape, example: Example },
}

/// What holds when a key is left out.
#[derive(Clone, Copy)]
pub(super) enum Preset {
    /// Nothing; the sample file shows this value as a comment.
    Unset(&'static str),
    Flag(bool),
    Whole(u32),
    Decimal(f64),
    Text(&'static str),
    Pair(i32, i32),
    EmptyList,
}

/// The entry that the sample file shows as a comment: its name, and what it sets otherwise than by default.
pub(super) struct Example {
    pub name: &'static str,
    pub values: &'static [(&'static str, &'static str)],
}

impl Preset {
    pub(super) fn value(self) -> Value {
        match self {
            Self::Unset(_) => Value::Null,
            Self::Flag(flag) => json!(flag),
            Self::Whole(number) => json!(number),
            Self::Decimal(number) => json!(number),
            Self::Text(text) => json!(text),
            Self::Pair(least, most) => json!([least, most]),
            Self::EmptyList => json!([]),
        }
    }

    /// Whether the key may be left empty.
    pub(super) const fn is_unset(self) -> bool {
        matches!(self, Self::Unset(_))
    }
}

pub(super) const fn value(key: &'static str, about: &'static str, rule: Rule, preset: Preset) -> Field {
    Field { key, about, kind: Kind::Value(rule, preset) }
}

pub(super) const fn section(key: &'static str, about: &'static str, shape: Shape) -> Field {
    Field { key, about, kind: Kind::Section(shape) }
}

pub(super) const fn named(key: &'static str, about: &'static str, name: Rule, entry: Shape, example: Example) -> Field {
    Field { key, about, kind: Kind::Named { name, entry, example } }
}

/// The field of a key.
pub(super) fn field(shape: Shape, key: &str) -> Option<&'static Field> {
    fields(shape).find(|field| field.key == key)
}

/// All fields of a mapping, in the order in which they are written.
pub(super) fn fields(shape: Shape) -> impl Iterator<Item = &'static Field> {
    shape.iter().copied().flatten()
}
