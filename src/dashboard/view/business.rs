//! The business at a glance.
//!
//! ```text
//! ╭ Business ─────────────────────────────────────────── last 1h ─╮
//! │ registrations    1,204  ▃▄▅▆▅▆  approved 81 %  failed 14 %    │
//! │ authentications  9,880  ▅▅▆▆▇▇  approved 96 %  failed 3.0 %   │
//! │ faces            975 indexed · 3 deleted                      │
//! │ searches         9,880 · 9,485 matches                        │
//! │ refused          quality_rejected 131 · sharpness 88          │
//! ╰───────────────────────────────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::model::{Outcome, Reading};
use crate::observe::FlowKpi;

use super::super::state::State;
use super::super::theme::{Theme, Tone};
use super::{pane, spark, text};

/// Room for the labels at the left.
const LABEL: usize = 17;

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let inner = pane::open(frame, rect, state, "Business", &pane::window(state));
    let Some(snapshot) = &state.snapshot else { return };
    let (theme, kpis) = (state.theme, &snapshot.kpis);
    let mut lines = Vec::new();
    lines.extend(flow(theme, "registrations", &kpis.registrations, inner.width));
    lines.extend(flow(theme, "authentications", &kpis.authentications, inner.width));
    lines.push(counted(
        theme,
        "faces",
        &[("detected", &kpis.faces_detected), ("indexed", &kpis.faces_indexed), ("deleted", &kpis.faces_deleted)],
    ));
    lines.push(counted(theme, "searches", &[("made", &kpis.searches), ("matches", &kpis.search_matches)]));
    if let Reading::Known(refusals) = &kpis.refusals {
        let listed: Vec<_> = refusals.iter().map(|refusal| (refusal.reason.as_str(), &refusal.count)).collect();
        if !listed.is_empty() {
            lines.push(counted(theme, "not successful", &listed));
        }
    }
    frame.render_widget(Paragraph::new(lines), inner);
}

/// Number and course, then the share of each outcome; on two lines where one is too narrow.
fn flow(theme: Theme, name: &'static str, flow: &FlowKpi, width: u16) -> Vec<Line<'static>> {
    let total = flow.total();
    let number = text::count(theme, &total);
    let pad = 8_usize.saturating_sub(number.width());
    let mut first = vec![
        Span::styled(format!("{name:<LABEL$}"), theme.style(Tone::Dim)),
        Span::raw(" ".repeat(pad)),
        number,
        Span::raw("  "),
    ];
    let shares = shares(theme, flow, &total);
    let taken = LABEL + 8 + 2;
    let needed: usize = shares.iter().map(Span::width).sum();
    let room = usize::from(width).saturating_sub(taken);
    if room >= needed + 12 {
        first.push(spark::line(theme, &flow.series, (room - needed - 2).min(30)));
        first.push(Span::raw("  "));
        first.extend(shares);
        return vec![Line::from(first)];
    }
    first.push(spark::line(theme, &flow.series, room.min(40)));
    let mut lines = vec![Line::from(first)];
    if !shares.is_empty() {
        let mut second = vec![Span::raw("  ")];
        second.extend(shares);
        lines.push(Line::from(second));
    }
    lines
}

fn shares(theme: Theme, flow: &FlowKpi, total: &Reading<u64>) -> Vec<Span<'static>> {
    let Some(total) = total.known().copied().filter(|total| *total > 0) else { return Vec::new() };
    let mut spans = Vec::new();
    for outcome in Outcome::ALL {
        let Some(count) = flow.of(outcome).known().copied().filter(|count| *count > 0) else { continue };
        if !spans.is_empty() {
            spans.push(Span::raw("  "));
        }
        spans.push(Span::styled(format!("{outcome} "), theme.style(Tone::Dim)));
        spans.push(Span::styled(text::percent(count, total), theme.style(tone(outcome))));
    }
    spans
}

/// What an outcome means to the business: an approval is the aim, a fraudster is worth a look.
pub(super) const fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Approved => Tone::Good,
        Outcome::Fraud => Tone::Bad,
        Outcome::Incomplete => Tone::Warn,
        Outcome::Failed | Outcome::Duplicate | Outcome::Abandoned => Tone::Plain,
    }
}

fn counted(theme: Theme, label: &'static str, counts: &[(&str, &Reading<u64>)]) -> Line<'static> {
    let mut spans = vec![Span::styled(format!("{label:<LABEL$}"), theme.style(Tone::Dim))];
    for (index, (name, count)) in counts.iter().enumerate() {
        if index > 0 {
            spans.push(Span::styled(" · ", theme.style(Tone::Dim)));
        }
        spans.push(text::count(theme, count));
        spans.push(Span::styled(format!(" {name}"), theme.style(Tone::Dim)));
    }
    Line::from(spans)
}
