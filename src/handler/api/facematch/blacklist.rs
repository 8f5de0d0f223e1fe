//! `POST /kyc/facematch/blacklist`: marks a registered face; searches that find it say so.

use serde_json::json;

use super::face_not_found;
use crate::handler::api::body::{self, Members};
use crate::handler::api::{Answer, Call};
use crate::handler::problem::{Code, Problem};
use crate::identity::Ports;
use crate::identity::faces::{Blacklist, Blacklisted};
use crate::model::FaceId;

/// Most characters of a reason.
const MAX_REASON: usize = 500;
/// Most characters of a reviewer's reference.
const MAX_REVIEWER: usize = 128;

pub(in crate::handler::api) async fn answer<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    if !call.tenant_settings.enable_blacklist {
        return Err(Problem::new(Code::FeatureNotEnabled, "The blacklist is not enabled for this tenant."));
    }
    let mut members = Members::of(body::json(call.event)?)?;
    let face = members.text("face_id")?;
    let reason = members.line("reason", MAX_REASON)?;
    let reviewer = members.optional_line("reviewer", MAX_REVIEWER)?;
    members.end()?;
    call.about(&face);
    // What is no face id is the id of no face.
    let face = FaceId::new(face).map_err(|_| face_not_found())?;
    match (Blacklist { ports: call.ports }).blacklist(call.tenant, &face, reason, reviewer).await? {
        Blacklisted::Done(blacklisting) => Ok(Answer::ok(json!({
            "face_id": face,
            "is_blacklisted": true,
            "blacklist_reason": blacklisting.reason,
            "reviewed_by": blacklisting.reviewer,
            "message": "Face blacklisted.",
        }))),
        Blacklisted::NotYet => {
            let detail = "The face is still being registered; blacklist it when that is done.";
            Err(Problem::new(Code::Conflict, detail))
        }
        Blacklisted::Unknown => Err(face_not_found()),
    }
}
