//! The help: the table of keys, and what the shapes mean.
//!
//! ```text
//! ╭ Keys ────────────────────────────────╮
//! │ 1–9     go to a page                 │
//! │ …                                    │
//! │ ▲ wrong   ◆ look   ◌ unknown   ● well│
//! ╰──────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::keys::BINDINGS;
use super::super::state::State;
use super::super::theme::Tone;
use super::pane;

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let theme = state.theme;
    let inner = pane::open(frame, rect, state, "Keys", "Esc back");
    let mut lines: Vec<Line> = BINDINGS
        .iter()
        .map(|binding| {
            Line::from(vec![
                Span::styled(format!("{:<9}", binding.label), theme.style(Tone::Accent)),
                Span::raw(binding.does),
            ])
        })
        .collect();
    lines.push(Line::default());
    for (shape, tone, meaning) in [
        ("▲", Tone::Bad, "wrong: people are affected"),
        ("◆", Tone::Warn, "deserves a look"),
        ("◌", Tone::Unknown, "not known: it could not be read, which is never a good sign"),
        ("●", Tone::Good, "well"),
        ("–", Tone::Dim, "nothing to measure yet: no traffic in the window"),
    ] {
        lines.push(Line::from(vec![Span::styled(format!("{shape:<9}"), theme.style(tone)), Span::raw(meaning)]));
    }
    pane::lines(frame, inner, lines);
}
