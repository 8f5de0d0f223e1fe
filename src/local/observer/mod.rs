//! What AWS does by itself and the emulator does not: metrics from embedded log lines, metrics of Rekognition, and the
//! states of alarms.

pub mod alarms;
mod calls;
mod cursor;
mod embedded;
pub mod emf;

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

pub use calls::{CallMetrics, Reporter, channel};

use super::log;
use crate::aws::{Cloud, CloudError};
use crate::model::Timestamp;
use alarms::Alarms;
use embedded::EmbeddedMetrics;

/// How often metrics are collected.
const COLLECTING: Duration = Duration::from_secs(1);
/// How often alarms are judged. CloudWatch does it once a minute; oftener here, so that nobody waits.
const JUDGING: Duration = Duration::from_secs(5);

/// Observes the local cloud until it is dropped. Whatever fails is said once and tried again.
pub async fn run(cloud: Cloud, calls: CallMetrics) {
    tokio::join!(collect(&cloud, calls), judge(&cloud));
}

async fn collect(cloud: &Cloud, mut calls: CallMetrics) {
    let mut embedded = EmbeddedMetrics::new(cloud, Timestamp::now());
    let mut troubles = Troubles::new("metrics");
    let mut ticks = ticks(COLLECTING);
    loop {
        ticks.tick().await;
        // Both are tried, whatever becomes of the other.
        let (called, logged) = (calls.publish().await, embedded.collect().await);
        troubles.note(called.and(logged));
    }
}

async fn judge(cloud: &Cloud) {
    let mut alarms = Alarms::new(cloud);
    let mut troubles = Troubles::new("alarms");
    let mut ticks = ticks(JUDGING);
    loop {
        ticks.tick().await;
        troubles.note(alarms.evaluate(Timestamp::now()).await);
    }
}

fn ticks(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Says a trouble when it begins, changes and ends, instead of every second.
struct Troubles {
    what: &'static str,
    current: Option<CloudError>,
}

impl Troubles {
    const fn new(what: &'static str) -> Self {
        Self { what, current: None }
    }

    fn note(&mut self, result: Result<(), CloudError>) {
        let now = result.err();
        match (&self.current, &now) {
            (before, Some(error)) if before.as_ref().map(|e| e.kind) != Some(error.kind) => {
                log::say(&format!("{}: {error}", self.what));
            }
            (Some(_), None) => log::say(&format!("{}: well again", self.what)),
            _ => {}
        }
        self.current = now;
    }
}
