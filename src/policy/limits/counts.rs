//! How many things a template may declare.

use crate::model::{Environment, Finding};
use crate::policy::place::{Note, section};
use crate::template::RenderedStack;

/// The sections of a template and how many entries each may have.
const LIMITS: [(&str, usize); 4] = [("Resources", 500), ("Parameters", 200), ("Outputs", 200), ("Mappings", 200)];

pub(super) fn check(_environment: &Environment, stacks: &[RenderedStack]) -> Vec<Finding> {
    stacks.iter().flat_map(|stack| LIMITS.iter().filter_map(|limit| count(stack, *limit)).chain(empty(stack))).collect()
}

fn count(stack: &RenderedStack, (name, limit): (&str, usize)) -> Option<Finding> {
    let count = section(stack, name).count();
    (count > limit).then(|| {
        let message = format!("{count} {name}; a template may have at most {limit}");
        Note::error("TOO_MANY_ENTRIES", message, "move some to another stack, or configure fewer shards").on(stack)
    })
}

fn empty(stack: &RenderedStack) -> Option<Finding> {
    section(stack, "Resources").next().is_none().then(|| {
        Note::error("NO_RESOURCES", "the template declares no resource", "add a resource, or remove the stack")
            .on(stack)
    })
}
