use super::*;
use crate::model::{Alarm, AlarmState, ModelVersion, Reading};
use crate::observe::{SweepReport, fixture};

fn found(snapshot: &Snapshot) -> Vec<(&'static str, Gravity, String)> {
    let found = all(snapshot, &Environment::fixture());
    found.into_iter().map(|incident| (incident.rule, incident.gravity, incident.subject)).collect()
}

#[track_caller]
fn only(snapshot: &Snapshot, rule: &'static str, gravity: Gravity, subject: &str) {
    assert_eq!(found(snapshot), [(rule, gravity, subject.to_owned())]);
}

#[test]
fn a_healthy_busy_environment_has_no_findings() {
    assert_eq!(found(&fixture::healthy()), []);
}

#[test]
fn an_idle_environment_has_no_findings() {
    assert_eq!(found(&fixture::idle()), []);
}

#[test]
fn calls_that_no_metric_tells_of_are_suspicious() {
    let mut snapshot = fixture::idle();
    snapshot.routes[0].requests = Reading::Known(12);
    snapshot.routes[0].client_errors = Reading::Known(12);
    assert_eq!(found(&snapshot), [], "refused before the handler");
    snapshot.routes[0].requests = Reading::Known(19);
    only(&snapshot, "handler_silent", Gravity::Unknown, "business numbers");
    assert!(all(&snapshot, &Environment::fixture())[0].message.contains("answered 7 requests"));
}

#[test]
fn a_raised_alarm_is_an_error_with_its_reason_and_beginning() {
    let mut snapshot = fixture::healthy();
    let since = snapshot.generated_at.before(std::time::Duration::from_mins(12));
    let alarm = Alarm {
        name: "idv-local-api-5xx".to_owned(),
        state: AlarmState::Alarm,
        since: Some(since),
        reason: "Threshold Crossed".to_owned(),
    };
    snapshot.alarms = Reading::Known(vec![alarm]);
    only(&snapshot, "alarm_active", Gravity::Error, "idv-local-api-5xx");
    let incident = &all(&snapshot, &Environment::fixture())[0];
    assert_eq!((incident.message.as_str(), incident.since), ("Threshold Crossed", Some(since)));
}

#[test]
fn alarms_without_data_are_one_unknown() {
    let mut snapshot = fixture::healthy();
    let alarm = |name: &str| Alarm {
        name: name.to_owned(),
        state: AlarmState::InsufficientData,
        since: None,
        reason: String::new(),
    };
    snapshot.alarms = Reading::Known(vec![alarm("a"), alarm("b")]);
    only(&snapshot, "alarm_without_data", Gravity::Unknown, "2 alarms");
    assert!(all(&snapshot, &Environment::fixture())[0].message.ends_with("a, b"));
}

#[test]
fn a_collection_is_full_by_degrees() {
    for (faces, gravity) in
        [(15_999_999, None), (16_000_000, Some(Gravity::Warning)), (19_000_000, Some(Gravity::Error))]
    {
        let mut snapshot = fixture::healthy();
        snapshot.collections[1].faces = Reading::Known(Some(faces));
        let gravities: Vec<_> = found(&snapshot).into_iter().map(|(_, gravity, _)| gravity).collect();
        assert_eq!(gravities, Vec::from_iter(gravity), "{faces}");
    }
}

#[test]
fn a_configured_collection_that_does_not_exist_is_an_error_once_the_data_stack_stands() {
    let mut snapshot = fixture::healthy();
    snapshot.collections[2].faces = Reading::Known(None);
    only(&snapshot, "collection_missing", Gravity::Error, "idv-local-fraudulent-00");
}

#[test]
fn models_mix_only_within_a_role() {
    let mut environment = Environment::fixture();
    let version = ModelVersion::new("6.0").unwrap();
    environment.matching.by_model_version.insert(version.clone(), environment.matching.default);
    let mut snapshot = fixture::healthy();
    let older = Reading::Known(Some(version));
    snapshot.collections[2].model_version = older.clone();
    assert_eq!(all(&snapshot, &environment), []);
    snapshot.collections[1].model_version = older;
    let incidents = all(&snapshot, &environment);
    let found: Vec<_> = incidents.iter().map(|incident| (incident.rule, incident.subject.as_str())).collect();
    assert_eq!(found, [("mixed_models", "registered")]);
}

#[test]
fn a_model_without_thresholds_is_said_once_for_all_its_collections() {
    let mut snapshot = fixture::healthy();
    for status in &mut snapshot.collections {
        status.model_version = Reading::Known(ModelVersion::new("8.0").ok());
    }
    only(&snapshot, "unknown_model", Gravity::Warning, "face model 8.0");
    assert!(all(&snapshot, &Environment::fixture())[0].message.starts_with("4 collections"));
}

