//! One Rekognition call over HTTP: headers in, operation found, answer or exception out, observer told.

mod silence;

use std::time::Instant;

use axum::body::Body;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use uuid::Uuid;

use super::chaos::{Fault, FaultMoment, Strike};
use super::operations::{self, Answer, Entry};
use super::wire::ErrorBody;
use super::{ApiError, CallEvent, ErrorKind, Simulator};
use crate::model::Timestamp;

/// Largest request body: two images of 5 MiB in base64 (CompareFaces) and some room.
pub const LARGEST_BODY: usize = 16 * 1024 * 1024;
/// What precedes the operation's name in `X-Amz-Target`.
const TARGET_PREFIX: &str = "RekognitionService.";
const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// Answers `POST /`.
pub async fn call(
    State(simulator): State<Simulator>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response<Body> {
    let (at, started) = (Timestamp::now(), Instant::now());
    let request_id = Uuid::new_v4().to_string();
    let entry = wanted(&headers);
    let (outcome, lost) = match &entry {
        Ok(entry) => answer(&simulator, entry, &headers, body).await,
        Err(error) => (Some(Err(error.clone())), false),
    };
    // What never reached the service is in none of its metrics.
    let Some(outcome) = outcome else { return silence::response() };
    let event = CallEvent {
        operation: entry.as_ref().map_or("", |entry| entry.name),
        at,
        duration: started.elapsed(),
        status: outcome.as_ref().map_or_else(|error| error.kind.status(), |_| 200),
        error: outcome.as_ref().err().map(|error| error.kind),
        faces_detected: outcome.as_ref().ok().and_then(|answer| answer.faces_detected),
        request_id: request_id.clone(),
        access_key: access_key(&headers),
        collection: outcome.as_ref().ok().and_then(|answer| answer.collection.as_ref().map(ToString::to_string)),
    };
    simulator.observer().observe(event);
    if lost { silence::response() } else { respond(&request_id, outcome) }
}

/// The operation that the headers name.
fn wanted(headers: &HeaderMap) -> Result<&'static Entry, ApiError> {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = target.strip_prefix(TARGET_PREFIX).unwrap_or_default();
    operations::find(name).ok_or_else(|| {
        let offered: Vec<_> = operations::TABLE.iter().map(|entry| entry.name).collect();
        let message =
            format!("`{target}` is not offered by the Rekognition simulator, which knows {}", offered.join(", "));
        ApiError::new(ErrorKind::UnknownOperation, message)
    })
}

type Outcome = Result<Answer, ApiError>;

/// What the service makes of a call, if it reaches the service, and whether that is lost on its way back.
async fn answer(
    simulator: &Simulator,
    entry: &'static Entry,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> (Option<Outcome>, bool) {
    if let Err(error) = admit(simulator, entry, headers) {
        return (Some(Err(error)), false);
    }
    match simulator.chaos().meet(entry.name).await {
        None => (Some(work(simulator, entry, body).await), false),
        Some(strike @ Strike { when: FaultMoment::Before, .. }) => match strike.land().await {
            Fault::Refused(error) => (Some(Err(error)), false),
            Fault::Unanswered => (None, true),
        },
        Some(strike @ Strike { when: FaultMoment::After, .. }) => {
            let outcome = work(simulator, entry, body).await;
            match strike.land().await {
                Fault::Refused(error) => (Some(Err(error)), false),
                Fault::Unanswered => (Some(outcome), true),
            }
        }
    }
}

fn admit(simulator: &Simulator, entry: &Entry, headers: &HeaderMap) -> Result<(), ApiError> {
    // Signatures are not verified, but whoever forgets to sign learns it here and not on AWS.
    if !headers.contains_key(header::AUTHORIZATION) {
        return Err(ErrorKind::MissingAuthenticationToken.into());
    }
    simulator.quotas().take(entry.name)
}

async fn work(simulator: &Simulator, entry: &'static Entry, body: Result<Bytes, BytesRejection>) -> Outcome {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::from(ErrorKind::ImageTooLarge),
        _ => ApiError::new(ErrorKind::Serialization, rejection.body_text()),
    })?;
    let worker = simulator.clone();
    // Decoding pictures and writing to disk would hold up every other call on this thread.
    let work = tokio::task::spawn_blocking(move || (entry.run)(&worker, &body));
    work.await.unwrap_or_else(|error| Err(ApiError::new(ErrorKind::InternalServer, error.to_string())))
}

/// The access key in `AWS4-HMAC-SHA256 Credential=KEY/date/region/service/aws4_request, …`.
fn access_key(headers: &HeaderMap) -> Option<String> {
    let authorization = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (_, credential) = authorization.split_once("Credential=")?;
    credential.split_once('/').map(|(key, _)| key.to_owned())
}

fn respond(request_id: &str, outcome: Outcome) -> Response<Body> {
    let (status, body, error) = match outcome {
        Ok(answer) => (200, answer.body, None),
        Err(error) => {
            let name = error.kind.name();
            let body = ErrorBody { kind: name, code: name, logref: request_id, message: &error.message };
            (error.kind.status(), serde_json::to_vec(&body).unwrap_or_default(), Some(name))
        }
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    if let Some(name) = error {
        headers.insert("x-amzn-errortype", HeaderValue::from_static(name));
    }
    response
}
