//! The identity flows: users of the environment, each of one tenant. Similarities are percent here, 0 to 100.

mod attempt;
pub(super) mod authenticate;
pub(super) mod liveness;
pub(super) mod photo;
pub(super) mod register;
pub(super) mod registration;
pub(super) mod users;
mod words;

use super::Call;
use super::body::Members;
use crate::handler::problem::{Code, Problem};
use crate::identity::Ports;
use crate::model::{Flow, LivenessSessionId, UserId};

/// A user id that may be missing. A value in the form of a national number is refused: such a number must never be
/// kept, neither here nor in a collection.
fn optional_user(members: &mut Members) -> Result<Option<UserId>, Problem> {
    let Some(text) = members.optional_text("user_id")? else { return Ok(None) };
    let user = UserId::new(text).map_err(|error| Problem::invalid(format!("`user_id` must be {}.", error.rule)))?;
    if user.is_like_national_number() {
        let detail = "`user_id` has the form of a national number; send an opaque id of your own instead.";
        return Err(Problem::invalid(detail));
    }
    Ok(Some(user))
}

/// A liveness session that may be missing.
fn optional_session(members: &mut Members) -> Result<Option<LivenessSessionId>, Problem> {
    let Some(text) = members.optional_text("liveness_session_id")? else { return Ok(None) };
    let session = LivenessSessionId::new(text);
    session.map(Some).map_err(|error| Problem::invalid(format!("`liveness_session_id` must be {}.", error.rule)))
}

/// Refuses an attempt that shows nobody: a selfie is needed, or a session, whose reference picture it is then.
fn check_person<S>(selfie: Option<&S>, session: Option<&LivenessSessionId>) -> Result<(), Problem> {
    if selfie.is_some() || session.is_some() {
        return Ok(());
    }
    Err(Problem::invalid("`selfie` is missing; it can be left out only with a `liveness_session_id`."))
}

/// What was read of a request. An attempt whose pictures cannot be read has ended before the flow could begin, and is
/// counted here.
fn counted<P: Ports, T>(call: &Call<'_, P>, flow: Flow, read: Result<T, Problem>) -> Result<T, Problem> {
    if let Err(problem) = &read
        && let Some(outcome) = problem.code.outcome()
    {
        call.tally.outcome(flow, outcome, problem.code.why());
    }
    read
}

/// The user that the path names. What is no user id is the id of no user.
fn user_of_path<P: Ports>(call: &Call<'_, P>) -> Result<UserId, Problem> {
    let user = call.event.path_parameter("user_id").unwrap_or_default();
    call.about(user);
    UserId::new(user).map_err(|_| user_not_found())
}

/// The answer for a user who is not there, and for one who is another tenant's: nobody learns which.
fn user_not_found() -> Problem {
    Problem::new(Code::UserNotFound, "User not found.")
}
