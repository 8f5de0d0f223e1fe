//! `POST /kyc/facematch/upload-url`: an address to which a large picture can be put without a body of ours.

use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use crate::handler::api::body::{self, Members};
use crate::handler::api::{Answer, Call};
use crate::handler::problem::Problem;
use crate::identity::{IdentityError, ImageStore, PictureFormat, Ports};

/// How long an address can be used.
const LIFETIME: Duration = Duration::from_mins(15);

pub(in crate::handler::api) async fn answer<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let mut members = Members::of(body::json(call.event)?)?;
    let format = format(&members.text("content_type")?)?;
    members.end()?;
    let key = format!("uploads/{}/{}.{}", call.tenant, Uuid::new_v4(), format.extension());
    let upload = call.ports.images().upload_address(&key, format, LIFETIME).await.map_err(IdentityError::from)?;
    Ok(Answer::ok(json!({
        "upload_url": upload.url,
        "s3_uri": format!("s3://{}/{key}", call.site.image_bucket),
        "s3_key": key,
        "expires_at": upload.expires_at.millis() / 1_000,
    })))
}

fn format(content_type: &str) -> Result<PictureFormat, Problem> {
    let formats = [PictureFormat::Jpeg, PictureFormat::Png];
    let found = formats.into_iter().find(|format| format.media_type() == content_type);
    found.ok_or_else(|| Problem::invalid("`content_type` must be image/jpeg or image/png."))
}
