//! `POST /kyc/facematch/register`: adds a face to the tenant's collection.

use serde_json::json;
use uuid::Uuid;

use crate::handler::api::body::{self, Members};
use crate::handler::api::image::{ImageFormat, picture};
use crate::handler::api::{Answer, Call};
use crate::handler::problem::Problem;
use crate::identity::faces::{FaceRegistration, NewFace, RecordState, SessionId};
use crate::identity::{Ports, sharding};
use crate::model::{CollectionRole, FaceId, Outcome};

/// Most bytes of the metadata of a face, as JSON.
const MAX_METADATA_BYTES: usize = 4_096;

pub(in crate::handler::api) async fn answer<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let mut members = Members::of(body::json(call.event)?)?;
    let format = ImageFormat::read(&mut members)?;
    let session = SessionId::new(members.text("session_id")?)
        .map_err(|error| Problem::invalid(format!("`session_id` must be {}.", error.rule)))?;
    let metadata = members.optional_object("metadata", MAX_METADATA_BYTES)?;
    let image = picture(call, &mut members, "image", format).await?;
    members.end()?;

    let registration =
        FaceRegistration { engine: &call.engine, ports: call.ports, tally: call.tally, deadline: call.deadline };
    let new = NewFace {
        tenant: call.tenant,
        face: new_face_id()?,
        collection: collection(call, &session)?,
        session,
        picture: image.new_face(),
        metadata,
        gates: &call.settings.matching.quality,
        max_faces: call.tenant_settings.max_faces_per_user,
    };
    let record = registration.register(new).await?.record;
    call.about(record.face.as_str());
    Ok(match &record.state {
        RecordState::Active(indexed) => {
            let body = json!({
                "face_id": record.face,
                "rekognition_face_id": indexed.engine_face,
                "s3_key": record.image_key,
                "message": "Face registered.",
            });
            Answer { status: 201, ..Answer::of_flow(body, (Outcome::Approved, None)) }
        }
        // Not concluded yet: the worker counts it when it is.
        RecordState::Pending | RecordState::Deleting => {
            let body = json!({
                "face_id": record.face,
                "status": "pending",
                "message": "Face accepted; it can be found within a few minutes.",
            });
            Answer { status: 202, ..Answer::ok(body) }
        }
    })
}

fn new_face_id() -> Result<FaceId, Problem> {
    FaceId::new(Uuid::new_v4().to_string()).map_err(|error| Problem::internal(error.to_string()))
}

/// All faces of a session are kept in one shard, by the stable hash of the session: a search that knows the session
/// could ask that shard alone.
fn collection<P: Ports>(call: &Call<'_, P>, session: &SessionId) -> Result<crate::model::CollectionId, Problem> {
    let role = CollectionRole::Tenant(call.tenant.clone());
    let shards = call.settings.shards(&role).map_err(|error| Problem::internal(error.to_string()))?;
    let shard = sharding::rendezvous(session.as_str(), call.tenant_settings.shards)
        .map_err(|error| Problem::internal(format!("tenant {}: {error}", call.tenant)))?;
    let chosen = shards.into_iter().find(|collection| collection.shard == shard);
    chosen.map(|collection| collection.id).ok_or_else(|| Problem::internal(format!("there is no shard {shard}")))
}
