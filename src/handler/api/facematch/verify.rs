//! `POST /kyc/facematch/verify`: are two pictures of one person? (1:1)

use std::time::Instant;

use serde_json::json;

use crate::handler::api::answer::millis;
use crate::handler::api::body::{self, Members};
use crate::handler::api::image::{ImageFormat, picture};
use crate::handler::api::{Answer, Call};
use crate::handler::problem::Problem;
use crate::identity::{Ports, verify};

pub(in crate::handler::api) async fn answer<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let start = Instant::now();
    let mut members = Members::of(body::json(call.event)?)?;
    let format = ImageFormat::read(&mut members)?;
    let asked = members.optional_score("threshold")?;
    let source = picture(call, &mut members, "source_image", format).await?;
    let target = picture(call, &mut members, "target_image", format).await?;
    members.end()?;
    let configured = call.tenant_settings.verification_threshold.percent();
    let threshold = asked.unwrap_or(configured);
    let result = verify(&call.engine, call.tally, source.shown(), target.shown(), threshold).await?;
    let body = json!({
            "is_match": result.is_match(),
            "similarity_score": result.similarity.ratio(),
            "confidence": result.confidence.ratio(),
            "threshold": threshold.ratio(),
            "processing_time_ms": millis(start),
    });
    Ok(Answer::of_flow(body, Answer::compared(&result, configured)))
}
