//! The consumer of the index queue: sees to it that every registration is concluded. Most of tenants' faces are by the
//! time that their message comes; the rest were left pending, because the face engine or the API function had no time. The
//! steps of a user's registration that its caller does not wait for are all done here.

use serde::{Deserialize, Serialize};

use super::{emf, log};
use crate::identity::faces::{Completion, FaceRegistration};
use crate::identity::registration::Registering;
use crate::identity::{Deadline, IdentityError, Job, Measured, Ports, ServiceError, ServiceErrorKind, Tally};
use crate::model::{FaceId, Flow, HandlerSettings, Outcome, Reason, RegistrationId, Step, TenantId, Timestamp};

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
    /// Its text: `{"tenant": …, "face_id": …}` or `{"registration_id": …}`.
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
    pub async fn handle(&self, event: QueueEvent, deadline: Deadline) -> (BatchReply, Vec<String>) {
        let tally = Tally::default();
        let mut reply = BatchReply::default();
        let mut lines = Vec::new();
        let mut throttled = false;
        for message in event.records {
            let result =
                if throttled { Err(IdentityError::Throttled) } else { self.conclude(&message, &tally, deadline).await };
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

    async fn conclude(&self, message: &QueueMessage, tally: &Tally, deadline: Deadline) -> Result<Done, IdentityError> {
        match serde_json::from_str(&message.body) {
            Ok(Job::Face { tenant, face_id }) => self.complete(&tenant, &face_id, tally).await.map(Done::Face),
            Ok(Job::Registration { registration_id }) => {
                self.finish(&registration_id, tally, deadline).await.map(Done::Registration)
            }
            // Handed back until it reaches the dead-letter queue, where somebody can look at it.
            Err(_) => {
                let text = "the message is no job of this program";
                Err(IdentityError::Failed(ServiceError::new(ServiceErrorKind::Unavailable, text)))
            }
        }
    }

    async fn complete(&self, tenant: &TenantId, face: &FaceId, tally: &Tally) -> Result<Completion, IdentityError> {
        let engine = Measured::new(self.ports.engine(), tally);
        let registration = FaceRegistration { engine: &engine, ports: &self.ports, tally, deadline: Deadline::NEVER };
        let completion = registration.complete(tenant, face).await?;
        match completion {
            Completion::Completed => tally.outcome(Flow::Registration, Outcome::Approved, None),
            Completion::Undone => {
                tally.outcome(Flow::Registration, Outcome::Incomplete, Some((Step::Index, Reason::QualityRejected)));
            }
            Completion::AlreadyActive | Completion::Unknown => {}
        }
        Ok(completion)
    }

    async fn finish(
        &self,
        registration: &RegistrationId,
        tally: &Tally,
        deadline: Deadline,
    ) -> Result<Outcome, IdentityError> {
        let engine = Measured::new(self.ports.engine(), tally);
        let (ports, settings) = (&self.ports, &self.settings);
        let registering = Registering { engine: &engine, ports, tally, settings, deadline };
        Box::pin(registering.finish(registration)).await.map(|conclusion| conclusion.outcome)
    }
}

/// What became of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// A tenant's face.
    Face(Completion),
    /// A user's registration, with its outcome.
    Registration(Outcome),
}

fn describe(result: &Result<Done, IdentityError>) -> (&'static str, String) {
    match result {
        Ok(Done::Face(Completion::Completed)) => ("info", "completed".to_owned()),
        Ok(Done::Face(Completion::AlreadyActive)) => ("info", "nothing to do: complete already".to_owned()),
        Ok(Done::Face(Completion::Unknown)) => {
            ("info", "nothing to do: the registration was refused or erased".to_owned())
        }
        Ok(Done::Face(Completion::Undone)) => ("warn", "undone: the picture is gone or was refused".to_owned()),
        Ok(Done::Registration(outcome)) => ("info", format!("registration {outcome}")),
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
        let (reply, lines) = worker.handle(batch(&[1, 2, 1]), Deadline::NEVER).await;
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
        let (reply, lines) = worker.handle(batch(&[1, 2]), Deadline::NEVER).await;
        assert_eq!(failed(&reply), ["1", "2"]);
        assert_eq!(lines.join("\n").matches(r#""RekognitionThrottles":1.0"#).count(), 1);
    }

    #[tokio::test]
    async fn a_message_that_nobody_understands_goes_back_to_the_queue() {
        let records = vec![QueueMessage { message_id: "m".to_owned(), body: "{}".to_owned() }];
        let (reply, _) = worker().handle(QueueEvent { records }, Deadline::NEVER).await;
        assert_eq!(failed(&reply), ["m"]);
        assert_eq!(serde_json::to_string(&reply).unwrap(), r#"{"batchItemFailures":[{"itemIdentifier":"m"}]}"#);
    }
}
