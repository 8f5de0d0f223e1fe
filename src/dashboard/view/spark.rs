//! Sparklines: a series as one line of blocks.

use ratatui::text::Span;

use crate::model::Reading;
use crate::observe::Series;

use super::super::theme::{Theme, Tone};
use super::text;

const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// A period without anything to measure.
const GAP: char = '·';

/// A series, fitted into `width` characters; the newest period is at the right.
pub(super) fn line(theme: Theme, series: &Reading<Series>, width: usize) -> Span<'static> {
    match series {
        Reading::Known(series) if series.iter().all(Option::is_none) => {
            Span::styled(GAP.to_string().repeat(width.min(series.len())), theme.style(Tone::Dim))
        }
        Reading::Known(series) => Span::styled(blocks(series, width), theme.style(Tone::Accent).not_bold()),
        Reading::Unknown(_) => text::unknown(theme),
    }
}

fn blocks(series: &[Option<f64>], width: usize) -> String {
    let columns = fitted(series, width);
    let highest = columns.iter().flatten().copied().fold(0.0_f64, f64::max);
    columns.into_iter().map(|value| value.map_or(GAP, |value| block(value, highest))).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 7 after the clamp")]
fn block(value: f64, highest: f64) -> char {
    let share = if highest > 0.0 { value / highest } else { 0.0 };
    BLOCKS[(share * 7.0).round().clamp(0.0, 7.0) as usize]
}

/// At most `width` values: neighbours are merged, and the larger one stays, so that no peak is lost.
fn fitted(series: &[Option<f64>], width: usize) -> Vec<Option<f64>> {
    if width == 0 {
        return Vec::new();
    }
    let columns = width.min(series.len());
    (0..columns)
        .map(|column| {
            let (from, to) = (column * series.len() / columns, (column + 1) * series.len() / columns);
            series.get(from..to).into_iter().flatten().flatten().copied().reduce(f64::max)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_survive_and_gaps_show() {
        assert_eq!(blocks(&[Some(0.0), Some(7.0), None, None], 4), "▁█··");
        assert_eq!(blocks(&[Some(1.0), Some(9.0), Some(1.0), None], 2), "█▂");
        assert_eq!(blocks(&[Some(1.0)], 0), "");
    }
}
