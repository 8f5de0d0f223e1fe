//! The sweeper: called every minute, ends whatever was begun and not ended.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{emf, log};
use crate::identity::sweep::{Sweep, Swept};
use crate::identity::{Deadline, IdentityError, Measured, Ports, Tally};
use crate::model::{HandlerSettings, Timestamp};

/// The sweeper function.
#[derive(Debug)]
pub struct Sweeper<P> {
    settings: HandlerSettings,
    ports: P,
}

/// What the sweeper is asked for: `{}` by its schedule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct SweepEvent {
    /// Another age than the configured one. Below the time that a request may take, it undoes what is going on.
    pub older_than_seconds: Option<u64>,
}

impl<P: Ports> Sweeper<P> {
    /// The function over these ports.
    #[must_use]
    pub const fn new(settings: HandlerSettings, ports: P) -> Self {
        Self { settings, ports }
    }

    /// Sweeps by the deadline; returns how much was ended, and the lines to log.
    pub async fn handle(&self, event: SweepEvent, deadline: Deadline) -> (Value, Vec<String>) {
        let start = Instant::now();
        let tally = Tally::default();
        let engine = Measured::new(self.ports.engine(), &tally);
        let sweep = Sweep { engine: &engine, ports: &self.ports, tally: &tally, settings: &self.settings, deadline };
        let swept = Box::pin(sweep.run(Timestamp::now().before(self.age(event)))).await;
        let counts = counts(&swept);
        let mut lines = emf::lines(&tally.take(), &self.settings.prefix(), Timestamp::now());
        lines.extend(swept.failures.iter().map(|error| log::unswept(&cause(error))));
        lines.push(log::sweep(&counts, start.elapsed()));
        (counts, lines)
    }

    fn age(&self, event: SweepEvent) -> Duration {
        let configured = Duration::from_mins(self.settings.registration.abandoned_after_minutes.into());
        event.older_than_seconds.map_or(configured, Duration::from_secs)
    }
}

fn counts(swept: &Swept) -> Value {
    json!({
        "registrations": swept.registrations,
        "changes": swept.changes,
        "faces": swept.faces,
        "sessions": swept.sessions,
        "failed": swept.failures.len(),
    })
}

fn cause(error: &IdentityError) -> String {
    match error {
        IdentityError::Failed(error) => error.message.clone(),
        IdentityError::Throttled | IdentityError::Refused(_) => error.reason().name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fakes::World;
    use crate::identity::{ServiceError, ServiceErrorKind};
    use crate::model::Environment;

    fn sweeper() -> Sweeper<World> {
        Sweeper::new(HandlerSettings::from(&Environment::fixture()), World::default())
    }

    #[test]
    fn the_age_is_the_configured_one_unless_another_is_asked_for() {
        let sweeper = sweeper();
        let scheduled: SweepEvent = serde_json::from_str("{}").unwrap();
        let configured = u64::from(sweeper.settings.registration.abandoned_after_minutes) * 60;
        assert_eq!(sweeper.age(scheduled).as_secs(), configured);
        let asked: SweepEvent = serde_json::from_str(r#"{"older_than_seconds": 5}"#).unwrap();
        assert_eq!(sweeper.age(asked).as_secs(), 5);
    }

    #[tokio::test]
    async fn a_sweep_says_what_it_did() {
        let (counts, lines) = sweeper().handle(SweepEvent::default(), Deadline::NEVER).await;
        let expected = json!({ "registrations": 0, "changes": 0, "faces": 0, "sessions": 0, "failed": 0 });
        assert_eq!(counts, expected);
        assert!(lines.last().unwrap().contains(r#""function":"sweeper""#), "{lines:?}");
    }

    #[test]
    fn what_could_not_be_ended_is_counted_and_named() {
        let failed =
            IdentityError::Failed(ServiceError::new(ServiceErrorKind::Unanswered, "S3 DeleteObject: no answer"));
        let swept = Swept { faces: 2, failures: vec![failed.clone(), IdentityError::Throttled], ..Swept::default() };
        assert_eq!((&counts(&swept)["faces"], &counts(&swept)["failed"]), (&json!(2), &json!(2)));
        assert_eq!(
            (cause(&failed).as_str(), cause(&IdentityError::Throttled).as_str()),
            ("S3 DeleteObject: no answer", "throttled")
        );
    }
}
