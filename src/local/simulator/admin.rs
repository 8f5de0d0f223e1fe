//! The simulator's own endpoints, beside the ones that it simulates. JSON in and out, no authorization: the server
//! listens on this machine only.
//!
//! | path | methods | body |
//! |---|---|---|
//! | `/_admin/health` | GET | what is running and how much it holds |
//! | `/_admin/model-version` | GET, POST | `{"version":"6.0"}`: the version of collections created afterwards |
//! | `/_admin/liveness/{session}` | POST | [`LivenessPart`]: what the person in front of the camera does |
//! | `/_admin/faults` | GET, PUT, DELETE | operation or `*` to [`Faults`](super::Faults); PUT replaces the plan, GET tells `calls` and `struck` too |
//! | `/_admin/quotas` | GET, PUT, DELETE | operation to calls per second; null lifts the limit, DELETE restores all |

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::chaos::{self, FaultPlan};
use super::liveness::client;
use super::{ApiError, LivenessPart, Simulator};
use crate::model::ModelVersion;

type Refusal = (StatusCode, Json<Value>);
type FaultReport = BTreeMap<String, chaos::Entry>;

/// The admin endpoints.
pub fn routes() -> Router<Simulator> {
    Router::new()
        .route("/_admin/health", get(health))
        .route("/_admin/model-version", get(model_version).post(set_model_version))
        .route("/_admin/liveness/{session}", post(play_liveness))
        .route("/_admin/faults", get(faults).put(set_faults).delete(clear_faults))
        .route("/_admin/quotas", get(quotas).put(set_quotas).delete(restore_quotas))
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Version {
    version: ModelVersion,
}

async fn health(State(simulator): State<Simulator>) -> Json<Value> {
    let memory = simulator.store().read();
    let faces: usize = memory.collections.values().map(|shelf| shelf.faces.len()).sum();
    Json(json!({
        "status": "ok",
        "simulated": true,
        "notice": "a simulator of Amazon Rekognition's wire protocol; it recognises no real face",
        "region": simulator.region().as_str(),
        "collections": memory.collections.len(),
        "users": memory.collections.values().map(|shelf| shelf.users.len()).sum::<usize>(),
        "faces": faces,
        "model_version": memory.version,
    }))
}

async fn model_version(State(simulator): State<Simulator>) -> Json<Version> {
    Json(Version { version: simulator.store().read().version.clone() })
}

async fn set_model_version(
    State(simulator): State<Simulator>,
    Json(wanted): Json<Version>,
) -> Result<Json<Version>, Refusal> {
    simulator.store().set_version(wanted.version.clone()).map_err(|error| failure(&error))?;
    Ok(Json(wanted))
}

async fn play_liveness(
    State(simulator): State<Simulator>,
    Path(session): Path<String>,
    Json(part): Json<LivenessPart>,
) -> Result<Json<Value>, Refusal> {
    let status = client::play(&simulator, &session, part).await;
    let status = status.map_err(|(code, problem)| (code, Json(json!({ "error": problem }))))?;
    Ok(Json(json!({ "status": status })))
}

async fn faults(State(simulator): State<Simulator>) -> Json<FaultReport> {
    Json(simulator.chaos().report())
}

async fn set_faults(
    State(simulator): State<Simulator>,
    Json(plan): Json<FaultPlan>,
) -> Result<Json<FaultReport>, Refusal> {
    simulator.chaos().replace(plan).map_err(|problem| refusal(&problem))?;
    Ok(Json(simulator.chaos().report()))
}

async fn clear_faults(State(simulator): State<Simulator>) -> Result<Json<FaultReport>, Refusal> {
    set_faults(State(simulator), Json(FaultPlan::new())).await
}

async fn quotas(State(simulator): State<Simulator>) -> Json<BTreeMap<&'static str, Option<f64>>> {
    Json(simulator.quotas().rates())
}

async fn set_quotas(
    State(simulator): State<Simulator>,
    Json(rates): Json<BTreeMap<String, Option<f64>>>,
) -> Result<Json<BTreeMap<&'static str, Option<f64>>>, Refusal> {
    for (operation, rate) in &rates {
        if rate.is_some_and(|rate| rate <= 0.0) {
            return Err(refusal(&format!("{operation}: a rate must be above 0, or null for no limit")));
        }
        if !simulator.quotas().rates().contains_key(operation.as_str()) {
            return Err(refusal(&format!("`{operation}` is no operation of the simulator")));
        }
    }
    for (operation, rate) in &rates {
        simulator.quotas().set(operation, *rate);
    }
    Ok(quotas(State(simulator)).await)
}

async fn restore_quotas(State(simulator): State<Simulator>) -> Json<BTreeMap<&'static str, Option<f64>>> {
    simulator.quotas().restore();
    quotas(State(simulator)).await
}

fn refusal(problem: &str) -> Refusal {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": problem })))
}

fn failure(error: &ApiError) -> Refusal {
    (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "error": error.message })))
}
