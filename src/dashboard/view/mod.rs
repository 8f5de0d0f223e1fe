//! Drawing: `&State` in, nothing out.
//!
//! ```text
//! header      who and where, what is wrong in numbers, age of the data
//! tabs        the pages by number
//! page        one file per pane
//! footer      the keys that matter here
//! ```

mod alarms;
mod business;
mod collections;
mod compliance;
mod deployments;
mod detail;
mod footer;
mod header;
mod help;
mod incidents;
mod kpis;
mod latency;
mod operations;
mod overview;
mod pane;
mod routes;
mod spark;
mod table;
mod text;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use super::state::{Page, State};

pub(super) use text::of_buffer as text_of;

/// Draws everything.
pub(super) fn render(frame: &mut Frame, state: &State) {
    let [head, tabs, body, foot] =
        Layout::vertical([Constraint::Length(1), Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1)])
            .areas(frame.area());
    header::render(frame, head, state);
    header::render_tabs(frame, tabs, state);
    footer::render(frame, foot, state);
    if state.help {
        help::render(frame, body, state);
    } else if state.detail {
        detail::render(frame, body, state);
    } else {
        render_page(frame, body, state);
    }
}

fn render_page(frame: &mut Frame, body: Rect, state: &State) {
    match state.page {
        Page::Overview => overview::render(frame, body, state),
        Page::Collections => collections::render(frame, body, state),
        Page::Latency => latency::render(frame, body, state),
        Page::Kpis => kpis::render(frame, body, state),
        Page::Deployments => deployments::render(frame, body, state),
        Page::Alarms => alarms::render(frame, body, state),
        Page::Compliance => compliance::render(frame, body, state),
    }
}
