//! `POST /identity/registrations`: registers a person.
//!
//! The record says what to answer, whatever became of the workflow: it may have been stopped in the middle, and may have
//! been concluded by somebody else nevertheless.

use uuid::Uuid;

use super::registration::{conclusion, document};
use super::{check_person, counted, optional_session, optional_user, words};
use crate::handler::api::body::{self, Members};
use crate::handler::api::image::{ImageFormat, optional_picture, picture};
use crate::handler::api::{Answer, Call};
use crate::handler::problem::{Code, Problem, Stopped};
use crate::identity::registration::{Conclusion, NewRegistration, Registering, Registration};
use crate::identity::{IdentityError, Ports, RegistrationRecords, ServiceError, Workflow, WorkflowEnd};
use crate::model::{Flow, Outcome, Reason, RegistrationId, Step, UserId};

/// Most characters of the attribute that a shard is chosen by.
const MAX_ATTRIBUTE: usize = 64;

pub(in crate::handler::api) async fn answer<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let new = read(call).await?;
    call.about(new.user.as_str());
    let id = new.id.clone();
    let registering = Registering {
        engine: &call.engine,
        ports: call.ports,
        tally: call.tally,
        settings: call.settings,
        deadline: call.deadline,
    };
    let begun = registering.begin(new).await.map_err(|error| {
        let stopped = Stopped::new(&id, Outcome::Incomplete, Step::Intake, error.reason());
        Problem::from(error).of_registration(stopped)
    })?;
    let way = registering.way(&begun);
    let end = call.ports.workflow().run(&way).await;
    let found = call.ports.registrations().find(&id).await;
    match found {
        Ok(Some(registration)) => match conclusion(&registration.state) {
            Some(conclusion) => concluded(&registration, conclusion),
            None if matches!(end, Ok(WorkflowEnd::Succeeded)) && way.deferred_from.is_some() => {
                Ok(pending(&registration))
            }
            None => Err(unfinished(&id, &end)),
        },
        Ok(None) => Err(Problem::internal("the record of a registration that was begun is gone")),
        Err(error) => Err(Problem::from(IdentityError::from(error)).of_registration(Stopped::open(&id))),
    }
}

async fn read<P: Ports>(call: &Call<'_, P>) -> Result<NewRegistration, Problem> {
    let mut members = Members::of(body::json(call.event)?)?;
    let format = ImageFormat::read(&mut members)?;
    let user = optional_user(&mut members)?;
    let liveness = optional_session(&mut members)?;
    let attribute = members.optional_line("attribute", MAX_ATTRIBUTE)?;
    let selfie = counted(call, Flow::Registration, optional_picture(call, &mut members, "selfie", format).await)?;
    let document = counted(call, Flow::Registration, picture(call, &mut members, "document", format).await)?;
    members.end()?;
    check_person(selfie.as_ref(), liveness.as_ref())?;
    Ok(NewRegistration {
        id: RegistrationId::new(Uuid::new_v4().to_string()).map_err(|error| Problem::internal(error.to_string()))?,
        tenant: call.tenant.clone(),
        user: user.map_or_else(random_user, Ok)?,
        attribute,
        selfie: selfie.map(Into::into),
        document: document.into(),
        liveness,
    })
}

fn random_user() -> Result<UserId, Problem> {
    UserId::new(Uuid::new_v4().to_string()).map_err(|error| Problem::internal(error.to_string()))
}

/// An answer is an answer, also a no. What kept the flow from giving one is a problem.
fn concluded(registration: &Registration, conclusion: &Conclusion) -> Result<Answer, Problem> {
    if conclusion.outcome == Outcome::Incomplete {
        return Err(incomplete(&registration.id, conclusion));
    }
    let status = if conclusion.outcome == Outcome::Approved { 201 } else { 200 };
    Ok(Answer { status, ..Answer::of_flow(document(registration), (conclusion.outcome, None)) })
}

fn pending(registration: &Registration) -> Answer {
    let location = Some(format!("/identity/registrations?registration_id={}", registration.id));
    Answer { status: 202, location, ..Answer::ok(document(registration)) }
}

fn incomplete(id: &RegistrationId, conclusion: &Conclusion) -> Problem {
    let reason = conclusion.reason.unwrap_or(Reason::Internal);
    let code = match reason {
        Reason::NoFaceDetected => Code::NoFaceDetected,
        Reason::MultipleFaces => Code::MultipleFaces,
        Reason::QualityRejected => Code::QualityRejected,
        Reason::InvalidImage | Reason::UnreadableDocument => Code::InvalidImage,
        Reason::Throttled => Code::Throttled,
        _ => Code::Internal,
    };
    let advice: Vec<&str> = conclusion.failures.iter().map(|failure| failure.advice).collect();
    let detail = if advice.is_empty() { words::of(reason).to_owned() } else { advice.join(" ") };
    let stopped = Stopped::new(id, conclusion.outcome, conclusion.step, reason);
    let problem = Problem { failures: conclusion.failures.clone(), ..Problem::new(code, detail) };
    problem.of_registration(stopped)
}

/// The record is open, and nobody works on it: the sweep ends it.
fn unfinished(id: &RegistrationId, end: &Result<WorkflowEnd, ServiceError>) -> Problem {
    let (code, cause) = match end {
        Ok(WorkflowEnd::TimedOut) => (Code::Timeout, "the workflow took too long".to_owned()),
        Ok(WorkflowEnd::Failed) => (Code::Internal, "the workflow failed".to_owned()),
        Ok(WorkflowEnd::Succeeded) => (Code::Internal, "the workflow ended, and its registration is open".to_owned()),
        Err(error) => (Problem::from(IdentityError::from(error.clone())).code, error.message.clone()),
    };
    let detail = "The registration was not finished in time; ask for it again, or begin a new one.";
    Problem { cause: Some(cause), ..Problem::new(code, detail) }.of_registration(Stopped::open(id))
}
