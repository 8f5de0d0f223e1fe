//! `DELETE /kyc/facematch/faces/{face_id}`: removes a registered face with its picture and its record.

use serde_json::json;

use super::face_not_found;
use crate::handler::api::{Answer, Call};
use crate::handler::problem::Problem;
use crate::identity::Ports;
use crate::identity::faces::{Deletion, FaceDeletion};
use crate::model::FaceId;

pub(in crate::handler::api) async fn answer<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let face = call.event.path_parameter("face_id").unwrap_or_default();
    call.about(face);
    let face = FaceId::new(face).map_err(|_| face_not_found())?;
    let deletion = FaceDeletion { engine: &call.engine, ports: call.ports, tally: call.tally };
    match deletion.delete(call.tenant, &face).await? {
        Deletion::Done => Ok(Answer::ok(json!({ "face_id": face, "status": "deleted", "message": "Face deleted." }))),
        Deletion::Begun => {
            let message = "Face found by no search any more; what is left of it is removed within minutes.";
            let body = json!({ "face_id": face, "status": "deleting", "message": message });
            Ok(Answer { status: 202, ..Answer::ok(body) })
        }
        Deletion::Unknown => Err(face_not_found()),
    }
}
