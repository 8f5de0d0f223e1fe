//! `PUT /identity/users/{user_id}/photo`: the user is recognised on a new photo, which takes the place of the old one.

use super::{attempt, user_not_found, user_of_path};
use crate::handler::api::body::{self, Members};
use crate::handler::api::{Answer, Call};
use crate::handler::problem::Problem;
use crate::identity::Ports;
use crate::identity::photo::PhotoUpdate;
use crate::model::{Flow, Reason};

pub(in crate::handler::api) async fn answer<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let user = user_of_path(call)?;
    let members = Members::of(body::json(call.event)?)?;
    let attempt = attempt::read(call, Flow::PhotoUpdate, members, Some(user)).await?;
    let update = PhotoUpdate {
        engine: &call.engine,
        ports: call.ports,
        tally: call.tally,
        settings: call.settings,
        deadline: call.deadline,
    };
    let result = update.update(attempt).await?;
    // Here the user is the resource, not a claim to be judged.
    if result.reason == Some(Reason::UnknownUser) {
        return Err(user_not_found());
    }
    Ok(attempt::answered(result))
}
