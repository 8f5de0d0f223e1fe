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

/// The built-in templates, or a folder of ejected ones.
#[derive(Debug, Clone)]
pub struct Sources;

/// A template that cannot be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// What to do about it.
    pub remedy: String,
}

impl std::fmt::Display for TemplateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("templates cannot be rendered yet")
    }
}

impl Sources {
    /// The templates of this version of the program.
    #[must_use]
    pub fn built_in() -> Self {
        Self
    }

    /// The templates of a folder.
    pub fn folder(_folder: &std::path::Path) -> Result<Self, TemplateError> {
        Ok(Self)
    }
}

/// Renders every stack of an environment, in the order of [`StackKind::ALL`].
pub fn render(
    _environment: &crate::model::Environment,
    _sources: &Sources,
) -> Result<Vec<RenderedStack>, TemplateError> {
    Err(TemplateError { remedy: String::new() })
}
