//! What can be selected.

use crate::model::Operation;
use crate::observe::{Part, Snapshot, Why};

use super::Page;

/// A selectable line, by what it is about: so that the selection stays on it when numbers change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dashboard) enum Item {
    /// Something that is wrong.
    Incident { rule: &'static str, subject: String, part: Part },
    /// A Rekognition operation.
    Operation(Operation),
    /// A route, written as `METHOD /path`.
    Route(String),
    /// A collection, by its id.
    Collection(String),
    /// Why flows did not succeed.
    Refusal(Why),
    /// A rule of the quality gate.
    QualityRule(String),
    /// A stack, by its name.
    Stack(String),
    /// An alarm, by its name.
    Alarm(String),
    /// A control on a store, by its place in the list.
    Control(usize),
}

impl Item {
    /// The lines of a page, in the order in which they are drawn.
    pub fn of_page(page: Page, snapshot: &Snapshot) -> Vec<Self> {
        match page {
            Page::Overview => incidents(snapshot)
                .chain(operations(snapshot))
                .chain(routes(snapshot))
                .chain(collections(snapshot))
                .collect(),
            Page::Collections => collections(snapshot).collect(),
            Page::Latency => operations(snapshot).chain(routes(snapshot)).collect(),
            Page::Kpis => refusals(snapshot).chain(quality_rules(snapshot)).collect(),
            Page::Deployments => snapshot.stacks.iter().map(|stack| Self::Stack(stack.name.clone())).collect(),
            Page::Alarms => {
                snapshot.alarms.known().into_iter().flatten().map(|alarm| Self::Alarm(alarm.name.clone())).collect()
            }
            Page::Compliance => {
                let status = snapshot.compliance.as_ref().and_then(|status| status.known());
                (0..status.map_or(0, |status| status.controls.len())).map(Self::Control).collect()
            }
        }
    }

    /// The text that a filter looks into.
    pub fn text(&self, snapshot: &Snapshot) -> String {
        match self {
            Self::Incident { rule, subject, .. } => format!("{rule} {subject}"),
            Self::Operation(operation) => operation.to_string(),
            Self::Route(name) | Self::Collection(name) | Self::Stack(name) | Self::Alarm(name) => name.clone(),
            Self::Refusal(Why { flow, outcome, step, reason }) => format!("{flow} {step} {reason} {outcome}"),
            Self::QualityRule(rule) => format!("quality {rule}"),
            Self::Control(index) => snapshot
                .compliance
                .as_ref()
                .and_then(|status| status.known()?.controls.get(*index))
                .map(|control| format!("{} {} {}", control.store, control.requirement, control.verdict))
                .unwrap_or_default(),
        }
    }
}

fn incidents(snapshot: &Snapshot) -> impl Iterator<Item = Item> {
    snapshot.findings.iter().map(|incident| Item::Incident {
        rule: incident.rule,
        subject: incident.subject.clone(),
        part: incident.part,
    })
}

fn refusals(snapshot: &Snapshot) -> impl Iterator<Item = Item> {
    snapshot.kpis.refusals.known().into_iter().flatten().map(|refusal| Item::Refusal(refusal.why.clone()))
}

fn quality_rules(snapshot: &Snapshot) -> impl Iterator<Item = Item> {
    snapshot.kpis.quality_failures.known().into_iter().flatten().map(|one| Item::QualityRule(one.rule.clone()))
}

fn operations(snapshot: &Snapshot) -> impl Iterator<Item = Item> {
    snapshot.operations.iter().map(|status| Item::Operation(status.operation))
}

fn routes(snapshot: &Snapshot) -> impl Iterator<Item = Item> {
    snapshot.routes.iter().map(|status| Item::Route(status.route.to_string()))
}

fn collections(snapshot: &Snapshot) -> impl Iterator<Item = Item> {
    snapshot.collections.iter().map(|status| Item::Collection(status.collection.id.to_string()))
}
