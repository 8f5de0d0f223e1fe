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
