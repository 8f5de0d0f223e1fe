//! Where the values of a stack's parameters come from.

use std::collections::BTreeMap;

use serde_json::Value;

/// What is known when a stack's parameters are filled in.
#[derive(Debug, Clone, Copy)]
pub struct Givens<'a> {
    /// The outputs of the stacks that this one needs: a parameter of the same name takes the value.
    pub outputs: &'a BTreeMap<String, String>,
    /// The OIDC issuer of the parameter `Issuer`, where the caller knows it better than the template.
    pub issuer: Option<&'a str>,
    /// The packaged Lambda program's key in the artifact bucket, for the parameter `HandlerKey`.
    pub handler_key: Option<&'a str>,
}

/// A stack's parameters, filled in as far as possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// Every parameter has a value here or a default in the template.
    Complete(BTreeMap<String, String>),
    /// These parameters wait for outputs of stacks that do not exist yet.
    Waiting(Vec<String>),
}

/// Fills in the parameters that a template declares. Those with neither a value nor a default are named.
#[must_use]
pub fn bind(template: &Value, givens: &Givens<'_>) -> Bound {
    let mut values = BTreeMap::new();
    let mut missing = Vec::new();
    for (name, declaration) in template["Parameters"].as_object().into_iter().flatten() {
        let value = match name.as_str() {
            "Issuer" => givens.issuer,
            "HandlerKey" => givens.handler_key,
            "HandlerBucket" => givens.outputs.get("ArtifactBucketName").map(String::as_str),
            name => givens.outputs.get(name).map(String::as_str),
        };
        match value {
            Some(value) => drop(values.insert(name.clone(), value.to_owned())),
            None if declaration.get("Default").is_none() => missing.push(name.clone()),
            None => {}
        }
    }
    if missing.is_empty() { Bound::Complete(values) } else { Bound::Waiting(missing) }
}

/// The value that every parameter of a template ends up with: the bound one, else its default.
#[must_use]
pub fn effective(template: &Value, bound: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let declared = template["Parameters"].as_object().into_iter().flatten();
    declared
        .filter_map(|(name, declaration)| {
            let value = bound.get(name).cloned().or_else(|| text(declaration.get("Default")?));
            Some((name.clone(), value?))
        })
        .collect()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn outputs_become_parameters_of_the_same_name() {
        let template = json!({"Parameters": {
            "FacesTableName": {"Type": "String"},
            "HandlerBucket": {"Type": "String"},
            "HandlerKey": {"Type": "String"},
            "Issuer": {"Type": "String", "Default": "https://issuer.example"},
            "LogRetention": {"Type": "Number", "Default": 30},
        }});
        let outputs = BTreeMap::from(
            [("FacesTableName", "idv-local-faces"), ("ArtifactBucketName", "bucket"), ("Unused", "x")]
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        let givens = Givens { outputs: &outputs, issuer: None, handler_key: Some("handler/abc.zip") };
        let Bound::Complete(values) = bind(&template, &givens) else { panic!("all are known") };
        let mut expected = BTreeMap::from(
            [("FacesTableName", "idv-local-faces"), ("HandlerBucket", "bucket"), ("HandlerKey", "handler/abc.zip")]
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        assert_eq!(values, expected);
        expected.insert("Issuer".to_owned(), "https://issuer.example".to_owned());
        expected.insert("LogRetention".to_owned(), "30".to_owned());
        assert_eq!(effective(&template, &values), expected);
    }

    #[test]
    fn what_no_stack_gives_yet_is_named() {
        let template = json!({"Parameters": {"FacesTableName": {"Type": "String"}, "HandlerKey": {"Type": "String"}}});
        let givens = Givens { outputs: &BTreeMap::new(), issuer: None, handler_key: Some("k") };
        assert_eq!(bind(&template, &givens), Bound::Waiting(vec!["FacesTableName".to_owned()]));
    }
}
