//! Every alarm, the raised ones first.
//!
//! ```text
//! ╭ Alarms ────────────────────────────────────────────────────────────────────╮
//! │    state     since     alarm                  reason                        │
//! │ ▲  ALARM     12 min    idv-local-api-5xx      Threshold Crossed: …          │
//! ╰─────────────────────────────────────────────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::model::{Alarm, Reading};

use super::super::state::{Item, State};
use super::super::theme::{self, Tone};
use super::table::{self, Row, number, words};
use super::{pane, text};

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let inner = pane::open(frame, rect, state, "Alarms", "the worst first");
    let Some(snapshot) = &state.snapshot else { return };
    let alarms = match &snapshot.alarms {
        Reading::Known(alarms) if alarms.is_empty() => {
            pane::sentence(frame, inner, state, "there is no alarm: the monitoring stack is not deployed yet");
            return;
        }
        Reading::Known(alarms) => alarms,
        Reading::Unknown(why) => {
            pane::sentence(frame, inner, state, &format!("◌ unknown: {why}"));
            return;
        }
    };
    let longest = alarms.iter().map(|alarm| alarm.name.chars().count()).max().unwrap_or(0);
    let columns = [
        words("", 1, 0),
        words("state", 7, 0),
        number("since", 7, 1),
        words("alarm", longest.clamp(8, 48), 0),
        words("reason", 20, 2).growing(200),
    ];
    let widths = table::fit(&columns, inner.width);
    let rows: Vec<Row> =
        alarms.iter().filter(|alarm| state.shows(&alarm.name)).map(|alarm| row(state, alarm)).collect();
    table::render(frame, inner, state, &columns, &widths, &rows);
}

fn row(state: &State, alarm: &Alarm) -> Row {
    let theme = state.theme;
    let (shape, tone) = theme::alarm(alarm.state);
    let since = alarm.since.map(|since| text::age(state.now.since(since))).unwrap_or_default();
    Row {
        item: Some(Item::Alarm(alarm.name.clone())),
        cells: vec![
            Span::styled(shape, theme.style(tone)),
            Span::styled(alarm.state.to_string(), theme.style(tone)),
            Span::styled(since, theme.style(Tone::Dim)),
            Span::styled(alarm.name.clone(), theme.style(Tone::Plain)),
            Span::styled(alarm.reason.clone(), theme.style(Tone::Dim)),
        ],
    }
}
