//! Whole checks, from templates to findings.

mod built_in;
mod controls;
mod guard_rules;
mod limits;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Rules, check};
use crate::model::{Environment, Finding, Severity, StackKind};
use crate::template::{Origin, RenderedStack};

/// A stack with these resources, the n-th of which was written in line n.
fn stack(kind: StackKind, resources: Value) -> RenderedStack {
    let origins = resources
        .as_object()
        .unwrap()
        .keys()
        .zip(1..)
        .map(|(id, line)| (id.clone(), Origin { file: format!("templates/{kind}.yaml"), line }));
    let origins: BTreeMap<_, _> = origins.collect();
    RenderedStack { kind, template: object("Resources", resources), origins }
}

fn object(key: &str, value: Value) -> Value {
    Value::Object(serde_json::Map::from_iter([(key.to_owned(), value)]))
}

/// A stack with one resource.
fn one(resource: Value) -> RenderedStack {
    stack(StackKind::Service, object("Subject", resource))
}

fn findings(stacks: &[RenderedStack]) -> Vec<Finding> {
    check(&Environment::fixture(), stacks, &Rules::built_in()).unwrap()
}

fn rules_of(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.rule.as_str()).collect()
}

#[test]
fn findings_are_sorted_and_the_same_every_time() {
    let stacks =
        [one(json!({"Type": "AWS::S3::Bucket"})), stack(StackKind::Data, json!({"B": {"Type": "AWS::SQS::Queue"}}))];
    let first = findings(&stacks);
    assert!(first.is_sorted_by_key(|finding| (finding.severity, finding.file.clone(), finding.line)));
    assert_eq!(first, findings(&stacks));
}

#[test]
fn a_finding_names_rule_resource_place_value_and_remedy() {
    let table = json!({
        "First": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": "k"}},
        "Faces": {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Delete", "UpdateReplacePolicy": "Retain"}
    });
    let findings = findings(&[stack(StackKind::Data, table)]);
    let found = findings.iter().find(|finding| finding.rule == "STATEFUL_RETAINED_ON_DELETE").unwrap();
    assert_eq!(
        found,
        &Finding {
            rule: "STATEFUL_RETAINED_ON_DELETE".to_owned(),
            severity: Severity::Error,
            resource: "Faces".to_owned(),
            file: "templates/data.yaml".to_owned(),
            line: Some(2),
            message: "the data is lost when the stack is deleted (DeletionPolicy is \"Delete\")".to_owned(),
            remedy: "set DeletionPolicy to Retain".to_owned(),
        }
    );
}

#[test]
fn a_rule_file_that_cannot_be_parsed_is_an_error_and_not_a_clean_template() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.guard"), "rule GOOD { Resources exists }\n").unwrap();
    std::fs::write(folder.path().join("bad.guard"), "rule BAD { Resources is what? }\n").unwrap();
    let rules = Rules::from_folder(folder.path()).unwrap();
    let error = check(&Environment::fixture(), &[one(json!({"Type": "AWS::SNS::Topic"}))], &rules).unwrap_err();
    assert!(error.to_string().contains("bad.guard"), "{error}");
}

#[test]
fn a_folder_without_rules_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Rules::from_folder(folder.path()).unwrap_err().to_string().contains("holds no rule"));
    assert!(Rules::from_folder(&folder.path().join("missing")).is_err());
}

#[test]
fn every_guard_file_is_built_in() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/guard");
    let on_disk = Rules::from_folder(&folder).unwrap();
    assert!(on_disk.names().eq(Rules::built_in().names()));
}
