//! Tables: aligned columns, the least important dropped first where room is short, the selected row in sight.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::super::state::{Item, State};
use super::super::theme::Tone;

/// Between two columns.
const GAP: usize = 2;

/// One column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Its heading.
    pub title: &'static str,
    /// Characters that it needs.
    pub width: usize,
    /// Characters that it can use beyond that.
    pub grows: usize,
    /// Where its text stands.
    pub alignment: Alignment,
    /// 0 stays always; of the others the largest goes first.
    pub rank: u8,
    /// From the first of these characters on, a cell is drawn in this style.
    pub fading: Option<(char, Style)>,
}

/// One row: a cell per column.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// What it is about; selectable by that.
    pub item: Option<Item>,
    /// Its cells, made for the widths that the columns got.
    pub cells: Vec<Span<'static>>,
}

/// A column for words.
pub(super) const fn words(title: &'static str, width: usize, rank: u8) -> Column {
    Column { title, width, grows: 0, alignment: Alignment::Left, rank, fading: None }
}

/// A column for numbers.
pub(super) const fn number(title: &'static str, width: usize, rank: u8) -> Column {
    Column { title, width, grows: 0, alignment: Alignment::Right, rank, fading: None }
}

impl Column {
    /// The same column with more room where there is some.
    pub const fn growing(mut self, by: usize) -> Self {
        self.grows = by;
        self
    }

    /// The same column, whose cells are drawn in another style from a character on.
    pub const fn fading(mut self, from: char, style: Style) -> Self {
        self.fading = Some((from, style));
        self
    }

