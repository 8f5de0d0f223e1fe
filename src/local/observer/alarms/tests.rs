use super::*;
use crate::aws::cloudwatch::judge::{Comparison, Input, MissingData};

const MINUTE: Duration = Duration::from_mins(1);

fn series(name: &str) -> Series {
    Series {
        namespace: "IdentityVerification".to_owned(),
        name: name.to_owned(),
        dimensions: vec![("Environment".to_owned(), "idv-local".to_owned())],
        statistic: "Sum".to_owned(),
        period: MINUTE,
    }
}

fn alarm(inputs: Vec<Input>, watched: &str) -> AlarmDefinition {
    AlarmDefinition {
        name: "idv-local-errors".to_owned(),
        state: AlarmState::InsufficientData,
        inputs,
        watched: watched.to_owned(),
        comparison: Comparison::Greater,
        threshold: 0.5,
        period: MINUTE,
        evaluation_periods: 1,
        datapoints_to_alarm: 1,
        missing: MissingData::NotBreaching,
    }
}

fn metric(id: &str, name: &str) -> Input {
    Input { id: id.to_owned(), source: Source::Metric(series(name)) }
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_millis(1_793_352_600_000 + minute * 60_000)
}

#[test]
fn the_period_that_still_runs_is_not_judged() {
    let alarm = alarm(vec![metric("m1", "Errors")], "m1");
    let errors = series("Errors");
    let points = HashMap::from([(&errors, vec![(at(0), 0.0), (at(1), 9.0)])]);
    let within = Timestamp::from_millis(at(1).millis() + 59_000);
    let before = verdict(&alarm, &points, within).unwrap().unwrap();
    assert_eq!((before.to, before.reason.contains("[0.0 (")), (AlarmState::Ok, true), "{}", before.reason);
    assert_eq!(verdict(&alarm, &points, at(2)).unwrap().unwrap().to, AlarmState::Alarm);
}

#[test]
fn a_verdict_that_holds_already_is_none() {
    let alarm = AlarmDefinition { state: AlarmState::Ok, ..alarm(vec![metric("m1", "Errors")], "m1") };
    assert_eq!(verdict(&alarm, &HashMap::new(), at(2)), Ok(None));
}

#[test]
fn a_rate_is_reckoned_period_by_period() {
    let inputs = vec![
        Input { id: "rate".to_owned(), source: Source::Expression("errors / calls".to_owned()) },
        metric("errors", "Errors"),
        metric("calls", "Calls"),
    ];
    let alarm = alarm(inputs, "rate");
    let (errors, calls) = (series("Errors"), series("Calls"));
    let points = HashMap::from([(&errors, vec![(at(0), 6.0)]), (&calls, vec![(at(0), 10.0)])]);
    let verdict = verdict(&alarm, &points, at(1)).unwrap().unwrap();
    assert_eq!(verdict.to, AlarmState::Alarm);
    assert!(verdict.reason.contains("[0.6 ("), "{}", verdict.reason);
}

#[test]
fn expressions_in_a_circle_have_no_value() {
    let inputs = vec![
        Input { id: "a".to_owned(), source: Source::Expression("b + 1".to_owned()) },
        Input { id: "b".to_owned(), source: Source::Expression("a + 1".to_owned()) },
    ];
    let verdict = verdict(&alarm(inputs, "a"), &HashMap::new(), at(1)).unwrap().unwrap();
    assert_eq!(verdict.to, AlarmState::Ok, "missing data is treated as not breaching");
}
