//! The selected line in full: nothing cut, every unknown with its reason.
//!
//! ```text
//! ╭ CompareFaces ───────────────────────────────────────────╮
//! │ calls        3,180                                      │
//! │ p99          2.41 s                                     │
//! ╰─────────────────────────────────────────────────────────╯
//! ╭ Latency of CompareFaces ────────────────────────────────╮
//! ```

use std::fmt::Display;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::model::{Reading, Timestamp};
use crate::observe::{FlowKpi, Measured, Snapshot, Why};

use super::super::state::{Item, Page, State};
use super::super::theme::Tone;
use super::{latency, pane, text};

/// A label and its text.
type Fields = Vec<(&'static str, String)>;

/// Room for the labels at the left.
const LABEL: usize = 14;
/// The least height that is worth a chart below.
const CHART: u16 = 20;

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let (Some(snapshot), Some(item)) = (&state.snapshot, state.selected_item()) else { return };
    let Some((title, fields)) = fields(state, snapshot, &item) else { return };
    let has_chart = matches!(item, Item::Operation(_) | Item::Route(_)) && rect.height >= CHART;
    let chart = Constraint::Percentage(if has_chart { 50 } else { 0 });
    let [top, bottom] = Layout::vertical([Constraint::Fill(1), chart]).areas(rect);
    let inner = pane::open(frame, top, state, &title, "Esc back");
    let theme = state.theme;
    let lines = fields
        .into_iter()
        .flat_map(|(label, text)| {
            let tone = if text.starts_with('◌') { Tone::Unknown } else { Tone::Plain };
            let parts = pane::wrapped(&text, usize::from(inner.width).saturating_sub(LABEL));
            parts.into_iter().enumerate().map(move |(index, part)| {
                let label = if index == 0 { label } else { "" };
                Line::from(vec![
                    Span::styled(format!("{label:<LABEL$}"), theme.style(Tone::Dim)),
                    Span::styled(part, theme.style(tone)),
                ])
            })
        })
        .collect();
    pane::lines(frame, inner, lines);
    if has_chart {
        latency::render_chart(frame, bottom, state);
    }
}

fn fields(state: &State, snapshot: &Snapshot, item: &Item) -> Option<(String, Fields)> {
    match item {
        Item::Incident { rule, subject, .. } => incident(state, snapshot, rule, subject),
        Item::Operation(operation) => {
            let status = snapshot.operations.iter().find(|status| status.operation == *operation)?;
            let fields = vec![
                ("calls", count(&status.requests)),
                ("p50", time(&status.p50_ms)),
                ("p99", time(&status.p99_ms)),
                ("errors", count(&status.errors)),
                ("throttled", count(&status.throttles)),
                ("quota", format!("{} per second by default", status.quota_per_second)),
            ];
            Some((operation.to_string(), fields))
        }
        Item::Route(name) => {
            let status = snapshot.routes.iter().find(|status| status.route.to_string() == *name)?;
            let fields = vec![
                ("requests", count(&status.requests)),
                ("p50", time(&status.p50_ms)),
                ("p99", time(&status.p99_ms)),
                ("4xx", count(&status.client_errors)),
                ("5xx", count(&status.server_errors)),
            ];
            Some((name.clone(), fields))
        }
        Item::Collection(id) => collection(snapshot, id),
        Item::Refusal(why) => refusal(snapshot, why),
        Item::QualityRule(rule) => {
            let failures = snapshot.kpis.quality_failures.known()?;
            let failure = failures.iter().find(|failure| failure.rule == *rule)?;
            let fields = vec![("what", "pictures that broke this rule".to_owned()), ("times", count(&failure.count))];
            Some((rule.clone(), fields))
        }
        Item::Stack(name) => {
            let stack = snapshot.stacks.iter().find(|stack| stack.name == *name)?;
            let fields = vec![
                ("status", optional(&stack.status, "does not exist")),
                ("changed", moment(state, stack.changed)),
                ("reason", stack.reason.clone().unwrap_or_else(|| text::NOTHING.to_owned())),
                ("needs", names(stack.kind.needs())),
            ];
            Some((name.clone(), fields))
        }
        Item::Alarm(name) => {
            let alarm = snapshot.alarms.known()?.iter().find(|alarm| alarm.name == *name)?;
            let fields = vec![
                ("state", alarm.state.to_string()),
                ("since", moment(state, alarm.since)),
                ("reason", alarm.reason.clone()),
            ];
            Some((name.clone(), fields))
        }
        Item::Control(index) => control(snapshot, *index),
    }
}