    fn parts(&self, cell: Span<'static>) -> Vec<Span<'static>> {
        match self.fading.and_then(|(from, style)| Some((cell.content.find(from)?, style))) {
            Some((at, style)) => {
                let (strong, faded) = cell.content.split_at(at);
                vec![Span::styled(strong.to_owned(), cell.style), Span::styled(faded.to_owned(), style)]
            }
            None => vec![cell],
        }
    }
}

/// The columns that fit, with the widths that they get; `None` for one that was dropped.
pub(super) fn fit(columns: &[Column], room: u16) -> Vec<Option<usize>> {
    let room = usize::from(room);
    let mut kept: Vec<bool> = vec![true; columns.len()];
    let needed = |kept: &[bool]| {
        let widths = columns.iter().zip(kept).filter(|(_, kept)| **kept).map(|(column, _)| column.width + GAP);
        widths.sum::<usize>().saturating_sub(GAP)
    };
    while needed(&kept) > room {
        let candidates = columns.iter().enumerate().filter(|(index, column)| kept[*index] && column.rank > 0);
        match candidates.max_by_key(|(_, column)| column.rank) {
            Some((index, _)) => kept[index] = false,
            None => break,
        }
    }
    let mut spare = room.saturating_sub(needed(&kept));
    columns
        .iter()
        .zip(kept)
        .map(|(column, kept)| {
            let grown = column.grows.min(spare);
            kept.then(|| {
                spare -= grown;
                column.width + grown
            })
        })
        .collect()
}

/// Draws a table whose rows were made for the widths of [`fit`].
pub(super) fn render(
    frame: &mut Frame,
    rect: Rect,
    state: &State,
    columns: &[Column],
    widths: &[Option<usize>],
    rows: &[Row],
) {
    let dim = state.theme.style(Tone::Dim);
    let titles: Vec<_> = columns.iter().map(|column| Span::styled(column.title, dim)).collect();
    let mut lines = Vec::new();
    if columns.iter().any(|column| !column.title.is_empty()) {
        lines.push(line(columns, widths, &titles));
    }
    let room = usize::from(rect.height).saturating_sub(lines.len());
    let selected = state.selected_item();
    let position =
        selected.as_ref().and_then(|selected| rows.iter().position(|row| row.item.as_ref() == Some(selected)));
    let (first, shown) = section(rows.len(), room, position);
    for (index, row) in rows.iter().enumerate().skip(first).take(shown) {
        let mut drawn = line(columns, widths, &row.cells);
        if state.marked && position == Some(index) {
            drawn = padded(drawn, rect.width).style(state.theme.style(Tone::Strong).add_modifier(Modifier::REVERSED));
        }
        lines.push(drawn);
    }
    if shown < rows.len() && room > shown {
        let (above, below) = (first, rows.len() - first - shown);
        let text = match (above, below) {
            (0, below) => format!("↓ {below} more"),
            (above, 0) => format!("↑ {above} more"),
            (above, below) => format!("↑ {above}  ↓ {below} more"),
        };
        lines.push(Line::from(Span::styled(text, dim)));
    }
    frame.render_widget(Paragraph::new(lines), rect);
}

/// The rows that are shown: all, or as many as leave a line that counts the others, with the selected one among them.
fn section(rows: usize, room: usize, selected: Option<usize>) -> (usize, usize) {
    if rows <= room {
        return (0, rows);
    }
    let shown = if room > 1 { room - 1 } else { room };
    let first = selected.map_or(0, |selected| (selected + 1).saturating_sub(shown));
    (first.min(rows - shown), shown)
}

fn line(columns: &[Column], widths: &[Option<usize>], cells: &[Span<'static>]) -> Line<'static> {
    let mut spans = Vec::new();
    for ((column, width), cell) in columns.iter().zip(widths).zip(cells) {
        let Some(width) = *width else { continue };
        if !spans.is_empty() {
            spans.push(Span::raw(" ".repeat(GAP)));
        }
        let cell = clipped(cell.clone(), width);
        let blank = Span::raw(" ".repeat(width.saturating_sub(cell.width())));
        if column.alignment == Alignment::Right {
            spans.push(blank);
            spans.extend(column.parts(cell));
        } else {
            spans.extend(column.parts(cell));
            spans.push(blank);
        }
    }
    Line::from(spans)
}

fn padded(mut line: Line<'static>, width: u16) -> Line<'static> {
    let missing = usize::from(width).saturating_sub(line.width());
    line.push_span(Span::raw(" ".repeat(missing)));
    line
}

/// Text cut to a width, with an ellipsis that says so.
pub(super) fn clipped(cell: Span<'static>, width: usize) -> Span<'static> {
    if cell.width() <= width {
        return cell;
    }
    let mut text = String::new();
    for c in cell.content.chars() {
        text.push(c);
        if Span::raw(text.as_str()).width() + 1 > width {
            text.pop();
            break;
        }
    }
    if width > 0 {
        text.push('…');
    }
    Span::styled(text, cell.style)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_least_important_column_goes_first_and_room_is_given_in_order() {
        let columns = [words("name", 10, 0).growing(5), number("p50", 6, 2), number("p99", 6, 1)];
        assert_eq!(fit(&columns, 26), [Some(10), Some(6), Some(6)]);
        assert_eq!(fit(&columns, 40), [Some(15), Some(6), Some(6)]);
        assert_eq!(fit(&columns, 25), [Some(15), None, Some(6)]);
        assert_eq!(fit(&columns, 3), [Some(10), None, None]);
    }

    #[test]
    fn a_cut_text_says_so() {
        assert_eq!(clipped(Span::raw("abcdef"), 4).content, "abc…");
        assert_eq!(clipped(Span::raw("abcd"), 4).content, "abcd");
        assert_eq!(clipped(Span::raw("abcd"), 0).content, "");
    }

    proptest! {
        #[test]
        fn the_selected_row_is_always_in_sight(rows in 1usize..100, room in 1usize..50, pick in 0usize..100) {
            let selected = pick % rows;
            let (first, shown) = section(rows, room, Some(selected));
            prop_assert!(first <= selected && selected < first + shown);
            prop_assert!(first + shown <= rows && shown <= room);
        }
    }
}
