//! Who and where, how it stands in numbers, how old the data are; and the pages.
//!
//! ```text
//!  idvctl  idv · local · us-east-1 · 000000000000   local · simulated      ▲ 2 incidents  ◌ 1 unknown   4 s ago  ⟳ 6 s
//!  1 Overview  2 Collections  3 Latency  4 KPIs  5 Deployments  6 Alarms                                       ? help
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::super::state::State;
use super::super::theme::{Theme, Tone};
use super::text::age;

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let right = standing(state);
    let room = usize::from(rect.width).saturating_sub(right.width() + 2);
    // What is least needed to tell one environment from another goes first.
    let left = (0..=3).map(|dropped| place(state, dropped)).find(|line| line.width() <= room);
    let left = left.unwrap_or_else(|| place(state, 3));
    frame.render_widget(Paragraph::new(left), rect);
    let width = u16::try_from(right.width()).unwrap_or(u16::MAX).min(rect.width);
    let at = Rect { x: rect.right().saturating_sub(width), width, ..rect };
    frame.render_widget(Paragraph::new(right), at);
}

fn place(state: &State, dropped: usize) -> Line<'static> {
    let theme = state.theme;
    let mut spans = vec![Span::raw(" ")];
    if dropped < 3 {
        spans.extend([Span::styled("idvctl", theme.style(Tone::Accent)), Span::raw("  ")]);
    }
    spans.push(Span::styled(state.title.clone(), theme.style(Tone::Strong)));
    let Some(snapshot) = &state.snapshot else { return Line::from(spans) };
    if let Some(region) = snapshot.place.region.as_ref().filter(|_| dropped < 2) {
        spans.push(Span::styled(format!(" · {region}"), theme.style(Tone::Plain)));
    }
    if let Some(account) = snapshot.place.account.as_ref().filter(|_| dropped < 1) {
        spans.push(Span::styled(format!(" · {account}"), theme.style(Tone::Plain)));
    }
    if snapshot.place.simulated {
        spans.push(Span::raw("  "));
        let label = if dropped < 3 { " local · simulated " } else { " simulated " };
        spans.push(Span::styled(label, theme.style(Tone::Warn).add_modifier(Modifier::REVERSED)));
    }
    Line::from(spans)
}

fn standing(state: &State) -> Line<'static> {
    let theme = state.theme;
    let mut spans = Vec::new();
    if let Some(loss) = &state.link.lost {
        let text = format!("✗ unreachable for {}", age(state.now.since(loss.since)));
        spans.extend([Span::styled(text, theme.style(Tone::Bad)), Span::raw("  ")]);
    }
    if let Some(snapshot) = &state.snapshot {
        if state.link.lost.is_none() {
            spans.extend(counts(theme, snapshot.incident_count(), snapshot.unknown_count()));
        }
        let old = age(state.now.since(snapshot.generated_at));
        if state.link.lost.is_some() {
            spans.push(Span::styled(format!("stale: {old} old  "), theme.style(Tone::Warn)));
        } else {
            spans.push(Span::styled(format!("{old} ago  "), theme.style(Tone::Dim)));
        }
    }
    let next = if state.link.is_asking() {
        "⟳ …".to_owned()
    } else {
        format!("⟳ {}", age(state.link.due_in(state.now)))
    };
    spans.extend([Span::styled(next, theme.style(Tone::Dim)), Span::raw(" ")]);
    Line::from(spans)
}

fn counts(theme: Theme, incidents: usize, unknown: usize) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    match incidents {
        0 if unknown == 0 => spans.push(Span::styled("● all well  ", theme.style(Tone::Good))),
        0 => {}
        1 => spans.push(Span::styled("▲ 1 incident  ", theme.style(Tone::Bad))),
        more => spans.push(Span::styled(format!("▲ {more} incidents  "), theme.style(Tone::Bad))),
    }
    if unknown > 0 {
        spans.push(Span::styled(format!("◌ {unknown} unknown  "), theme.style(Tone::Unknown)));
    }
    spans
}

/// The line of pages.
pub(super) fn render_tabs(frame: &mut Frame, rect: Rect, state: &State) {
    // Titles need room; numbers alone still lead to every page.
    let full = tabs(state, true);
    let line = if full.width() <= usize::from(rect.width) { full } else { tabs(state, false) };
    frame.render_widget(Paragraph::new(line), rect);
}

fn tabs(state: &State, titles: bool) -> Line<'static> {
    let theme = state.theme;
    let mut spans = vec![Span::raw(" ")];
    for (index, page) in state.pages.iter().enumerate() {
        let shown = *page == state.page;
        let text = match (titles, shown) {
            (true, _) | (false, true) => format!(" {} {page} ", index + 1),
            (false, false) => format!(" {} ", index + 1),
        };
        let style =
            if shown { theme.style(Tone::Accent).add_modifier(Modifier::REVERSED) } else { theme.style(Tone::Plain) };
        spans.push(Span::styled(text, style));
    }
    Line::from(spans)
}
