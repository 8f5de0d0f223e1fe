//! An alarm that tells nobody is no alarm.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::{Environment, Finding};
use crate::policy::intrinsic::{Reference, references};
use crate::policy::place::{Note, resources_of};
use crate::template::RenderedStack;

pub(super) fn check(environment: &Environment, stacks: &[RenderedStack]) -> Vec<Finding> {
    let silent = stacks.iter().flat_map(without_action);
    silent.chain(without_subscriber(environment)).collect()
}

fn without_action(stack: &RenderedStack) -> Vec<Finding> {
    let heard = heard_by_composites(stack);
    let alarms = resources_of(stack, "AWS::CloudWatch::Alarm").chain(composites(stack));
    alarms
        .filter(|(id, alarm)| !has_action(alarm) && !heard.contains(id.as_str()))
        .map(|(id, _)| {
            let message = "the alarm has no action, and no composite alarm with an action listens to it";
            Note::warning("ALARM_WITHOUT_ACTION", message, "add the alarm topic to AlarmActions").at(stack, id)
        })
        .collect()
}

/// The alarms that a composite alarm with an action looks at, and so make themselves heard through it.
fn heard_by_composites(stack: &RenderedStack) -> BTreeSet<&str> {
    composites(stack)
        .filter(|(_, composite)| has_action(composite))
        .flat_map(|(_, composite)| references(&composite["Properties"]["AlarmRule"]))
        .filter_map(|reference| match reference {
            Reference::Name(name) | Reference::Attribute(name) => Some(name),
            Reference::Condition(_) => None,
        })
        .collect()
}

fn composites(stack: &RenderedStack) -> impl Iterator<Item = (&String, &Value)> {
    resources_of(stack, "AWS::CloudWatch::CompositeAlarm")
}

fn has_action(alarm: &Value) -> bool {
    let properties = &alarm["Properties"];
    let is_on = properties.get("ActionsEnabled").is_none_or(|enabled| enabled != false);
    is_on && properties["AlarmActions"].as_array().is_some_and(|actions| !actions.is_empty())
}

fn without_subscriber(environment: &Environment) -> Option<Finding> {
    // On the local cloud nobody has to be woken.
    (environment.alarms.email.is_none() && !environment.is_simulated()).then(|| {
        let message = "the alarm topic has no subscriber: alarms are raised, but nobody is told";
        let remedy = "set alarms.email, or subscribe your own endpoint to the topic";
        Note::warning("ALARM_TOPIC_WITHOUT_SUBSCRIBER", message, remedy).in_configuration("alarms.email")
    })
}
