use std::path::Path;

use super::*;
use crate::model::{ModelVersion, Target, TenantId};

fn parse(text: &str) -> Config {
    Config::parse(Path::new("idv.yaml"), text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn without_a_file_there_is_a_local_environment_with_a_demo_tenant() {
    let config = Config::built_in().unwrap();
    assert_eq!(config.names().collect::<Vec<_>>(), ["local"]);
    let mut fixture = Environment::fixture();
    fixture.collections.retain(|collection| collection.id.as_str() != "idv-local-registered-01");
    assert_eq!(config.environment("local").unwrap(), fixture);
}

#[test]
fn an_environment_overrides_the_file_and_the_file_overrides_the_built_in() {
    let config = parse(
        "alarms: {api_p99_ms: 2000, error_percent: 2}\n\
         auth: {issuer: https://login.example.com}\n\
         environments:\n  prod:\n    target: aws\n    account: '111111111111'\n    region: eu-west-1\n\
         \x20   alarms: {error_percent: 5}\n",
    );
    let prod = config.environment("prod").unwrap();
    assert_eq!((prod.alarms.api_p99_ms, prod.alarms.error_percent, prod.alarms.queue_age_seconds), (2000, 5, 300));
    assert_eq!(config.environment("local").unwrap().alarms.error_percent, 2);
    assert!(matches!(prod.target, Target::Aws(aws) if aws.region.as_str() == "eu-west-1" && !aws.fips));
}

#[test]
fn a_written_tenant_keeps_the_documented_defaults_and_demo_stays_at_home() {
    let config = parse(
        "tenants: {acme: }\nauth: {issuer: https://login.example.com}\n\
         environments: {prod: {target: aws, account: '111111111111', region: us-east-1}}\n",
    );
    let prod = config.environment("prod").unwrap();
    assert_eq!(prod.tenants.keys().map(TenantId::as_str).collect::<Vec<_>>(), ["acme"]);
    let acme = &prod.tenants[&TenantId::new("acme").unwrap()];
    assert!(!acme.enabled && acme.enable_blacklist);
    assert_eq!((acme.verification_threshold.value(), acme.search_threshold.value()), (0.6, 0.8));
    assert_eq!((acme.max_faces_per_user, acme.shards), (5, 1));
    assert_eq!(config.environment("local").unwrap().tenants.len(), 2);
}

#[test]
fn the_demo_tenant_can_be_switched_off() {
    let local = parse("tenants: {demo: {enabled: false}}").environment("local").unwrap();
    assert!(!local.tenants[&TenantId::new("demo").unwrap()].enabled);
}

#[test]
fn a_model_version_has_what_it_does_not_say_from_the_thresholds_above() {
    let local = parse("matching: {search: 96, model_versions: {'8.0': {compare: 98}}}").environment("local").unwrap();
    let thresholds = local.matching.thresholds(Some(&ModelVersion::new("8.0").unwrap()));
    assert_eq!((thresholds.compare.value(), thresholds.search.value()), (98.0, 96.0));
}

#[test]
fn an_unknown_environment_is_answered_with_the_nearest() {
    let error = parse("environments: {staging: }").environment("stagin").unwrap_err();
    assert_eq!(error.remedy(), "did you mean `staging`?");
}
