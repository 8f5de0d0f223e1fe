//! An `AWS::ApiGateway::Deployment` is a snapshot of its API and never changes, so a changed API needs a new one: its
//! logical id ends with a hash of the API.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::expand::function;
use super::parse::Template;
use super::placeholders::{Piece, escape, pieces};

/// The written ids of renamed resources, by their new ones.
pub(super) type Renamed = BTreeMap<String, String>;

/// Renames every deployment, and all that refers to it.
pub(super) fn rename(template: &mut Template) -> Renamed {
    let mut new_ids = BTreeMap::new();
    if let Some(resources) = template.section("Resources") {
        for (id, resource) in resources {
            if let Some(api) = api_of(resource).and_then(|api| resources.get(api)) {
                new_ids.insert(id.clone(), format!("{id}{}", hash(&api["Properties"])));
            }
        }
    }
    if new_ids.is_empty() {
        return new_ids;
    }
    for section in ["Resources", "Outputs"] {
        let Some(entries) = template.section(section) else { continue };
        let renamed = entries.iter().map(|(id, entry)| {
            let mut entry = entry.clone();
            follow(&mut entry, &new_ids);
            (new_ids.get(id).unwrap_or(id).clone(), entry)
        });
        let renamed: Map<String, Value> = renamed.collect();
        template.replace(section, renamed);
    }
    new_ids.into_iter().map(|(written, new)| (new, written)).collect()
}

/// The REST API that a resource is a deployment of.
fn api_of(resource: &Value) -> Option<&str> {
    (resource.get("Type")? == "AWS::ApiGateway::Deployment").then_some(())?;
    resource.pointer("/Properties/RestApiId/Ref")?.as_str()
}

/// Eight hexadecimal digits: 1 in 4 billion that a change goes unnoticed.
fn hash(api: &Value) -> String {
    Sha256::digest(api.to_string().as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

fn follow(node: &mut Value, new_ids: &BTreeMap<String, String>) {
    if let Some((name, argument)) = node.as_object().and_then(function) {
        let replaced = match (name, argument) {
            ("Ref", Value::String(id)) => new_ids.get(id).map(|new| Value::String(new.clone())),
            ("Fn::Sub", Value::String(text)) => Some(Value::String(follow_text(text, new_ids))),
            _ => None,
        };
        if let (Some(replaced), Some(argument)) = (replaced, node.get_mut(name.to_owned().as_str())) {
            *argument = replaced;
            return;
        }
    }
    match node {
        Value::Array(items) => items.iter_mut().for_each(|item| follow(item, new_ids)),
        Value::Object(entries) => {
            for (key, value) in entries {
                match (key.as_str(), &mut *value) {
                    ("DependsOn", Value::String(id)) => follow_id(id, new_ids),
                    ("DependsOn", Value::Array(ids)) => {
                        for id in ids {
                            if let Value::String(id) = id {
                                follow_id(id, new_ids);
                            }
                        }
                    }
                    ("Fn::GetAtt", Value::Array(parts)) => {
                        if let Some(Value::String(id)) = parts.first_mut() {
                            follow_id(id, new_ids);
                        }
                    }
                    ("Fn::Sub", Value::Array(parts)) => {
                        if let Some(Value::String(text)) = parts.first_mut() {
                            *text = follow_text(text, new_ids);
                        }
                        parts.iter_mut().skip(1).for_each(|part| follow(part, new_ids));
                    }
                    (_, value) => follow(value, new_ids),
                }
            }
        }
        _ => {}
    }
}

fn follow_id(id: &mut String, new_ids: &BTreeMap<String, String>) {
    if let Some(new) = new_ids.get(id) {
        id.clone_from(new);
    }
}

fn follow_text(text: &str, new_ids: &BTreeMap<String, String>) -> String {
    let write = |piece| match piece {
        Piece::Text(text) => escape(&text),
        Piece::Ampersand(name) => format!("&{{{name}}}"),
        Piece::Dollar(name) => {
            let (id, attribute) = name.split_once('.').map_or((name, None), |(id, attribute)| (id, Some(attribute)));
            let id = new_ids.get(id).map_or(id, String::as_str);
            attribute.map_or_else(|| format!("${{{id}}}"), |attribute| format!("${{{id}.{attribute}}}"))
        }
    };
    pieces(text).into_iter().map(write).collect()
}
