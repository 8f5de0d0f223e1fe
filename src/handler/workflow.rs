//! The steps of the registration workflow. Each invocation does one, by the id of the registration; the record says the
//! rest.
//!
//! A step that fails is an error of the invocation, named by its reason: the workflow catches it and has the
//! registration concluded as incomplete for that reason. Any other error name is Lambda's or the workflow's own and
//! says that the function was stopped.

use lambda_runtime::Diagnostic;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{emf, log};
use crate::identity::registration::{Next, Registering};
use crate::identity::{Deadline, IdentityError, Measured, Ports, Tally};
use crate::model::{HandlerSettings, Reason, RegistrationId, Step, Timestamp};

/// What the workflow waits for after the conclusion.
const DONE: &str = "done";

/// The workflow function.
#[derive(Debug)]
pub struct WorkflowSteps<P> {
    settings: HandlerSettings,
    ports: P,
}

/// What the workflow asks for.
#[derive(Debug, Clone, Deserialize)]
pub struct StepEvent {
    /// Which step.
    step: Task,
    /// Of which registration.
    registration_id: RegistrationId,
    /// The step that has failed, where that is why the registration is concluded.
    failed_step: Option<Step>,
    /// How it has failed.
    error: Option<Caught>,
    /// Whatever else travels along.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Task {
    Conclude(Conclude),
    Step(Step),
}

/// The last step, which a registration takes whatever became of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Conclude {
    Conclude,
}

/// An error as Step Functions hands it to whoever catches it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Caught {
    /// The error's name: a reason of ours, or something like `States.Timeout`.
    error: String,
}

/// What the workflow is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepReply {
    registration_id: RegistrationId,
    step: &'static str,
    next: &'static str,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl<P: Ports> WorkflowSteps<P> {
    /// The function over these ports.
    #[must_use]
    pub const fn new(settings: HandlerSettings, ports: P) -> Self {
        Self { settings, ports }
    }

    /// Does one step by the deadline; returns what follows, and the lines to log.
    pub async fn handle(
        &self,
        event: StepEvent,
        deadline: Deadline,
    ) -> (Result<StepReply, IdentityError>, Vec<String>) {
        let tally = Tally::default();
        let engine = Measured::new(self.ports.engine(), &tally);
        let registering =
            Registering { engine: &engine, ports: &self.ports, tally: &tally, settings: &self.settings, deadline };
        let id = &event.registration_id;
        // Boxed: each future is as large as the deepest SDK call in it, and only one of them runs.
        let result = match event.task() {
            Task::Step(step) => Box::pin(registering.perform(step, id)).await.map(Next::name),
            Task::Conclude(_) => Box::pin(registering.conclude(id, event.failed())).await.map(|_| DONE),
        };
        let step = event.task().name();
        let mut lines = emf::lines(&tally.take(), &self.settings.prefix(), Timestamp::now());
        let (level, said) = match &result {
            Ok(next) => ("info", (*next).to_owned()),
            Err(IdentityError::Failed(error)) => ("error", error.message.clone()),
            Err(error) => ("info", error.reason().name().to_owned()),
        };
        lines.push(log::step(&log::Resource::of(id.as_str()), step, level, &said));
        let StepEvent { registration_id, rest, .. } = event;
        (result.map(|next| StepReply { registration_id, step, next, rest }), lines)
    }
}

impl StepEvent {
    const fn task(&self) -> Task {
        self.step
    }

    /// The step that has failed and why, where one has.
    fn failed(&self) -> Option<(Step, Reason)> {
        let reason = |caught: &Caught| serde_json::from_value(Value::from(caught.error.as_str())).ok();
        let reason = self.error.as_ref().and_then(reason).unwrap_or(Reason::Interrupted);
        self.failed_step.map(|step| (step, reason))
    }
}

impl Task {
    const fn name(self) -> &'static str {
        match self {
            Self::Step(step) => step.name(),
            Self::Conclude(_) => "conclude",
        }
    }
}

/// A failed step as Lambda reports it.
pub(super) fn diagnostic(error: &IdentityError) -> Diagnostic {
    let error_message = match error {
        IdentityError::Failed(error) => error.message.clone(),
        IdentityError::Throttled => "too many calls".to_owned(),
        IdentityError::Refused(_) => "a picture was refused".to_owned(),
    };
    Diagnostic { error_type: error.reason().name().to_owned(), error_message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fakes::{World, registration_id};
    use crate::identity::{ServiceError, ServiceErrorKind};
    use crate::model::Environment;
    use serde_json::json;

    fn steps() -> WorkflowSteps<World> {
        WorkflowSteps::new(HandlerSettings::from(&Environment::fixture()), World::default())
    }

    fn event(value: &Value) -> StepEvent {
        serde_json::from_value(value.clone()).unwrap()
    }

    #[test]
    fn every_step_of_the_workflow_is_understood() {
        for step in Step::REGISTRATION {
            let event = event(&json!({ "step": step.name(), "registration_id": registration_id(1), "liveness": true }));
            assert_eq!((event.task(), event.failed()), (Task::Step(step), None));
        }
        let wrong = json!({ "step": "dance", "registration_id": registration_id(1) });
        assert!(serde_json::from_value::<StepEvent>(wrong).is_err());
    }

    #[test]
    fn a_caught_error_is_a_reason() {
        for (name, reason) in [
            ("throttled", Reason::Throttled),
            ("internal", Reason::Internal),
            ("States.Timeout", Reason::Interrupted),
            ("Runtime.ExitError", Reason::Interrupted),
            ("", Reason::Interrupted),
        ] {
            let event = event(&json!({
                "step": "conclude", "registration_id": registration_id(1), "failed_step": "index",
                "error": { "Error": name, "Cause": "{\"errorMessage\": \"…\"}" },
            }));
            assert_eq!(event.failed(), Some((Step::Index, reason)), "{name}");
        }
        // What our own function reports is what it reads.
        for error in [
            IdentityError::Throttled,
            IdentityError::Failed(ServiceError::new(ServiceErrorKind::Unanswered, "S3 GetObject: no answer")),
        ] {
            let name = diagnostic(&error).error_type;
            assert_eq!(serde_json::from_value::<Reason>(Value::from(name)).unwrap(), error.reason());
        }
    }

    #[test]
    fn a_reply_carries_what_came_along() {
        let rest = json!({ "liveness": true, "deferred_from": null }).as_object().unwrap().clone();
        let reply = StepReply { registration_id: registration_id(1), step: "quality", next: "continue", rest };
        let expected = json!({
            "registration_id": registration_id(1), "step": "quality", "next": "continue", "liveness": true,
            "deferred_from": null,
        });
        assert_eq!(serde_json::to_value(reply).unwrap(), expected);
    }

    #[tokio::test]
    async fn a_step_that_fails_is_an_error_and_its_line_names_nobody() {
        let steps = steps();
        steps.ports.fails("find_registration", ServiceErrorKind::Throttled);
        let id = registration_id(7);
        let (result, lines) =
            steps.handle(event(&json!({ "step": "quality", "registration_id": id })), Deadline::NEVER).await;
        assert!(result.is_err());
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains(r#""step":"quality""#) && !lines[0].contains(id.as_str()), "{lines:?}");
    }
}
