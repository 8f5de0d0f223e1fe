//! For every control a configuration or a template that breaks it.

use super::*;
use crate::model::{AccountId, AwsTarget, Percent, Ratio, Region, Target};

/// The findings of the controls alone.
fn controls(environment: &Environment, stacks: &[RenderedStack]) -> Vec<Finding> {
    crate::policy::controls::ALL.iter().flat_map(|check| check(environment, stacks)).collect()
}

/// An environment that no control has anything to say about.
fn strict() -> Environment {
    let mut environment = Environment::fixture();
    for tenant in environment.tenants.values_mut() {
        tenant.verification_threshold = Ratio::new(0.95).unwrap();
        tenant.search_threshold = Ratio::new(0.9).unwrap();
    }
    environment
}

fn percent(value: f64) -> Percent {
    Percent::new(value).unwrap()
}

#[test]
fn a_strict_environment_has_no_findings() {
    assert_eq!(controls(&strict(), &[]), []);
}

#[test]
fn documented_tenant_defaults_are_kept_and_warned_about_once_per_tenant() {
    let found = controls(&Environment::fixture(), &[]);
    assert_eq!(rules_of(&found), ["TENANT_THRESHOLD_BELOW_90"]);
    assert_eq!((found[0].severity, found[0].resource.as_str()), (Severity::Warning, "tenants.demo"));
    assert!(found[0].message.contains("0.6") && found[0].message.contains("0.8"), "{}", found[0].message);
}

#[test]
fn each_control_sees_its_own_slip() {
    type Slip = fn(&mut Environment);
    let slips: [(&str, &str, Slip); 8] = [
        ("THRESHOLD_BELOW_90", "matching.default.search", |e| e.matching.default.search = percent(80.0)),
        ("RATIO_WHERE_PERCENT_IS_MEANT", "matching.default.compare", |e| e.matching.default.compare = percent(0.99)),
        ("RATIO_WHERE_PERCENT_IS_MEANT", "matching.quality.sharpness", |e| e.matching.quality.sharpness = percent(0.4)),
        ("RETENTION_TOO_LONG", "retention.images_days", |e| e.retention.images_days = 3_650),
        ("RETENTION_TOO_LONG", "retention.uploads_days", |e| e.retention.uploads_days = 90),
        ("RETENTION_TOO_SHORT", "retention.backup_days", |e| e.retention.backup_days = 1),
        ("RETENTION_TOO_SHORT", "retention.logs_days", |e| e.retention.logs_days = 3),
        ("ALARM_TOPIC_WITHOUT_SUBSCRIBER", "alarms.email", |e| {
            e.target = Target::Aws(AwsTarget {
                account: AccountId::new("111111111111").unwrap(),
                region: Region::new("us-east-1").unwrap(),
                profile: None,
                fips: false,
                protect: true,
            });
        }),
    ];
    for (rule, key, slip) in slips {
        let mut environment = strict();
        slip(&mut environment);
        let found = controls(&environment, &[]);
        assert_eq!(rules_of(&found), [rule], "{key}");
        assert_eq!(found[0].resource, key);
    }
}

#[test]
fn a_tenant_threshold_divided_twice_is_an_error() {
    let mut environment = strict();
    environment.tenants.values_mut().for_each(|tenant| tenant.search_threshold = Ratio::new(0.008).unwrap());
    let found = controls(&environment, &[]);
    assert!(rules_of(&found).contains(&"RATIO_TOO_SMALL"), "{found:?}");
}

#[test]
fn an_alarm_is_heard_by_its_own_action_or_through_a_composite() {
    let alarms = stack(
        StackKind::Monitoring,
        json!({
            "Loud": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmActions": [{"Ref": "Topic"}]}},
            "Heard": {"Type": "AWS::CloudWatch::Alarm", "Properties": {}},
            "Silent": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmActions": []}},
            "Off": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"ActionsEnabled": false, "AlarmActions": ["a"]}},
            "Incident": {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {
                "AlarmActions": ["a"], "AlarmRule": {"Fn::Sub": "ALARM(${Heard})"}}}
        }),
    );
    let found = controls(&strict(), &[alarms]);
    let silent: Vec<&str> = found.iter().map(|finding| finding.resource.as_str()).collect();
    assert_eq!(silent, ["Silent", "Off"]);
}
