//! What the business counts, in full.
//!
//! ```text
//! ╭ Registrations ──── 1,204 ─╮╭ Authentications ── 9,880 ─╮
//! │ approved   975  81 %  ███ ││ approved 9,485  96 %  ████│
//! ╰───────────────────────────╯╰───────────────────────────╯
//! ╭ Why not successful ───────╮╭ Faces and searches ───────╮
//! │ registration compare … 88 ││ faces indexed  975        │
//! ╰───────────────────────────╯╰───────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Span;

use crate::model::{Outcome, Reading};
use crate::observe::{FlowKpi, Kpis, Measured, Why};

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
    // Reasons have long names, numbers are short.
    let [left, right] = Layout::horizontal([Constraint::Fill(3), Constraint::Fill(2)]).areas(bottom);
    refusals(frame, left, state, &snapshot.kpis);
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

fn refusals(frame: &mut Frame, rect: Rect, state: &State, kpis: &Kpis) {
    let theme = state.theme;
    let inner = pane::open(frame, rect, state, "Why not successful", &pane::window(state));
    let (refusals, rules) = match (&kpis.refusals, &kpis.quality_failures) {
        (Reading::Known(refusals), Reading::Known(rules)) if refusals.is_empty() && rules.is_empty() => {
            pane::sentence(frame, inner, state, "nothing was refused");
            return;
        }
        (Reading::Known(refusals), Reading::Known(rules)) => (refusals, rules),
        (Reading::Unknown(why), _) | (_, Reading::Unknown(why)) => {
            pane::sentence(frame, inner, state, &format!("◌ unknown: {why}"));
            return;
        }
    };
    let columns =
        [words("flow", 14, 1), words("step", 16, 2), words("reason", 18, 0).growing(12), number("times", 7, 0)];
    let widths = table::fit(&columns, inner.width);
    let row = |item: Item, [flow, step, reason]: [&str; 3], count| Row {
        item: Some(item),
        cells: vec![
            Span::styled(flow.to_owned(), theme.style(Tone::Dim)),
            Span::styled(step.to_owned(), theme.style(Tone::Dim)),
            Span::styled(reason.to_owned(), theme.style(Tone::Plain)),
            text::count(theme, count),
        ],
    };
    let refusals = refusals.iter().map(|refusal| {
        let Why { flow, step, reason, .. } = &refusal.why;
        row(Item::Refusal(refusal.why.clone()), [flow, step, reason], &refusal.count)
    });
    let rules = rules.iter().map(|broken| {
        row(Item::QualityRule(broken.rule.clone()), ["pictures", "quality", &broken.rule], &broken.count)
    });
    let shown = |row: &Row| {
        let texts: Vec<&str> = row.cells.iter().map(|cell| cell.content.as_ref()).collect();
        state.shows(&texts.join(" "))
    };
    let rows: Vec<Row> = refusals.chain(rules).filter(shown).collect();
    table::render(frame, inner, state, &columns, &widths, &rows);
}

fn counts(frame: &mut Frame, rect: Rect, state: &State, kpis: &Kpis) {
    let theme = state.theme;
    let inner = pane::open(frame, rect, state, "Faces and searches", &pane::window(state));
    let columns = [words("", 17, 0).growing(17), number("", 8, 0)];
    let widths = table::fit(&columns, inner.width);
    let row = |name: String, value| Row { item: None, cells: vec![Span::styled(name, theme.style(Tone::Dim)), value] };
    let mut rows: Vec<Row> =
        kpis.counts().into_iter().map(|(_, name, count)| row(name.to_owned(), text::count(theme, count))).collect();
    for similarity in kpis.similarity.known().into_iter().flatten() {
        rows.push(row(format!("p50 of {}", similarity.step.replace('_', " ")), percent(theme, &similarity.p50)));
    }
    for (name, flow) in [("photo updates", &kpis.photo_updates), ("liveness checks", &kpis.liveness_checks)] {
        rows.push(row(name.to_owned(), text::count(theme, &flow.total())));
        let approved = flow.of(Outcome::Approved);
        rows.push(row(format!("{name} approved"), text::count(theme, &approved)));
    }
    table::render(frame, inner, state, &columns, &widths, &rows);
}

fn percent(theme: Theme, measured: &Measured) -> Span<'static> {
    match measured {
        Reading::Known(Some(value)) => Span::styled(format!("{value:.2} %"), theme.style(Tone::Plain)),
        Reading::Known(None) => Span::styled(text::NOTHING, theme.style(Tone::Dim)),
        Reading::Unknown(_) => text::unknown(theme),
    }
}
