//! Rekognition operations in the window.
//!
//! ```text
//! ╭ Rekognition ───────────────────────────────────────────── last 1h ─╮
//! │ operation           calls     p50     p99  errors  throttled  p99 …│
//! │ CompareFaces        3,180   90 ms  2.41 s       0       ◆ 84  ▁▂▃▅ │
//! ╰────────────────────────────────────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::observe::OperationStatus;

use super::super::state::{Item, State};
use super::super::theme::Tone;
use super::table::{self, Row, number, words};
use super::{pane, spark, text};

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let inner = pane::open(frame, rect, state, "Rekognition", &pane::window(state));
    let Some(snapshot) = &state.snapshot else { return };
    let columns = [
        words("operation", 18, 0),
        number("calls", 7, 0),
        number("p50", 7, 1),
        number("p99", 7, 0),
        number("errors", 6, 2),
        number("throttled", 9, 1),
        words("trend", 8, 3).growing(52),
    ];
    let widths = table::fit(&columns, inner.width);
    let room = widths.last().copied().flatten().unwrap_or(0);
    let rows: Vec<Row> = snapshot
        .operations
        .iter()
        .filter(|status| state.shows(status.operation.name()))
        .map(|status| row(state, status, room))
        .collect();
    table::render(frame, inner, state, &columns, &widths, &rows);
}

fn row(state: &State, status: &OperationStatus, room: usize) -> Row {
    let theme = state.theme;
    Row {
        item: Some(Item::Operation(status.operation)),
        cells: vec![
            Span::styled(status.operation.name(), theme.style(Tone::Plain)),
            text::count(theme, &status.requests),
            text::time(theme, &status.p50_ms),
            text::time(theme, &status.p99_ms),
            text::trouble(theme, &status.errors, Tone::Bad),
            text::trouble(theme, &status.throttles, Tone::Warn),
            spark::line(theme, &status.calls, room),
        ],
    }
}
