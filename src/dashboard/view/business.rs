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
/// Room for a flow's number.
const NUMBER: usize = 8;
/// The longest course.
const COURSE: usize = 40;

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let inner = pane::open(frame, rect, state, "Business", &pane::window(state));
    let Some(snapshot) = &state.snapshot else { return };
    let (theme, kpis) = (state.theme, &snapshot.kpis);
    let is_low = inner.height < 6;
    let mut lines = Vec::new();
    lines.extend(flow(theme, "registrations", &kpis.registrations, inner.width, is_low));
    lines.extend(flow(theme, "authentications", &kpis.authentications, inner.width, is_low));
    let mut counted = |label, counts: &[(&str, &Reading<u64>)]| {
        lines.extend(counted(theme, label, counts, inner.width));
    };
    counted("searches", &[("made", &kpis.searches), ("matches", &kpis.search_matches)]);
    counted(
        "faces",
        &[
            ("indexed", &kpis.faces_indexed),
            ("deleted", &kpis.faces_deleted),
            ("updated", &kpis.faces_updated),
            ("detected", &kpis.faces_detected),
        ],
    );
    if let Reading::Known(refusals) = &kpis.refusals {
        let listed: Vec<_> = refusals.iter().map(|refusal| (refusal.why.reason.as_str(), &refusal.count)).collect();
        if !listed.is_empty() {
            counted("not successful", &listed);
        }
    }
    frame.render_widget(Paragraph::new(lines), inner);
}

/// Number and course, then the share of each outcome; where room is low, the shares that fit beside the number.
fn flow(theme: Theme, name: &'static str, flow: &FlowKpi, width: u16, is_low: bool) -> Vec<Line<'static>> {
    let total = flow.total();
    let number = text::count(theme, &total);
    let pad = " ".repeat(NUMBER.saturating_sub(number.width()));
    let label = Span::styled(format!("{name:<LABEL$}"), theme.style(Tone::Dim));
    let lead = vec![label, Span::raw(pad), number, Span::raw("  ")];
    let room = usize::from(width).saturating_sub(LABEL + NUMBER + 2);
    let (mut shares, between) = (shares(theme, flow, &total), Span::raw("  "));
    if is_low && !shares.is_empty() {
        let mut lines = pane::flowing(lead, shares, &between, width);
        lines.truncate(1);
        return lines;
    }
    let needed: usize = shares.iter().flatten().map(Span::width).sum::<usize>() + 2 * shares.len();
    let course = |width| vec![spark::line(theme, &flow.series, width)];
    if room >= needed + 12 {
        shares.insert(0, course((room - needed).min(COURSE)));
        return pane::flowing(lead, shares, &between, width);
    }
    let mut lines = pane::flowing(lead, vec![course(room.min(COURSE))], &between, width);
    if !shares.is_empty() {
        lines.extend(pane::flowing(vec![Span::raw("  ")], shares, &between, width));
    }
    lines
}

fn shares(theme: Theme, flow: &FlowKpi, total: &Reading<u64>) -> Vec<Vec<Span<'static>>> {
    let Some(total) = total.known().copied().filter(|total| *total > 0) else { return Vec::new() };
    let share = |outcome: Outcome| {
        let count = flow.of(outcome).known().copied().filter(|count| *count > 0)?;
        let name = Span::styled(format!("{outcome} "), theme.style(Tone::Dim));
        Some(vec![name, Span::styled(text::percent(count, total), theme.style(tone(outcome)))])
    };
    Outcome::ALL.into_iter().filter_map(share).collect()
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

fn counted(theme: Theme, label: &'static str, counts: &[(&str, &Reading<u64>)], width: u16) -> Vec<Line<'static>> {
    let dim = theme.style(Tone::Dim);
    let groups =
        counts.iter().map(|(name, count)| vec![text::count(theme, count), Span::styled(format!(" {name}"), dim)]);
    let lead = vec![Span::styled(format!("{label:<LABEL$}"), dim)];
    pane::flowing(lead, groups.collect(), &Span::styled(" · ", dim), width)
}
