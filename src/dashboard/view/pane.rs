//! The frame around a pane.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Padding, Paragraph, Wrap};

use super::super::state::State;
use super::super::theme::Tone;

/// Draws rounded borders with a title at the left and a remark at the right; answers the room inside.
pub(super) fn open(frame: &mut Frame, rect: Rect, state: &State, title: &str, remark: &str) -> Rect {
    let theme = state.theme;
    // A title would otherwise take on the quiet colour of the border.
    let strong = theme.style(Tone::Strong).fg(Color::Reset).remove_modifier(Modifier::DIM);
    let mut block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.style(Tone::Dim))
        .padding(Padding::horizontal(1))
        .title(Span::styled(format!(" {title} "), strong));
    let room = usize::from(rect.width).saturating_sub(title.chars().count() + 8);
    if !remark.is_empty() && remark.chars().count() <= room {
        let remark = Span::styled(format!(" {remark} "), theme.style(Tone::Dim));
        block = block.title(Line::from(remark).right_aligned());
    }
    let inner = block.inner(rect);
    frame.render_widget(block, rect);
    inner
}

/// Wrapped lines.
pub(super) fn lines(frame: &mut Frame, rect: Rect, lines: Vec<Line<'static>>) {
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), rect);
}

/// Words on lines of at most `width` characters.
pub(super) fn wrapped(words: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let Some(line) = lines.last_mut() else { break };
        let room = width.saturating_sub(line.chars().count() + 1);
        if line.is_empty() {
            line.push_str(word);
        } else if word.chars().count() <= room {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// Groups of spans after a label, as many on a line as fit; the lines below stand under the first group.
pub(super) fn flowing(
    lead: Vec<Span<'static>>,
    groups: Vec<Vec<Span<'static>>>,
    between: &Span<'static>,
    width: u16,
) -> Vec<Line<'static>> {
    let indent: usize = lead.iter().map(Span::width).sum();
    let mut lines = vec![Line::from(lead)];
    let mut is_first = true;
    for group in groups {
        let needed: usize = group.iter().map(Span::width).sum();
        let Some(line) = lines.last_mut() else { break };
        if !is_first && line.width() + between.width() + needed > usize::from(width) {
            let mut next = Line::from(Span::raw(" ".repeat(indent)));
            next.spans.extend(group);
            lines.push(next);
            continue;
        }
        if !is_first {
            line.push_span(between.clone());
        }
        line.spans.extend(group);
        is_first = false;
    }
    lines
}

/// One quiet sentence where there is nothing to list.
pub(super) fn sentence(frame: &mut Frame, rect: Rect, state: &State, text: &str) {
    let line = Line::from(Span::styled(text.to_owned(), state.theme.style(Tone::Dim)));
    lines(frame, rect, vec![line]);
}

/// The remark of a pane whose numbers are counted over the window: `last 1h`.
pub(super) fn window(state: &State) -> String {
    state.snapshot.as_ref().map(|snapshot| format!("last {}", snapshot.window)).unwrap_or_default()
}
