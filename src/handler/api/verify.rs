//! `POST /kyc/facematch/verify`: are two pictures of one person? (1:1)

use std::time::Instant;

use serde_json::json;

use super::body::{self, Members};
use super::image::{ImageFormat, picture};
use super::{Answer, Call};
use crate::handler::problem::Problem;
use crate::identity::{Ports, Verification, verify};
use crate::model::{Outcome, Percent, Reason, Step};

pub(super) async fn answer<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let start = Instant::now();
    let mut members = Members::of(body::json(call.event)?)?;
    let format = ImageFormat::read(&mut members)?;
    let asked = members.optional_score("threshold")?;
    let source = picture(call, &mut members, "source_image", format).await?;
    let target = picture(call, &mut members, "target_image", format).await?;
    members.end()?;
    let configured = call.tenant_settings.verification_threshold.percent();
    let threshold = asked.unwrap_or(configured);
    let result = verify(&call.engine, call.tally, (&source).into(), (&target).into(), threshold).await?;
    Ok(Answer {
        status: 200,
        body: json!({
            "is_match": result.is_match(),
            "similarity_score": result.similarity.ratio(),
            "confidence": result.confidence.ratio(),
            "threshold": threshold.ratio(),
            "processing_time_ms": millis(start),
        }),
        verdict: Some(Answer::compared(&result, configured)),
    })
}

impl Answer {
    /// How an authentication by comparison ended. A caller's own threshold decides what the caller is told; nobody is
    /// counted as approved below the configured one.
    pub(super) fn compared(result: &Verification, configured: Percent) -> (Outcome, Option<(Step, Reason)>) {
        if result.is_match() && result.similarity >= configured {
            (Outcome::Approved, None)
        } else {
            (Outcome::Failed, Some((Step::Compare, Reason::BelowThreshold)))
        }
    }
}

/// Whole milliseconds since a start.
pub(super) fn millis(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}
