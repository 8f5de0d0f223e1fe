//! The one file that reads and writes YAML.
//!
//! `serde_yaml` is the YAML organisation's maintained fork (`yaml_serde`). It keeps tags such as `!Ref`, but it does
//! not keep positions, and a finding without a line is half a finding. [`locate`] therefore walks the text a second
//! time, and only when there is something to report: it follows a path and fails on purpose where the path ends,
//! because an error does carry its position.

use std::collections::HashSet;
use std::fmt;

use serde::Serialize;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, IgnoredAny, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde_json::{Map, Number, Value};

/// A place in a text, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// Text that is not the YAML that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlError {
    /// What is wrong, without the position.
    pub message: String,
    /// Where, if the reader knows.
    pub position: Option<Position>,
}

/// One step from a node to a node inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To the value of a key.
    Key(String),
    /// To an item of a list, from 0.
    Index(usize),
}

/// Reads a typed document.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    serde_yaml::from_str(text).map_err(YamlError::from)
}

/// Reads any document as a tree of JSON values, keys in their written order. `on_tag` turns a tagged value (`!Ref x`,
/// with the tag given as `Ref`) into plain data, or says why it cannot.
pub fn read_tree(text: &str, on_tag: fn(&str, Value) -> Result<Value, String>) -> Result<Value, YamlError> {
    let document: serde_yaml::Value =
        serde_yaml::from_str(text).map_err(|error| repeated_key(text).unwrap_or_else(|| error.into()))?;
    to_json(document, on_tag).map_err(|Misfit { message, mut path }| {
        path.reverse();
        let position = (0..=path.len()).rev().find_map(|length| locate(text, &path[..length]));
        YamlError { message, position }
    })
}

/// Writes a document as YAML.
pub fn write(document: &impl Serialize) -> Result<String, YamlError> {
    serde_yaml::to_string(document).map_err(YamlError::from)
}

/// The position of the key, or of the list item, that a path leads to; `None` when the path leads nowhere. An empty
/// path is the document itself.
#[must_use]
pub fn locate(text: &str, path: &[Step]) -> Option<Position> {
    let found = Follow { path }.deserialize(serde_yaml::Deserializer::from_str(text)).err()?;
    if !found.to_string().contains(FOUND) {
        return None;
    }
    position(&found)
}

/// The value of a key as it is written, quotes included, to the end of its line; empty when it begins on a later line.
#[must_use]
pub fn written<'a>(text: &'a str, path: &[Step]) -> Option<&'a str> {
    let Position { line, column } = locate(text, path)?;
    let line = text.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)?;
    let (start, _) = line.char_indices().nth(usize::try_from(column).ok()?.checked_sub(1)?)?;
    let key = &line[start..];
    // The colon after a quoted key is the first one behind its closing quote.
    let quote = key.chars().next().filter(|c| matches!(c, '"' | '\''));
    let after_key = quote.and_then(|quote| key[1..].split_once(quote)).map_or(key, |(_, rest)| rest);
    after_key.split_once(':').map(|(_, value)| value.trim())
}

const FOUND: &str = "the path ends here";

/// Follows a path and fails with [`FOUND`] at its end.
struct Follow<'a> {
    path: &'a [Step],
}

impl<'de> DeserializeSeed<'de> for Follow<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Follow<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.path.is_empty() { FOUND } else { "a map or a list" })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((Step::Key(wanted), rest)) = self.path.split_first() else {
            return Err(A::Error::custom(FOUND));
        };
        let is_last = rest.is_empty();
        let matches = |key: &str| match key == wanted {
            true if is_last => Err(FOUND.to_owned()),
            matches => Ok(matches),
        };
        while let Some(matches) = map.next_key_seed(OnKey(matches))? {
            if matches {
                return map.next_value_seed(Follow { path: rest });
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Some((Step::Index(wanted), rest)) = self.path.split_first() else {
            return Err(A::Error::custom(FOUND));
        };
        for _ in 0..*wanted {
            items.next_element::<IgnoredAny>()?;
        }
        items.next_element_seed(Follow { path: rest })?;
        Ok(())
    }

    // A scalar at the path's end: serde's own "invalid type, expected the path ends here" carries the position.
}

