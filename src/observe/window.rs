//! The time that is looked back on.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::model::Timestamp;

/// How many equal periods a window is cut into: the columns of a sparkline.
const PERIODS: u64 = 60;
/// CloudWatch keeps one value per minute at best.
const MINUTE: u64 = 60;

/// The time that is looked back on: from 5 minutes to 14 days, as `15m`, `1h`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    minutes: u64,
}

/// A text that is no window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidWindow {
    value: String,
}

impl Window {
    /// The last hour.
    pub const HOUR: Self = Self { minutes: 60 };

    /// Length of one period: whole minutes, so that CloudWatch can answer it.
    #[must_use]
    pub const fn period(self) -> Duration {
        Duration::from_secs(self.minutes.div_ceil(PERIODS) * MINUTE)
    }

    /// Number of periods: 60, fewer for windows shorter than an hour or that do not divide evenly.
    #[must_use]
    pub fn periods(self) -> usize {
        let periods = self.minutes.div_ceil(self.period().as_secs() / MINUTE);
        usize::try_from(periods).unwrap_or(1)
    }

    /// The whole length.
    #[must_use]
    pub fn length(self) -> Duration {
        self.period() * u32::try_from(self.periods()).unwrap_or(1)
    }

    /// Beginning and end around `now`, on the borders of periods, with the running period included.
    #[must_use]
    pub fn around(self, now: Timestamp) -> (Timestamp, Timestamp) {
        let period = i64::try_from(self.period().as_millis()).unwrap_or(i64::MAX);
        let end = Timestamp::from_millis((now.millis().div_euclid(period) + 1) * period);
        (end.before(self.length()), end)
    }
}

impl FromStr for Window {
    type Err = InvalidWindow;

    fn from_str(text: &str) -> Result<Self, InvalidWindow> {
        let invalid = || InvalidWindow { value: text.to_owned() };
        let (number, minutes_each) = match text.char_indices().last() {
            Some((at, 'm')) => (&text[..at], 1),
            Some((at, 'h')) => (&text[..at], 60),
            Some((at, 'd')) => (&text[..at], 24 * 60),
            _ => return Err(invalid()),
        };
        let minutes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(minutes_each));
        match minutes {
            Some(minutes @ 5..=20_160) => Ok(Self { minutes }),
            _ => Err(invalid()),
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.minutes {
            minutes if minutes % (24 * 60) == 0 => format!("{}d", minutes / (24 * 60)),
            minutes if minutes % 60 == 0 => format!("{}h", minutes / 60),
            minutes => format!("{minutes}m"),
        };
        f.pad(&text)
    }
}

impl fmt::Display for InvalidWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no time to look back: write 5m to 14d, for example 15m, 1h or 7d", self.value)
    }
}

impl std::error::Error for InvalidWindow {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn written_and_read_back() {
        for text in ["5m", "15m", "1h", "36h", "14d"] {
            assert_eq!(text.parse::<Window>().unwrap().to_string(), text);
        }
        for text in ["", "h", "4m", "15d", "1w", "-1h", "1.5h", "99999999999999999999d"] {
            let error = text.parse::<Window>().unwrap_err().to_string();
            assert!(error.contains(&format!("`{text}`")), "{error}");
        }
    }

    proptest! {
        #[test]
        fn the_window_holds_now_and_is_cut_evenly(minutes in 5u64..=20_160, now in 0i64..4_000_000_000_000) {
            let window = format!("{minutes}m").parse::<Window>().unwrap();
            let (start, end) = window.around(Timestamp::from_millis(now));
            let period = i64::try_from(window.period().as_millis()).unwrap();
            prop_assert!(start.millis() <= now && now < end.millis());
            prop_assert_eq!(end.millis() - start.millis(), period * i64::try_from(window.periods()).unwrap());
            prop_assert_eq!(end.millis() % period, 0);
            prop_assert!(window.periods() <= 60);
            prop_assert!(window.length().as_secs() >= minutes * 60);
        }
    }
}
