//! `POST` and `GET /identity/liveness-sessions`: a session for the camera of the person, and whether it passed. The
//! engine's confidence is not told: whoever knows it can work on it.

use std::time::Duration;

use serde_json::{Value, json};

use super::optional_user;
use crate::handler::api::body::{self, Members};
use crate::handler::api::{Answer, Call};
use crate::handler::problem::{Code, Problem};
use crate::identity::liveness::{Liveness, LivenessPurpose, LivenessRecord, LivenessState};
use crate::identity::{Measured, Ports};
use crate::model::{LivenessSessionId, Reason, Timestamp};

/// How long a session can be completed (Rekognition developer guide, "Face Liveness").
const LIFETIME: Duration = Duration::from_mins(3);

/// A new session.
pub(in crate::handler::api) async fn begin<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let mut members = Members::of(body::json(call.event)?)?;
    let purpose = purpose(&members.text("purpose")?)?;
    let user = optional_user(&mut members)?;
    members.end()?;
    let record = flow(call).begin(call.tenant, user, purpose).await?;
    call.about(record.id.as_str());
    let body = json!({ "session_id": record.id, "expires_at": expiry(&record), "region": call.site.region });
    Ok(Answer { status: 201, ..Answer::ok(body) })
}

/// How a session stands.
pub(in crate::handler::api) async fn look<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let id = call.event.only_query_parameter("session_id")?;
    call.about(id);
    let id = LivenessSessionId::new(id).map_err(|_| not_found())?;
    let record = flow(call).look(call.tenant, &id).await?.ok_or_else(not_found)?;
    Ok(Answer::ok(json!({
        "session_id": record.id,
        "purpose": record.purpose,
        "user_id": record.user,
        "state": state(&record.state),
        "expires_at": expiry(&record),
    })))
}

fn flow<'a, P: Ports>(call: &'a Call<'_, P>) -> Liveness<'a, Measured<'a, P::Engine>, P> {
    Liveness {
        engine: &call.engine,
        ports: call.ports,
        tally: call.tally,
        settings: call.settings,
        deadline: call.deadline,
    }
}

fn purpose(text: &str) -> Result<LivenessPurpose, Problem> {
    serde_json::from_value(Value::from(text))
        .map_err(|_| Problem::invalid("`purpose` must be registration, authentication or photo_update."))
}

const fn state(state: &LivenessState) -> &'static str {
    match state {
        LivenessState::Open => "open",
        LivenessState::Judged(verdict) => match verdict.refusal {
            None => "passed",
            Some(Reason::LivenessExpired) => "expired",
            Some(_) => "failed",
        },
        LivenessState::Used(_) => "used",
        LivenessState::Abandoned => "abandoned",
    }
}

fn expiry(record: &LivenessRecord) -> Timestamp {
    record.created_at.after(LIFETIME)
}

/// The answer for a session that is not there, and for one that is another tenant's.
fn not_found() -> Problem {
    Problem::new(Code::LivenessSessionNotFound, "Liveness session not found.")
}
