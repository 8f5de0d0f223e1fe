//! For every limit a template that breaks it; one sound template that breaks none.

use super::*;

/// The findings of the limits alone.
fn limits(stacks: &[RenderedStack]) -> Vec<Finding> {
    let environment = Environment::fixture();
    crate::policy::limits::ALL.iter().flat_map(|check| check(&environment, stacks)).collect()
}

fn template(kind: StackKind, template: Value) -> RenderedStack {
    RenderedStack { kind, template, origins: BTreeMap::new() }
}

fn topic() -> Value {
    json!({"Type": "AWS::SNS::Topic"})
}

#[test]
fn a_sound_template_passes() {
    let data = template(
        StackKind::Data,
        json!({
            "Parameters": {"Prefix": {"Type": "String", "Default": "idv-local"}},
            "Conditions": {"Named": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Prefix"}, ""]}]}},
            "Resources": {
                "Topic": {"Type": "AWS::SNS::Topic", "Condition": "Named", "Properties": {"TopicName": {"Ref": "Prefix"}}},
                "Queue": {"Type": "AWS::SQS::Queue", "DependsOn": "Topic",
                    "Properties": {"QueueName": {"Fn::Sub": "${Prefix}-${AWS::Region}"}}}
            },
            "Outputs": {"TopicArn": {"Value": {"Ref": "Topic"}}}
        }),
    );
    let service = template(
        StackKind::Service,
        json!({
            "Parameters": {"TopicArn": {"Type": "String"}, "HandlerKey": {"Type": "String"}},
            "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"Tags": [
                {"Key": "a", "Value": {"Ref": "TopicArn"}}, {"Key": "b", "Value": {"Ref": "HandlerKey"}}]}}}
        }),
    );
    assert_eq!(limits(&[data, service]), []);
}

#[test]
fn what_cloudformation_refuses_is_found() {
    let long = "x".repeat(5_000);
    let many = |count: usize, entry: Value| -> Value {
        (0..count).map(|n| (format!("E{n}"), entry.clone())).collect::<serde_json::Map<_, _>>().into()
    };
    let with = |resource: Value| json!({"Resources": {"Subject": resource}});
    let used = json!({"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "Name"}}});
    for (rule, broken) in [
        ("NO_RESOURCES", json!({"Resources": {}})),
        ("TOO_MANY_ENTRIES", json!({"Resources": many(501, topic())})),
        ("TOO_MANY_ENTRIES", json!({"Resources": {"T": topic()}, "Outputs": many(201, json!({"Value": "v"}))})),
        ("TEMPLATE_TOO_LARGE_TO_SEND", json!({"Resources": {"T": topic()}, "Metadata": long.repeat(11)})),
        ("TEMPLATE_TOO_LARGE", json!({"Resources": {"T": topic()}, "Metadata": long.repeat(201)})),
        ("DESCRIPTION_TOO_LONG", json!({"Description": long, "Resources": {"T": topic()}})),
        ("LOGICAL_ID_INVALID", json!({"Resources": {"my-topic": topic()}})),
        ("LOGICAL_ID_TWICE", json!({"Parameters": {"T": {"Default": "a"}}, "Resources": {"T": topic()}})),
        ("RESOURCE_TYPE_MISSING", with(json!({"Properties": {}}))),
        ("RESOURCE_TYPE_MISSING", with(json!({"Type": "Topic"}))),
        ("PARAMETER_WITHOUT_VALUE", json!({"Parameters": {"Name": {"Type": "String"}}, "Resources": {"Q": used}})),
        ("PARAMETER_VALUE_TOO_LONG", json!({"Parameters": {"Name": {"Default": long}}, "Resources": {"Q": used}})),
        ("PARAMETER_UNUSED", json!({"Parameters": {"Name": {"Default": "n"}}, "Resources": {"T": topic()}})),
        (
            "REFERENCE_DANGLING",
            with(json!({"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Nobody"}}})),
        ),
        (
            "REFERENCE_DANGLING",
            with(json!({"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Sub": "a-${Nobody}"}}})),
        ),
        (
            "ATTRIBUTE_DANGLING",
            with(json!({"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::GetAtt": ["Nobody", "Arn"]}}})),
        ),
        ("CONDITION_DANGLING", with(json!({"Type": "AWS::SNS::Topic", "Condition": "Never"}))),
        ("DEPENDS_ON_DANGLING", with(json!({"Type": "AWS::SNS::Topic", "DependsOn": ["Nobody"]}))),
        (
            "FUNCTION_ENVIRONMENT_TOO_LARGE",
            with(json!({"Type": "AWS::Lambda::Function",
            "Properties": {"Environment": {"Variables": {"IDV_SETTINGS": long}}}})),
        ),
        (
            "PHYSICAL_NAME_TWICE",
            json!({"Resources": {
            "A": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}},
            "B": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}}}}),
        ),
    ] {
        let found = limits(&[template(StackKind::Data, broken)]);
        assert!(rules_of(&found).contains(&rule), "{rule} is broken, yet: {found:#?}");
    }
}

#[test]
fn a_circle_is_told_once_with_all_its_members() {
    let needs =
        |name: &str| json!({"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::GetAtt": [name, "Arn"]}}});
    let circle = json!({"Resources": {"A": needs("B"), "B": needs("C"), "C": needs("A"), "D": needs("A")}});
    let found = limits(&[template(StackKind::Data, circle)]);
    assert_eq!(rules_of(&found), ["CIRCULAR_DEPENDENCY"]);
    assert_eq!(found[0].message, "circular dependency: A → B → C → A");
}

#[test]
fn the_same_name_in_two_stacks_is_found_too() {
    let named = json!({"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}}}});
    let found = limits(&[template(StackKind::Data, named.clone()), template(StackKind::Service, named)]);
    assert_eq!(rules_of(&found), ["PHYSICAL_NAME_TWICE"]);
    assert_eq!(found[0].file, "templates/service.yaml");
}
