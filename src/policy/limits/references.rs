//! That every name a template uses exists in it. The local cloud accepts names that lead nowhere.

use serde_json::Value;

use crate::model::{Environment, Finding};
use crate::policy::intrinsic::{Reference, references};
use crate::policy::place::{Note, section};
use crate::template::RenderedStack;

pub(super) fn check(_environment: &Environment, stacks: &[RenderedStack]) -> Vec<Finding> {
    stacks.iter().flat_map(dangling).collect()
}

fn dangling(stack: &RenderedStack) -> Vec<Finding> {
    let mut findings = Vec::new();
    for part in ["Resources", "Outputs", "Conditions"] {
        for (id, entry) in section(stack, part) {
            findings.extend(references(entry).into_iter().filter_map(|reference| missing(stack, id, reference)));
            findings.extend(condition(entry).filter(|name| !exists(stack, "Conditions", name)).map(|name| {
                let message = format!("the condition `{name}` does not exist");
                Note::error("CONDITION_DANGLING", message, "declare it under Conditions").at(stack, id)
            }));
        }
    }
    for (id, resource) in section(stack, "Resources") {
        findings.extend(dependencies(resource).filter(|name| !exists(stack, "Resources", name)).map(|name| {
            let message = format!("DependsOn names `{name}`, which is no resource of this template");
            Note::error("DEPENDS_ON_DANGLING", message, "mend the name, or remove it").at(stack, id)
        }));
    }
    findings
}

fn missing(stack: &RenderedStack, id: &str, reference: Reference<'_>) -> Option<Finding> {
    let (found, rule, message, remedy) = match reference {
        Reference::Name(name) => (
            exists(stack, "Resources", name) || exists(stack, "Parameters", name),
            "REFERENCE_DANGLING",
            format!("`{name}` is neither a resource nor a parameter of this template"),
            "mend the name, or declare a parameter of that name (an output of an earlier stack fills it)",
        ),
        Reference::Attribute(name) => (
            exists(stack, "Resources", name),
            "ATTRIBUTE_DANGLING",
            format!("an attribute of `{name}` is asked for, which is no resource of this template"),
            "mend the name; what belongs to another stack arrives as a parameter, by Ref",
        ),
        Reference::Condition(name) => (
            exists(stack, "Conditions", name),
            "CONDITION_DANGLING",
            format!("the condition `{name}` does not exist"),
            "declare it under Conditions",
        ),
    };
    (!found).then(|| Note::error(rule, message, remedy).at(stack, id))
}

fn exists(stack: &RenderedStack, part: &str, name: &str) -> bool {
    stack.template.get(part).is_some_and(|entries| entries.get(name).is_some())
}

/// The condition under which an entry exists.
fn condition(entry: &Value) -> impl Iterator<Item = &str> {
    entry.get("Condition").and_then(Value::as_str).into_iter()
}

/// What a resource says it depends on, in either form.
pub(super) fn dependencies(resource: &Value) -> impl Iterator<Item = &str> {
    let (one, many) = match resource.get("DependsOn") {
        Some(Value::String(name)) => (Some(name.as_str()), None),
        Some(Value::Array(names)) => (None, Some(names)),
        _ => (None, None),
    };
    one.into_iter().chain(many.into_iter().flatten().filter_map(Value::as_str))
}
