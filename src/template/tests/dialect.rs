//! Each extension of the language, right and wrong.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const HEAD: &str = "Transform: AWS::LanguageExtensions\n";

/// Renders one small template as the data stack.
fn try_template(environment: &Environment, text: &str) -> Result<Value, TemplateError> {
    let files = [("data.yaml", format!("{HEAD}{text}").into())];
    let sources = Sources::from_texts(files, "t");
    let known = Known::of(environment)?;
    render_stack(StackKind::Data, &known, &sources).map(|stack| stack.template)
}

fn template(text: &str) -> Value {
    try_template(&local(), text).unwrap_or_else(|error| panic!("{error} → {}", error.remedy))
}

fn refusal(text: &str) -> (u32, String) {
    let error = try_template(&local(), text).unwrap_err();
    assert!(!error.remedy.is_empty(), "an error says what to do: {error}");
    (error.position.map_or(0, |position| position.line), error.message)
}

/// A resource whose property `P` is the expression.
fn property(expression: &str) -> Value {
    template(&format!("Resources:\n  R:\n    Type: T\n    Properties:\n      P: {expression}\n"))["Resources"]["R"]
        ["Properties"]["P"]
        .clone()
}

#[test]
fn a_loop_writes_its_fragment_for_each_value() {
    let resources = template(
        "Resources:\n  Fn::ForEach::Tables:\n    - Name\n    - [A-1, B-2]\n    - Table&{Name}:\n        Type: T\n        \
         Properties: {Name: !Sub 'x-${Name}-${AWS::Region}', Raw: !Ref Name, Arn: !GetAtt Other.Arn}\n",
    )["Resources"]
        .clone();
    assert_eq!(
        resources,
        json!({
            "TableA1": {"Type": "T", "Properties": {"Name": {"Fn::Sub": "x-A-1-${AWS::Region}"}, "Raw": "A-1", "Arn": {"Fn::GetAtt": ["Other", "Arn"]}}},
            "TableB2": {"Type": "T", "Properties": {"Name": {"Fn::Sub": "x-B-2-${AWS::Region}"}, "Raw": "B-2", "Arn": {"Fn::GetAtt": ["Other", "Arn"]}}},
        })
    );
}

#[test]
fn loops_nest_and_work_inside_properties() {
    let resources = template(
        "Resources:\n  Fn::ForEach::Outer:\n    - X\n    - [a, b]\n    - Fn::ForEach::Inner:\n      - Y\n      - ['1', '2']\n      \
         - R${X}${Y}: {Type: T, Properties: {'Fn::ForEach::Keys': [K, [p, q], {'${K}': !Sub '${X}${Y}${K}'}]}}\n",
    )["Resources"]
        .clone();
    assert_eq!(resources.as_object().unwrap().len(), 4);
    assert_eq!(resources["Rb2"]["Properties"], json!({"p": "b2p", "q": "b2q"}));
}

#[test]
fn functions_inside_ref_and_getatt_are_resolved() {
    let resources = template(
        "Resources:\n  Fn::ForEach::Loop:\n    - N\n    - [A]\n    - Use${N}:\n        Type: T\n        Properties:\n          \
         Ref: !Ref {'Fn::Sub': 'Bucket${N}'}\n          Arn: {'Fn::GetAtt': [!Sub 'Bucket${N}', Arn]}\n",
    )["Resources"]
        .clone();
    assert_eq!(
        resources["UseA"]["Properties"],
        json!({"Ref": {"Ref": "BucketA"}, "Arn": {"Fn::GetAtt": ["BucketA", "Arn"]}})
    );
}

#[test]
fn sub_fills_in_what_is_known() {
    assert_eq!(
        property("!Sub ['${A}-${B}-${!C}', {A: x, B: !Ref P}]"),
        json!({"Fn::Sub": ["x-${B}-${!C}", {"B": {"Ref": "P"}}]})
    );
    assert_eq!(property("!Sub ['${A}-${!C}', {A: x}]"), json!("x-${C}"));
}

