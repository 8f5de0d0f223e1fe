//! How long a template and its descriptions may be.

use serde_json::Value;

use crate::model::{Environment, Finding, StackKind};
use crate::policy::place::{Note, section};
use crate::template::RenderedStack;

/// A template sent with the request, bytes.
const INLINE_BYTES: usize = 51_200;
/// A template read from S3, bytes.
const STORED_BYTES: usize = 1_000_000;
/// The description of a template or an output, bytes.
const DESCRIPTION_BYTES: usize = 1_024;
/// The description of a parameter, characters.
const PARAMETER_DESCRIPTION_CHARS: usize = 4_000;

pub(super) fn check(_environment: &Environment, stacks: &[RenderedStack]) -> Vec<Finding> {
    stacks.iter().flat_map(|stack| body(stack).into_iter().chain(descriptions(stack))).collect()
}

fn body(stack: &RenderedStack) -> Option<Finding> {
    let bytes = stack.body().len();
    let note = if bytes > STORED_BYTES {
        let message = format!("the template has {bytes} bytes; CloudFormation reads at most {STORED_BYTES}");
        Note::error("TEMPLATE_TOO_LARGE", message, "move resources to another stack")
    } else if bytes > INLINE_BYTES && stack.kind == StackKind::Data {
        // Any other stack's is sent through a bucket then, which this very stack creates.
        let message = format!("the template has {bytes} bytes; without a bucket at most {INLINE_BYTES} can be sent");
        Note::error("TEMPLATE_TOO_LARGE_TO_SEND", message, "configure fewer shards, or move resources to another stack")
    } else {
        return None;
    };
    Some(note.on(stack))
}

fn descriptions(stack: &RenderedStack) -> Vec<Finding> {
    let too_long = |what: &str, length: usize, limit: usize| {
        (length > limit).then(|| {
            let message = format!("the description of {what} is {length} long; at most {limit} are allowed");
            Note::error("DESCRIPTION_TOO_LONG", message, "shorten it")
        })
    };
    let text = |owner: &Value| owner["Description"].as_str().unwrap_or_default().to_owned();
    let mut findings = Vec::new();
    let template = text(&stack.template).len();
    findings.extend(too_long("the template", template, DESCRIPTION_BYTES).map(|note| note.on(stack)));
    for (name, parameter) in section(stack, "Parameters") {
        let length = text(parameter).chars().count();
        findings
            .extend(too_long("the parameter", length, PARAMETER_DESCRIPTION_CHARS).map(|note| note.at(stack, name)));
    }
    for (name, output) in section(stack, "Outputs") {
        let length = text(output).len();
        findings.extend(too_long("the output", length, DESCRIPTION_BYTES).map(|note| note.at(stack, name)));
    }
    findings
}