/// Reads a key, whatever it is made of, as text.
struct OnKey<F>(F);

impl<'de, T, F: FnOnce(&str) -> Result<T, String>> DeserializeSeed<'de> for OnKey<F> {
    type Value = T;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<T, F: FnOnce(&str) -> Result<T, String>> Visitor<'_> for OnKey<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<T, E> {
        (self.0)(key).map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(self, key: u64) -> Result<T, E> {
        self.visit_str(&key.to_string())
    }

    fn visit_i64<E: serde::de::Error>(self, key: i64) -> Result<T, E> {
        self.visit_str(&key.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, key: f64) -> Result<T, E> {
        self.visit_str(&key.to_string())
    }

    fn visit_bool<E: serde::de::Error>(self, key: bool) -> Result<T, E> {
        self.visit_str(&key.to_string())
    }
}

/// The first key that stands twice in one mapping. The reader refuses it too, but points at the mapping.
fn repeated_key(text: &str) -> Option<YamlError> {
    let error = YamlError::from(Unrepeated.deserialize(serde_yaml::Deserializer::from_str(text)).err()?);
    // The reader puts the way to the mapping in front.
    let start = error.message.find(REPEATED)?;
    Some(YamlError { message: error.message[start..].to_owned(), ..error })
}

const REPEATED: &str = "this key stands here a second time";

/// Reads anything and fails at the first key that its mapping has already.
struct Unrepeated;

impl<'de> DeserializeSeed<'de> for Unrepeated {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unrepeated {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        let mut once = |key: &str| {
            if seen.insert(key.to_owned()) { Ok(()) } else { Err(format!("{REPEATED}: `{key}`")) }
        };
        while map.next_key_seed(OnKey(&mut once))?.is_some() {
            map.next_value_seed(Self)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Self)?.is_some() {}
        Ok(())
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<(), A::Error> {
        let (_, content) = tagged.variant::<IgnoredAny>()?;
        content.newtype_variant_seed(Self)
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// What JSON cannot hold, and the way to it from the inside out.
struct Misfit {
    message: String,
    path: Vec<Step>,
}

impl Misfit {
    fn new(message: String) -> Self {
        Self { message, path: Vec::new() }
    }

    fn below(mut self, step: Step) -> Self {
        self.path.push(step);
        self
    }
}

fn to_json(node: serde_yaml::Value, on_tag: fn(&str, Value) -> Result<Value, String>) -> Result<Value, Misfit> {
    Ok(match node {
        serde_yaml::Value::Null => Value::Null,
        serde_yaml::Value::Bool(flag) => Value::Bool(flag),
        serde_yaml::Value::Number(number) => Value::Number(to_number(&number).map_err(Misfit::new)?),
        serde_yaml::Value::String(text) => Value::String(text),
        serde_yaml::Value::Sequence(items) => {
            let item = |(at, item)| to_json(item, on_tag).map_err(|misfit| misfit.below(Step::Index(at)));
            Value::Array(items.into_iter().enumerate().map(item).collect::<Result<_, _>>()?)
        }
        serde_yaml::Value::Mapping(entries) => {
            let mut object = Map::new();
            for (key, value) in entries {
                let key = to_key(key).map_err(Misfit::new)?;
                let value = to_json(value, on_tag).map_err(|misfit| misfit.below(Step::Key(key.clone())))?;
                object.insert(key, value);
            }
            Value::Object(object)
        }
        serde_yaml::Value::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            on_tag(tag.trim_start_matches('!'), to_json(tagged.value, on_tag)?).map_err(Misfit::new)?
        }
    })
}

fn to_key(key: serde_yaml::Value) -> Result<String, String> {
    match key {
        serde_yaml::Value::String(text) => Ok(text),
        serde_yaml::Value::Number(number) => Ok(number.to_string()),
        serde_yaml::Value::Bool(flag) => Ok(flag.to_string()),
        other => Err(format!("a key must be plain text, not {other:?}")),
    }
}

fn to_number(number: &serde_yaml::Number) -> Result<Number, String> {
    if let Some(whole) = number.as_i64() {
        return Ok(whole.into());
    }
    if let Some(whole) = number.as_u64() {
        return Ok(whole.into());
    }
    number.as_f64().and_then(Number::from_f64).ok_or_else(|| format!("{number} is not a number that JSON can hold"))
}

fn position(error: &serde_yaml::Error) -> Option<Position> {
    let location = error.location()?;
    Some(Position { line: u32::try_from(location.line()).ok()?, column: u32::try_from(location.column()).ok()? })
}

impl From<serde_yaml::Error> for YamlError {
    fn from(error: serde_yaml::Error) -> Self {
        let position = position(&error);
        let mut message = error.to_string();
        if let Some(location) = error.location() {
            // The position travels beside the message, not in it.
            let suffix = format!(" at line {} column {}", location.line(), location.column());
            message = message.replace(&suffix, "");
        }
        Self { message, position }
    }
}

impl fmt::Display for YamlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(f, "{}:{}: {}", position.line, position.column, self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for YamlError {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TEXT: &str = "a: 1\nb:\n  - x: one\n  - y: !Ref two\n    z: 7.0\nc:\n  7.0: strict\n";

    fn key(name: &str) -> Step {
        Step::Key(name.to_owned())
    }

    fn at(path: &[Step]) -> Option<(u32, u32)> {
        locate(TEXT, path).map(|position| (position.line, position.column))
    }

    #[test]
    fn paths_lead_to_keys_and_items() {
        assert_eq!(at(&[key("a")]), Some((1, 1)));
        assert_eq!(at(&[key("b")]), Some((2, 1)));
        assert_eq!(at(&[key("b"), Step::Index(0), key("x")]), Some((3, 5)));
        assert_eq!(at(&[key("b"), Step::Index(1), key("z")]), Some((5, 5)));
        assert_eq!(at(&[key("b"), Step::Index(1)]).map(|found| found.0), Some(4));
        assert_eq!(at(&[key("nowhere")]), None);
        assert_eq!(at(&[key("b"), Step::Index(9)]), None);
    }

    #[test]
    fn a_value_can_be_seen_as_it_is_written() {
        let text = "a: '1'\nb: {\"x: y\": 02, z: \"3\"}\nc:\n  d: 1\n";
        assert_eq!(written(text, &[key("a")]), Some("'1'"));
        assert_eq!(written(text, &[key("b"), key("x: y")]), Some("02, z: \"3\"}"));
        assert_eq!(written(text, &[key("b"), key("z")]), Some("\"3\"}"));
        assert_eq!(written(text, &[key("c")]), Some(""));
        assert_eq!(written(text, &[key("e")]), None);
    }

    #[test]
    fn tags_reach_their_reader_and_keys_keep_their_order() {
        let tree = read_tree(TEXT, |tag, value| Ok(json!({ tag: value }))).unwrap();
        assert_eq!(tree["b"][1]["y"], json!({"Ref": "two"}));
        assert_eq!(tree.as_object().unwrap().keys().collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn a_key_stands_once_and_what_does_not_fit_has_its_place() {
        let refuse = |tag: &str, _: Value| Err(format!("no {tag}"));
        let place = |text: &str| {
            let error = read_tree(text, refuse).unwrap_err();
            (error.message.clone(), error.position.map(|position| (position.line, position.column)))
        };
        let twice = "this key stands here a second time: `x`".to_owned();
        assert_eq!(place("a:\n  x: 1\n  y: ~\n  x: 2\n"), (twice.clone(), Some((4, 3))));
        assert_eq!(place("a:\n  - !Sub\n    x: 1\n    x: 2\n"), (twice.clone(), Some((4, 5))));
        assert_eq!(place("x: [1, 2.5, yes, true]\nx: 1\n"), (twice, Some((2, 1))));
        assert_eq!(place("a:\n  b: !Ref c\n"), ("no Ref".to_owned(), Some((2, 3))));
        assert_eq!(place("a:\n  b: [.nan]\n").1.map(|(line, _)| line), Some(2));
    }

    #[test]
    fn an_error_knows_its_place() {
        let error = read::<std::collections::BTreeMap<String, u32>>("a: 1\nb: word\n").unwrap_err();
        assert_eq!(error.position.map(|position| position.line), Some(2));
        assert!(!error.message.contains("line"), "{}", error.message);
    }
}
