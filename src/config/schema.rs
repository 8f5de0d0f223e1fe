//! The JSON Schema of `idv.yaml`, for completion and checks in editors.

use serde_json::{Map, Value, json};

use super::keys;
use super::rule::{LOG_DAYS, REKOGNITION_REGIONS, Rule};
use super::shape::{self, Field, Kind, Shape};

/// The schema (draft 2020-12). What only values together can break is left to the loader, except that an AWS target
/// needs an account and a region.
#[must_use]
pub fn schema() -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "idv.yaml",
        "description": "Configuration of idvctl.",
    });
    let shared = keys::SECTIONS.iter().map(|section| (section.key.to_owned(), described(section)));
    extend(&mut schema, mapping(keys::ROOT));
    extend(&mut schema, json!({ "$defs": shared.collect::<Map<_, _>>() }));
    schema
}

fn mapping(shape: Shape) -> Value {
    let properties: Map<String, Value> = shape::fields(shape)
        .map(|field| (field.key.to_owned(), reference(field).unwrap_or_else(|| described(field))))
        .collect();
    // All keys commented out is an empty mapping, which YAML calls null.
    json!({ "type": ["object", "null"], "properties": properties, "additionalProperties": false })
}

/// Sections stand at the top level and in every environment; they are described once.
fn reference(field: &Field) -> Option<Value> {
    let is_shared = keys::SECTIONS.iter().any(|section| std::ptr::eq(section, field));
    is_shared.then(|| json!({ "$ref": format!("#/$defs/{}", field.key) }))
}

fn described(field: &Field) -> Value {
    let mut schema = json!({ "description": field.about });
    match &field.kind {
        Kind::Section(shape) => extend(&mut schema, mapping(shape)),
        Kind::Named { name, entry, .. } => {
            let mut entry_schema = mapping(entry);
            if field.key == keys::ENVIRONMENTS {
                extend(&mut entry_schema, aws_needs());
            }
            extend(&mut schema, json!({ "type": ["object", "null"], "propertyNames": rule(*name) }));
            extend(&mut schema, json!({ "additionalProperties": entry_schema }));
        }
        Kind::Value(value, shape::Preset::Unset(_)) => {
            extend(&mut schema, json!({ "anyOf": [rule(*value), { "type": "null" }] }));
        }
        Kind::Value(value, preset) => {
            extend(&mut schema, rule(*value));
            extend(&mut schema, json!({ "default": preset.value() }));
        }
    }
    schema
}

fn aws_needs() -> Value {
    json!({
        "if": { "type": "object", "properties": { "target": { "const": "aws" } }, "required": ["target"] },
        "then": { "required": ["account", "region"] },
    })
}

fn rule(rule: Rule) -> Value {
    let slug = |longest: u32| json!({ "type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "minLength": 2, "maxLength": longest });
    match rule {
        Rule::ProjectName => slug(20),
        Rule::EnvironmentName => slug(12),
        Rule::TenantName => slug(24),
        Rule::ModelVersion => json!({ "type": "string", "pattern": "^[0-9.]{1,16}$" }),
        Rule::Account => json!({ "type": "string", "pattern": "^[0-9]{12}$" }),
        Rule::Region => json!({ "enum": REKOGNITION_REGIONS }),
        Rule::Email => json!({ "type": "string", "pattern": r"^[^@\s]+@[^@\s.][^@\s]*\.[^@\s]*[^@\s.]$" }),
        Rule::Issuer => json!({ "type": "string", "pattern": r"^https://[^/?# ][^?# ]*$" }),
        Rule::Word => json!({ "type": "string", "pattern": r"\S" }),
        Rule::OneOf(choices) => json!({ "enum": choices }),
        Rule::ListOf(choices) => json!({ "type": "array", "items": { "enum": choices }, "uniqueItems": true }),
        Rule::Flag => json!({ "type": "boolean" }),
        Rule::Threshold => json!({ "type": "number", "exclusiveMinimum": 1, "maximum": 100 }),
        Rule::Gate => json!({ "anyOf": [{ "const": 0 }, { "type": "number", "exclusiveMinimum": 1, "maximum": 100 }] }),
        Rule::Ratio => json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1 }),
        Rule::Angles => json!({
            "type": "array", "minItems": 2, "maxItems": 2,
            "items": { "type": "number", "minimum": -180, "maximum": 180 },
        }),
        Rule::Whole(least, most, _) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Rule::WholePercent => json!({ "type": "integer", "minimum": 1, "maximum": 100 }),
        Rule::LogDays => json!({ "enum": LOG_DAYS }),
    }
}

