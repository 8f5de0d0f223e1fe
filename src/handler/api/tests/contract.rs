//! What the API's description promises: every answer in the tests is held against it. Knows as much of JSON Schema as
//! the description uses.

use std::sync::LazyLock;

use serde_json::Value;

/// The description as it is deployed.
static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
    let stack: Value = serde_json::from_str(include_str!("../../../../tests/golden/service.json")).unwrap();
    stack["Resources"]["RestApi"]["Properties"]["Body"].clone()
});

/// Fails unless the description of the route knows the status and the body fits its schema.
pub(super) fn check(method: &str, resource: &str, status: u16, body: &Value) {
    let operation = &DESCRIPTION["paths"][resource][method.to_ascii_lowercase()];
    if operation.is_null() {
        return fits(&reference("Problem"), body, "problem");
    }
    let response = &operation["responses"][status.to_string()];
    assert!(response.is_object(), "{method} {resource} does not describe {status}");
    // Problems are described once for all.
    let problem = || reference("Problem");
    let schema = response.get("content").map_or_else(problem, |content| content["application/json"]["schema"].clone());
    fits(&schema, body, resource);
}

/// Every operation of the description: method, path and name.
pub(super) fn operations() -> Vec<(String, String)> {
    let paths = DESCRIPTION["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, operation)| {
            let name = format!("{} {path}", method.to_ascii_uppercase());
            (name, operation["operationId"].as_str().unwrap().to_owned())
        })
    });
    operations.collect()
}

/// The codes that a problem may have.
pub(super) fn codes() -> Vec<&'static str> {
    let codes = &DESCRIPTION["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    codes.as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect()
}

/// The greatest number of results that can be asked for.
pub(super) fn max_results() -> Option<u64> {
    DESCRIPTION["components"]["schemas"]["Search"]["properties"]["max_results"]["maximum"].as_u64()
}

fn reference(name: &str) -> Value {
    DESCRIPTION["components"]["schemas"][name].clone()
}

fn fits(schema: &Value, value: &Value, place: &str) {
    if let Some(target) = schema["$ref"].as_str() {
        return fits(&reference(target.rsplit('/').next().unwrap()), value, place);
    }
    if value.is_null() {
        assert_eq!(schema["nullable"], true, "{place} is null");
        return;
    }
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{place}: {value} is none of {allowed:?}");
    }
    match schema["type"].as_str().unwrap() {
        "object" => object(schema, value, place),
        "array" => {
            for item in value.as_array().unwrap_or_else(|| panic!("{place}: {value} is no list")) {
                fits(&schema["items"], item, place);
            }
        }
        "number" => {
            let number = value.as_f64().unwrap_or_else(|| panic!("{place}: {value} is no number"));
            assert!(schema["minimum"].as_f64().is_none_or(|least| number >= least), "{place}: {value} is too small");
            assert!(schema["maximum"].as_f64().is_none_or(|most| number <= most), "{place}: {value} is too large");
        }
        "integer" => assert!(value.is_u64(), "{place}: {value} is no whole number"),
        "boolean" => assert!(value.is_boolean(), "{place}: {value} is no boolean"),
        "string" => assert!(value.is_string(), "{place}: {value} is no text"),
        other => panic!("{place}: the description has the type {other}"),
    }
}

/// All members that are required, and none that is not described; an object without described members is free.
fn object(schema: &Value, value: &Value, place: &str) {
    let members = value.as_object().unwrap_or_else(|| panic!("{place}: {value} is no object"));
    for required in schema["required"].as_array().into_iter().flatten() {
        assert!(members.contains_key(required.as_str().unwrap()), "{place} lacks {required}");
    }
    if let Some(described) = schema["properties"].as_object() {
        for (name, member) in members {
            let own = described.get(name).unwrap_or_else(|| panic!("{place}: {name} is not described"));
            fits(own, member, &format!("{place}/{name}"));
        }
    }
}
