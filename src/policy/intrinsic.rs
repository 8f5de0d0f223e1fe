//! Reading CloudFormation's intrinsic functions: which names a value refers to, and how long its text will be.

use serde_json::Value;

/// A name that a template uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reference<'a> {
    /// `Ref` or `${Name}`: a parameter or a resource.
    Name(&'a str),
    /// `Fn::GetAtt` or `${Name.Attribute}`: a resource.
    Attribute(&'a str),
    /// `Condition` or the first item of `Fn::If`: a condition.
    Condition(&'a str),
}

/// Every reference in a value, in reading order. Pseudo parameters (`AWS::Region`) are left out: they always exist.
pub(super) fn references(value: &Value) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    collect(value, &mut found);
    found
}

fn collect<'a>(value: &'a Value, found: &mut Vec<Reference<'a>>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(entries) => {
            if let (1, Some((function, argument))) = (entries.len(), entries.iter().next())
                && intrinsic(function, argument, found)
            {
                return;
            }
            entries.values().for_each(|entry| collect(entry, found));
        }
        _ => {}
    }
}

/// Takes in `{function: argument}` if it is a function that names something; says whether that was all of it.
fn intrinsic<'a>(function: &str, argument: &'a Value, found: &mut Vec<Reference<'a>>) -> bool {
    match (function, argument) {
        ("Ref", Value::String(name)) => {
            if !is_pseudo(name) {
                found.push(Reference::Name(name));
            }
            true
        }
        ("Fn::GetAtt", Value::String(path)) => {
            found.push(Reference::Attribute(path.split('.').next().unwrap_or(path)));
            true
        }
        ("Fn::GetAtt", Value::Array(path)) => {
            found.extend(path.first().and_then(Value::as_str).map(Reference::Attribute));
            path.iter().skip(1).for_each(|part| collect(part, found));
            true
        }
        ("Fn::Sub", Value::String(text)) => {
            found.extend(placeholders(text).filter_map(placeholder));
            true
        }
        ("Fn::Sub", Value::Array(parts)) => {
            let local = parts.get(1).and_then(Value::as_object);
            let is_local = |name: &str| local.is_some_and(|names| names.contains_key(name));
            if let Some(text) = parts.first().and_then(Value::as_str) {
                found.extend(placeholders(text).filter(|name| !is_local(name)).filter_map(placeholder));
            }
            local.into_iter().flat_map(|names| names.values()).for_each(|value| collect(value, found));
            true
        }
        ("Fn::If", Value::Array(parts)) => {
            found.extend(parts.first().and_then(Value::as_str).map(Reference::Condition));
            parts.iter().skip(1).for_each(|part| collect(part, found));
            true
        }
        _ => false,
    }
}

/// The names between `${` and `}`; `${!Name}` is literal text and no name.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name.trim()))
        .filter(|name| !name.starts_with('!'))
}

fn placeholder(name: &str) -> Option<Reference<'_>> {
    if is_pseudo(name) {
        return None;
    }
    Some(match name.split_once('.') {
        Some((resource, _)) => Reference::Attribute(resource),
        None => Reference::Name(name),
    })
}

fn is_pseudo(name: &str) -> bool {
    name.starts_with("AWS::")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_form_of_a_reference_is_read() {
        let value = json!({
            "a": {"Ref": "Topic"},
            "b": {"Fn::GetAtt": ["Key", "Arn"]},
            "c": {"Fn::GetAtt": "Table.Arn"},
            "d": {"Fn::Sub": "${AWS::Region}-${Prefix}-${Bucket.Arn}-${!Literal}"},
            "e": {"Fn::Sub": ["${Local}-${Queue}", {"Local": {"Ref": "Inner"}}]},
            "f": {"Fn::If": ["IsLocal", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]},
            "g": {"$ref": "#/components/schemas/Error"},
        });
        assert_eq!(
            references(&value),
            [
                Reference::Name("Topic"),
                Reference::Attribute("Key"),
                Reference::Attribute("Table"),
                Reference::Name("Prefix"),
                Reference::Attribute("Bucket"),
                Reference::Name("Queue"),
                Reference::Name("Inner"),
                Reference::Condition("IsLocal"),
                Reference::Name("A"),
            ]
        );
    }

    #[test]
    fn a_key_named_like_a_function_beside_others_is_data() {
        assert_eq!(references(&json!({"Ref": "Topic", "other": 1})), []);
    }
}
