//! Effects to events: the calls, on tasks of their own.

use tokio::sync::mpsc::UnboundedSender;

use super::state::Event;
use crate::observe::Source;

/// Takes a snapshot on a task of its own and sends it with the number of the question.
pub(super) fn answer(source: &Source, number: u64, events: UnboundedSender<Event>) {
    let source = source.clone();
    tokio::spawn(async move {
        let snapshot = Box::new(source.snapshot().await);
        // Nobody listens any more when the dashboard was left in between.
        drop(events.send(Event::Answered(number, snapshot)));
    });
}
