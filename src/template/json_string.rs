//! `Fn::ToJsonString`: an object as JSON text, where some of the values are known only to a deployment.

use serde_json::{Map, Value, json};

use super::expand::function;
use super::placeholders::escape;

/// Functions that give a list or an object, which no text can hold.
const NOT_TEXT: [&str; 4] = ["Fn::Split", "Fn::GetAZs", "Fn::Cidr", "Fn::Transform"];

/// A value that cannot stand in JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unprintable(pub String);

/// Writes one document. `list` gives the values of a list parameter, where they are known.
pub(super) fn write(document: &Value, list: impl Fn(&str) -> Option<Vec<String>>) -> Result<Value, Unprintable> {
    let document = prepared(document, &list);
    let mut writer = Writer::default();
    writer.value(&document)?;
    Ok(match (writer.waits, writer.variables.is_empty()) {
        (false, _) => json!(document.to_string()),
        (true, true) => json!({ "Fn::Sub": writer.text }),
        (true, false) => json!({ "Fn::Sub": [writer.text, writer.variables] }),
    })
}

#[derive(Default)]
struct Writer {
    /// The text so far, as `Fn::Sub` reads it.
    text: String,
    /// Functions that have no short form inside `Fn::Sub`.
    variables: Map<String, Value>,
    /// Whether anything waits for the deployment.
    waits: bool,
}

impl Writer {
    fn value(&mut self, value: &Value) -> Result<(), Unprintable> {
        match value {
            Value::Object(entries) => match function(entries) {
                Some((name, argument)) => self.function(name, argument),
                None => self.object(entries),
            },
            Value::Array(items) => {
                let items: Vec<&Value> = items.iter().collect();
                self.separated('[', &items, ']', Self::value)
            }
            scalar => {
                self.literal(scalar);
                Ok(())
            }
        }
    }

    fn object(&mut self, entries: &Map<String, Value>) -> Result<(), Unprintable> {
        let entries: Vec<(&String, &Value)> = entries.iter().collect();
        self.separated('{', &entries, '}', |this, (key, value)| {
            this.literal(&json!(key));
            this.text.push(':');
            this.value(value)
        })
    }

    fn separated<T: Copy>(
        &mut self,
        open: char,
        items: &[T],
        close: char,
        write: impl Fn(&mut Self, T) -> Result<(), Unprintable>,
    ) -> Result<(), Unprintable> {
        self.text.push(open);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            write(self, *item)?;
        }
        self.text.push(close);
        Ok(())
    }

    /// Writes what stands for itself.
    fn literal(&mut self, value: &Value) {
        self.text.push_str(&escape(&value.to_string()));
    }

    /// Writes a string whose text a deployment fills in.
    fn placeholder(&mut self, name: &str) {
        self.waits = true;
        for part in ["\"${", name, "}\""] {
            self.text.push_str(part);
        }
    }

    fn function(&mut self, name: &str, argument: &Value) -> Result<(), Unprintable> {
        match (name, argument) {
            ("Ref", Value::String(parameter)) => self.placeholder(parameter),
            ("Fn::GetAtt", Value::Array(parts)) => {
                let parts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
                self.placeholder(&parts.join("."));
            }
            // Its text is in the language of Fn::Sub already; only what JSON escapes is to be escaped.
            ("Fn::Sub", Value::String(text)) => {
                self.waits = true;
                self.text.push_str(&json!(text).to_string());
            }
            (name, _) if NOT_TEXT.contains(&name) => return Err(Unprintable(name.to_owned())),
            (name, argument) => {
                let variable = format!("Json{}", self.variables.len() + 1);
                self.placeholder(&variable);
                self.variables.insert(variable, json!({ name: argument }));
            }
        }
        Ok(())
    }
}

/// The document without the members that `AWS::NoValue` takes out, and with the lists that are known written out.
fn prepared(value: &Value, list: &impl Fn(&str) -> Option<Vec<String>>) -> Value {
    let prepared = |value| prepared(value, list);
    match value {
        Value::Array(items) => items.iter().filter(|item| !is_no_value(item)).map(prepared).collect(),
        Value::Object(entries) => match function(entries) {
            Some(("Ref", Value::String(name))) => list(name).map_or_else(|| value.clone(), |values| json!(values)),
            Some(_) => value.clone(),
            None => entries
                .iter()
                .filter(|(_, value)| !is_no_value(value))
                .map(|(key, value)| (key.clone(), prepared(value)))
                .collect(),
        },
        scalar => scalar.clone(),
    }
}

fn is_no_value(value: &Value) -> bool {
    value.get("Ref").is_some_and(|name| name == "AWS::NoValue")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text_of(document: &Value) -> Value {
        write(document, |_| None).unwrap()
    }

    #[test]
    fn what_a_deployment_knows_becomes_a_placeholder() {
        let document = json!({
            "region": {"Ref": "AWS::Region"},
            "arn": {"Fn::GetAtt": ["Table", "Arn"]},
            "name": {"Fn::Sub": "${Prefix}-\"x\""},
            "joined": {"Fn::Join": ["-", ["a", {"Ref": "B"}]]},
            "literal": "${kept}",
            "gone": {"Ref": "AWS::NoValue"},
        });
        assert_eq!(
            text_of(&document),
            json!({"Fn::Sub": [
                r#"{"region":"${AWS::Region}","arn":"${Table.Arn}","name":"${Prefix}-\"x\"","joined":"${Json1}","literal":"${!kept}"}"#,
                {"Json1": {"Fn::Join": ["-", ["a", {"Ref": "B"}]]}},
            ]})
        );
    }

    #[test]
    fn a_known_list_is_written_out_and_an_unknown_one_refused() {
        let known = |name: &str| (name == "Shards").then(|| vec!["a".to_owned(), "b".to_owned()]);
        let text = write(&json!([{"Ref": "Shards"}]), known).unwrap();
        assert_eq!(text, json!(r#"[["a","b"]]"#));
        let refused = write(&json!([{"Fn::Split": [",", "a,b"]}]), known);
        assert_eq!(refused, Err(Unprintable("Fn::Split".to_owned())));
    }

    fn documents() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[ -~äß\n]{0,8}".prop_map(Value::from),
        ];
        let tree = scalar.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z$]{1,6}", inner, 0..4)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        });
        prop::collection::vec(tree, 0..3).prop_map(Value::from)
    }

    proptest! {
        #[test]
        fn a_document_without_functions_reads_back(document in documents()) {
            let text = text_of(&document);
            let back: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
            prop_assert_eq!(back, document);
        }
    }
}