fn incident(state: &State, snapshot: &Snapshot, rule: &str, subject: &str) -> Option<(String, Fields)> {
    let incident = snapshot.findings.iter().find(|found| found.rule == rule && found.subject == subject)?;
    let fields = vec![
        ("what", incident.message.clone()),
        ("how bad", incident.gravity.to_string()),
        ("since", moment(state, incident.since)),
        ("what to do", incident.remedy.clone()),
        ("rule", incident.rule.to_owned()),
        ("look at", format!("{} (Enter)", Page::of(incident.part))),
    ];
    Some((incident.subject.clone(), fields))
}

fn refusal(snapshot: &Snapshot, why: &Why) -> Option<(String, Fields)> {
    let kpis = &snapshot.kpis;
    let refusal = kpis.refusals.known()?.iter().find(|refusal| refusal.why == *why)?;
    let mut fields = vec![
        ("flow", why.flow.clone()),
        ("step", why.step.clone()),
        ("outcome", why.outcome.clone()),
        ("times", count(&refusal.count)),
    ];
    let total = kpis.flow(&why.flow).map(FlowKpi::total);
    if let (Some(times), Some(Reading::Known(total @ 1..))) = (refusal.count.known(), total) {
        fields.push(("share", format!("{} of {}", text::percent(*times, total), text::thousands(total))));
    }
    Some((why.reason.clone(), fields))
}

fn collection(snapshot: &Snapshot, id: &str) -> Option<(String, Fields)> {
    let status = snapshot.collections.iter().find(|status| status.collection.id.as_str() == id)?;
    let number = |reading: &Reading<Option<u64>>| {
        optional(&reading.as_ref().map(|number| number.map(text::thousands)), "the collection does not exist")
    };
    let fields = vec![
        ("role", status.collection.role.to_string()),
        ("shard", status.collection.shard.to_string()),
        ("model", optional(&status.model_version, text::NOTHING)),
        ("faces", number(&status.faces)),
        ("users", number(&status.users)),
        ("capacity", format!("{} faces", text::thousands(status.capacity))),
    ];
    Some((id.to_owned(), fields))
}

fn control(snapshot: &Snapshot, index: usize) -> Option<(String, Fields)> {
    let control = snapshot.compliance.as_ref()?.known()?.controls.get(index)?;
    let mut fields = vec![
        ("requirement", control.requirement.to_string()),
        ("kind", control.kind.to_string()),
        ("verdict", control.verdict.to_string()),
        ("asked", control.evidence.call.clone()),
        ("answered", control.evidence.value.clone()),
    ];
    if !control.remedy.is_empty() {
        fields.push(("what to do", control.remedy.clone()));
    }
    Some((control.store.clone(), fields))
}

fn count(reading: &Reading<u64>) -> String {
    optional(&reading.as_ref().map(|count| Some(text::thousands(*count))), text::NOTHING)
}

fn time(measured: &Measured) -> String {
    optional(&measured.as_ref().map(|value| value.map(text::millis)), "– no traffic in the window")
}

fn optional<T: Display>(reading: &Reading<Option<T>>, absent: &str) -> String {
    match reading {
        Reading::Known(Some(value)) => value.to_string(),
        Reading::Known(None) => absent.to_owned(),
        Reading::Unknown(why) => format!("◌ unknown: {why}"),
    }
}

fn moment(state: &State, at: Option<Timestamp>) -> String {
    at.map_or_else(|| text::NOTHING.to_owned(), |at| format!("{} ago, {at}", text::age(state.now.since(at))))
}

fn names(kinds: &[crate::model::StackKind]) -> String {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    if names.is_empty() { text::NOTHING.to_owned() } else { names.join(", ") }
}
