//! Applies `AWS::LanguageExtensions`: walks a template and leaves only what plain CloudFormation knows.

mod functions;
mod loops;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::error::{Fault, Place};
use super::parameters::Known;
use super::parse::{self, Template};
use super::placeholders::Scope;
use super::sources::{Source, Sources};
use crate::yaml::Step;

/// The sections in which AWS applies the transform.
const SECTIONS: [&str; 3] = ["Conditions", "Resources", "Outputs"];

/// Where in the source each resource is written, by logical id.
pub(super) type Sites = BTreeMap<String, Vec<Step>>;

/// One pass over one template.
pub(super) struct Expander<'a> {
    sources: &'a Sources,
    known: &'a Known,
    mappings: Map<String, Value>,
    parameters: Map<String, Value>,
    /// The file that is walked now: the template, or what it includes.
    file: String,
    /// Where the walk is in that file.
    path: Vec<Step>,
    scope: Scope,
    loop_names: BTreeSet<String>,
    sites: Sites,
}

impl<'a> Expander<'a> {
    pub fn new(source: &Source, template: &Template, known: &'a Known, sources: &'a Sources) -> Self {
        Self {
            sources,
            known,
            mappings: template.section("Mappings").cloned().unwrap_or_default(),
            parameters: template.section("Parameters").cloned().unwrap_or_default(),
            file: source.name.clone(),
            path: Vec::new(),
            scope: Scope::default(),
            loop_names: BTreeSet::new(),
            sites: Sites::new(),
        }
    }

    /// Expands the template in place and says where its resources are written.
    pub fn expand(mut self, template: &mut Template) -> Result<Sites, Fault> {
        for name in SECTIONS {
            let Some(section) = template.section(name).cloned() else { continue };
            let expanded = self.within(Step::Key(name.to_owned()), |this| this.map(&section))?;
            for id in expanded.keys() {
                if !id.chars().all(|c| c.is_ascii_alphanumeric()) {
                    let section = || vec![Step::Key(name.to_owned()), Step::Key(id.clone())];
                    return Err(self.fault_at(
                        self.sites.get(id).cloned().unwrap_or_else(section),
                        format!("`{id}` is no logical id: only letters and digits are allowed"),
                        "in a loop's key write &{Identifier} instead of ${Identifier}",
                    ));
                }
            }
            template.replace(name, expanded);
        }
        Ok(self.sites)
    }

    /// Expands any node.
    fn node(&mut self, node: &Value) -> Result<Value, Fault> {
        match node {
            Value::Object(entries) => match function(entries) {
                Some((name, argument)) => self.within(Step::Key(name.to_owned()), |this| this.function(name, argument)),
                None => self.map(entries).map(Value::Object),
            },
            Value::Array(items) => self.items(items).map(Value::Array),
            Value::String(text) => {
                self.refuse_placeholder(text)?;
                Ok(node.clone())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(node.clone()),
        }
    }

    fn items(&mut self, items: &[Value]) -> Result<Vec<Value>, Fault> {
        items.iter().enumerate().map(|(index, item)| self.within(Step::Index(index), |this| this.node(item))).collect()
    }

    /// Expands a map whose keys are names, loops among them.
    fn map(&mut self, entries: &Map<String, Value>) -> Result<Map<String, Value>, Fault> {
        let mut expanded = Map::new();
        for (key, value) in entries {
            if let Some(name) = key.strip_prefix(loops::PREFIX) {
                self.within(Step::Key(key.clone()), |this| this.repeat(name, value, &mut expanded))?;
            } else {
                self.within(Step::Key(key.clone()), |this| {
                    this.refuse_placeholder(key)?;
                    let value = this.node(value)?;
                    this.insert(key.clone(), value, &mut expanded)
                })?;
            }
        }
        Ok(expanded)
    }

    fn insert(&mut self, key: String, value: Value, into: &mut Map<String, Value>) -> Result<(), Fault> {
        if into.contains_key(&key) {
            return Err(self.fault(
                format!("`{key}` comes out of its loop, or of its map, more than once"),
                "give the values of the collection names that differ in their letters and digits",
            ));
        }
        if self.is_resource() {
            self.sites.insert(key.clone(), self.path.clone());
        }
        into.insert(key, value);
        Ok(())
    }

    /// Whether the walk stands at a resource: below `Resources`, with nothing but loops between.
    fn is_resource(&self) -> bool {
        let keys: Vec<&str> = self
            .path
            .iter()
            .filter_map(|step| match step {
                Step::Key(key) => Some(key.as_str()),
                Step::Index(_) => None,
            })
            .collect();
        match keys.as_slice() {
            ["Resources", between @ .., _] => between.iter().all(|key| key.starts_with(loops::PREFIX)),
            _ => false,
        }
    }

    /// Takes in another file of the sources, as `AWS::Include` does.
    fn include(&mut self, location: &str) -> Result<Value, Fault> {
        let source = self.sources.get(location).map_err(|error| self.fault(error.to_string(), &error.remedy))?;
        let tree = parse::tree(source)?;
        let outside = (std::mem::replace(&mut self.file, source.name.clone()), std::mem::take(&mut self.path));
        let included = self.node(&tree);
        (self.file, self.path) = outside;
        included
    }

    fn refuse_placeholder(&self, text: &str) -> Result<(), Fault> {
        match self.scope.placeholder(text) {
            None => Ok(()),
            Some(placeholder) => Err(self.fault(
                format!("`{placeholder}` in `{text}` is not replaced here: CloudFormation does so only in !Sub, !Ref and the loop's own keys"),
                "write it inside !Sub",
            )),
        }
    }

    fn within<T>(&mut self, step: Step, walk: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.path.push(step);
        let result = walk(self);
        self.path.pop();
        result
    }

    fn fault(&self, message: impl Into<String>, remedy: &str) -> Fault {
        self.fault_at(self.path.clone(), message.into(), remedy)
    }

    fn fault_at(&self, path: Vec<Step>, message: String, remedy: &str) -> Fault {
        Fault { file: self.file.clone(), place: Place::Path(path), message, remedy: remedy.to_owned() }
    }
}

/// The function that a map stands for: its only key is `Ref` or begins with `Fn::`, and it is no loop.
pub(super) fn function(entries: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut entries = entries.iter();
    match (entries.next(), entries.next()) {
        (Some((name, argument)), None)
            if name == "Ref" || (name.starts_with("Fn::") && !name.starts_with(loops::PREFIX)) =>
        {
            Some((name, argument))
        }
        _ => None,
    }
}
