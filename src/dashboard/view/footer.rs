//! The keys that matter here, or the filter while it is typed.
//!
//! ```text
//!  / face▏                                                            Enter keep   Esc clear
//!  j k select   Enter look into   / filter   r refresh   ? help   q quit
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::super::state::State;
use super::super::theme::Tone;

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let theme = state.theme;
    let mut spans = vec![Span::raw(" ")];
    if state.filter.typing || !state.filter.text.is_empty() {
        spans.push(Span::styled(format!("/ {}", state.filter.text), theme.style(Tone::Accent)));
        spans.push(Span::styled(if state.filter.typing { "▏  " } else { "  " }, theme.style(Tone::Accent)));
    }
    let hints: &[(&str, &str)] = match (state.filter.typing, state.help, state.detail) {
        (true, ..) => &[("Enter", "keep"), ("Esc", "clear")],
        (_, true, _) => &[("Esc", "back"), ("q", "quit")],
        (_, _, true) => &[("Esc", "back"), ("j k", "next, previous"), ("q", "quit")],
        _ => &[
            ("j k", "select"),
            ("Enter", "look into"),
            ("/", "filter"),
            ("r", "refresh"),
            ("?", "help"),
            ("q", "quit"),
        ],
    };
    for (key, does) in hints {
        spans.push(Span::styled((*key).to_owned(), theme.style(Tone::Strong)));
        spans.push(Span::styled(format!(" {does}   "), theme.style(Tone::Dim)));
    }
    frame.render_widget(Paragraph::new(Line::from(spans)), rect);
}