fn extend(schema: &mut Value, more: Value) {
    if let (Some(schema), Value::Object(more)) = (schema.as_object_mut(), more) {
        schema.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Config, ConfigError};
    use crate::model::Environment;

    /// Every path of keys that the schema describes; `name` stands for names that the user chooses.
    fn paths(schema: &Value, root: &Value) -> Vec<Vec<String>> {
        let schema = match schema["$ref"].as_str() {
            Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
            None => schema,
        };
        let named = schema["additionalProperties"].is_object().then_some(("*", &schema["additionalProperties"]));
        let properties =
            schema["properties"].as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value));
        let below = |(key, value): (&str, &Value)| {
            let prefix = |path: Vec<String>| [vec![key.to_owned()], path].concat();
            let mut all = vec![vec![key.to_owned()]];
            all.extend(paths(value, root).into_iter().map(prefix));
            all
        };
        properties.chain(named).flat_map(below).collect()
    }

    /// The path as a file in which only the last key has (no) value.
    fn file(path: &[String]) -> String {
        let name = |at: usize| match path[at - 1].as_str() {
            "model_versions" => "'9.9'",
            _ => "some",
        };
        let key = |at: usize| if path[at] == "*" { name(at) } else { &path[at] };
        (0..path.len()).map(|at| format!("{}{}:\n", "  ".repeat(at), key(at))).collect::<Vec<_>>().concat()
    }

    fn says_unknown_key(path: &[String]) -> bool {
        match Config::parse(Path::new("idv.yaml"), &file(path)) {
            Err(ConfigError::Invalid { problems, .. }) => problems.iter().any(|problem| problem.rule == "unknown key"),
            Err(error) => panic!("{error}"),
            Ok(_) => false,
        }
    }

    #[test]
    fn the_loader_knows_every_key_of_the_schema() {
        let schema = schema();
        let paths = paths(&schema, &schema);
        assert!(paths.len() > 100, "{paths:?}");
        for path in paths {
            assert!(!says_unknown_key(&path), "{path:?}");
            let beside = [&path[..path.len() - 1], &["nobody_knows_this".to_owned()]].concat();
            let chooses_name = path.last().is_some_and(|key| key == "*");
            assert!(chooses_name || says_unknown_key(&beside), "{beside:?} should be unknown");
        }
    }

    #[test]
    fn the_schema_knows_every_setting_of_an_environment() {
        let schema = schema();
        let known = paths(&schema, &schema);
        let environment = serde_json::to_value(Environment::fixture()).unwrap();
        let sections = [
            (&environment["alarms"], vec!["alarms"]),
            (&environment["retention"], vec!["retention"]),
            (&environment["auth"], vec!["auth"]),
            (&environment["matching"]["default"], vec!["matching"]),
            (&environment["matching"]["default"], vec!["matching", "model_versions", "*"]),
            (&environment["matching"]["quality"], vec!["matching", "quality"]),
            (&environment["tenants"]["demo"], vec!["tenants", "*"]),
        ];
        for (section, path) in sections {
            for key in section.as_object().unwrap().keys() {
                let path: Vec<String> = path.iter().copied().chain([key.as_str()]).map(str::to_owned).collect();
                assert!(known.contains(&path), "{path:?} is missing from the schema");
                let in_environment = [vec!["environments".to_owned(), "*".to_owned()], path].concat();
                assert!(known.contains(&in_environment), "{in_environment:?} is missing from the schema");
            }
        }
    }

    #[test]
    fn what_the_schema_allows_the_loader_allows() {
        let ends = |schema: &Value| [schema["minimum"].as_u64(), schema["maximum"].as_u64()];
        for field in keys::SECTIONS
            .iter()
            .filter_map(|section| match section.kind {
                Kind::Section(shape) => Some(shape::fields(shape)),
                _ => None,
            })
            .flatten()
        {
            let Kind::Value(rule_of_field, _) = field.kind else { continue };
            for end in ends(&rule(rule_of_field)).into_iter().flatten() {
                assert!(rule_of_field.validate(&json!(end)).is_ok(), "{}: {end}", field.key);
            }
            if let Some(most) = ends(&rule(rule_of_field))[1] {
                assert!(rule_of_field.validate(&json!(most + 1)).is_err(), "{}: {}", field.key, most + 1);
            }
        }
    }
}
