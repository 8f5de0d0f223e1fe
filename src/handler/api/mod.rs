//! The HTTP API behind API Gateway: one function for all routes, one file per route.

mod body;
mod caller;
mod event;
mod image;
mod ips;
mod register;
mod search;
mod status;
#[cfg(test)]
mod tests;
mod verify;

use std::time::Instant;

use serde_json::Value;

pub use event::{Reply, RequestEvent, Response};

use super::problem::{Code, Problem};
use super::{emf, log};
use crate::identity::{Deadline, Measured, Ports, Tally};
use crate::model::{Flow, HandlerSettings, Outcome, Reason, Step, TenantId, TenantSettings, Timestamp};
use caller::{Caller, Scope};

/// The API function.
#[derive(Debug)]
pub struct Api<P> {
    settings: HandlerSettings,
    image_bucket: String,
    ports: P,
}

/// A route that is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    Ips,
    Verify,
    Register,
    Search,
    CollectionStatus,
}

/// What every route works with.
struct Call<'a, P: Ports> {
    event: &'a RequestEvent,
    settings: &'a HandlerSettings,
    image_bucket: &'a str,
    tenant: &'a TenantId,
    tenant_settings: &'a TenantSettings,
    ports: &'a P,
    engine: Measured<'a, P::Engine>,
    tally: &'a Tally,
    deadline: Deadline,
}

/// A route's answer.
struct Answer {
    status: u16,
    body: Value,
    /// How the flow ended, where it did; with a reason where the answer is no.
    verdict: Option<(Outcome, Option<(Step, Reason)>)>,
}

impl<P: Ports> Api<P> {
    /// The function over these ports.
    #[must_use]
    pub const fn new(settings: HandlerSettings, image_bucket: String, ports: P) -> Self {
        Self { settings, image_bucket, ports }
    }

    /// Answers one request by the deadline. Whatever was sent, the answer is an HTTP response.
    pub async fn handle(&self, event: RequestEvent, deadline: Deadline) -> Reply {
        let start = Instant::now();
        let tally = Tally::default();
        let caller = Caller::of(&event);
        let route = Route::find(&event);
        let result = match route {
            Some(route) => self.answer(route, &caller, &event, &tally, deadline).await,
            None => Err(Problem::new(Code::NotFound, "No such route.")),
        };
        if let Some(flow) = route.and_then(Route::flow) {
            conclude(flow, &result, &tally);
        }
        let response = match &result {
            Ok(answer) => Response::json(answer.status, &answer.body),
            Err(problem) => Response::problem(problem, event.request_id()),
        };
        let request = log::Request {
            route: route.map_or("unknown", Route::name),
            id: event.request_id(),
            tenant: caller.tenant(),
            status: response.status_code,
            took: start.elapsed(),
        };
        let mut lines = emf::lines(&tally.take(), &self.settings.prefix(), Timestamp::now());
        lines.push(log::request(&request, result.as_ref().err()));
        Reply { response, lines }
    }

    async fn answer(
        &self,
        route: Route,
        caller: &Caller<'_>,
        event: &RequestEvent,
        tally: &Tally,
        deadline: Deadline,
    ) -> Result<Answer, Problem> {
        caller.check_scope(route.scope())?;
        let (tenant, tenant_settings) = caller.enabled_tenant(&self.settings)?;
        let call = Call {
            event,
            settings: &self.settings,
            image_bucket: &self.image_bucket,
            tenant,
            tenant_settings,
            ports: &self.ports,
            engine: Measured::new(self.ports.engine(), tally),
            tally,
            deadline,
        };
        // Boxed: each future is as large as the deepest SDK call in it, and only one of them runs.
        match route {
            Route::Ips => Box::pin(ips::answer(&call)).await,
            Route::Verify => Box::pin(verify::answer(&call)).await,
            Route::Register => Box::pin(register::answer(&call)).await,
            Route::Search => Box::pin(search::answer(&call)).await,
            Route::CollectionStatus => Box::pin(status::answer(&call)).await,
        }
    }
}

/// Counts how a flow ended.
fn conclude(flow: Flow, result: &Result<Answer, Problem>, tally: &Tally) {
    match result {
        Ok(Answer { verdict: Some((outcome, reason)), .. }) => tally.outcome(flow, *outcome, *reason),
        Ok(Answer { verdict: None, .. }) => {}
        Err(problem) => {
            if let Some(outcome) = problem.code.outcome() {
                tally.outcome(flow, outcome, problem.code.why());
            }
        }
    }
}

impl Route {
    fn find(event: &RequestEvent) -> Option<Self> {
        match (event.http_method.as_str(), event.resource.as_str()) {
            ("POST", "/ips") => Some(Self::Ips),
            ("POST", "/kyc/facematch/verify") => Some(Self::Verify),
            ("POST", "/kyc/facematch/register") => Some(Self::Register),
            ("POST", "/kyc/facematch/search") => Some(Self::Search),
            ("GET", "/kyc/facematch/collections/status") => Some(Self::CollectionStatus),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Ips => "POST /ips",
            Self::Verify => "POST /kyc/facematch/verify",
            Self::Register => "POST /kyc/facematch/register",
            Self::Search => "POST /kyc/facematch/search",
            Self::CollectionStatus => "GET /kyc/facematch/collections/status",
        }
    }

    const fn scope(self) -> Scope {
        match self {
            Self::Ips | Self::Verify | Self::Search | Self::CollectionStatus => Scope::Read,
            Self::Register => Scope::Create,
        }
    }

    /// The flow that a request of this route is an attempt of.
    const fn flow(self) -> Option<Flow> {
        match self {
            Self::Ips | Self::Verify | Self::Search => Some(Flow::Authentication),
            Self::Register => Some(Flow::Registration),
            Self::CollectionStatus => None,
        }
    }
}
