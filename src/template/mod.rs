//! `templates/*.yaml` to CloudFormation.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::StackKind;

/// One stack's template, plain CloudFormation.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderedStack {
    /// Which stack it is.
    pub kind: StackKind,
    /// The template.
    pub template: Value,
    /// Where each resource comes from, by logical id.
    pub origins: BTreeMap<String, Origin>,
}

/// A place in a template's source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The source file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

impl RenderedStack {
    /// The template as compact JSON, the form that is sent.
    #[must_use]
    pub fn body(&self) -> String {
        self.template.to_string()
    }
}
