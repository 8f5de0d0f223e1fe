//! Conditions that are decided when the template is rendered: taken out, together with what they rule out.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::expand::function;
use super::parameters::Known;
use super::parse::Template;

/// What is known of a condition.
#[derive(Debug, Clone, PartialEq)]
enum Verdict {
    Decided(bool),
    /// A deployment decides: the condition, without the parts that are decided.
    Open(Value),
}

/// Decides what can be decided and carries it out.
pub(super) fn decide(template: &mut Template, known: &Known) {
    let Some(conditions) = template.section("Conditions").cloned() else { return };
    let court = Court { conditions: &conditions, known };
    let mut decided = BTreeMap::new();
    let mut open = Map::new();
    for (name, condition) in &conditions {
        match court.judge(condition, 0) {
            Verdict::Decided(holds) => drop(decided.insert(name.clone(), holds)),
            Verdict::Open(condition) => drop(open.insert(name.clone(), condition)),
        }
    }
    template.replace("Conditions", open);
    template.drop_if_empty("Conditions");
    let mut gone = Vec::new();
    for section in ["Resources", "Outputs"] {
        let Some(entries) = template.section_mut(section) else { continue };
        entries.retain(|id, entry| {
            let holds = entry.get("Condition").and_then(Value::as_str).and_then(|name| decided.get(name)).copied();
            if let (Some(true), Some(entry)) = (holds, entry.as_object_mut()) {
                entry.shift_remove("Condition");
            }
            if holds == Some(false) && section == "Resources" {
                gone.push(id.clone());
            }
            holds != Some(false)
        });
        for entry in entries.values_mut() {
            choose(entry, &decided);
        }
    }
    for entry in template.section_mut("Resources").into_iter().flat_map(Map::values_mut) {
        wait_no_longer(entry, &gone);
    }
}

struct Court<'a> {
    conditions: &'a Map<String, Value>,
    known: &'a Known,
}

impl Court<'_> {
    /// `depth` guards against conditions that refer to each other in a circle, which stay open for AWS to refuse.
    fn judge(&self, condition: &Value, depth: usize) -> Verdict {
        let open = || Verdict::Open(condition.clone());
        let Some(entries) = condition.as_object() else { return open() };
        if let Some(name) = entries.get("Condition").and_then(Value::as_str) {
            return match self.conditions.get(name).filter(|_| depth < self.conditions.len()) {
                Some(other) => match self.judge(other, depth + 1) {
                    Verdict::Decided(holds) => Verdict::Decided(holds),
                    Verdict::Open(_) => open(),
                },
                None => open(),
            };
        }
        match function(entries) {
            Some(("Fn::Equals", Value::Array(sides))) => match sides.as_slice() {
                [left, right] => match (self.text(left), self.text(right)) {
                    (Some(left), Some(right)) => Verdict::Decided(left == right),
                    _ => open(),
                },
                _ => open(),
            },
            Some(("Fn::Not", Value::Array(parts))) => match parts.as_slice() {
                [part] => match self.judge(part, depth) {
                    Verdict::Decided(holds) => Verdict::Decided(!holds),
                    Verdict::Open(part) => Verdict::Open(json!({ "Fn::Not": [part] })),
                },
                _ => open(),
            },
            Some((name @ "Fn::And", Value::Array(parts))) => self.combine(name, parts, false, depth),
            Some((name @ "Fn::Or", Value::Array(parts))) => self.combine(name, parts, true, depth),
            _ => open(),
        }
    }

    /// `And` is decided by one part that is false, `Or` by one that is true; the other decided parts change nothing.
    fn combine(&self, name: &str, parts: &[Value], decisive: bool, depth: usize) -> Verdict {
        let mut open = Vec::new();
        for part in parts {
            match self.judge(part, depth) {
                Verdict::Decided(holds) if holds == decisive => return Verdict::Decided(decisive),
                Verdict::Decided(_) => {}
                Verdict::Open(part) => open.push(part),
            }
        }
        match open.len() {
            0 => Verdict::Decided(!decisive),
            1 => Verdict::Open(open.remove(0)),
            _ => Verdict::Open(json!({ name: open })),
        }
    }

    fn text(&self, side: &Value) -> Option<String> {
        match side {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(side.to_string()),
            _ if side.get("Ref").is_some_and(|name| name == "AWS::Region") => self.known.region().map(str::to_owned),
            _ => None,
        }
    }
}

/// Puts the branch that a decided condition chooses in the place of `Fn::If`.
fn choose(node: &mut Value, decided: &BTreeMap<String, bool>) {
    if let Some(("Fn::If", Value::Array(parts))) = node.as_object().and_then(function)
        && let [Value::String(name), yes, no] = parts.as_slice()
        && let Some(holds) = decided.get(name)
    {
        *node = if *holds { yes.clone() } else { no.clone() };
        return choose(node, decided);
    }
    match node {
        Value::Array(items) => items.iter_mut().for_each(|item| choose(item, decided)),
        Value::Object(entries) => entries.values_mut().for_each(|value| choose(value, decided)),
        _ => {}
    }
}

/// Takes resources that are gone out of `DependsOn`, as a deployment would.
fn wait_no_longer(resource: &mut Value, gone: &[String]) {
    let Some(resource) = resource.as_object_mut() else { return };
    let left = match resource.get_mut("DependsOn") {
        Some(Value::String(id)) => !gone.contains(id),
        Some(Value::Array(ids)) => {
            ids.retain(|id| !id.as_str().is_some_and(|id| gone.iter().any(|other| other == id)));
            !ids.is_empty()
        }
        _ => true,
    };
    if !left {
        resource.shift_remove("DependsOn");
    }
}
