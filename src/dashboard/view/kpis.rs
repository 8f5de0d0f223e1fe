//! What the business counts, in full.
//!
//! ```text
//! ╭ Registrations ──── 1,204 ─╮╭ Authentications ── 9,880 ─╮
//! │ approved   975  81 %  ███ ││ approved 9,485  96 %  ████│
//! ╰───────────────────────────╯╰───────────────────────────╯
//! ╭ Why not successful ───────╮╭ Faces and searches ───────╮
//! │ registration  sharpness 88││ indexed  975              │
//! ╰───────────────────────────╯╰───────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Span;

use crate::model::{Outcome, Reading};
use crate::observe::{FlowKpi, Kpis, Measured};

use super::super::state::{Item, State};
use super::super::theme::{Theme, Tone};
use super::table::{self, Row, number, words};
use super::{business, pane, spark, text};

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let Some(snapshot) = &state.snapshot else { return };
    let flows = u16::try_from(Outcome::ALL.len()).unwrap_or(6) + 3;
    let [top, bottom] = Layout::vertical([Constraint::Length(flows), Constraint::Fill(1)]).areas(rect);
    let halves = |rect| -> [Rect; 2] { Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(rect) };
    let [left, right] = halves(top);
    flow(frame, left, state, "Registrations", &snapshot.kpis.registrations);
    flow(frame, right, state, "Authentications", &snapshot.kpis.authentications);
    let [left, right] = halves(bottom);
    refusals(frame, left, state, &snapshot.kpis.refusals);
    counts(frame, right, state, &snapshot.kpis);
}

fn flow(frame: &mut Frame, rect: Rect, state: &State, title: &str, flow: &FlowKpi) {
    let theme = state.theme;
    let total = flow.total();
    let remark = match &total {
        Reading::Known(total) => format!("{} in the {}", text::thousands(*total), pane::window(state)),
        Reading::Unknown(_) => "◌ unknown".to_owned(),
    };
    let inner = pane::open(frame, rect, state, title, &remark);
    let columns = [words("", 10, 0), number("", 8, 0), number("", 6, 0), words("", 6, 1).growing(40)];
    let widths = table::fit(&columns, inner.width);
    let room = widths.last().copied().flatten().unwrap_or(0);
    let mut rows: Vec<Row> = flow
        .outcomes
        .iter()
        .map(|(outcome, count)| Row { item: None, cells: outcome_cells(theme, *outcome, count, &total, room) })
        .collect();
    let course = vec![
        Span::styled("over time", theme.style(Tone::Dim)),
        Span::raw(""),
        Span::raw(""),
        spark::line(theme, &flow.series, room),
    ];
    rows.push(Row { item: None, cells: course });
    table::render(frame, inner, state, &columns, &widths, &rows);
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a width in characters")]
fn outcome_cells(
    theme: Theme,
    outcome: Outcome,
    count: &Reading<u64>,
    total: &Reading<u64>,
    room: usize,
) -> Vec<Span<'static>> {
    let (share, bar) = match (count.known(), total.known()) {
        (Some(count), Some(total)) if *total > 0 => {
            let width = (*count as f64 / *total as f64 * room as f64).round() as usize;
            (text::percent(*count, *total), "█".repeat(width.min(room)))
        }
        _ => (String::new(), String::new()),
    };
    vec![
        Span::styled(outcome.name(), theme.style(Tone::Plain)),
        text::count(theme, count),
        Span::styled(share, theme.style(Tone::Plain)),
        Span::styled(bar, theme.style(business::tone(outcome))),
    ]
}

fn refusals(frame: &mut Frame, rect: Rect, state: &State, refusals: &Reading<Vec<crate::observe::Refusal>>) {
    let theme = state.theme;
    let inner = pane::open(frame, rect, state, "Why not successful", &pane::window(state));
    let refusals = match refusals {
        Reading::Known(refusals) if refusals.is_empty() => {
            pane::sentence(frame, inner, state, "nothing was refused");
            return;
        }
        Reading::Known(refusals) => refusals,
        Reading::Unknown(why) => {
            pane::sentence(frame, inner, state, &format!("◌ unknown: {why}"));
            return;
        }
    };
    let columns = [words("flow", 14, 1), words("reason", 18, 0).growing(12), number("times", 7, 0)];
    let widths = table::fit(&columns, inner.width);
    let rows: Vec<Row> = refusals
        .iter()
        .filter(|refusal| state.shows(&format!("{} {}", refusal.flow, refusal.reason)))
        .map(|refusal| Row {
            item: Some(Item::Refusal { flow: refusal.flow.clone(), reason: refusal.reason.clone() }),
            cells: vec![
                Span::styled(refusal.flow.clone(), theme.style(Tone::Dim)),
                Span::styled(refusal.reason.clone(), theme.style(Tone::Plain)),
                text::count(theme, &refusal.count),
            ],
        })
        .collect();
    table::render(frame, inner, state, &columns, &widths, &rows);
}

fn counts(frame: &mut Frame, rect: Rect, state: &State, kpis: &Kpis) {
    let theme = state.theme;
    let inner = pane::open(frame, rect, state, "Faces and searches", &pane::window(state));
    let columns = [words("", 24, 0).growing(10), number("", 10, 0)];
    let widths = table::fit(&columns, inner.width);
    let row = |name: String, value| Row { item: None, cells: vec![Span::styled(name, theme.style(Tone::Dim)), value] };
    let mut rows: Vec<Row> = [
        ("faces detected", &kpis.faces_detected),
        ("faces indexed", &kpis.faces_indexed),
        ("faces deleted", &kpis.faces_deleted),
        ("searches", &kpis.searches),
        ("matches", &kpis.search_matches),
    ]
    .into_iter()
    .map(|(name, count)| row(name.to_owned(), text::count(theme, count)))
    .collect();
    for similarity in kpis.similarity.known().into_iter().flatten() {
        rows.push(row(format!("similarity {}, p50", similarity.flow), percent(theme, &similarity.p50)));
    }
    table::render(frame, inner, state, &columns, &widths, &rows);
}

fn percent(theme: Theme, measured: &Measured) -> Span<'static> {
    match measured {
        Reading::Known(Some(value)) => Span::styled(format!("{value:.1} %"), theme.style(Tone::Plain)),
        Reading::Known(None) => Span::styled(text::NOTHING, theme.style(Tone::Dim)),
        Reading::Unknown(_) => text::unknown(theme),
    }
}
