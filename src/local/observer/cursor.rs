//! Reading a log that grows: every event once, none twice, though some arrive a little late.

use std::collections::HashMap;
use std::time::Duration;

use crate::aws::logs::LogEvent;
use crate::model::Timestamp;

/// How much later than its timestamp an event may appear and still be seen.
const OVERLAP: Duration = Duration::from_secs(10);

/// How far one log group has been read.
#[derive(Debug, Clone)]
pub struct Cursor {
    newest: Timestamp,
    beginning: Timestamp,
    /// How often each event of the overlap was seen: a log may hold the same line twice.
    seen: HashMap<LogEvent, usize>,
}

impl Cursor {
    /// Reads everything from `beginning` on.
    #[must_use]
    pub fn new(beginning: Timestamp) -> Self {
        Self { newest: beginning, beginning, seen: HashMap::new() }
    }

    /// The moment from which to read next.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.newest.before(OVERLAP).max(self.beginning)
    }

    /// Takes all events from [`Self::since`] on and keeps those that were not taken before.
    pub fn take(&mut self, events: Vec<LogEvent>) -> Vec<LogEvent> {
        let mut counts: HashMap<LogEvent, usize> = HashMap::new();
        let mut fresh = Vec::new();
        for event in events {
            self.newest = self.newest.max(event.at);
            let count = counts.entry(event.clone()).or_default();
            *count += 1;
            if *count > self.seen.get(&event).copied().unwrap_or(0) {
                fresh.push(event);
            }
        }
        let since = self.since();
        counts.retain(|event, _| event.at >= since);
        self.seen = counts;
        fresh
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Events appear up to nine seconds after their timestamp; whenever the log is read, each is taken once.
        #[test]
        fn every_event_is_taken_once(
            written in prop::collection::vec((0..60_000_i64, 0..9_000_i64, 0..3_u8), 0..80),
            mut polls in prop::collection::vec(0..70_000_i64, 0..20),
        ) {
            polls.sort_unstable();
            polls.push(100_000);
            let mut cursor = Cursor::new(Timestamp::from_millis(0));
            let mut taken = Vec::new();
            for poll in polls {
                let since = cursor.since();
                let mut visible: Vec<LogEvent> = written
                    .iter()
                    .filter(|(at, late, _)| at + late <= poll && *at >= since.millis())
                    .map(|(at, _, kind)| event(*at, *kind))
                    .collect();
                visible.sort_by_key(|event| event.at);
                taken.extend(cursor.take(visible));
            }
            let mut expected: Vec<LogEvent> = written.iter().map(|(at, _, kind)| event(*at, *kind)).collect();
            let order = |event: &LogEvent| (event.at, event.message.clone());
            expected.sort_by_key(order);
            taken.sort_by_key(order);
            prop_assert_eq!(taken, expected);
        }
    }

    fn event(at: i64, kind: u8) -> LogEvent {
        LogEvent { stream: "s".to_owned(), at: Timestamp::from_millis(at), message: format!("line {kind}") }
    }
}
