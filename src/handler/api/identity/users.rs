//! `GET` and `DELETE /identity/users/{user_id}`: what is kept of a user, and that it is kept no longer.

use serde_json::json;

use super::{user_not_found, user_of_path};
use crate::handler::api::{Answer, Call};
use crate::handler::problem::Problem;
use crate::identity::users::Users;
use crate::identity::{Measured, Ports};

/// What is kept. Neither pictures nor vectors leave the house.
pub(in crate::handler::api) async fn read<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let id = user_of_path(call)?;
    let user = users(call).find(call.tenant, &id).await?.ok_or_else(user_not_found)?;
    Ok(Answer::ok(json!({
        "user_id": user.id,
        "state": if user.change.is_some() { "updating" } else { "active" },
        "registration_id": user.registration,
        "created_at": user.created_at,
        "seen_at": user.seen_at,
        "faces": user.faces().count(),
        "shard": user.collection,
        "model_version": user.selfie.indexed.model_version,
    })))
}

/// Removes faces, pictures and record.
pub(in crate::handler::api) async fn delete<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let id = user_of_path(call)?;
    if !users(call).remove(call.tenant, &id).await? {
        return Err(user_not_found());
    }
    Ok(Answer::ok(
        json!({ "user_id": id, "status": "deleted", "message": "User deleted, with all faces and pictures." }),
    ))
}

fn users<'a, P: Ports>(call: &'a Call<'_, P>) -> Users<'a, Measured<'a, P::Engine>, P> {
    Users {
        engine: &call.engine,
        ports: call.ports,
        tally: call.tally,
        settings: call.settings,
        deadline: call.deadline,
    }
}