#[test]
fn what_the_sweep_leaves_behind_is_told_in_one_sentence() {
    let mut snapshot = fixture::healthy();
    let at = snapshot.generated_at;
    let Reading::Known(unsettled) = &mut snapshot.kpis.unsettled else { panic!("the fixture has a sweep") };
    unsettled[0].last = Reading::Known(Some(SweepReport { left: 3, at }));
    unsettled[1].last = Reading::Known(Some(SweepReport { left: 1, at }));
    only(&snapshot, "unsettled", Gravity::Warning, "sweep");
    let message = &all(&snapshot, &Environment::fixture())[0].message;
    assert_eq!(message, "3 registrations, 1 photo update could not be cleaned up");
}

#[test]
fn a_sweep_that_was_heard_and_is_not_any_more_is_suspicious() {
    for minutes in [10, 11] {
        let mut snapshot = fixture::healthy();
        let at = snapshot.generated_at.before(std::time::Duration::from_mins(minutes));
        let Reading::Known(unsettled) = &mut snapshot.kpis.unsettled else { panic!("the fixture has a sweep") };
        unsettled[2].last = Reading::Known(Some(SweepReport { left: 0, at }));
        if minutes == 10 {
            assert_eq!(found(&snapshot), [], "late, and not silent");
        } else {
            only(&snapshot, "sweep_silent", Gravity::Unknown, "sweep");
        }
    }
}

#[test]
fn nothing_deployed_is_said_once() {
    let mut snapshot = fixture::idle();
    for stack in &mut snapshot.stacks {
        stack.status = Reading::Known(None);
    }
    only(&snapshot, "not_deployed", Gravity::Error, "idv-local");
}

#[test]
fn route_errors_are_measured_against_the_configured_share() {
    let mut snapshot = fixture::healthy();
    snapshot.routes[1].requests = Reading::Known(1_000);
    snapshot.routes[1].server_errors = Reading::Known(10);
    assert_eq!(found(&snapshot), [], "1 % is allowed");
    snapshot.routes[1].server_errors = Reading::Known(11);
    only(&snapshot, "route_errors", Gravity::Error, "POST /kyc/facematch/verify");
}

#[test]
fn an_operation_above_its_limit_is_slow() {
    let mut snapshot = fixture::healthy();
    snapshot.operations[1].p99_ms = Reading::Known(Some(1_500.0));
    assert_eq!(found(&snapshot), [], "the limit itself is allowed");
    snapshot.operations[1].p99_ms = Reading::Known(Some(2_400.0));
    only(&snapshot, "slow_operation", Gravity::Warning, "CompareFaces");
    assert!(all(&snapshot, &Environment::fixture())[0].message.contains("1.6 times"));
}

#[test]
fn a_stack_is_incomplete_in_several_ways() {
    for (status, gravity) in [
        (Some("UPDATE_ROLLBACK_COMPLETE"), Gravity::Error),
        (Some("CREATE_FAILED"), Gravity::Error),
        (None, Gravity::Error),
        (Some("UPDATE_IN_PROGRESS"), Gravity::Warning),
    ] {
        let mut snapshot = fixture::healthy();
        snapshot.stacks[2].status = Reading::Known(status.map(str::to_owned));
        only(&snapshot, "stack_incomplete", gravity, "idv-local-monitoring");
    }
}

#[test]
fn one_throttled_call_is_worth_a_warning() {
    let mut snapshot = fixture::healthy();
    snapshot.operations[3].throttles = Reading::Known(1);
    only(&snapshot, "throttling", Gravity::Warning, "SearchFacesByImage");
}

#[test]
fn what_cannot_be_read_is_unknown_with_the_reason() {
    let mut snapshot = fixture::healthy();
    snapshot.alarms = Reading::unknown("CloudWatch DescribeAlarms: AccessDenied: no");
    only(&snapshot, "unread", Gravity::Unknown, "alarms");
    assert!(all(&snapshot, &Environment::fixture())[0].message.contains("AccessDenied"));
}

#[test]
fn the_worst_comes_first() {
    let mut snapshot = fixture::healthy();
    snapshot.alarms = Reading::unknown("denied");
    snapshot.operations[3].throttles = Reading::Known(1);
    snapshot.stacks[1].status = Reading::Known(Some("ROLLBACK_COMPLETE".to_owned()));
    let gravities: Vec<_> = found(&snapshot).into_iter().map(|(_, gravity, _)| gravity).collect();
    assert_eq!(gravities, [Gravity::Error, Gravity::Warning, Gravity::Unknown]);
}

#[test]
fn unmet_duties_are_counted_and_the_opt_out_matters_on_aws_only() {
    let mut snapshot = fixture::healthy();
    let Some(Reading::Known(status)) = &mut snapshot.compliance else { panic!("the fixture has duties") };
    status.controls[1].verdict = crate::model::Verdict::Fail;
    only(&snapshot, "store_protection", Gravity::Warning, "stores FAIL");
    assert!(all(&snapshot, &Environment::fixture())[0].message.starts_with("1 of 4 requirements are not met"));
    let Some(Reading::Known(status)) = &mut snapshot.compliance else { panic!("the fixture has duties") };
    status.controls[1].verdict = crate::model::Verdict::Pass;
    status.simulated = false;
    only(&snapshot, "opt_out", Gravity::Warning, "AI services opt-out");
}
