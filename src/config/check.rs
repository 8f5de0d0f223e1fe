//! The file alone: keys that nobody knows, things that are not where they should be, values against their rules.

use serde_json::Value;

use super::Source;
use super::error::Problem;
use super::keys;
use super::rule::{Fault, Rule, unquoted_account};
use super::shape::{self, Field, Kind, Preset, Shape};
use super::suggest::nearest;

/// Everything that is wrong with the file, whichever environment is asked for.
pub(super) fn check(file: &Value, source: &Source) -> Vec<Problem> {
    let mut walk = Walk { source, path: Vec::new(), problems: Vec::new() };
    walk.mapping(file, keys::ROOT);
    walk.problems
}

struct Walk<'a> {
    source: &'a Source,
    path: Vec<&'a str>,
    problems: Vec<Problem>,
}

impl<'a> Walk<'a> {
    fn mapping(&mut self, node: &'a Value, shape: Shape) {
        for (key, value) in self.entries(node) {
            self.path.push(key);
            match shape::field(shape, key) {
                Some(field) => self.field(value, field),
                None => self.report(None, unknown_key(key, shape)),
            }
            self.path.pop();
        }
    }

    fn field(&mut self, node: &'a Value, field: &Field) {
        match field.kind {
            Kind::Section(shape) => self.mapping(node, shape),
            Kind::Named { name, entry, .. } => self.names(node, name, entry),
            Kind::Value(rule, preset) => self.value(node, rule, preset),
        }
    }

    fn names(&mut self, node: &'a Value, name: Rule, entry: Shape) {
        for (key, value) in self.entries(node) {
            self.path.push(key);
            if let Err(fault) = name.validate(&Value::String(key.clone())) {
                self.report(None, fault);
            }
            self.mapping(value, entry);
            self.path.pop();
        }
    }

    fn value(&mut self, node: &'a Value, rule: Rule, preset: Preset) {
        if node.is_null() && preset.is_unset() {
            return;
        }
        if node.is_null() {
            let fix = format!("write a value, or remove the key for the default {}", preset.value());
            self.report(None, Fault::new("has no value", fix));
        } else if let Err(fault) = rule.validate(node) {
            self.report(Some(node), fault);
        } else if rule == Rule::Account && !self.source.is_quoted(&self.path) {
            self.report(None, unquoted_account(node.as_str().unwrap_or_default()));
        }
    }

    /// The entries of a mapping. A mapping whose keys are all commented out reads as nothing, and is one.
    fn entries(&mut self, node: &'a Value) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        if !node.is_object() && !node.is_null() {
            self.report(
                Some(node),
                Fault::new("must be a mapping", "indent its keys below it, one `key: value` per line"),
            );
        }
        node.as_object().into_iter().flatten()
    }

    fn report(&mut self, value: Option<&Value>, fault: Fault) {
        self.problems.push(self.source.problem(&self.path, value, fault));
    }
}

fn unknown_key(key: &str, shape: Shape) -> Fault {
    let known: Vec<&str> = shape::fields(shape).map(|field| field.key).collect();
    let is_top_level = shape::field(keys::ROOT, key).is_some();
    let fix = match nearest(key, known.iter().copied()) {
        _ if is_top_level => format!("move `{key}` to the top level of the file"),
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("remove it; known here: {}", known.join(", ")),
    };
    Fault::new("unknown key", fix)
}
