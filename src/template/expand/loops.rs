//! `Fn::ForEach`: one fragment for each value of a collection.

use serde_json::{Map, Value};

use super::Expander;
use crate::template::error::Fault;
use crate::template::placeholders::mentions;
use crate::yaml::Step;

/// What a loop's key begins with; the loop's name follows.
pub(super) const PREFIX: &str = "Fn::ForEach::";

const LAYOUT: &str = "write a list of an identifier, a collection and a map: [Name, [A, B], {'Key${Name}': …}]";

impl Expander<'_> {
    /// Writes the loop's fragment once for each value.
    pub(super) fn repeat(&mut self, name: &str, body: &Value, into: &mut Map<String, Value>) -> Result<(), Fault> {
        // A loop inside a loop is met once in every turn of the outer one: its place tells it apart from a namesake.
        let place = format!("{name} at {:?}", self.path);
        let namesake = self.loop_names.iter().any(|other| other.starts_with(&format!("{name} at ")) && *other != place);
        if namesake {
            return Err(self.fault(format!("two loops are called `{name}`"), "give each loop a name of its own"));
        }
        self.loop_names.insert(place);
        let Value::Array(parts) = body else { return Err(self.fault(format!("loop `{name}` is no list"), LAYOUT)) };
        let [Value::String(identifier), collection, Value::Object(fragment)] = parts.as_slice() else {
            return Err(self.fault(format!("loop `{name}` has another layout than a loop has"), LAYOUT));
        };
        if self.scope.get(identifier).is_some() || self.parameters.contains_key(identifier) {
            return Err(self.fault(
                format!("the identifier `{identifier}` of loop `{name}` is taken by a parameter or a loop around it"),
                "choose another identifier",
            ));
        }
        let values = self.within(Step::Index(1), |this| this.collection(name, collection))?;
        for value in values {
            self.scope.push(identifier, &value);
            let turn = self.within(Step::Index(2), |this| this.fragment(identifier, fragment, into));
            self.scope.pop();
            turn?;
        }
        Ok(())
    }

    fn fragment(
        &mut self,
        identifier: &str,
        fragment: &Map<String, Value>,
        into: &mut Map<String, Value>,
    ) -> Result<(), Fault> {
        for (key, value) in fragment {
            self.within(Step::Key(key.clone()), |this| {
                if let Some(name) = key.strip_prefix(PREFIX) {
                    return this.repeat(name, value, into);
                }
                if !mentions(key, identifier) {
                    return Err(this.fault(
                        format!("the key `{key}` would come out the same in every turn"),
                        &format!("put ${{{identifier}}} or &{{{identifier}}} into it"),
                    ));
                }
                let value = this.node(value)?;
                let written = this.scope.key(key);
                this.insert(written, value, into)
            })?;
        }
        Ok(())
    }

    fn collection(&mut self, name: &str, collection: &Value) -> Result<Vec<String>, Fault> {
        let unknown = "write the list out, or refer to a CommaDelimitedList that idv.yaml or a Default gives";
        let found = match self.node(collection)? {
            Value::Object(function) => match function.get("Ref").and_then(Value::as_str) {
                Some(parameter) => self.list(parameter),
                None => None,
            },
            Value::Array(items) => items.into_iter().map(text).collect(),
            _ => None,
        };
        found.ok_or_else(|| {
            self.fault(format!("the collection of loop `{name}` is not known when the template is rendered"), unknown)
        })
    }

    /// The values of a list parameter: from idv.yaml, else from its own default.
    pub(super) fn list(&self, parameter: &str) -> Option<Vec<String>> {
        let declared = self.parameters.get(parameter)?;
        let kind = declared.get("Type")?.as_str()?;
        if kind != "CommaDelimitedList" && !kind.starts_with("List<") {
            return None;
        }
        let text = self.known.default(parameter).or_else(|| declared.get("Default")?.as_str().map(str::to_owned))?;
        let values = text.split(',').map(str::trim).filter(|value| !value.is_empty());
        Some(values.map(str::to_owned).collect())
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
