//! `POST /identity/authentications`: is it the user (1:1), or which user is it (1:N)?

use super::{attempt, optional_user};
use crate::handler::api::body::{self, Members};
use crate::handler::api::{Answer, Call};
use crate::handler::problem::Problem;
use crate::identity::Ports;
use crate::identity::authentication::Authentication;
use crate::model::Flow;

pub(in crate::handler::api) async fn answer<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let mut members = Members::of(body::json(call.event)?)?;
    let user = optional_user(&mut members)?;
    if let Some(user) = &user {
        call.about(user.as_str());
    }
    let attempt = attempt::read(call, Flow::Authentication, members, user).await?;
    let authentication = Authentication {
        engine: &call.engine,
        ports: call.ports,
        tally: call.tally,
        settings: call.settings,
        deadline: call.deadline,
    };
    let result = authentication.authenticate(attempt).await?;
    if let Some(user) = &result.user {
        call.about(user.as_str());
    }
    Ok(attempt::answered(result))
}
