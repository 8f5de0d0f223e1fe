//! A tiny alphabet of strokes, so that an ID card can carry words without a font.

use tiny_skia::PathBuilder;

use super::brush::{Brush, Ink};

/// A letter's cell: 4 wide, 6 high; and how far apart letters stand.
const CELL: (f32, f32) = (4.0, 6.0);
const ADVANCE: f32 = 5.8;

/// A letter as strokes. Each stroke is a run of points, each point two digits: across 0–4, down 0–6.
const fn strokes(letter: char) -> &'static str {
    match letter {
        'A' => "06 20 46/14 34",
        'B' => "06 00 30 41 42 33 03/33 44 45 36 06",
        'C' => "41 30 10 01 05 16 36 45",
        'D' => "00 06 26 44 42 20 00",
        'E' => "40 00 06 46/03 33",
        'F' => "40 00 06/03 33",
        'G' => "41 30 10 01 05 16 36 45 43 23",
        'H' => "00 06/40 46/03 43",
        'I' => "20 26",
        'J' => "30 35 26 16 05",
        'K' => "00 06/40 03 46",
        'L' => "00 06 46",
        'M' => "06 00 23 40 46",
        'N' => "06 00 46 40",
        'O' => "10 30 41 45 36 16 05 01 10",
        'P' => "06 00 30 41 42 33 03",
        'Q' => "10 30 41 45 36 16 05 01 10/34 46",
        'R' => "06 00 30 41 42 33 03/23 46",
        'S' => "41 30 10 01 02 13 33 44 45 36 16 05",
        'T' => "00 40/20 26",
        'U' => "00 05 16 36 45 40",
        'V' => "00 26 40",
        'W' => "00 16 23 36 40",
        'X' => "00 46/40 06",
        'Y' => "00 23 40/23 26",
        'Z' => "00 40 06 46",
        '0' => "10 30 41 45 36 16 05 01 10/31 15",
        '1' => "11 20 26",
        '2' => "01 10 30 41 42 06 46",
        '3' => "00 40 23 33 44 45 36 16 05",
        '4' => "36 30 04 44",
        '5' => "40 00 03 33 44 45 36 06",
        '6' => "40 20 02 05 16 36 45 44 33 03",
        '7' => "00 40 16",
        '8' => "13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33",
        '9' => "06 26 44 41 30 10 01 02 13 43",
        '<' => "41 03 45",
        '-' => "03 43",
        '.' => "26 26",
        _ => "",
    }
}

/// Writes capitals, digits and `<`, `-`, `.`; everything else leaves a gap. `height` is that of a capital.
pub fn write(brush: &mut Brush, text: &str, (x, y): (f32, f32), height: f32, weight: f32, ink: Ink) {
    let unit = height / CELL.1;
    for (index, letter) in text.chars().enumerate() {
        let left = x + index as f32 * ADVANCE * unit;
        for stroke in strokes(letter).split('/').filter(|stroke| !stroke.is_empty()) {
            let mut path = PathBuilder::new();
            for (step, point) in stroke.split(' ').enumerate() {
                let digit = |i: usize| point.as_bytes().get(i).map_or(0.0, |byte| f32::from(byte.saturating_sub(b'0')));
                let at = (left + digit(0) * unit, y + digit(1) * unit);
                if step == 0 { path.move_to(at.0, at.1) } else { path.line_to(at.0, at.1) }
            }
            brush.line(path.finish(), weight, ink);
        }
    }
}

/// How wide a text of this height is.
#[must_use]
pub fn width(text: &str, height: f32) -> f32 {
    (text.chars().count() as f32 * ADVANCE - (ADVANCE - CELL.0)).max(0.0) * height / CELL.1
}
