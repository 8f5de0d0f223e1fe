//! YAML with CloudFormation's short tags to a tree with the long names of the functions.

use serde_json::{Map, Value, json};

use super::error::{Fault, Place};
use super::sources::Source;
use crate::yaml::{Position, Step, read_tree};

/// The transform that the sources are written for and that the renderer applies.
const TRANSFORM: &str = "AWS::LanguageExtensions";

/// Functions with a short tag; `!Ref` and `!Condition` stand for themselves.
const TAGGED: [&str; 18] = [
    "And",
    "Base64",
    "Cidr",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
];

/// A template's sections, in their written order.
#[derive(Debug, Clone)]
pub(super) struct Template {
    sections: Map<String, Value>,
}

impl Template {
    /// A section, empty where the template has none.
    pub fn section(&self, name: &str) -> Option<&Map<String, Value>> {
        self.sections.get(name).and_then(Value::as_object)
    }

    /// A section to change, where the template has it.
    pub fn section_mut(&mut self, name: &str) -> Option<&mut Map<String, Value>> {
        self.sections.get_mut(name).and_then(Value::as_object_mut)
    }

    /// Puts a section in the place of the one of this name.
    pub fn replace(&mut self, name: &str, section: Map<String, Value>) {
        self.sections.insert(name.to_owned(), Value::Object(section));
    }

    /// Takes a section out if nothing is left in it.
    pub fn drop_if_empty(&mut self, name: &str) {
        if self.section(name).is_some_and(Map::is_empty) {
            self.sections.shift_remove(name);
        }
    }

    /// Logical ids of the resources.
    pub fn resource_ids(&self) -> impl Iterator<Item = &str> {
        self.section("Resources").into_iter().flat_map(|resources| resources.keys().map(String::as_str))
    }

    /// The template as one document.
    pub fn into_value(self) -> Value {
        Value::Object(self.sections)
    }
}

/// Reads a template and takes its transform off: from here on the renderer is the transform.
pub(super) fn template(source: &Source) -> Result<Template, Fault> {
    let fault = |path: &[&str], message: String, remedy: &str| Fault {
        file: source.name.clone(),
        place: Place::Path(path.iter().map(|key| Step::Key((*key).to_owned())).collect()),
        message,
        remedy: remedy.to_owned(),
    };
    let Value::Object(mut sections) = tree(source)? else {
        return Err(fault(&[], "is not a template: its top is no map".to_owned(), "begin with `Resources:`"));
    };
    match sections.shift_remove("Transform") {
        Some(Value::String(name)) if name == TRANSFORM => {}
        other => {
            let found = other.map_or("no Transform".to_owned(), |other| format!("Transform {other}"));
            return Err(fault(&["Transform"], format!("has {found}"), "write `Transform: AWS::LanguageExtensions`"));
        }
    }
    for name in ["Parameters", "Mappings", "Conditions", "Resources", "Outputs"] {
        if sections.get(name).is_some_and(|section| !section.is_object()) {
            return Err(fault(&[name], format!("{name} is no map"), "give every entry a name"));
        }
    }
    Ok(Template { sections })
}

/// Reads any file of the sources.
pub(super) fn tree(source: &Source) -> Result<Value, Fault> {
    read_tree(&source.text, long_form).map_err(|error| Fault {
        file: source.name.clone(),
        place: Place::At(error.position.or_else(|| quoted_at(&source.text, &error.message))),
        message: error.message,
        remedy: "correct the YAML there".to_owned(),
    })
}

/// Where the text stands that a message quotes: a wrong tag is found after the reader has forgotten its position.
fn quoted_at(text: &str, message: &str) -> Option<Position> {
    let quoted = message.split('`').nth(1)?;
    let (index, column) = text.lines().enumerate().find_map(|(index, line)| Some((index, line.find(quoted)?)))?;
    Some(Position { line: u32::try_from(index + 1).ok()?, column: u32::try_from(column + 1).ok()? })
}

fn long_form(tag: &str, value: Value) -> Result<Value, String> {
    match (tag, value) {
        ("Ref" | "Condition", value) => Ok(json!({ tag: value })),
        ("GetAtt", Value::String(text)) => match text.split_once('.') {
            Some((resource, attribute)) => Ok(json!({ "Fn::GetAtt": [resource, attribute] })),
            None => Err(format!("`!GetAtt {text}` names no attribute; write !GetAtt Resource.Attribute")),
        },
        (tag, value) if TAGGED.contains(&tag) => Ok(json!({ format!("Fn::{tag}"): value })),
        (tag, _) => Err(format!("`!{tag}` is not a CloudFormation function; write one of !Ref, !Sub, !GetAtt …")),
    }
}
