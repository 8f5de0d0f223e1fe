//! The functions that the transform adds to CloudFormation or allows in more places.

use serde_json::{Map, Value, json};

use super::Expander;
use crate::template::error::Fault;
use crate::template::json_string::{self, Unprintable};
use crate::template::placeholders::{Piece, escape, pieces};

impl Expander<'_> {
    /// Expands one function call.
    pub(super) fn function(&mut self, name: &str, argument: &Value) -> Result<Value, Fault> {
        match name {
            "Ref" => self.reference(argument),
            "Fn::GetAtt" => self.attribute(argument),
            "Fn::Sub" => self.substitute(argument),
            "Fn::FindInMap" => self.find_in_map(argument),
            "Fn::Length" => self.length(argument),
            "Fn::ToJsonString" => self.json_string(argument),
            "Fn::Transform" => self.transform(argument),
            _ => Ok(json!({ name: self.node(argument)? })),
        }
    }

    /// `Ref`: a loop's identifier is its value, everything else stays a reference.
    fn reference(&mut self, argument: &Value) -> Result<Value, Fault> {
        let Value::String(name) = self.node(argument)? else {
            return Err(self.fault("Ref leads to no name that is known now", "name a parameter or a resource"));
        };
        Ok(self.scope.get(&name).map_or_else(|| json!({ "Ref": name }), |value| json!(value)))
    }

    fn attribute(&mut self, argument: &Value) -> Result<Value, Fault> {
        let expanded = match self.node(argument)? {
            Value::String(text) => text.split_once('.').map(|(resource, attribute)| json!([resource, attribute])),
            Value::Array(parts) if parts.len() == 2 && parts[0].is_string() => Some(Value::Array(parts)),
            _ => None,
        };
        match expanded {
            Some(parts) => Ok(json!({ "Fn::GetAtt": parts })),
            None => Err(self.fault("Fn::GetAtt needs a resource and an attribute", "write [Resource, Attribute]")),
        }
    }

    /// `Fn::Sub`: what loops know is filled in, the rest waits for the deployment.
    fn substitute(&mut self, argument: &Value) -> Result<Value, Fault> {
        let (text, variables) = match argument {
            Value::String(text) => (text, Map::new()),
            Value::Array(parts) => match parts.as_slice() {
                [Value::String(text), Value::Object(variables)] => (text, self.map(variables)?),
                _ => return Err(self.fault("Fn::Sub has another layout", "write [text, {Variable: value}]")),
            },
            _ => return Err(self.fault("Fn::Sub needs a text", "write !Sub followed by the text")),
        };
        let mut written = String::new();
        let mut waits = false;
        let mut left = Map::new();
        for piece in pieces(text) {
            match piece {
                Piece::Dollar(name) => match (variables.get(name), self.scope.get(name)) {
                    (Some(Value::String(value)), _) => written.push_str(&escape(value)),
                    (None, Some(value)) => written.push_str(&escape(value)),
                    (variable, _) => {
                        left.extend(variable.map(|variable| (name.to_owned(), variable.clone())));
                        waits = true;
                        written.push_str(&piece.to_string());
                    }
                },
                Piece::Ampersand(name) if self.scope.get(name).is_some() => {
                    return Err(self.fault(
                        format!("`&{{{name}}}` is not replaced in Fn::Sub"),
                        &format!("write ${{{name}}}; &{{…}} is for a loop's keys"),
                    ));
                }
                Piece::Text(_) | Piece::Ampersand(_) => written.push_str(&piece.to_string()),
            }
        }
        Ok(match (waits, left.is_empty()) {
            (false, _) => json!(plain(&written)),
            (true, true) => json!({ "Fn::Sub": written }),
            (true, false) => json!({ "Fn::Sub": [written, left] }),
        })
    }

    /// `Fn::FindInMap`: looked up now when every key is known now. With a default it must be.
    fn find_in_map(&mut self, argument: &Value) -> Result<Value, Fault> {
        let Value::Array(parts) = argument else {
            return Err(self.fault("Fn::FindInMap needs a list", "write [Map, Key, Key]"));
        };
        let (keys, default) = match parts.as_slice() {
            [keys @ .., Value::Object(last)] if keys.len() == 3 && last.contains_key("DefaultValue") => {
                (keys, last.get("DefaultValue"))
            }
            keys if keys.len() == 3 => (keys, None),
            _ => return Err(self.fault("Fn::FindInMap has another layout", "write [Map, Key, Key, {DefaultValue: …}]")),
        };
        let keys = self.items(keys)?;
        let texts: Option<Vec<String>> = keys.iter().map(|key| self.constant(key, default.is_some())).collect();
        let Some(texts) = texts else {
            if default.is_none() {
                return Ok(json!({ "Fn::FindInMap": keys }));
            }
            return Err(self.fault(
                "a key of Fn::FindInMap is not known when the template is rendered, so its default cannot be chosen",
                "use keys that idv.yaml knows, or leave the default out",
            ));
        };
        let found = self.mappings.get(&texts[0]).and_then(|map| map.get(&texts[1])).and_then(|map| map.get(&texts[2]));
        match (found.cloned(), default) {
            (Some(value), _) => Ok(value),
            (None, Some(default)) => self.node(default),
            (None, None) => Err(self.fault(
                format!("the mappings have no {}", texts.join(" / ")),
                "add it to Mappings, or give {DefaultValue: …} as the fourth item",
            )),
        }
    }

    /// What a key is now. Only where it must be (`decide`) does a parameter count that a deployment could override.
    fn constant(&self, key: &Value, decide: bool) -> Option<String> {
        match key {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Object(entries) if decide => {
                let name = entries.get("Ref")?.as_str()?;
                if name == "AWS::Region" {
                    return self.known.region().map(str::to_owned);
                }
                let declared = || self.parameters.get(name)?.get("Default")?.as_str().map(str::to_owned);
                self.known.default(name).or_else(declared)
            }
            _ => None,
        }
    }

    fn length(&mut self, argument: &Value) -> Result<Value, Fault> {
        let count = match self.node(argument)? {
            Value::Array(items) => Some(items.len()),
            Value::Object(entries) => {
                entries.get("Ref").and_then(Value::as_str).and_then(|name| self.list(name)).map(|values| values.len())
            }
            _ => None,
        };
        count.map(|count| json!(count)).ok_or_else(|| {
            self.fault(
                "Fn::Length is not of a list that is known when the template is rendered",
                "write the list out, or refer to a CommaDelimitedList that idv.yaml or a Default gives",
            )
        })
    }

    fn json_string(&mut self, argument: &Value) -> Result<Value, Fault> {
        if !argument.is_object() && !argument.is_array() {
            return Err(self.fault("Fn::ToJsonString is of an object or a list", "write the object below it"));
        }
        let expanded = self.node(argument)?;
        json_string::write(&expanded, |name| self.list(name)).map_err(|Unprintable(what)| {
            self.fault(format!("{what} has no place in JSON text"), "write it as a string, or outside Fn::ToJsonString")
        })
    }

    fn transform(&mut self, argument: &Value) -> Result<Value, Fault> {
        // A loop may say which file it is.
        let argument = self.node(argument)?;
        let location = argument.pointer("/Parameters/Location").and_then(Value::as_str);
        match (argument.get("Name").and_then(Value::as_str), location) {
            (Some("AWS::Include"), Some(location)) => self.include(location),
            _ => Err(self.fault(
                "Fn::Transform is not one that the renderer applies",
                "write {Name: AWS::Include, Parameters: {Location: api.yaml}}",
            )),
        }
    }
}

/// A text of `Fn::Sub` without placeholders, as it reads outside.
fn plain(text: &str) -> String {
    let read = |piece| match piece {
        Piece::Text(text) => text,
        placeholder => placeholder.to_string(),
    };
    pieces(text).into_iter().map(read).collect()
}
