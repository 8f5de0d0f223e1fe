//! The registration workflow: its steps, in their order, whichever way is taken.

use std::collections::BTreeSet;

use super::*;
use crate::model::Step;

fn definition() -> Value {
    let service = stack(&local(), StackKind::Service);
    of_type(&service, "AWS::StepFunctions::StateMachine")[0].1["Properties"]["Definition"].clone()
}

/// `DuplicateSearch` of `duplicate_search`.
fn state_of(step: Step) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    step.name().split('_').map(word).collect()
}

/// What a choice looks at.
fn holds(rule: &Value, input: &Value) -> bool {
    let path = rule["Variable"].as_str().unwrap().strip_prefix('$').unwrap().replace('.', "/");
    let value = input.pointer(&path).unwrap_or_else(|| panic!("the input has no {path}"));
    match (rule.get("StringEquals"), rule.get("BooleanEquals")) {
        (Some(expected), None) | (None, Some(expected)) => value == expected,
        _ => panic!("{rule} is read in no other way"),
    }
}

/// The states on the way of an execution whose steps answer `continue`, or `conclude` at one of them, or fail at it.
fn way(input: &Value, refused: Option<Step>, failed: Option<Step>) -> Vec<String> {
    let definition = definition();
    let mut input = input.clone();
    let mut at = definition["StartAt"].as_str().unwrap().to_owned();
    let mut way = Vec::new();
    loop {
        let state = &definition["States"][&at];
        let step = state["Parameters"]["step"].as_str();
        let is = |other: Option<Step>| other.is_some_and(|other| step == Some(other.name()));
        let next = match state["Type"].as_str().unwrap() {
            "Succeed" => {
                way.push(at);
                return way;
            }
            "Choice" => {
                let rules = state["Choices"].as_array().unwrap();
                rules.iter().find(|rule| holds(rule, &input)).map_or(&state["Default"], |rule| &rule["Next"])
            }
            "Task" if is(failed) => &state["Catch"][0]["Next"],
            _ => &state["Next"],
        };
        if step.is_some() {
            input["answer"] = json!({"next": if is(refused) { "conclude" } else { "continue" }});
        }
        if state["Type"] != "Choice" {
            way.push(at.clone());
        }
        at = next.as_str().unwrap_or_else(|| panic!("{at} leads nowhere")).to_owned();
    }
}

fn input(everything: bool, deferred_from: Option<Step>) -> Value {
    json!({
        "registration_id": "r", "liveness": everything, "document_text": everything,
        "deferred_from": deferred_from.map(Step::name),
    })
}

fn states(steps: &[Step], end: &[&str]) -> Vec<String> {
    steps.iter().copied().map(state_of).chain(end.iter().map(|&name| name.to_owned())).collect()
}

#[test]
fn the_steps_come_in_the_order_of_a_registration() {
    assert_eq!(way(&input(true, None), None, None), states(&Step::REGISTRATION, &["Approved"]));
    let least: Vec<Step> =
        Step::REGISTRATION.into_iter().filter(|step| !matches!(step, Step::Liveness | Step::DocumentText)).collect();
    assert_eq!(way(&input(false, None), None, None), states(&least, &["Approved"]));
}

#[test]
fn what_is_deferred_is_left_to_the_queue() {
    let until = |step: Step| Step::REGISTRATION.into_iter().take_while(move |each| *each != step).collect::<Vec<_>>();
    for step in [Step::DuplicateSearch, Step::Record] {
        assert_eq!(way(&input(true, Some(step)), None, None), states(&until(step), &["Defer", "Deferred"]), "{step}");
    }
    // Deferred from the second look on, the first one is left out.
    let mut steps = until(Step::Settle);
    steps.retain(|step| *step != Step::DuplicateSearch);
    assert_eq!(way(&input(true, Some(Step::Settle)), None, None), states(&steps, &["Defer", "Deferred"]));
}

#[test]
fn a_refusal_or_a_failure_of_any_step_is_concluded() {
    for step in Step::REGISTRATION {
        let until: Vec<Step> = Step::REGISTRATION.into_iter().take_while(|each| *each != step).chain([step]).collect();
        let refused = way(&input(true, None), Some(step), None);
        assert_eq!(refused, states(&until, &["Conclude", "Concluded"]));
        let mark = format!("{}Failed", state_of(step));
        let failed = way(&input(true, None), None, Some(step));
        assert_eq!(failed, states(&until, &[&mark, "ConcludeFailed", "Concluded"]));
        assert_eq!(definition()["States"][&mark]["Result"], step.name());
    }
}

#[test]
fn every_task_has_a_limit_and_every_step_is_caught() {
    let definition = definition();
    let machine = definition["TimeoutSeconds"].as_u64().unwrap();
    let mut seen = BTreeSet::new();
    for (name, state) in definition["States"].as_object().unwrap() {
        if state["Type"] != "Task" {
            continue;
        }
        assert!(state["TimeoutSeconds"].as_u64().unwrap() < machine, "{name}");
        if !name.starts_with("Conclude") {
            assert_eq!(state["Catch"][0]["ErrorEquals"], json!(["States.ALL"]), "{name}");
            assert_eq!(state["Catch"][0]["Next"], format!("{name}Failed"));
        }
        seen.extend(state["Parameters"]["step"].as_str().map(str::to_owned));
    }
    let known = Step::REGISTRATION.map(Step::name).into_iter().chain(["conclude"]).map(str::to_owned).collect();
    assert_eq!(seen, known);
}

#[test]
fn whoever_waits_has_more_time_than_whom_he_waits_for() {
    let service = stack(&local(), StackKind::Service);
    let timeout = |id: &str| service.template["Resources"][id]["Properties"]["Timeout"].as_u64().unwrap();
    let definition = definition();
    let gateway = &service.template["Resources"]["RestApi"]["Properties"]["Body"]["paths"]["/ips"]["post"]["x-amazon-apigateway-integration"]
        ["timeoutInMillis"];
    let ladder = [
        timeout("WorkflowFunction"),
        definition["States"]["Settle"]["TimeoutSeconds"].as_u64().unwrap(),
        definition["TimeoutSeconds"].as_u64().unwrap(),
        timeout("ApiFunction"),
        gateway.as_u64().unwrap() / 1_000,
    ];
    assert!(ladder.is_sorted_by(|shorter, longer| shorter < longer), "{ladder:?}");
}
