//! Judges every metric alarm of the local cloud by CloudWatch's rules and sets its state when that changed.
//!
//! Composite alarms follow by themselves: the emulator judges them whenever the state of a child changes.

pub mod evaluate;
pub mod math;
pub mod reason;

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use evaluate::{EXTRA_PERIODS, Rule};
use math::Expression;

use crate::aws::cloudwatch::judge::{AlarmDefinition, Judge, Points, Series, Source};
use crate::aws::{Cloud, CloudError};
use crate::local::log;
use crate::model::{AlarmState, Timestamp};

/// How long after its end a period may still receive data: the last log lines of it have to be read first.
const SETTLING: Duration = Duration::from_secs(3);

/// The evaluator of one cloud's alarms.
#[derive(Debug)]
pub struct Alarms {
    judge: Judge,
    /// Alarms that cannot be judged, said once each.
    unjudged: BTreeSet<String>,
}

/// A state that an alarm should have, and why.
#[derive(Debug, Clone, PartialEq)]
struct Verdict {
    name: String,
    from: AlarmState,
    to: AlarmState,
    reason: String,
    data: String,
}

impl Alarms {
    /// Evaluates the alarms of a cloud.
    #[must_use]
    pub fn new(cloud: &Cloud) -> Self {
        Self { judge: Judge::new(cloud), unjudged: BTreeSet::new() }
    }

    /// Judges every alarm once.
    pub async fn evaluate(&mut self, now: Timestamp) -> Result<(), CloudError> {
        let (alarms, others) = self.judge.alarms().await?;
        for name in others {
            self.give_up(name, "only thresholds over metrics and metric math are judged here");
        }
        let settled = now.before(SETTLING);
        let Some(reach) = alarms.iter().map(|alarm| alarm.period * periods(alarm)).max() else {
            return Ok(());
        };
        let series: Vec<Series> = alarms.iter().flat_map(inputs).cloned().collect();
        let points = self.judge.points(&series, settled.before(reach * 2), settled).await?;
        let points: HashMap<&Series, Points> = series.iter().zip(points).collect();
        for alarm in &alarms {
            match verdict(alarm, &points, settled) {
                Ok(Some(verdict)) => {
                    self.judge.set_state(&verdict.name, verdict.to, &verdict.reason, &verdict.data).await?;
                    log::say(&format!("alarm {}: {} -> {}", verdict.name, verdict.from, verdict.to));
                }
                Ok(None) => {}
                Err(error) => self.give_up(alarm.name.clone(), &error.to_string()),
            }
        }
        Ok(())
    }

    fn give_up(&mut self, name: String, why: &str) {
        if !self.unjudged.contains(&name) {
            log::say(&format!("alarm {name} is not judged: {why}"));
            self.unjudged.insert(name);
        }
    }
}

fn periods(alarm: &AlarmDefinition) -> u32 {
    u32::try_from(alarm.evaluation_periods + EXTRA_PERIODS).unwrap_or(u32::MAX)
}

fn inputs(alarm: &AlarmDefinition) -> impl Iterator<Item = &Series> {
    alarm.inputs.iter().filter_map(|input| match &input.source {
        Source::Metric(series) => Some(series),
        Source::Expression(_) => None,
    })
}

/// What an alarm should say, when that differs from what it says.
fn verdict(
    alarm: &AlarmDefinition,
    points: &HashMap<&Series, Points>,
    now: Timestamp,
) -> Result<Option<Verdict>, math::MathError> {
    let rule = Rule {
        comparison: alarm.comparison,
        threshold: alarm.threshold,
        evaluation_periods: alarm.evaluation_periods,
        datapoints_to_alarm: alarm.datapoints_to_alarm,
        missing: alarm.missing,
    };
    let range = range(alarm, points, now)?;
    let values: Vec<Option<f64>> = range.iter().map(|(_, value)| *value).collect();
    let Some(state) = rule.judge(&values).filter(|state| *state != alarm.state) else {
        return Ok(None);
    };
    let existing: Vec<_> = range.into_iter().filter_map(|(at, value)| Some((at, value?))).collect();
    let considered = &existing[existing.len() - rule.considered(&values).len()..];
    Ok(Some(Verdict {
        name: alarm.name.clone(),
        from: alarm.state,
        to: state,
        reason: reason::sentence(&rule, state, considered),
        data: reason::data(&rule, considered),
    }))
}

/// The watched input in each complete period that is looked at, oldest first.
fn range(
    alarm: &AlarmDefinition,
    points: &HashMap<&Series, Points>,
    now: Timestamp,
) -> Result<Vec<(Timestamp, Option<f64>)>, math::MathError> {
    let expressions = alarm
        .inputs
        .iter()
        .filter_map(|input| match &input.source {
            Source::Expression(text) => Some(Expression::parse(text).map(|parsed| (input.id.as_str(), parsed))),
            Source::Metric(_) => None,
        })
        .collect::<Result<HashMap<_, _>, _>>()?;
    let period = i64::try_from(alarm.period.as_millis()).unwrap_or(i64::MAX);
    let current = now.millis() - now.millis().rem_euclid(period);
    let starts = (1..=i64::from(periods(alarm))).rev().map(|back| Timestamp::from_millis(current - back * period));
    Ok(starts.map(|at| (at, value(alarm, &expressions, points, &alarm.watched, at, alarm.inputs.len()))).collect())
}

/// One input in one period. `depth` bounds expressions that name each other in a circle.
fn value(
    alarm: &AlarmDefinition,
    expressions: &HashMap<&str, Expression>,
    points: &HashMap<&Series, Points>,
    id: &str,
    at: Timestamp,
    depth: usize,
) -> Option<f64> {
    match &alarm.inputs.iter().find(|input| input.id == id)?.source {
        Source::Metric(series) => points.get(series)?.iter().find(|(moment, _)| *moment == at).map(|(_, value)| *value),
        Source::Expression(_) => {
            let depth = depth.checked_sub(1)?;
            expressions.get(id)?.value(&|other| value(alarm, expressions, points, other, at, depth))
        }
    }
}

#[cfg(test)]
mod tests;