#[test]
fn length_counts_lists_and_known_parameters() {
    assert_eq!(property("{'Fn::Length': [a, !Ref B, c]}"), json!(3));
    let counted = template(
        "Parameters:\n  Collections: {Type: CommaDelimitedList}\nResources:\n  R:\n    Type: T\n    Properties: {P: !Length [!Ref Collections], Q: {'Fn::Length': !Ref Collections}}\n",
    );
    assert_eq!(counted["Resources"]["R"]["Properties"]["Q"], json!(local().collections.len()));
    assert_eq!(counted.get("Parameters"), None, "a parameter that is used up is gone");
}

#[test]
fn find_in_map_takes_its_default_only_where_the_map_has_nothing() {
    let text = |key: &str| {
        format!(
            "Mappings:\n  M:\n    a: {{x: found}}\nResources:\n  R:\n    Type: T\n    Properties:\n      P: !FindInMap [M, {key}, x, {{DefaultValue: other}}]\n"
        )
    };
    assert_eq!(template(&text("a"))["Resources"]["R"]["Properties"]["P"], "found");
    assert_eq!(template(&text("b"))["Resources"]["R"]["Properties"]["P"], "other");
    let region = try_template(&aws("a-b-1"), &text("!Ref AWS::Region")).unwrap();
    assert_eq!(region["Resources"]["R"]["Properties"]["P"], "other");
    let (line, message) = refusal(&text("!Ref AWS::Region"));
    assert_eq!((line, message.contains("not known")), (9, true), "{message}");
}

