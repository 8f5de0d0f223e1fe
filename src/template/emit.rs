//! A rendered stack, written out.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Origin;
use crate::model::StackKind;
use crate::yaml::{self, YamlError};

/// Plain CloudFormation for one stack, complete in itself.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderedStack {
    /// Which stack.
    pub kind: StackKind,
    /// The template.
    pub template: Value,
    /// Where each resource is written in the sources, by logical id.
    pub origins: BTreeMap<String, Origin>,
}

impl RenderedStack {
    /// The template as it is deployed: JSON without blanks, because CloudFormation takes 51,200 bytes inline.
    #[must_use]
    pub fn body(&self) -> String {
        self.template.to_string()
    }

    /// The template as JSON for people.
    #[must_use]
    pub fn pretty(&self) -> String {
        format!("{:#}\n", self.template)
    }

    /// The template as YAML for people.
    pub fn yaml(&self) -> Result<String, YamlError> {
        yaml::write(&self.template)
    }

    /// Parameters that a deployment must give: those without a default.
    #[must_use]
    pub fn required_parameters(&self) -> Vec<&str> {
        let required = |(_, declaration): &(&String, &Value)| declaration.get("Default").is_none();
        self.section("Parameters").filter(required).map(|(name, _)| name.as_str()).collect()
    }

    /// Resources by logical id, in their written order.
    pub fn resources(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.section("Resources")
    }

    /// Names of the stack's outputs.
    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        self.section("Outputs").map(|(name, _)| name.as_str())
    }

    fn section(&self, name: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.template.get(name).and_then(Value::as_object).into_iter().flat_map(Map::iter)
    }
}
