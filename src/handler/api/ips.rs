//! `POST /ips`: the selfie against the picture on the identity document.
//!
//! Clients of the published sample send the object inside a JSON string and put spaces around its names; both are
//! understood. No match is an answer.

use serde_json::{Value, json};

use super::body::{self, Members};
use super::image::{ImageFormat, picture};
use super::{Answer, Call};
use crate::handler::problem::Problem;
use crate::identity::{Ports, verify};

pub(super) async fn answer<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let body = match body::json(call.event)? {
        Value::String(inner) => body::parse(inner.as_bytes())?,
        body => body,
    };
    let mut members = Members::of(body)?.trimmed()?;
    let format = ImageFormat::read(&mut members)?;
    let selfie = picture(call, &mut members, "selfie", format).await?;
    let document = picture(call, &mut members, "dl", format).await?;
    members.end()?;
    let threshold = call.settings.matching.thresholds(None).compare;
    let result = verify(&call.engine, call.tally, document.shown(), selfie.shown(), threshold).await?;
    let body = json!({
        "similarity": result.similarity.value(),
        "is_match": result.is_match(),
        "threshold": threshold.value(),
    });
    Ok(Answer::of_flow(body, Answer::compared(&result, threshold)))
}