#[test]
fn to_json_string_writes_text_or_a_sub() {
    assert_eq!(property("{'Fn::ToJsonString': {a: 1, b: [true, x]}}"), json!(r#"{"a":1,"b":[true,"x"]}"#));
    assert_eq!(property("{'Fn::ToJsonString': {a: !Ref B}}"), json!({"Fn::Sub": r#"{"a":"${B}"}"#}));
}

#[test]
fn a_decided_condition_goes_with_what_it_rules_out() {
    let text = "Parameters: {P: {Type: String, Default: x}}\nConditions:\n  Here: !Equals [!Ref AWS::Region, eu-west-1]\n  \
        Both: !And [!Condition Here, !Equals [!Ref P, x]]\nResources:\n  Kept: {Type: T, Condition: Both, DependsOn: [Gone], Properties: {V: !If [Here, 1, 2]}}\n  \
        Gone: {Type: T, Condition: NotHere}\nOutputs:\n  O: {Condition: NotHere, Value: x}\n";
    let text = text.replace("  Both:", "  NotHere: !Not [!Condition Here]\n  Both:");
    let there = try_template(&aws("eu-west-1"), &text).unwrap();
    assert_eq!(there["Conditions"], json!({"Both": {"Fn::Equals": [{"Ref": "P"}, "x"]}}));
    assert_eq!(there["Resources"], json!({"Kept": {"Type": "T", "Condition": "Both", "Properties": {"V": 1}}}));
    assert_eq!(there["Outputs"], json!({}));
    let elsewhere = try_template(&aws("us-east-1"), &text).unwrap();
    assert_eq!(elsewhere["Resources"], json!({"Gone": {"Type": "T"}}));
    let open = template(&text);
    assert_eq!(open["Conditions"].as_object().unwrap().len(), 3, "nothing is decided where the region is open");
}

#[test]
fn mistakes_are_refused_with_their_line() {
    let cases = [
        ("Resources:\n  Fn::ForEach::L:\n    - N\n    - [a, b]\n    - Same: {Type: T}\n", 6, "same in every turn"),
        ("Resources:\n  Fn::ForEach::L:\n    - N\n    - [a-1, a1]\n    - R&{N}: {Type: T}\n", 6, "more than once"),
        (
            "Resources:\n  Fn::ForEach::L:\n    - N\n    - [a]\n    - R${N}:\n        Type: T\n        Name: x-${N}\n",
            8,
            "not replaced here",
        ),
        (
            "Resources:\n  Fn::ForEach::L:\n    - N\n    - [a]\n    - R${N}:\n        Type: T\n        Name: {'Fn::Sub': 'x-&{N}'}\n",
            8,
            "not replaced in Fn::Sub",
        ),
        ("Resources:\n  Fn::ForEach::L:\n    - N\n    - [a-b]\n    - R${N}: {Type: T}\n", 6, "no logical id"),
        ("Resources:\n  Fn::ForEach::L:\n    - N\n    - [a]\n", 3, "another layout"),
        ("Resources:\n  Fn::ForEach::L:\n    - N\n    - !Ref Unknown\n    - R${N}: {Type: T}\n", 5, "not known"),
        (
            "Parameters: {N: {Type: String}}\nResources:\n  Fn::ForEach::L:\n    - N\n    - [a]\n    - R${N}: {Type: T}\n",
            4,
            "is taken",
        ),
        (
            "Resources:\n  Fn::ForEach::L: [N, [a], {'A${N}': {Type: T}}]\nOutputs:\n  Fn::ForEach::L: [N, [a], {'B${N}': {Value: x}}]\n",
            5,
            "two loops",
        ),
        ("Resources:\n  R:\n    Type: T\n    P: {'Fn::Length': !Ref Some}\n", 5, "Fn::Length"),
        ("Resources:\n  R:\n    Type: T\n    P: {'Fn::ToJsonString': text}\n", 5, "Fn::ToJsonString"),
        ("Resources:\n  R:\n    Type: T\n    P: !FindInMap [M, a, b]\n", 5, "no M / a / b"),
        (
            "Resources:\n  R:\n    Type: T\n    P: {'Fn::Transform': {Name: Mine}}\n",
            5,
            "not one that the renderer applies",
        ),
        (
            "Resources:\n  R:\n    Type: T\n    P: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: x.yaml}}}\n",
            5,
            "x.yaml",
        ),
    ];
    for (text, line, words) in cases {
        let (found, message) = refusal(text);
        assert!(message.contains(words), "{message}\n{text}");
        assert_eq!(found, line, "{message}\n{text}");
    }
}

#[test]
fn a_template_without_the_transform_or_with_a_wrong_tag_is_refused() {
    let wrong = |text: &str| {
        let sources = Sources::from_texts([("data.yaml", text.to_owned().into())], "t");
        let error = render_stack(StackKind::Data, &Known::of(&local()).unwrap(), &sources).unwrap_err();
        (error.position.map(|position| position.line), error.message)
    };
    let refused = |text: &str, line: Option<u32>, words: &str| {
        let (found, message) = wrong(text);
        assert!(message.contains(words), "{message}");
        assert_eq!(found, line, "{message}");
    };
    refused("Resources: {}\n", None, "no Transform");
    refused("Resources: {}\nTransform: Other\n", Some(2), "Other");
    refused(&format!("{HEAD}Resources:\n  R: !Reff X\n"), Some(3), "!Reff");
    refused(&format!("{HEAD}Resources:\n  R: !GetAtt X\n"), Some(3), "no attribute");
    refused(&format!("{HEAD}Resources: [1]\n"), Some(2), "no map");
    refused(&format!("{HEAD}Resources: {{\n"), Some(3), "");
}

proptest! {
    #[test]
    fn a_loop_gives_as_many_resources_as_its_collection_has_values(
        values in prop::collection::btree_set("[A-Za-z0-9]{1,8}", 1..12),
        inner in 1usize..4,
    ) {
        let list = values.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join(", ");
        let digits = (0..inner).map(|digit| format!("'{digit}'")).collect::<Vec<_>>().join(", ");
        let text = format!(
            "Resources:\n  Fn::ForEach::L:\n    - N\n    - [{list}]\n    - Fn::ForEach::I:\n        - D\n        - [{digits}]\n        - R${{N}}X${{D}}: {{Type: T, V: !Ref N}}\n"
        );
        let resources = template(&text)["Resources"].clone();
        let resources = resources.as_object().unwrap();
        prop_assert_eq!(resources.len(), values.len() * inner);
        for value in &values {
            let id = format!("R{value}X0");
            prop_assert_eq!(&resources[&id]["V"], value);
        }
    }
}
