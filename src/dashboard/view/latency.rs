//! Time per operation and route: the lists at the left, the selected one's course at the right, or below where the
//! lists need the whole width.
//!
//! ```text
//! ╭ Rekognition ───────────╮╭ CompareFaces ───────────────── last 1h ─╮
//! │ operation  calls  p99  ││ 480 ms │        ⢀⠔⠒⢄        ⡠⠒⠢⡀     p99 │
//! ╰────────────────────────╯│        │   ⡠⠒⠤⠔⠁    ⠑⠤⣀⠔⠊⠁   ⠈⠒  p50 │
//! ╭ API ───────────────────╮│   0 ms └──────────────────────────────── │
//! ╰────────────────────────╯╰─────────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Axis, Chart, Dataset, GraphType};

use crate::model::Reading;
use crate::observe::{Series, Snapshot};

use super::super::state::{Item, State};
use super::super::theme::Tone;
use super::{operations, pane, routes, text};

/// From here on the lists have the width that they need beside the chart.
const WIDE: u16 = 160;

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let (lists, chart) = if rect.width >= WIDE {
        let [lists, chart] = Layout::horizontal([Constraint::Percentage(55), Constraint::Fill(1)]).areas(rect);
        (lists, chart)
    } else {
        let [lists, chart] = Layout::vertical([Constraint::Percentage(60), Constraint::Fill(1)]).areas(rect);
        (lists, chart)
    };
    let known = state.snapshot.as_ref();
    let operations = known.map_or(0, |snapshot| snapshot.operations.len());
    let routes = known.map_or(0, |snapshot| snapshot.routes.len());
    let weight = |count: usize| Constraint::Fill(u16::try_from(count + 3).unwrap_or(u16::MAX));
    let [top, bottom] = Layout::vertical([weight(operations), weight(routes)]).areas(lists);
    operations::render(frame, top, state);
    routes::render(frame, bottom, state);
    render_chart(frame, chart, state);
}

/// The course of the selected operation or route; of the busiest operation where something else is selected.
pub(super) fn render_chart(frame: &mut Frame, rect: Rect, state: &State) {
    let Some((name, p50, p99)) = state.snapshot.as_ref().and_then(|snapshot| subject(state, snapshot)) else {
        pane::open(frame, rect, state, "Latency", "");
        return;
    };
    let inner = pane::open(frame, rect, state, &format!("Latency of {name}"), &pane::window(state));
    let (p50, p99) = match (p50, p99) {
        (Reading::Known(p50), Reading::Known(p99)) => (points(p50), points(p99)),
        (Reading::Unknown(why), _) | (_, Reading::Unknown(why)) => {
            pane::sentence(frame, inner, state, &format!("◌ unknown: {why}"));
            return;
        }
    };
    let highest = p99.iter().chain(&p50).map(|(_, value)| *value).fold(0.0_f64, f64::max);
    if highest <= 0.0 {
        pane::sentence(frame, inner, state, "no traffic in the window, so there is no time to measure");
        return;
    }
    let theme = state.theme;
    let dim = theme.style(Tone::Dim);
    // Braille where it says something; the two lines differ in weight and carry their names.
    let dataset = |name: &'static str, data, tone| {
        Dataset::default()
            .name(Line::from(Span::styled(name, theme.style(tone))))
            .marker(Marker::Braille)
            .graph_type(GraphType::Line)
            .style(theme.style(tone))
            .data(data)
    };
    let periods = state.snapshot.as_ref().map_or(60, |snapshot| snapshot.window.periods());
    let window = state.snapshot.as_ref().map(|snapshot| format!("-{}", snapshot.window)).unwrap_or_default();
    let top = highest * 1.1;
    let chart = Chart::new(vec![dataset("p99", &p99, Tone::Accent), dataset("p50", &p50, Tone::Plain)])
        .x_axis(
            Axis::default()
                .style(dim)
                .bounds([0.0, periods.saturating_sub(1) as f64])
                .labels([Span::styled(window, dim), Span::styled("now", dim)]),
        )
        .y_axis(Axis::default().style(dim).bounds([0.0, top]).labels([
            Span::styled("0 ms", dim),
            Span::styled(text::millis(top / 2.0), dim),
            Span::styled(text::millis(top), dim),
        ]))
        // Without the names nobody knows which line is which; they may take half of a low chart.
        .hidden_legend_constraints((Constraint::Percentage(50), Constraint::Percentage(60)))
        .legend_position(Some(ratatui::widgets::LegendPosition::TopRight));
    frame.render_widget(chart, inner);
}

type Subject<'a> = (String, &'a Reading<Series>, &'a Reading<Series>);

fn subject<'a>(state: &State, snapshot: &'a Snapshot) -> Option<Subject<'a>> {
    let of_route = |name: &str| {
        let status = snapshot.routes.iter().find(|status| status.route.to_string() == name)?;
        Some((name.to_owned(), &status.p50_series, &status.p99_series))
    };
    let of_operation = |status: &'a crate::observe::OperationStatus| {
        (status.operation.to_string(), &status.p50_series, &status.p99_series)
    };
    match state.selected_item() {
        Some(Item::Route(name)) => of_route(&name),
        Some(Item::Operation(operation)) => {
            snapshot.operations.iter().find(|status| status.operation == operation).map(of_operation)
        }
        _ => snapshot.operations.iter().max_by_key(|status| status.requests.known().copied()).map(of_operation),
    }
}

fn points(series: &Series) -> Vec<(f64, f64)> {
    series.iter().enumerate().filter_map(|(period, value)| value.map(|value| (period as f64, value))).collect()
}
