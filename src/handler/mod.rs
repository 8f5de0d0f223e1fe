//! The Lambda program: the HTTP API, its authorizer, the steps of the registration workflow, the worker of the index queue
//! and the sweeper, in one binary. The environment variable `IDV_FUNCTION` says which of them an instance is.
//!
//! ```text
//! API Gateway ─ token ─> authorizer        JWKS of the issuer -> Allow {tenant, scope} | Unauthorized
//!             ─ request ─> api             route -> identity flows -> answer | problem document
//! Step Functions ─ step ─> workflow        one step of a registration -> what follows
//! SQS         ─ batch ─> worker            registrations still pending -> identity flows
//! EventBridge ─ minute ─> sweeper          whatever was begun and not ended -> ended
//! ```
//!
//! Every invocation writes its numbers as embedded metrics and one log line; neither names a person.

mod api;
mod authorizer;
mod emf;
mod log;
mod problem;
mod setup;
mod sweeper;
mod worker;
mod workflow;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lambda_runtime::{Context, Diagnostic, LambdaEvent, service_fn};
use serde_json::Value;

use crate::aws::{AwsPorts, Cloud};
use crate::identity::Deadline;

pub use api::{Api, Reply, RequestEvent, Response, Site};
pub use authorizer::{Authorizer, AuthorizerSettings, Refused, TokenEvent};
pub use problem::{Code, Problem};
pub use setup::{Function, Setup, SetupError};
pub use sweeper::{SweepEvent, Sweeper};
pub use worker::{BatchReply, QueueEvent, Worker};
pub use workflow::{StepEvent, StepReply, WorkflowSteps};

/// Serves the function that the process environment names, for as long as the instance lives.
pub async fn run() -> Result<(), lambda_runtime::Error> {
    let setup = Setup::from_process_environment()?;
    // Boxed: only one of them runs, and none needs to lie inside this future.
    match setup.function {
        Function::Api => Box::pin(serve_api(setup)).await,
        Function::Worker => Box::pin(serve_worker(setup)).await,
        Function::Authorizer => Box::pin(serve_authorizer(setup)).await,
        Function::Workflow => Box::pin(serve_workflow(setup)).await,
        Function::Sweeper => Box::pin(serve_sweeper(setup)).await,
    }
}

async fn serve_api(setup: Setup) -> Result<(), lambda_runtime::Error> {
    let ports = ports(&setup);
    let site = Site { image_bucket: setup.names.image_bucket, region: setup.region };
    let api = Arc::new(Api::new(setup.settings, site, ports));
    lambda_runtime::run(service_fn(move |event: LambdaEvent<RequestEvent>| {
        let api = Arc::clone(&api);
        async move {
            let reply = Box::pin(api.handle(event.payload, deadline(&event.context))).await;
            log::print(&reply.lines);
            Ok::<Response, Infallible>(reply.response)
        }
    }))
    .await
}

async fn serve_worker(setup: Setup) -> Result<(), lambda_runtime::Error> {
    let ports = ports(&setup);
    let worker = Arc::new(Worker::new(setup.settings, ports));
    lambda_runtime::run(service_fn(move |event: LambdaEvent<QueueEvent>| {
        let worker = Arc::clone(&worker);
        async move {
            let (reply, lines) = Box::pin(worker.handle(event.payload, deadline(&event.context))).await;
            log::print(&lines);
            Ok::<BatchReply, Infallible>(reply)
        }
    }))
    .await
}

async fn serve_workflow(setup: Setup) -> Result<(), lambda_runtime::Error> {
    let ports = ports(&setup);
    let steps = Arc::new(WorkflowSteps::new(setup.settings, ports));
    lambda_runtime::run(service_fn(move |event: LambdaEvent<StepEvent>| {
        let steps = Arc::clone(&steps);
        async move {
            let (reply, lines) = Box::pin(steps.handle(event.payload, deadline(&event.context))).await;
            log::print(&lines);
            reply.map_err(|error| workflow::diagnostic(&error))
        }
    }))
    .await
}

async fn serve_sweeper(setup: Setup) -> Result<(), lambda_runtime::Error> {
    let ports = ports(&setup);
    let sweeper = Arc::new(Sweeper::new(setup.settings, ports));
    lambda_runtime::run(service_fn(move |event: LambdaEvent<SweepEvent>| {
        let sweeper = Arc::clone(&sweeper);
        async move {
            let (counts, lines) = Box::pin(sweeper.handle(event.payload, deadline(&event.context))).await;
            log::print(&lines);
            Ok::<Value, Infallible>(counts)
        }
    }))
    .await
}

async fn serve_authorizer(setup: Setup) -> Result<(), lambda_runtime::Error> {
    let authorizer = Arc::new(Authorizer::new(setup.authorizer));
    lambda_runtime::run(service_fn(move |event: LambdaEvent<TokenEvent>| {
        let authorizer = Arc::clone(&authorizer);
        async move {
            authorizer.authorize(event.payload).await.map_err(|refused| {
                log::print(&[log::refused(&refused)]);
                Diagnostic::from(refused)
            })
        }
    }))
    .await
}

/// When Lambda stops the function, whether it has answered or not.
fn deadline(context: &Context) -> Deadline {
    let end = UNIX_EPOCH + Duration::from_millis(context.deadline);
    // A clock that has passed it already leaves no time.
    Deadline::after(end.duration_since(SystemTime::now()).unwrap_or_default())
}

fn ports(setup: &Setup) -> AwsPorts {
    AwsPorts::new(&Cloud::from_process_environment(), setup.names.clone(), setup.settings.registrations_days)
}
