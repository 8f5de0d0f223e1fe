//! That every parameter gets a value, and that the value fits.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::{Environment, Finding, StackKind};
use crate::policy::intrinsic::{Reference, references};
use crate::policy::place::{Note, section};
use crate::template::RenderedStack;

/// The longest value of a parameter, bytes.
const VALUE_BYTES: usize = 4_096;
/// Parameters whose value comes from packaging and from the local cloud, not from another stack.
const GIVEN_AT_DEPLOYMENT: [&str; 3] = ["HandlerBucket", "HandlerKey", "Issuer"];

pub(super) fn check(_environment: &Environment, stacks: &[RenderedStack]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for stack in stacks {
        let given = outputs_for(stack.kind, stacks);
        let used = names_used(stack);
        for (name, parameter) in section(stack, "Parameters") {
            let default = parameter.get("Default");
            if default.is_none() && !given.contains(name.as_str()) && !GIVEN_AT_DEPLOYMENT.contains(&name.as_str()) {
                findings.push(without_value(stack, name));
            }
            findings.extend(default.and_then(|value| too_long(stack, name, value)));
            if !used.contains(name.as_str()) {
                let message = format!("nothing uses the parameter `{name}`");
                findings.push(Note::warning("PARAMETER_UNUSED", message, "remove it").at(stack, name));
            }
        }
    }
    findings
}

/// The outputs of the stacks that are deployed before this kind of stack.
fn outputs_for(kind: StackKind, stacks: &[RenderedStack]) -> BTreeSet<&str> {
    let before = stacks.iter().filter(|stack| kind.needs().contains(&stack.kind));
    before.flat_map(|stack| section(stack, "Outputs").map(|(name, _)| name.as_str())).collect()
}

fn names_used(stack: &RenderedStack) -> BTreeSet<&str> {
    let sections = ["Resources", "Outputs", "Conditions", "Rules"];
    sections
        .into_iter()
        .flat_map(|name| section(stack, name))
        .flat_map(|(_, entry)| references(entry))
        .filter_map(|reference| match reference {
            Reference::Name(name) => Some(name),
            _ => None,
        })
        .collect()
}

fn without_value(stack: &RenderedStack, name: &str) -> Finding {
    let before: Vec<&str> = stack.kind.needs().iter().map(|kind| kind.name()).collect();
    let message = match before.as_slice() {
        [] => format!("`{name}` has no Default, and no stack comes before this one"),
        _ => {
            format!("`{name}` has no Default, and no stack before this one ({}) has such an output", before.join(", "))
        }
    };
    Note::error("PARAMETER_WITHOUT_VALUE", message, "give it a Default, or add the output").at(stack, name)
}

fn too_long(stack: &RenderedStack, name: &str, value: &Value) -> Option<Finding> {
    let bytes = value.as_str().map_or_else(|| value.to_string().len(), str::len);
    (bytes > VALUE_BYTES).then(|| {
        let message = format!("the Default of `{name}` has {bytes} bytes; a value may have at most {VALUE_BYTES}");
        Note::error("PARAMETER_VALUE_TOO_LONG", message, "shorten it").at(stack, name)
    })
}
