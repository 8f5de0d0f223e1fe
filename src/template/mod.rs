//! Templates become CloudFormation. So far only what a rendered stack is.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::StackKind;

/// One stack, rendered: plain CloudFormation, complete in itself.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderedStack {
    /// Which stack.
    pub kind: StackKind,
    /// The template.
    pub template: Value,
    /// Where each logical id comes from.
    pub origins: BTreeMap<String, Origin>,
}

/// Where a resource is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The source file.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u32>,
}

impl RenderedStack {
    /// The template as compact JSON, the same bytes for the same environment.
    #[must_use]
    pub fn body(&self) -> String {
        self.template.to_string()
    }

    /// The parameters that have no default.
    #[must_use]
    pub fn required_parameters(&self) -> Vec<&str> {
        let declared = self.template["Parameters"].as_object().into_iter().flatten();
        declared.filter(|(_, parameter)| parameter.get("Default").is_none()).map(|(name, _)| name.as_str()).collect()
    }
}
