//! An `AWS::ApiGateway::Deployment` is a snapshot of its API and never changes, so a changed API needs a new one: its
//! logical id ends with a hash of the API.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::parse::Template;
use super::placeholders::{Piece, pieces};

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
    let digest = Sha256::digest(api.to_string().as_bytes());
    format!("{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3])
}

fn follow(node: &mut Value, new_ids: &BTreeMap<String, String>) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(|item| follow(item, new_ids)),
        Value::Object(entries) => {
            for (key, value) in entries {
                match (key.as_str(), &mut *value) {
                    ("Ref" | "DependsOn", Value::String(id)) => follow_id(id, new_ids),
                    ("DependsOn", Value::Array(ids)) => {
                        for id in ids.iter_mut().filter_map(as_text) {
                            follow_id(id, new_ids);
                        }
                    }
                    ("Fn::GetAtt", Value::Array(parts)) => {
                        if let Some(id) = parts.first_mut().and_then(as_text) {
                            follow_id(id, new_ids);
                        }
                    }
                    ("Fn::Sub", Value::String(text)) => *text = follow_text(text, new_ids),
                    ("Fn::Sub", Value::Array(parts)) => {
                        if let Some(text) = parts.first_mut().and_then(as_text) {
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

fn as_text(value: &mut Value) -> Option<&mut String> {
    if let Value::String(text) = value { Some(text) } else { None }
}

fn follow_id(id: &mut String, new_ids: &BTreeMap<String, String>) {
    if let Some(new) = new_ids.get(id) {
        id.clone_from(new);
    }
}

fn follow_text(text: &str, new_ids: &BTreeMap<String, String>) -> String {
    let write = |piece| match piece {
        Piece::Dollar(name) => {
            let id = name.split_once('.').map_or(name, |(id, _)| id);
            let new = new_ids.get(id).map_or(id, String::as_str);
            Piece::Dollar(&format!("{new}{}", &name[id.len()..])).to_string()
        }
        piece => piece.to_string(),
    };
    pieces(text).into_iter().map(write).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_way_to_refer_to_a_renamed_resource_follows() {
        let new_ids = BTreeMap::from([("Old".to_owned(), "New".to_owned())]);
        let mut node = json!({
            "a": {"Ref": "Old"},
            "b": {"Fn::GetAtt": ["Old", "Old"]},
            "c": {"Fn::Sub": "${Old} ${Old.Id} ${Older} ${!Old} Old"},
            "d": {"Fn::Sub": ["${Old}-${V}", {"V": {"Ref": "Old"}}]},
            "DependsOn": ["Old", "Other"],
            "e": {"DependsOn": "Old"},
            "f": "Old",
        });
        follow(&mut node, &new_ids);
        assert_eq!(
            node,
            json!({
                "a": {"Ref": "New"},
                "b": {"Fn::GetAtt": ["New", "Old"]},
                "c": {"Fn::Sub": "${New} ${New.Id} ${Older} ${!Old} Old"},
                "d": {"Fn::Sub": ["${New}-${V}", {"V": {"Ref": "New"}}]},
                "DependsOn": ["New", "Other"],
                "e": {"DependsOn": "New"},
                "f": "Old",
            })
        );
    }
}
