//! What an entry of a template may be called, and that a resource says what it is.

use crate::model::{Environment, Finding};
use crate::policy::place::{Note, section};
use crate::template::RenderedStack;

/// The longest logical id, parameter name or output name.
const NAME_CHARS: usize = 255;
/// The sections whose names must be alphanumeric.
const SECTIONS: [&str; 4] = ["Resources", "Parameters", "Outputs", "Conditions"];

pub(super) fn check(_environment: &Environment, stacks: &[RenderedStack]) -> Vec<Finding> {
    stacks.iter().flat_map(|stack| names(stack).into_iter().chain(types(stack)).chain(shadowed(stack))).collect()
}

fn names(stack: &RenderedStack) -> Vec<Finding> {
    let ids = SECTIONS.into_iter().flat_map(|name| section(stack, name).map(|(id, _)| id));
    ids.filter(|id| !is_name(id))
        .map(|id| {
            let message = format!("`{id}` is not a logical id: 1–{NAME_CHARS} letters and digits, nothing else");
            Note::error("LOGICAL_ID_INVALID", message, "rename it, and every reference to it").at(stack, id)
        })
        .collect()
}

fn is_name(id: &str) -> bool {
    (1..=NAME_CHARS).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn types(stack: &RenderedStack) -> Vec<Finding> {
    section(stack, "Resources")
        .filter(|(_, resource)| !resource["Type"].as_str().is_some_and(is_type))
        .map(|(id, resource)| {
            let message = format!("the resource has no valid Type: {}", resource["Type"]);
            Note::error("RESOURCE_TYPE_MISSING", message, "add its Type, for example AWS::S3::Bucket").at(stack, id)
        })
        .collect()
}

/// `AWS::Service::Resource`, `Custom::Name` or a third party's `Owner::Service::Resource`.
fn is_type(kind: &str) -> bool {
    let parts: Vec<&str> = kind.split("::").collect();
    (parts.len() == 3 || (parts.len() == 2 && parts[0] == "Custom") || parts.len() == 4)
        && parts.iter().all(|part| !part.is_empty())
}

fn shadowed(stack: &RenderedStack) -> Vec<Finding> {
    section(stack, "Resources")
        .filter(|(id, _)| stack.template["Parameters"].get(id.as_str()).is_some())
        .map(|(id, _)| {
            let message = format!("`{id}` names a resource and a parameter");
            Note::error("LOGICAL_ID_TWICE", message, "rename one of them").at(stack, id)
        })
        .collect()
}
