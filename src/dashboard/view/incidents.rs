//! What is wrong, the worst first: since when, what, where to look.
//!
//! ```text
//! ╭ What is wrong ───────────────────────────────────────────────────────────────────────────────────────╮
//! │ ▲ 12 min  idv-local-api-5xx     Threshold Crossed: 4 datapoints were greater than the threshold    → 6 │
//! │ ◌      –  2 alarms              have no data: idv-local-dlq-depth, …                               → 6 │
//! ╰──────────────────────────────────────────────────────────────────────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::observe::Incident;

use super::super::state::{Item, Page, State};
use super::super::theme::{self, Tone};
use super::table::{self, Row, number, words};
use super::{pane, text};

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let count = state.snapshot.as_ref().map_or(0, |snapshot| snapshot.findings.len());
    let remark = if count > 0 { "Enter looks into one" } else { "" };
    let inner = pane::open(frame, rect, state, "What is wrong", remark);
    let Some(snapshot) = &state.snapshot else {
        pane::sentence(frame, inner, state, "Asking the cloud …");
        return;
    };
    if snapshot.findings.is_empty() {
        let theme = state.theme;
        let line = Line::from(vec![
            Span::styled("● nothing  ", theme.style(Tone::Good)),
            Span::styled("every part was read and no rule found anything", theme.style(Tone::Dim)),
        ]);
        pane::lines(frame, inner, vec![line]);
        return;
    }
    let subject = snapshot.findings.iter().map(|incident| incident.subject.chars().count()).max().unwrap_or(0);
    let columns = [
        words("", 1, 0),
        number("", 7, 2),
        words("", subject.clamp(8, 28), 0),
        words("", 20, 0).growing(400),
        words("", 3, 1),
    ];
    let widths = table::fit(&columns, inner.width);
    let rows: Vec<Row> = snapshot.findings.iter().map(|incident| row(state, incident)).collect();
    let rows: Vec<Row> = rows.into_iter().filter(|row| state.filter.text.is_empty() || is_listed(state, row)).collect();
    table::render(frame, inner, state, &columns, &widths, &rows);
}

fn is_listed(state: &State, row: &Row) -> bool {
    row.item.as_ref().is_some_and(|item| state.items().contains(item))
}

fn row(state: &State, incident: &Incident) -> Row {
    let theme = state.theme;
    let (shape, tone) = theme::gravity(incident.gravity);
    let since = incident.since.map_or_else(String::new, |since| text::age(state.now.since(since)));
    let page = Page::of(incident.part);
    let number = state.pages.iter().position(|each| *each == page).map(|index| format!("→ {}", index + 1));
    Row {
        item: Some(Item::Incident { rule: incident.rule, subject: incident.subject.clone(), part: incident.part }),
        cells: vec![
            Span::styled(shape, theme.style(tone)),
            Span::styled(since, theme.style(Tone::Dim)),
            Span::styled(incident.subject.clone(), theme.style(tone)),
            Span::styled(incident.message.clone(), theme.style(Tone::Plain)),
            Span::styled(number.unwrap_or_default(), theme.style(Tone::Dim)),
        ],
    }
}
