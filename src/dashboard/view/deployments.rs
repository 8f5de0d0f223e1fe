//! The stacks.
//!
//! ```text
//! ╭ Stacks ──────────────────────────────────────────────────────────────────────────╮
//! │    stack                  status                      changed     reason          │
//! │ ●  idv-local-data         CREATE_COMPLETE             90 min ago                  │
//! │ ▲  idv-local-monitoring   UPDATE_ROLLBACK_COMPLETE    3 min ago   Invalid name    │
//! ╰───────────────────────────────────────────────────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::model::Reading;
use crate::observe::StackStatus;

use super::super::state::{Item, State};
use super::super::theme::{self, Tone};
use super::table::{self, Row, words};
use super::{pane, text};

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let [api, stacks] = Layout::vertical([Constraint::Length(3), Constraint::Fill(1)]).areas(rect);
    let theme = state.theme;
    let inner = pane::open(frame, api, state, "API address", "");
    let Some(snapshot) = &state.snapshot else { return };
    let address = match &snapshot.api_url {
        Reading::Known(Some(url)) => Span::styled(url.clone(), theme.style(Tone::Accent)),
        Reading::Known(None) => Span::styled("– the service stack is not deployed yet", theme.style(Tone::Dim)),
        Reading::Unknown(why) => Span::styled(format!("◌ unknown: {why}"), theme.style(Tone::Unknown)),
    };
    pane::lines(frame, inner, vec![Line::from(address)]);

    let inner = pane::open(frame, stacks, state, "Stacks", "in order of deployment");
    let longest = snapshot.stacks.iter().map(|stack| stack.name.len()).max().unwrap_or(0);
    let columns = [
        words("", 1, 0),
        words("stack", longest.clamp(8, 40), 0),
        words("status", 24, 0).growing(12),
        words("changed", 10, 1),
        words("reason", 16, 2).growing(100),
    ];
    let widths = table::fit(&columns, inner.width);
    let shown = snapshot.stacks.iter().filter(|stack| state.shows(&stack.name));
    let rows: Vec<Row> = shown.map(|stack| row(state, stack)).collect();
    table::render(frame, inner, state, &columns, &widths, &rows);
}

fn row(state: &State, stack: &StackStatus) -> Row {
    let theme = state.theme;
    let (shape, tone) = theme::stack(stack.health());
    let status = match &stack.status {
        Reading::Known(Some(status)) => status.clone(),
        Reading::Known(None) => "does not exist".to_owned(),
        Reading::Unknown(_) => "unknown".to_owned(),
    };
    let changed = stack.changed.map(|at| format!("{} ago", text::age(state.now.since(at)))).unwrap_or_default();
    let reason = stack.reason.clone().or_else(|| stack.status.why().map(str::to_owned)).unwrap_or_default();
    Row {
        item: Some(Item::Stack(stack.name.clone())),
        cells: vec![
            Span::styled(shape, theme.style(tone)),
            Span::styled(stack.name.clone(), theme.style(Tone::Plain)),
            Span::styled(status, theme.style(tone)),
            Span::styled(changed, theme.style(Tone::Dim)),
            Span::styled(reason, theme.style(Tone::Plain)),
        ],
    }
}
