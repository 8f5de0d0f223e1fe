//! A frame as an SVG picture: one rectangle for the window, one text per word of equal style.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// Width and height of a character, pixels: those of DejaVu Sans Mono at 14 pixels, so that lines of boxes meet.
const CELL: (f64, f64) = (8.43, 16.3);
/// Room around the frame, pixels.
const MARGIN: f64 = 14.0;
const FONT_SIZE: f64 = 14.0;
const BACKGROUND: &str = "#0f1419";
const FOREGROUND: &str = "#c9d1d9";

/// Writes a frame.
pub(super) fn write(frame: &Buffer) -> String {
    let (columns, rows) = (f64::from(frame.area.width), f64::from(frame.area.height));
    let width = (columns * CELL.0 + 2.0 * MARGIN).ceil();
    let height = (rows * CELL.1 + 2.0 * MARGIN).ceil();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <style>text{{font:{FONT_SIZE}px 'DejaVu Sans Mono','Cascadia Mono','JetBrains Mono',Menlo,Consolas,monospace;\
         fill:{FOREGROUND};white-space:pre}}</style>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"10\" fill=\"{BACKGROUND}\"/>\n"
    );
    for row in 0..frame.area.height {
        write_row(&mut svg, frame, row);
    }
    svg.push_str("</svg>\n");
    svg
}

fn write_row(svg: &mut String, frame: &Buffer, row: u16) {
    let mut column = 0;
    while column < frame.area.width {
        let Some(first) = frame.cell((column, row)) else { break };
        let mut run = String::new();
        let start = column;
        while let Some(cell) = frame.cell((column, row)).filter(|cell| belongs(cell, first)) {
            run.push_str(cell.symbol());
            column += 1;
        }
        write_run(svg, &run, first, (start, row), column - start);
    }
}

/// Whether two cells are written together. Words are written apart: renderers disagree about blanks.
fn belongs(a: &Cell, b: &Cell) -> bool {
    let is_blank = |cell: &Cell| cell.symbol().trim().is_empty();
    (a.fg, a.bg, a.modifier, is_blank(a)) == (b.fg, b.bg, b.modifier, is_blank(b))
}

fn write_run(svg: &mut String, run: &str, style: &Cell, (column, row): (u16, u16), cells: u16) {
    let (x, y) = (MARGIN + f64::from(column) * CELL.0, MARGIN + f64::from(row) * CELL.1);
    let length = f64::from(cells) * CELL.0;
    let reversed = style.modifier.contains(Modifier::REVERSED);
    let (mut ink, mut paper) = (hex(style.fg), hex(style.bg));
    if reversed {
        (ink, paper) = (paper.or(Some(BACKGROUND)), ink.or(Some(FOREGROUND)));
    }
    if let Some(paper) = paper {
        let height = CELL.1;
        let rectangle = format!(
            "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{length:.2}\" height=\"{height:.2}\" fill=\"{paper}\"/>\n"
        );
        svg.push_str(&rectangle);
    }
    if style.symbol().trim().is_empty() {
        return;
    }
    let mut attributes = String::new();
    if let Some(ink) = ink {
        attributes = format!(" style=\"fill:{ink}\"");
    }
    if style.modifier.contains(Modifier::BOLD) {
        attributes.push_str(" font-weight=\"bold\"");
    }
    if style.modifier.contains(Modifier::DIM) {
        attributes.push_str(" opacity=\"0.6\"");
    }
    let text = format!(
        "<text y=\"{:.2}\"{} xml:space=\"preserve\"{attributes}>{}</text>\n",
        y + CELL.1 * 0.76,
        positions(run, x, length),
        escaped(run)
    );
    svg.push_str(&text);
}

/// Where the characters of a run stand. A length keeps words in line where another font is used; a character that
/// the font may lack comes from one with other widths, so then each gets its own place.
fn positions(run: &str, x: f64, length: f64) -> String {
    if run.chars().all(|c| c.is_ascii() || ('─'..='█').contains(&c)) {
        return format!(" x=\"{x:.2}\" textLength=\"{length:.2}\" lengthAdjust=\"spacingAndGlyphs\"");
    }
    let places: Vec<String> =
        (0..run.chars().count()).map(|index| format!("{:.2}", x + index as f64 * CELL.0)).collect();
    format!(" x=\"{}\"", places.join(" "))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The picture's palette for the terminal colours that the theme uses.
const fn hex(color: Color) -> Option<&'static str> {
    match color {
        Color::Green | Color::LightGreen => Some("#56b870"),
        Color::Yellow | Color::LightYellow => Some("#d9a93f"),
        Color::Red | Color::LightRed => Some("#f0665c"),
        Color::Magenta | Color::LightMagenta => Some("#b48ee8"),
        Color::Cyan | Color::LightCyan => Some("#5ec4d4"),
        Color::Blue | Color::LightBlue => Some("#6aa5f0"),
        Color::DarkGray => Some("#68727e"),
        Color::Gray => Some("#9aa4af"),
        Color::White => Some("#f0f3f6"),
        Color::Black => Some(BACKGROUND),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn runs_of_one_style_are_one_text_and_markup_is_escaped() {
        let mut frame = Buffer::empty(Rect::new(0, 0, 6, 1));
        frame.set_string(0, 0, "a<b", Style::new());
        frame.set_string(3, 0, "&c", Style::new().fg(Color::Red));
        let svg = write(&frame);
        assert_eq!(svg.matches("<text").count(), 2, "{svg}");
        assert!(svg.contains(">a&lt;b</text>") && svg.contains("fill:#f0665c"), "{svg}");
    }
}
