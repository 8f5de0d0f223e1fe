//! CloudWatch's rules for metric alarms: M out of N datapoints, and what missing ones mean.
//!
//! Pure. The cases of the user guide ("Configuring how CloudWatch alarms treat missing data") are the tests.

use crate::aws::cloudwatch::judge::{Comparison, MissingData};
use crate::model::AlarmState;

/// Periods beyond N that are looked at for existing datapoints, as in the guide's examples (N = 3, range = 5).
pub const EXTRA_PERIODS: usize = 2;

/// What decides about an alarm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// How a datapoint is compared with the threshold.
    pub comparison: Comparison,
    /// The threshold.
    pub threshold: f64,
    /// Periods looked at (N).
    pub evaluation_periods: usize,
    /// Periods that must break the threshold (M).
    pub datapoints_to_alarm: usize,
    /// What a period without data means.
    pub missing: MissingData,
}

impl Rule {
    /// Whether a datapoint breaks the threshold.
    #[must_use]
    pub fn breaches(&self, value: f64) -> bool {
        match self.comparison {
            Comparison::Greater => value > self.threshold,
            Comparison::GreaterOrEqual => value >= self.threshold,
            Comparison::Less => value < self.threshold,
            Comparison::LessOrEqual => value <= self.threshold,
        }
    }

    /// The existing datapoints that are looked at: the newest N of the range, oldest first.
    #[must_use]
    pub fn considered(&self, range: &[Option<f64>]) -> Vec<f64> {
        let existing: Vec<f64> = range.iter().copied().flatten().collect();
        existing[existing.len().saturating_sub(self.evaluation_periods)..].to_vec()
    }

    /// What the alarm says after these periods, oldest first; `None` leaves it as it is.
    #[must_use]
    pub fn judge(&self, range: &[Option<f64>]) -> Option<AlarmState> {
        let considered = self.considered(range);
        let breaching = considered.iter().filter(|value| self.breaches(**value)).count();
        let missing = self.evaluation_periods - considered.len();
        if considered.is_empty() {
            return match self.missing {
                MissingData::Missing => Some(AlarmState::InsufficientData),
                MissingData::Ignore => None,
                MissingData::Breaching => Some(AlarmState::Alarm),
                MissingData::NotBreaching => Some(AlarmState::Ok),
            };
        }
        if breaching >= self.datapoints_to_alarm {
            return Some(AlarmState::Alarm);
        }
        let some_are_fine = breaching < considered.len();
        match self.missing {
            _ if missing == 0 => Some(AlarmState::Ok),
            MissingData::Breaching if breaching + missing >= self.datapoints_to_alarm => Some(AlarmState::Alarm),
            MissingData::Breaching | MissingData::NotBreaching => Some(AlarmState::Ok),
            MissingData::Missing | MissingData::Ignore if some_are_fine => Some(AlarmState::Ok),
            // Nothing but breaching datapoints, and the oldest is old enough: no later one can excuse it.
            MissingData::Missing if oldest_age(range) >= self.datapoints_to_alarm => Some(AlarmState::Alarm),
            // Too early to tell: the next datapoint may be fine.
            MissingData::Missing | MissingData::Ignore => None,
        }
    }
}

/// Periods from the oldest datapoint of the range to now; 1 is the newest period.
fn oldest_age(range: &[Option<f64>]) -> usize {
    range.iter().position(Option::is_some).map_or(0, |index| range.len() - index)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use AlarmState::{Alarm, InsufficientData, Ok};

    const ALL: [MissingData; 4] =
        [MissingData::Missing, MissingData::Ignore, MissingData::Breaching, MissingData::NotBreaching];

    /// `X` breaks the threshold, `0` does not, `-` is missing.
    fn range(drawn: &str) -> Vec<Option<f64>> {
        drawn
            .chars()
            .map(|c| match c {
                'X' => Some(2.0),
                '0' => Some(0.0),
                _ => None,
            })
            .collect()
    }

    fn rule(m: usize, n: usize, missing: MissingData) -> Rule {
        Rule { comparison: Comparison::Greater, threshold: 1.0, evaluation_periods: n, datapoints_to_alarm: m, missing }
    }

    #[test]
    fn the_guide_s_table_for_three_of_three() {
        for (drawn, expected) in [
            ("0-X-X", [Some(Ok), Some(Ok), Some(Ok), Some(Ok)]),
            ("----0", [Some(Ok), Some(Ok), Some(Ok), Some(Ok)]),
            ("-----", [Some(InsufficientData), None, Some(Alarm), Some(Ok)]),
            ("0XX-X", [Some(Alarm), Some(Alarm), Some(Alarm), Some(Alarm)]),
            ("--X--", [Some(Alarm), None, Some(Alarm), Some(Ok)]),
        ] {
            assert_eq!(ALL.map(|missing| rule(3, 3, missing).judge(&range(drawn))), expected, "{drawn}");
        }
    }

    #[test]
    fn the_guide_s_table_for_two_of_three() {
        for (drawn, expected) in [
            ("0-X-X", [Some(Alarm), Some(Alarm), Some(Alarm), Some(Alarm)]),
            ("00X0X", [Some(Alarm), Some(Alarm), Some(Alarm), Some(Alarm)]),
            ("0-X--", [Some(Ok), Some(Ok), Some(Alarm), Some(Ok)]),
            ("----0", [Some(Ok), Some(Ok), Some(Alarm), Some(Ok)]),
            ("---X-", [Some(Alarm), None, Some(Alarm), Some(Ok)]),
        ] {
            assert_eq!(ALL.map(|missing| rule(2, 3, missing).judge(&range(drawn))), expected, "{drawn}");
        }
    }

    #[test]
    fn one_young_breach_is_no_alarm_yet() {
        for drawn in ["----X", "---X-"] {
            assert_eq!(rule(3, 3, MissingData::Missing).judge(&range(drawn)), None, "{drawn}");
        }
    }

    #[test]
    fn thresholds_are_compared_as_named() {
        let breaches = |comparison, value| Rule { comparison, ..rule(1, 1, MissingData::Missing) }.breaches(value);
        assert!(breaches(Comparison::GreaterOrEqual, 1.0) && !breaches(Comparison::Greater, 1.0));
        assert!(breaches(Comparison::LessOrEqual, 1.0) && !breaches(Comparison::Less, 1.0));
    }

    proptest! {
        #[test]
        fn with_all_data_only_m_of_n_counts(
            values in prop::collection::vec(0.0..3.0f64, 1..12), m in 1..12_usize, missing in prop::sample::select(ALL.to_vec()),
        ) {
            let n = values.len();
            let m = m.min(n);
            let rule = rule(m, n, missing);
            let breaching = values.iter().filter(|value| **value > 1.0).count();
            let expected = if breaching >= m { Alarm } else { Ok };
            let range: Vec<_> = values.into_iter().map(Some).collect();
            prop_assert_eq!(rule.judge(&range), Some(expected));
        }

        #[test]
        fn treating_missing_as_not_breaching_never_alarms_more_than_treating_it_as_breaching(
            drawn in "[X0-]{1,9}", m in 1..5_usize, extra in 0..4_usize,
        ) {
            let alarms = |missing| rule(m, m + extra, missing).judge(&range(&drawn)) == Some(Alarm);
            prop_assert!(!alarms(MissingData::NotBreaching) || alarms(MissingData::Breaching));
        }
    }
}
