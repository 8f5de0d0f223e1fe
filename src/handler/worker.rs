//! The consumer of the index queue: sees to it that every registration is concluded. Most are by the time that their
//! message comes; the rest were left pending, because the face engine or the API function had no time.

use serde::{Deserialize, Serialize};

use super::{emf, log};
use crate::identity::faces::{Completion, FaceRegistration};
use crate::identity::{Deadline, IdentityError, Job, Measured, Ports, ServiceError, ServiceErrorKind, Tally};
use crate::model::{Flow, HandlerSettings, Outcome, Reason, Step, Timestamp};

/// The worker function.
#[derive(Debug)]
pub struct Worker<P> {
    settings: HandlerSettings,
    ports: P,
}

/// A batch of messages.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct QueueEvent {
    /// The messages.
    #[serde(rename = "Records", default)]
    pub records: Vec<QueueMessage>,
}

/// One message.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct QueueMessage {
    /// Its id.
    pub message_id: String,
    /// Its text: `{"tenant": …, "face_id": …}`.
    pub body: String,
}

/// The messages that must come again; all others are done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchReply {
    /// The failed ones.
    pub batch_item_failures: Vec<BatchItemFailure>,
}

/// A message that must come again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchItemFailure {
    /// Its message id.
    pub item_identifier: String,
}

impl<P: Ports> Worker<P> {
    /// The function over these ports.
    #[must_use]
    pub const fn new(settings: HandlerSettings, ports: P) -> Self {
        Self { settings, ports }
    }

    /// Completes each pending registration; returns what must come again, and the lines to log. Once the engine is
    /// throttled the rest of the batch is handed back unasked: it would only be throttled too.
    pub async fn handle(&self, event: QueueEvent) -> (BatchReply, Vec<String>) {
        let tally = Tally::default();
        let mut reply = BatchReply::default();
        let mut lines = Vec::new();
        let mut throttled = false;
        for message in event.records {
            let result = if throttled { Err(IdentityError::Throttled) } else { self.complete(&message, &tally).await };
            let (level, said) = describe(&result);
            lines.push(log::message(&message.message_id, level, &said));
            throttled |= result == Err(IdentityError::Throttled);
            if result.is_err() {
                reply.batch_item_failures.push(BatchItemFailure { item_identifier: message.message_id });
            }
        }
        let mut all = emf::lines(&tally.take(), &self.settings.prefix(), Timestamp::now());
        all.append(&mut lines);
        (reply, all)
    }

    async fn complete(&self, message: &QueueMessage, tally: &Tally) -> Result<Completion, IdentityError> {
        // Handed back until it reaches the dead-letter queue, where somebody can look at it.
        let unreadable = |text: &str| IdentityError::Failed(ServiceError::new(ServiceErrorKind::Unavailable, text));
        let job: Job =
            serde_json::from_str(&message.body).map_err(|_| unreadable("the message is no job of this program"))?;
        let Job::Face { tenant, face_id } = job else {
            return Err(unreadable("registrations are not continued yet"));
        };
        let engine = Measured::new(self.ports.engine(), tally);
        let registration = FaceRegistration { engine: &engine, ports: &self.ports, tally, deadline: Deadline::NEVER };
        let completion = registration.complete(&tenant, &face_id).await?;
        match completion {
            Completion::Completed => tally.outcome(Flow::Registration, Outcome::Approved, None),
            Completion::Undone => {
                tally.outcome(Flow::Registration, Outcome::Incomplete, Some((Step::Index, Reason::QualityRejected)));
            }
            Completion::AlreadyActive | Completion::Unknown => {}
        }
        Ok(completion)
    }
}

fn describe(result: &Result<Completion, IdentityError>) -> (&'static str, String) {
    match result {
        Ok(Completion::Completed) => ("info", "completed".to_owned()),
        Ok(Completion::AlreadyActive) => ("info", "nothing to do: complete already".to_owned()),
        Ok(Completion::Unknown) => ("info", "nothing to do: the registration was refused or erased".to_owned()),
        Ok(Completion::Undone) => ("warn", "undone: the picture is gone or was refused".to_owned()),
        Err(IdentityError::Throttled) => ("info", "throttled: comes again".to_owned()),
        Err(IdentityError::Failed(error)) => ("error", format!("failed, comes again: {error}")),
        Err(IdentityError::Refused(_)) => ("error", "refused, comes again".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::faces::{FaceRecord, RecordState, SessionId};
    use crate::identity::fakes::{World, collection, face_id, picture_bytes};
    use crate::model::{Environment, TenantId};

    fn worker() -> Worker<World> {
        let world = World::default();
        world.holds(&collection(0), "7.0", &[]);
        Worker::new(HandlerSettings::from(&Environment::fixture()), world)
    }

    fn pending(worker: &Worker<World>, number: u32) {
        let record = FaceRecord {
            tenant: TenantId::new("demo").unwrap(),
            face: face_id(number),
            session: SessionId::new("session").unwrap(),
            collection: collection(0),
            image_key: format!("tenants/demo/faces/{number}.png"),
            metadata: serde_json::Map::new(),
            blacklisted: None,
            created_at: Timestamp::from_millis(0),
            state: RecordState::Pending,
        };
        let mut state = worker.ports.state();
        state.images.insert(record.image_key.clone(), picture_bytes("ada"));
        state.records.insert(record.face.clone(), record);
    }

    fn batch(numbers: &[u32]) -> QueueEvent {
        let message = |number: &u32| QueueMessage {
            message_id: number.to_string(),
            body: serde_json::json!({ "tenant": "demo", "face_id": face_id(*number) }).to_string(),
        };
        QueueEvent { records: numbers.iter().map(message).collect() }
    }

    fn failed(reply: &BatchReply) -> Vec<&str> {
        reply.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect()
    }

    #[tokio::test]
    async fn pending_faces_are_completed_and_unknown_ones_dropped() {
        let worker = worker();
        pending(&worker, 1);
        let (reply, lines) = worker.handle(batch(&[1, 2, 1])).await;
        assert!(failed(&reply).is_empty());
        assert_eq!(worker.ports.state().collections[&collection(0)].1.len(), 1);
        let said = lines.join("\n");
        assert!(said.contains("refused or erased") && said.contains("nothing to do: complete already"), "{said}");
        assert!(said.contains(r#""Outcome":"approved""#), "{said}");
        assert!(!said.contains(face_id(1).as_str()), "a face id was logged");
    }

    #[tokio::test]
    async fn a_throttled_batch_comes_again_without_more_calls() {
        let worker = worker();
        pending(&worker, 1);
        pending(&worker, 2);
        worker.ports.fails("index", ServiceErrorKind::Throttled);
        let (reply, lines) = worker.handle(batch(&[1, 2])).await;
        assert_eq!(failed(&reply), ["1", "2"]);
        assert_eq!(lines.join("\n").matches(r#""RekognitionThrottles":1.0"#).count(), 1);
    }

    #[tokio::test]
    async fn a_message_that_nobody_understands_goes_back_to_the_queue() {
        let records = vec![QueueMessage { message_id: "m".to_owned(), body: "{}".to_owned() }];
        let (reply, _) = worker().handle(QueueEvent { records }).await;
        assert_eq!(failed(&reply), ["m"]);
        assert_eq!(serde_json::to_string(&reply).unwrap(), r#"{"batchItemFailures":[{"itemIdentifier":"m"}]}"#);
    }
}
