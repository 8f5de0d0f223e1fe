//! The built-in templates, rendered.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::*;
use crate::model::{AccountId, AwsTarget, Collection, CollectionRole, Region, Target, TenantId};
use crate::yaml::locate;

mod dialect;
mod workflow;

fn local() -> Environment {
    Environment::fixture()
}

fn aws(region: &str) -> Environment {
    let mut environment = Environment::fixture();
    environment.target = Target::Aws(AwsTarget {
        account: AccountId::new("111111111111").unwrap(),
        region: Region::new(region).unwrap(),
        profile: None,
        fips: false,
        protect: true,
    });
    environment
}

fn rendered(environment: &Environment) -> Vec<RenderedStack> {
    render(environment, &Sources::built_in()).unwrap()
}

fn stack(environment: &Environment, kind: StackKind) -> RenderedStack {
    rendered(environment).into_iter().find(|stack| stack.kind == kind).unwrap()
}

fn of_type<'a>(stack: &'a RenderedStack, kind: &str) -> Vec<(&'a str, &'a Value)> {
    stack.resources().filter(|(_, resource)| resource["Type"] == kind).map(|(id, one)| (id.as_str(), one)).collect()
}

/// Compares with a file of tests/golden, or writes it when `IDVCTL_BLESS` is set.
fn assert_golden(name: &str, text: &str) {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("IDVCTL_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        return;
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = golden.lines().zip(text.lines()).position(|(before, now)| before != now);
    let line = differs.unwrap_or_else(|| golden.lines().count().min(text.lines().count()));
    let around = |text: &str| text.lines().skip(line.saturating_sub(3)).take(7).collect::<Vec<_>>().join("\n");
    assert!(
        golden == text,
        "{} differs from line {} on\n--- golden\n{}\n--- rendered\n{}\nIf the change is meant: IDVCTL_BLESS=1 cargo test, \
         then review the diff.",
        path.display(),
        line + 1,
        around(&golden),
        around(text)
    );
}

#[test]
fn the_local_environment_renders_as_before() {
    for stack in rendered(&local()) {
        assert_golden(&format!("{}.json", stack.kind), &stack.pretty());
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let bodies = |stacks: Vec<RenderedStack>| stacks.iter().map(RenderedStack::body).collect::<Vec<_>>();
    assert_eq!(bodies(rendered(&local())), bodies(rendered(&local())));
}

#[test]
fn every_template_can_be_sent_and_nothing_of_the_dialect_is_left() {
    for environment in [local(), aws("us-east-1"), aws("us-gov-west-1")] {
        for stack in rendered(&environment) {
            let body = stack.body();
            // The data stack makes the bucket through which larger templates are sent.
            let limit = if stack.kind == StackKind::Data { 51_200 } else { 1_000_000 };
            assert!(body.len() <= limit, "{} takes {} bytes", stack.kind, body.len());
            for word in
                ["Fn::ForEach", "Fn::ToJsonString", "Fn::Length", "Fn::Transform", "LanguageExtensions", "DefaultValue"]
            {
                assert!(!body.contains(word), "{} still has {word}", stack.kind);
            }
        }
    }
}

#[test]
fn every_origin_is_the_line_where_the_resource_is_written() {
    let sources = Sources::built_in();
    for environment in [local(), aws("eu-south-2")] {
        for stack in rendered(&environment) {
            let source = sources.get(&format!("{}.yaml", stack.kind)).unwrap();
            let ids: Vec<&String> = stack.resources().map(|(id, _)| id).collect();
            assert_eq!(ids.len(), stack.origins.len(), "{}: every resource has an origin", stack.kind);
            for id in ids {
                let origin = &stack.origins[id];
                let line = source.text.lines().nth(origin.line as usize - 1).unwrap();
                let key = line.trim().trim_start_matches("- ").trim_end_matches(':');
                let deployment = id.strip_prefix(key).is_some_and(|hash| hash.len() == 8 && key == "ApiDeployment");
                let literal: Vec<&str> = key.split(['$', '&', '{', '}']).filter(|part| !part.is_empty()).collect();
                let of_a_loop = key.contains('{') && literal.iter().any(|part| id.contains(part));
                assert!(
                    key == id || deployment || of_a_loop,
                    "{id} is not written in {}:{}: {line}",
                    origin.file,
                    origin.line
                );
            }
        }
    }
}

#[test]
fn the_quick_search_finds_the_same_lines_as_the_yaml_reader() {
    let sources = Sources::built_in();
    let known = Known::of(&local()).unwrap();
    for kind in StackKind::ALL {
        let source = sources.get(&format!("{kind}.yaml")).unwrap();
        let (_, sites, _) = transform(source, &known, &sources).unwrap();
        assert!(!sites.is_empty());
        for (id, path) in sites {
            let exact = locate(&source.text, &path).map(|position| position.line);
            assert_eq!(Some(Origin::of(source, &path).line), exact, "{id} in {}", source.name);
        }
    }
}

#[test]
fn every_collection_of_the_environment_is_a_retained_resource() {
    let mut environment = local();
    let tenant = CollectionRole::Tenant(TenantId::new("acme-east").unwrap());
    environment.collections.push(Collection::named(&environment.project, &environment.name, tenant, 3).unwrap());
    let data = stack(&environment, StackKind::Data);
    let collections = of_type(&data, "AWS::Rekognition::Collection");
    assert_eq!(collections.len(), environment.collections.len());
    let (_, acme) = collections.iter().find(|(id, _)| *id == "Collectiontenantacmeeast03").unwrap();
    assert_eq!(acme["Properties"]["CollectionId"], json!({"Fn::Sub": "${Prefix}-tenant-acme-east-03"}));
    for (id, resource) in data.resources() {
        assert_eq!(
            (&resource["DeletionPolicy"], &resource["UpdateReplacePolicy"]),
            (&json!("Retain"), &json!("Retain")),
            "{id}"
        );
    }
}

#[test]
fn two_tenants_whose_names_differ_in_hyphens_only_are_refused_with_a_line() {
    let mut environment = local();
    for name in ["acme-east", "acmeeast"] {
        let tenant = CollectionRole::Tenant(TenantId::new(name).unwrap());
        environment.collections.push(Collection::named(&environment.project, &environment.name, tenant, 0).unwrap());
    }
    let error = render(&environment, &Sources::built_in()).unwrap_err();
    assert!(error.message.contains("Collectiontenantacmeeast00"), "{error}");
    assert_eq!(error.file, "templates/data.yaml");
    assert!(error.position.is_some(), "{error}");
}

#[test]
fn what_the_configuration_knows_is_a_default_and_the_rest_is_required() {
    let mut environment = local();
    assert!(stack(&environment, StackKind::Service).required_parameters().contains(&"Issuer"));
    environment.auth.issuer = Some("https://issuer.example".to_owned());
    let service = stack(&environment, StackKind::Service);
    assert_eq!(service.template["Parameters"]["Issuer"]["Default"], "https://issuer.example");
    assert_eq!(service.template["Parameters"]["Prefix"]["Default"], "idv-local");
    let outputs: Vec<String> = stack(&environment, StackKind::Data)
        .outputs()
        .map(str::to_owned)
        .chain(["HandlerBucket", "HandlerKey"].map(str::to_owned))
        .collect();
    for parameter in service.required_parameters() {
        assert!(outputs.iter().any(|output| output == parameter), "nobody gives {parameter}");
    }
}

#[test]
fn every_required_parameter_is_an_output_of_a_stack_before() {
    let mut environment = local();
    environment.auth.issuer = Some("https://issuer.example".to_owned());
    let stacks = rendered(&environment);
    for stack in &stacks {
        let before = stacks.iter().filter(|other| stack.kind.needs().contains(&other.kind));
        let outputs: Vec<&str> = before.flat_map(RenderedStack::outputs).collect();
        for parameter in stack.required_parameters() {
            let packaged = matches!(parameter, "HandlerBucket" | "HandlerKey");
            assert!(packaged || outputs.contains(&parameter), "{}: nobody gives {parameter}", stack.kind);
        }
    }
}

#[test]
fn settings_that_no_function_can_hold_are_refused() {
    let mut environment = local();
    let settings = environment.tenants.values().next().unwrap().clone();
    for number in 0..40 {
        environment.tenants.insert(TenantId::new(format!("tenant-{number}")).unwrap(), settings.clone());
    }
    let error = render(&environment, &Sources::built_in()).unwrap_err();
    assert!(error.message.contains("bytes"), "{error}");
    assert!(error.remedy.contains("tenants"), "{}", error.remedy);
}

#[test]
fn a_changed_api_is_a_new_deployment_and_the_stage_follows() {
    let sources = Sources::built_in();
    let changed = Sources::from_texts(
        sources
            .files()
            .map(|(name, text)| (name, text.replace("operationId: verifyFaces", "operationId: verify").into())),
        "templates",
    );
    let [before, after] = [&sources, &changed].map(|sources| {
        let service =
            render(&local(), sources).unwrap().into_iter().find(|one| one.kind == StackKind::Service).unwrap();
        let id = of_type(&service, "AWS::ApiGateway::Deployment")[0].0.to_owned();
        assert_eq!(service.template["Resources"]["ApiStage"]["Properties"]["DeploymentId"], json!({"Ref": id}));
        id
    });
    assert_ne!(before, after);
}

#[test]
fn a_region_without_macie_has_no_macie_session() {
    let sessions =
        |environment: &Environment| of_type(&stack(environment, StackKind::Governance), "AWS::Macie::Session").len();
    assert_eq!(sessions(&aws("us-east-1")), 1);
    assert_eq!(sessions(&aws("us-gov-west-1")), 0);
    let open = stack(&local(), StackKind::Governance);
    assert_eq!(open.template["Resources"]["MacieFindings"]["Condition"], "CreateMacieSession");
}

#[test]
fn yaml_reads_back_as_the_same_template() {
    for stack in rendered(&local()) {
        let back: Value = crate::yaml::read(&stack.yaml().unwrap()).unwrap();
        assert_eq!(back, stack.template, "{}", stack.kind);
    }
}

#[test]
fn alarms_watch_metrics_that_the_handler_emits() {
    use crate::model::{METRIC_NAMESPACE, Metric, Operation};
    let monitoring = stack(&local(), StackKind::Monitoring);
    let mut watched = 0;
    for (id, alarm) in of_type(&monitoring, "AWS::CloudWatch::Alarm") {
        let properties = &alarm["Properties"];
        if properties["Namespace"] != METRIC_NAMESPACE {
            continue;
        }
        let metric = Metric::ALL.into_iter().find(|metric| properties["MetricName"] == metric.name());
        let names: Vec<&str> = metric.unwrap().dimensions().iter().map(|dimension| dimension.name()).collect();
        let written: Vec<&str> =
            properties["Dimensions"].as_array().unwrap().iter().map(|one| one["Name"].as_str().unwrap()).collect();
        assert_eq!(written, names, "{id}");
        let operation = &properties["Dimensions"][1]["Value"];
        assert!(Operation::ALL.iter().any(|known| operation == known.name()), "{id}: {operation}");
        watched += 1;
    }
    assert_eq!(watched, 12, "three alarms for each of four operations");
}
