//! `GET /kyc/facematch/collections/status`: size and state of the tenant's collection.

use serde_json::{Value, json};

use crate::handler::api::{Answer, Call};
use crate::handler::problem::Problem;
use crate::identity::{EngineError, FaceEngine, IdentityError, Ports, concurrently};
use crate::model::CollectionRole;

/// Every shard answers.
const ACTIVE: &str = "ACTIVE";
/// A shard is not there: the stack that makes it has not come so far.
const CREATING: &str = "CREATING";

pub(in crate::handler::api) async fn answer<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let role = CollectionRole::Tenant(call.tenant.clone());
    let shards = call.settings.shards(&role).map_err(|error| Problem::internal(error.to_string()))?;
    let asked = shards.iter().map(|shard| call.engine.describe(&shard.id));
    let mut face_count = 0;
    let mut status = ACTIVE;
    let mut collections: Vec<Value> = Vec::new();
    for (shard, answer) in shards.iter().zip(concurrently(asked).await) {
        match answer {
            Ok(facts) => {
                face_count += facts.faces;
                collections.push(json!({
                    "collection_name": shard.id,
                    "face_count": facts.faces,
                    "model_version": facts.model_version,
                    "status": ACTIVE,
                }));
            }
            Err(EngineError::NoCollection(_)) => {
                status = CREATING;
                collections.push(json!({ "collection_name": shard.id, "status": CREATING }));
            }
            Err(error) => return Err(IdentityError::from(error).into()),
        }
    }
    // The documented answer knows one collection; the shards stand beside it.
    let name = shards.first().map(|shard| shard.id.as_str());
    let body =
        json!({ "collection_name": name, "face_count": face_count, "status": status, "collections": collections });
    Ok(Answer::ok(body))
}
