//! Routes of the API in the window.
//!
//! ```text
//! ╭ API ───────────────────────────────────────────────────────────────────────────── last 1h ─╮
//! │ route                                     requests     p50     p99  4xx  5xx  requests over…│
//! │ POST /kyc/facematch/verify                   1,980  140 ms  540 ms   25    0  ▁▂▃▅▆▇█▇▆     │
//! ╰─────────────────────────────────────────────────────────────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::observe::RouteStatus;

use super::super::state::{Item, State};
use super::super::theme::Tone;
use super::table::{self, Row, number, words};
use super::{pane, spark, text};

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let inner = pane::open(frame, rect, state, "API", &pane::window(state));
    let Some(snapshot) = &state.snapshot else { return };
    let longest = snapshot.routes.iter().map(|status| status.route.to_string().chars().count()).max().unwrap_or(0);
    let columns = [
        words("route", longest.clamp(12, 40), 0),
        number("requests", 8, 1),
        number("p50", 7, 2),
        number("p99", 7, 0),
        number("4xx", 6, 3),
        number("5xx", 6, 0),
        words("trend", 8, 4).growing(52),
    ];
    let widths = table::fit(&columns, inner.width);
    let room = widths.last().copied().flatten().unwrap_or(0);
    let rows: Vec<Row> = snapshot
        .routes
        .iter()
        .filter(|status| state.shows(&status.route.to_string()))
        .map(|status| row(state, status, room))
        .collect();
    table::render(frame, inner, state, &columns, &widths, &rows);
}

fn row(state: &State, status: &RouteStatus, room: usize) -> Row {
    let theme = state.theme;
    let name = status.route.to_string();
    Row {
        item: Some(Item::Route(name.clone())),
        cells: vec![
            Span::styled(name, theme.style(Tone::Plain)),
            text::count(theme, &status.requests),
            text::time(theme, &status.p50_ms),
            text::time(theme, &status.p99_ms),
            text::count(theme, &status.client_errors),
            text::trouble(theme, &status.server_errors, Tone::Bad),
            spark::line(theme, &status.calls, room),
        ],
    }
}
