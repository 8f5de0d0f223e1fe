//! Why an alarm says what it says, in the words of CloudWatch.

use serde_json::json;
use time::OffsetDateTime;
use time::macros::format_description;

use super::evaluate::Rule;
use crate::aws::cloudwatch::judge::{Comparison, MissingData};
use crate::model::{AlarmState, Timestamp};

/// A period's value, and when the period began.
pub type Datapoint = (Timestamp, f64);

/// The reason as a sentence.
#[must_use]
pub fn sentence(rule: &Rule, state: AlarmState, considered: &[Datapoint]) -> String {
    let missing = rule.evaluation_periods - considered.len();
    match state {
        AlarmState::InsufficientData => {
            format!("Insufficient Data: {} unknown.", counted(missing, "datapoint was", "datapoints were"))
        }
        _ if considered.is_empty() => format!(
            "Threshold Crossed: no datapoints were received for {} and {} treated as [{}].",
            counted(missing, "period", "periods"),
            counted(missing, "missing datapoint was", "missing datapoints were"),
            if rule.missing == MissingData::Breaching { "Breaching" } else { "NonBreaching" },
        ),
        AlarmState::Alarm => {
            let breaching: Vec<Datapoint> =
                considered.iter().copied().filter(|(_, value)| rule.breaches(*value)).collect();
            format!(
                "Threshold Crossed: {} out of the last {} datapoints [{}] {} {} (minimum {} for OK -> ALARM transition).",
                breaching.len(),
                rule.evaluation_periods,
                listed(&breaching),
                if breaching.len() == 1 { "was" } else { "were" },
                comparison(rule),
                counted(rule.datapoints_to_alarm, "datapoint", "datapoints"),
            )
        }
        AlarmState::Ok => {
            let fine: Vec<Datapoint> = considered.iter().copied().filter(|(_, value)| !rule.breaches(*value)).collect();
            format!(
                "Threshold Crossed: {} out of the last {} datapoints [{}] {} not {} (minimum {} for ALARM -> OK transition).",
                fine.len(),
                rule.evaluation_periods,
                listed(&fine),
                if fine.len() == 1 { "was" } else { "were" },
                comparison(rule),
                counted(rule.evaluation_periods - rule.datapoints_to_alarm + 1, "datapoint", "datapoints"),
            )
        }
    }
}

/// The same for programs, in the members of CloudWatch's `stateReasonData`.
#[must_use]
pub fn data(rule: &Rule, considered: &[Datapoint]) -> String {
    json!({
        "version": "1.0",
        "recentDatapoints": considered.iter().map(|(_, value)| value).collect::<Vec<_>>(),
        "threshold": rule.threshold,
        "evaluatedDatapoints": considered
            .iter()
            .map(|(at, value)| json!({"timestamp": at.to_string(), "value": value}))
            .collect::<Vec<_>>(),
    })
    .to_string()
}

fn comparison(rule: &Rule) -> String {
    let relation = match rule.comparison {
        Comparison::Greater => "greater than",
        Comparison::GreaterOrEqual => "greater than or equal to",
        Comparison::Less => "less than",
        Comparison::LessOrEqual => "less than or equal to",
    };
    format!("{relation} the threshold ({:?})", rule.threshold)
}

fn listed(points: &[Datapoint]) -> String {
    let form = format_description!("[day]/[month]/[year repr:last_two] [hour]:[minute]:[second]");
    let shown = points.iter().rev().map(|(at, value)| {
        let moment = OffsetDateTime::from_unix_timestamp(at.millis() / 1_000).ok().and_then(|at| at.format(&form).ok());
        format!("{value:?} ({})", moment.unwrap_or_else(|| at.to_string()))
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(missing: MissingData) -> Rule {
        Rule {
            comparison: Comparison::Greater,
            threshold: 1_500.0,
            evaluation_periods: 3,
            datapoints_to_alarm: 2,
            missing,
        }
    }

    #[test]
    fn said_as_cloudwatch_says_it() {
        let points: Vec<Datapoint> = [(0, 2_400.0), (60, 900.5), (120, 1_700.0)]
            .map(|(second, value)| (Timestamp::from_millis(1_793_352_600_000 + second * 1_000), value))
            .to_vec();
        let said = |state, points: &[Datapoint], missing| sentence(&rule(missing), state, points);
        assert_eq!(
            said(AlarmState::Alarm, &points, MissingData::Missing),
            "Threshold Crossed: 2 out of the last 3 datapoints [1700.0 (30/10/26 09:32:00), 2400.0 (30/10/26 09:30:00)] \
             were greater than the threshold (1500.0) (minimum 2 datapoints for OK -> ALARM transition)."
        );
        assert_eq!(
            said(AlarmState::Ok, &points, MissingData::Missing),
            "Threshold Crossed: 1 out of the last 3 datapoints [900.5 (30/10/26 09:31:00)] \
             was not greater than the threshold (1500.0) (minimum 2 datapoints for ALARM -> OK transition)."
        );
        assert_eq!(
            said(AlarmState::InsufficientData, &[], MissingData::Missing),
            "Insufficient Data: 3 datapoints were unknown."
        );
        assert_eq!(
            said(AlarmState::Ok, &[], MissingData::NotBreaching),
            "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as \
             [NonBreaching]."
        );
    }
}
