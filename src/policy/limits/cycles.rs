//! That resources can be put in an order: no resource may wait for itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Environment, Finding};
use crate::policy::intrinsic::{Reference, references};
use crate::policy::place::{Note, section};
use crate::template::RenderedStack;

/// What each resource waits for.
type Graph<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

pub(super) fn check(_environment: &Environment, stacks: &[RenderedStack]) -> Vec<Finding> {
    stacks.iter().flat_map(cycles).collect()
}

fn cycles(stack: &RenderedStack) -> Vec<Finding> {
    let graph = graph(stack);
    let mut settled = BTreeSet::new();
    let mut findings = Vec::new();
    for id in graph.keys() {
        if let Some(cycle) = walk(&graph, id, &mut Vec::new(), &mut settled) {
            let message = format!("circular dependency: {}", cycle.join(" → "));
            let remedy =
                "break it: name one of them by its physical name, or move the reference to a resource of its own";
            findings.push(Note::error("CIRCULAR_DEPENDENCY", message, remedy).at(stack, cycle[0]));
        }
    }
    findings
}

fn graph(stack: &RenderedStack) -> Graph<'_> {
    let ids: BTreeSet<&str> = section(stack, "Resources").map(|(id, _)| id.as_str()).collect();
    section(stack, "Resources")
        .map(|(id, resource)| {
            let named = references(resource).into_iter().filter_map(|reference| match reference {
                Reference::Name(name) | Reference::Attribute(name) => Some(name),
                Reference::Condition(_) => None,
            });
            let needs = named.chain(super::references::dependencies(resource)).filter(|name| ids.contains(name));
            (id.as_str(), needs.collect())
        })
        .collect()
}

/// Walks in depth from `id`; the first way that comes back to itself is returned, its start repeated at the end.
/// What was walked to its end is settled and not walked again, so each cycle is found once.
fn walk<'a>(
    graph: &Graph<'a>,
    id: &'a str,
    way: &mut Vec<&'a str>,
    settled: &mut BTreeSet<&'a str>,
) -> Option<Vec<&'a str>> {
    if let Some(start) = way.iter().position(|passed| *passed == id) {
        let mut cycle = way[start..].to_vec();
        cycle.push(id);
        return Some(cycle);
    }
    if settled.contains(id) {
        return None;
    }
    way.push(id);
    let found = graph.get(id).into_iter().flatten().find_map(|next| walk(graph, next, way, settled));
    way.pop();
    settled.insert(id);
    found
}
