//! Somebody who wants to be recognised: what is read of the request, and what is answered.

use serde_json::json;

use super::{check_person, counted, optional_session, words};
use crate::handler::api::body::Members;
use crate::handler::api::image::{ImageFormat, optional_picture};
use crate::handler::api::{Answer, Call};
use crate::handler::problem::Problem;
use crate::identity::Ports;
use crate::identity::authentication::{Attempt, Authenticated};
use crate::model::{Flow, Outcome, UserId};

/// Reads the person: a selfie, a liveness session or both.
pub(super) async fn read<P: Ports>(
    call: &Call<'_, P>,
    flow: Flow,
    mut members: Members,
    user: Option<UserId>,
) -> Result<Attempt, Problem> {
    let format = ImageFormat::read(&mut members)?;
    let liveness = optional_session(&mut members)?;
    let selfie = counted(call, flow, optional_picture(call, &mut members, "selfie", format).await)?;
    members.end()?;
    check_person(selfie.as_ref(), liveness.as_ref())?;
    Ok(Attempt { tenant: call.tenant.clone(), user, selfie: selfie.map(Into::into), liveness })
}

/// The answer. A no is an answer too.
pub(super) fn answered(result: Authenticated) -> Answer {
    let authenticated = result.outcome == Outcome::Approved;
    let body = json!({
        "outcome": result.outcome.name(),
        "authenticated": authenticated,
        "user_id": result.user,
        "step": result.step.name(),
        "reason": result.reason.map(crate::model::Reason::name),
        "message": result.reason.map_or(words::RECOGNISED, words::of),
        "similarity": result.similarity.map(crate::model::Percent::value),
        "threshold": result.threshold.map(crate::model::Percent::value),
    });
    let left_over = result.left_over.map(|error| error.message);
    Answer { left_over, ..Answer::of_flow(body, (result.outcome, None)) }
}
