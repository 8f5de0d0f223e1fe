//! Numbers and times as people read them, and readings as spans with their meaning.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::text::Span;

use crate::model::Reading;
use crate::observe::{Measured, awaits_first_metric};

use super::super::theme::{Theme, Tone};

/// Stands for a number that could not be read.
pub(super) const UNKNOWN: &str = "◌ ?";
/// Stands for a number that does not exist yet.
pub(super) const NOTHING: &str = "–";

/// `4812331` as `4,812,331`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Milliseconds with their unit: `9.4 ms`, `310 ms`, `2.41 s`.
pub(super) fn millis(value: f64) -> String {
    match value {
        _ if value < 10.0 => format!("{value:.1} ms"),
        _ if value < 1_000.0 => format!("{value:.0} ms"),
        _ if value < 100_000.0 => format!("{:.2} s", value / 1_000.0),
        _ => format!("{:.0} s", value / 1_000.0),
    }
}

/// A span of time with its unit, as coarse as can be: `4 s`, `12 min`, `3 h`, `5 d`.
pub(super) fn age(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds < 120 => format!("{seconds} s"),
        seconds if seconds < 2 * 3_600 => format!("{} min", seconds / 60),
        seconds if seconds < 2 * 86_400 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

/// A part of a whole in percent, with just enough digits: `0 %`, `0.3 %`, `24 %`.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let percent = 100.0 * part as f64 / whole.max(1) as f64;
    match percent {
        _ if part > 0 && percent < 0.1 => "<0.1 %".to_owned(),
        _ if part > 0 && percent < 10.0 => format!("{percent:.1} %"),
        _ => format!("{percent:.0} %"),
    }
}

/// A count that is neither good nor bad.
pub(super) fn count(theme: Theme, reading: &Reading<u64>) -> Span<'static> {
    match reading {
        Reading::Known(0) => Span::styled("0", theme.style(Tone::Dim)),
        Reading::Known(number) => Span::styled(thousands(*number), theme.style(Tone::Plain)),
        reading if awaits_first_metric(reading) => Span::styled(NOTHING, theme.style(Tone::Dim)),
        Reading::Unknown(_) => unknown(theme),
    }
}

/// A count of things that should not happen.
pub(super) fn trouble(theme: Theme, reading: &Reading<u64>, tone: Tone) -> Span<'static> {
    match reading {
        Reading::Known(number) if *number > 0 => {
            let shape = if tone == Tone::Bad { "▲" } else { "◆" };
            Span::styled(format!("{shape} {}", thousands(*number)), theme.style(tone))
        }
        other => count(theme, other),
    }
}

/// A time in milliseconds.
pub(super) fn time(theme: Theme, measured: &Measured) -> Span<'static> {
    match measured {
        Reading::Known(Some(value)) => Span::styled(millis(*value), theme.style(Tone::Plain)),
        Reading::Known(None) => Span::styled(NOTHING, theme.style(Tone::Dim)),
        Reading::Unknown(_) => unknown(theme),
    }
}

/// A number that could not be read.
pub(super) fn unknown(theme: Theme) -> Span<'static> {
    Span::styled(UNKNOWN, theme.style(Tone::Unknown))
}

/// A frame as lines of text without the blanks at their ends.
pub(in crate::dashboard) fn of_buffer(frame: &Buffer) -> String {
    let mut text = String::new();
    for row in 0..frame.area.height {
        let line: String =
            (0..frame.area.width).filter_map(|x| frame.cell((x, row))).map(ratatui::buffer::Cell::symbol).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_like_numbers() {
        assert_eq!([0, 999, 1_000, 4_812_331].map(thousands), ["0", "999", "1,000", "4,812,331"]);
        assert_eq!([9.44, 310.2, 2_412.0, 130_000.0].map(millis), ["9.4 ms", "310 ms", "2.41 s", "130 s"]);
        assert_eq!(
            [4, 119, 720, 7_200, 172_800].map(|s| age(Duration::from_secs(s))),
            ["4 s", "119 s", "12 min", "2 h", "2 d"]
        );
        assert_eq!(percent(1_204, 20_000_000), "<0.1 %");
        assert_eq!([(0, 0), (3, 1_000), (24, 100)].map(|(part, whole)| percent(part, whole)), ["0 %", "0.3 %", "24 %"]);
    }
}
