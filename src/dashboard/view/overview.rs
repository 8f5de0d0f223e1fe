//! Everything at a glance, what is wrong first.
//!
//! ```text
//! wide                                   narrow
//! ╭ What is wrong ───────────────────╮   ╭ What is wrong ──╮
//! ╭ Rekognition ───╮╭ Business ──────╮   ╭ Rekognition ────╮
//! ╭ API ─────────────────────────────╮   ╭ Business ───────╮
//! ╭ Collections ─────────────────────╮   ╭ Collections ────╮
//! (very wide: API beside Collections)    ╭ API ────────────╮ where there is room
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use super::super::state::State;
use super::{business, collections, incidents, latency, operations, routes};

/// From here on two panes stand side by side.
const WIDE: u16 = 116;
/// From here on the tables do, too.
const VERY_WIDE: u16 = 180;
/// Routes that are shown here, so that the collections find their place below; the page of latencies shows all.
const MOST_ROUTES: u16 = 5;
/// Borders above and below, and the line of titles.
const FRAME: u16 = 2;
const TITLES: u16 = 1;
/// The least height at which a chart says something.
const CHART: u16 = 9;

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let Some(snapshot) = &state.snapshot else {
        incidents::render(frame, Rect { height: rect.height.min(3), ..rect }, state);
        return;
    };
    let lines = |count: usize| u16::try_from(count).unwrap_or(u16::MAX / 2);
    let wanted = Wanted {
        incidents: lines(snapshot.findings.len()).clamp(1, 8) + FRAME,
        operations: lines(snapshot.operations.len()) + FRAME + TITLES,
        routes: lines(snapshot.routes.len()).min(MOST_ROUTES) + FRAME + TITLES,
        collections: lines(snapshot.collections.len()).min(12) + FRAME + TITLES,
    };
    match rect.width {
        VERY_WIDE.. => very_wide(frame, rect, state, &wanted),
        WIDE.. => wide(frame, rect, state, &wanted),
        _ => narrow(frame, rect, state, &wanted),
    }
}

/// The heights at which every pane shows all that it has.
struct Wanted {
    incidents: u16,
    operations: u16,
    routes: u16,
    collections: u16,
}

fn very_wide(frame: &mut Frame, rect: Rect, state: &State, wanted: &Wanted) {
    let tables = wanted.routes.max(wanted.collections);
    let [top, middle, bottom, remainder] = rows(rect, [wanted.incidents, wanted.operations, tables]);
    incidents::render(frame, top, state);
    let [left, right] = Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(middle);
    operations::render(frame, left, state);
    business::render(frame, right, state);
    let [left, right] = Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(bottom);
    routes::render(frame, left, state);
    collections::render(frame, right, state);
    chart(frame, remainder, state);
}

fn wide(frame: &mut Frame, rect: Rect, state: &State, wanted: &Wanted) {
    let heights = [wanted.incidents, wanted.operations, wanted.routes];
    let [top, middle, below, remainder] = rows(rect, heights);
    incidents::render(frame, top, state);
    let [left, right] = Layout::horizontal([Constraint::Length(68), Constraint::Fill(1)]).areas(middle);
    operations::render(frame, left, state);
    business::render(frame, right, state);
    routes::render(frame, below, state);
    let [bottom, remainder] =
        Layout::vertical([Constraint::Length(wanted.collections), Constraint::Fill(1)]).areas(remainder);
    collections::render(frame, bottom, state);
    chart(frame, remainder, state);
}

fn narrow(frame: &mut Frame, rect: Rect, state: &State, wanted: &Wanted) {
    // Everybody gets a little first; what is left goes to whoever comes first.
    let least = [wanted.incidents.min(5), 6, 4, 5, 0];
    let wanted = [wanted.incidents, wanted.operations, 9, wanted.collections, wanted.routes];
    let mut heights = least;
    let mut spare = rect.height.saturating_sub(least.iter().sum());
    for (height, wanted) in heights.iter_mut().zip(wanted) {
        let more = wanted.saturating_sub(*height).min(spare);
        // A pane of borders alone says nothing.
        if *height + more > FRAME + TITLES {
            *height += more;
            spare -= more;
        }
    }
    let areas: [Rect; 5] = Layout::vertical(heights.map(Constraint::Length)).areas(rect);
    incidents::render(frame, areas[0], state);
    operations::render(frame, areas[1], state);
    business::render(frame, areas[2], state);
    collections::render(frame, areas[3], state);
    if areas[4].height > 0 {
        routes::render(frame, areas[4], state);
    }
}

fn rows(rect: Rect, heights: [u16; 3]) -> [Rect; 4] {
    let [first, second, third] = heights.map(Constraint::Length);
    Layout::vertical([first, second, third, Constraint::Fill(1)]).areas(rect)
}

fn chart(frame: &mut Frame, rect: Rect, state: &State) {
    if rect.height >= CHART {
        latency::render_chart(frame, rect, state);
    }
}
