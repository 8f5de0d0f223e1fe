//! `GET /identity/registrations`: how a registration stands, and the document that says so.

use serde_json::{Value, json};

use super::words;
use crate::handler::api::{Answer, Call};
use crate::handler::problem::{self, Code, Problem};
use crate::identity::registration::{Conclusion, Registration, RegistrationState};
use crate::identity::{IdentityError, Ports, RegistrationRecords};
use crate::model::{Outcome, Reason, RegistrationId};

/// How a registration stands.
pub(in crate::handler::api) async fn look<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let id = call.event.only_query_parameter("registration_id")?;
    call.about(id);
    let id = RegistrationId::new(id).map_err(|_| not_found())?;
    let found = call.ports.registrations().find(&id).await.map_err(IdentityError::from)?;
    let registration = found.filter(|registration| registration.tenant == *call.tenant).ok_or_else(not_found)?;
    Ok(Answer::ok(document(&registration)))
}

/// How a registration ended, or is going to end: a verdict that is written down does not change any more.
pub(super) const fn conclusion(state: &RegistrationState) -> Option<&Conclusion> {
    match state {
        RegistrationState::Concluded(conclusion) | RegistrationState::Undoing { verdict: conclusion, .. } => {
            Some(conclusion)
        }
        RegistrationState::Started | RegistrationState::Pending { .. } | RegistrationState::Indexed { .. } => None,
    }
}

/// The document.
pub(super) fn document(registration: &Registration) -> Value {
    let conclusion = conclusion(&registration.state);
    let outcome = conclusion.map(|conclusion| conclusion.outcome);
    let reason = conclusion.and_then(|conclusion| conclusion.reason);
    let mut document = json!({
        "registration_id": registration.id,
        "user_id": registration.user,
        "state": outcome.map_or("pending", Outcome::name),
        "step": conclusion.map(|conclusion| conclusion.step.name()),
        "reason": reason.map(Reason::name),
        "message": outcome.map_or(words::GOES_ON, |outcome| words::of_outcome(outcome, reason)),
        "created_at": registration.created_at,
    });
    if let Some(similarity) = conclusion.and_then(|conclusion| conclusion.similarity) {
        document["similarity"] = json!(similarity.value());
    }
    if let Some(existing) = conclusion.and_then(|conclusion| conclusion.existing.as_ref()) {
        document["existing_user_id"] = json!(existing);
    }
    let failures = conclusion.map(|conclusion| conclusion.failures.as_slice()).unwrap_or_default();
    if !failures.is_empty() {
        document["failures"] = problem::failures(failures);
    }
    document
}

/// The answer for a registration that is not there, and for one that is another tenant's.
fn not_found() -> Problem {
    Problem::new(Code::RegistrationNotFound, "Registration not found.")
}
