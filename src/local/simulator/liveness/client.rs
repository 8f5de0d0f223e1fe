//! The client's part of a liveness session: what the person in front of the camera does, told in one admin call.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::{Content, Findings, Frame, Halt, Output, State};
use crate::local::portrait::Portrait;
use crate::local::simulator::analysis::analyse;
use crate::local::simulator::picture::{ImageToStore, Picture};
use crate::local::simulator::{ImageLocation, Simulator};
use crate::model::Timestamp;

/// Most bytes of an image in the results (AWS API model `LivenessImageBlob`).
const MOST_BYTES: usize = 204_800;
/// Side of a portrait that is drawn where no image is given, in pixels.
const PORTRAIT_SIDE: u32 = 320;

/// What happens in front of the camera.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LivenessPart {
    /// How surely the person is live, in percent. Only told of a check that ran.
    pub confidence: f32,
    /// What becomes of the session.
    pub status: LivenessStatus,
    /// What the camera sees, as base64 of a PNG or JPEG. Without it, a portrait of nobody in particular.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// What becomes of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LivenessStatus {
    /// The person has begun.
    InProgress,
    /// The check ran.
    #[default]
    Succeeded,
    /// The check could not run.
    Failed,
    /// The three minutes are over, here and now.
    Expired,
}

/// Why the part was not played: a status and a sentence.
pub type Refusal = (StatusCode, String);

impl Default for LivenessPart {
    fn default() -> Self {
        Self { confidence: 99.5, status: LivenessStatus::default(), image: None }
    }
}

/// Plays the part in a session; answers the session's status.
pub async fn play(simulator: &Simulator, session: &str, part: LivenessPart) -> Result<&'static str, Refusal> {
    let sessions = simulator.sessions();
    let settings = sessions.settings(session, Timestamp::now()).map_err(refusal)?;
    let next = match part.status {
        LivenessStatus::InProgress => State::InProgress,
        LivenessStatus::Failed => State::Failed,
        LivenessStatus::Expired => State::Expired,
        LivenessStatus::Succeeded => {
            if !(0.0..=100.0).contains(&part.confidence) {
                return Err((
                    StatusCode::BAD_REQUEST,
                    format!("confidence {} is not between 0 and 100", part.confidence),
                ));
            }
            let frames = 1 + settings.audit_images;
            let camera = Camera::look(part.image, session.to_owned()).await?;
            let mut taken = camera.take(simulator, session, settings.output.as_ref(), frames).await?.into_iter();
            let Some(reference) = taken.next() else { return Err(broken("no image was taken")) };
            State::Succeeded(Findings { confidence: part.confidence, reference, audit: taken.collect() })
        }
    };
    let name = next.name();
    sessions.advance(session, next, Timestamp::now()).map_err(refusal)?;
    Ok(name)
}

/// What the camera sees: always the same picture.
struct Camera {
    bytes: Vec<u8>,
    extension: &'static str,
    frame: Frame,
}

impl Camera {
    async fn look(image: Option<String>, session: String) -> Result<Self, Refusal> {
        // Drawing and decoding would hold up every other call on this thread.
        let work = move || {
            let bytes = match image {
                Some(text) => STANDARD.decode(text).map_err(|error| unfit(&format!("is no base64: {error}")))?,
                None => Portrait::new(session).size(PORTRAIT_SIDE).png().map_err(|error| broken(&error.to_string()))?,
            };
            let picture =
                Picture::decode(&bytes).map_err(|error| unfit(&format!("cannot be used: {}", error.message)))?;
            let bounds = analyse(&picture).first().map(|face| face.bounds);
            let extension = if bytes.starts_with(b"\x89PNG") { "png" } else { "jpg" };
            let frame = Frame { bounds, content: Content::Bytes(bytes.clone()) };
            Ok(Self { bytes, extension, frame })
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| broken(&error.to_string()))?
    }

    /// Takes so many pictures: into the results, or into the bucket that the session was created with.
    async fn take(
        &self,
        simulator: &Simulator,
        session: &str,
        output: Option<&Output>,
        count: usize,
    ) -> Result<Vec<Frame>, Refusal> {
        let Some(output) = output else {
            if self.bytes.len() > MOST_BYTES {
                return Err(unfit(&format!("has {} bytes, and results hold {MOST_BYTES}", self.bytes.len())));
            }
            return Ok(vec![self.frame.clone(); count]);
        };
        let mut frames = Vec::new();
        for number in 0..count {
            let name = if number == 0 { "reference".to_owned() } else { format!("audit-{}", number - 1) };
            let key = format!("{}{session}/{name}.{}", folder(&output.prefix), self.extension);
            let image = ImageToStore {
                location: ImageLocation { bucket: output.bucket.clone(), key: key.clone(), version: None },
                kms_key: output.kms_key.clone(),
                content_type: if self.extension == "png" { "image/png" } else { "image/jpeg" },
                bytes: self.bytes.clone(),
            };
            simulator.images().store(image).await.map_err(|problem| (StatusCode::BAD_GATEWAY, problem))?;
            frames.push(Frame { content: Content::Stored(output.bucket.clone(), key), ..self.frame.clone() });
        }
        Ok(frames)
    }
}

/// A prefix as a folder: with one slash at its end, unless it is empty.
fn folder(prefix: &str) -> String {
    match prefix.trim_end_matches('/') {
        "" => String::new(),
        prefix => format!("{prefix}/"),
    }
}

fn unfit(what: &str) -> Refusal {
    (StatusCode::BAD_REQUEST, format!("the image {what}"))
}

fn broken(problem: &str) -> Refusal {
    (StatusCode::INTERNAL_SERVER_ERROR, problem.to_owned())
}

fn refusal(halt: Halt) -> Refusal {
    match halt {
        Halt::Unknown => (StatusCode::NOT_FOUND, "there is no such session; create one first".to_owned()),
        Halt::Over => (StatusCode::CONFLICT, "the session is over; each is used once, within three minutes".to_owned()),
        Halt::Busy => (StatusCode::TOO_MANY_REQUESTS, "too many sessions are under way at once".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lie_in_the_folder_of_the_prefix() {
        for (prefix, expected) in [("", ""), ("liveness", "liveness/"), ("a/b/", "a/b/"), ("/", "")] {
            assert_eq!(folder(prefix), expected);
        }
    }
}
