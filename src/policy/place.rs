//! Where a finding belongs: a resource's source line, a template as a whole, or a key of the configuration.

use serde_json::{Map, Value};

use crate::model::{Finding, Severity};
use crate::template::RenderedStack;

/// The file that findings on configuration point to.
const CONFIGURATION: &str = "idv.yaml";

/// What a check has to say, before it is known where.
pub(super) struct Note<'a> {
    pub(super) rule: &'a str,
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) remedy: String,
}

impl<'a> Note<'a> {
    pub(super) fn error(rule: &'a str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { rule, severity: Severity::Error, message: message.into(), remedy: remedy.into() }
    }

    pub(super) fn warning(rule: &'a str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { rule, severity: Severity::Warning, message: message.into(), remedy: remedy.into() }
    }

    /// At a resource, parameter or output of a stack. What has no recorded origin is placed in the stack's template.
    pub(super) fn at(self, stack: &RenderedStack, logical_id: &str) -> Finding {
        let origin = stack.origins.get(logical_id);
        let file = origin.map_or_else(|| template_of(stack), |origin| origin.file.clone());
        self.place(logical_id, file, origin.map(|origin| origin.line))
    }

    /// At a template as a whole.
    pub(super) fn on(self, stack: &RenderedStack) -> Finding {
        self.place(stack.kind.name(), template_of(stack), None)
    }

    /// At a key of the configuration.
    pub(super) fn in_configuration(self, key: &str) -> Finding {
        self.place(key, CONFIGURATION.to_owned(), None)
    }

    fn place(self, resource: &str, file: String, line: Option<u32>) -> Finding {
        Finding {
            rule: self.rule.to_owned(),
            severity: self.severity,
            resource: resource.to_owned(),
            file,
            line,
            message: self.message,
            remedy: self.remedy,
        }
    }
}

/// One section of a template (`Resources`, `Parameters`, …), empty when the template has none.
pub(super) fn section<'a>(stack: &'a RenderedStack, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    stack.template.get(name).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// The resources of one type in a stack.
pub(super) fn resources_of<'a>(
    stack: &'a RenderedStack,
    kind: &'a str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    section(stack, "Resources").filter(move |(_, resource)| resource["Type"] == kind)
}

fn template_of(stack: &RenderedStack) -> String {
    format!("templates/{}.yaml", stack.kind)
}
