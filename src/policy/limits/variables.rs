//! How much may stand in the environment of a Lambda function.

use serde_json::{Map, Value};

use crate::model::{Environment, Finding};
use crate::policy::place::{Note, resources_of};
use crate::template::RenderedStack;

/// All names and values of a function's environment together, bytes.
const ENVIRONMENT_BYTES: usize = 4_096;
/// What a value that is only known at deployment (an ARN, a name) is taken to have, bytes.
const ASSUMED_BYTES: usize = 96;

pub(super) fn check(_environment: &Environment, stacks: &[RenderedStack]) -> Vec<Finding> {
    stacks.iter().flat_map(too_large).collect()
}

fn too_large(stack: &RenderedStack) -> Vec<Finding> {
    resources_of(stack, "AWS::Lambda::Function")
        .filter_map(|(id, function)| {
            let variables = function["Properties"]["Environment"]["Variables"].as_object()?;
            let bytes: usize = variables.iter().map(|(name, value)| name.len() + estimate(stack, value)).sum();
            (bytes > ENVIRONMENT_BYTES).then(|| {
                let message = format!(
                    "the environment has about {bytes} bytes ({}); at most {ENVIRONMENT_BYTES}",
                    largest(variables)
                );
                let remedy = "shorten the largest; for IDV_SETTINGS that means fewer tenants or model versions";
                Note::error("FUNCTION_ENVIRONMENT_TOO_LARGE", message, remedy).at(stack, id)
            })
        })
        .collect()
}

/// The length of a value, or a guess where it is only known at deployment.
fn estimate(stack: &RenderedStack, value: &Value) -> usize {
    if let Some(text) = value.as_str() {
        return text.len();
    }
    let parameter = value.get("Ref").and_then(Value::as_str).and_then(|name| stack.template["Parameters"].get(name));
    if let Some(default) = parameter.and_then(|parameter| parameter["Default"].as_str()) {
        return default.len();
    }
    match value.get("Fn::Sub") {
        Some(Value::String(text)) => text.len(),
        _ => ASSUMED_BYTES,
    }
}

fn largest(variables: &Map<String, Value>) -> String {
    let longest = variables.iter().max_by_key(|(_, value)| value.to_string().len());
    longest.map_or_else(String::new, |(name, _)| format!("{name} is the largest"))
}
