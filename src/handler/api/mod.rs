//! The HTTP API behind API Gateway: one function for all routes, one file per route.

mod answer;
mod body;
mod caller;
mod event;
mod facematch;
mod identity;
mod image;
mod ips;
mod route;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;
use std::time::Instant;

pub use event::{Reply, RequestEvent, Response};

use super::problem::{Code, Problem};
use super::{emf, log};
use crate::identity::{Deadline, Measured, Ports, Tally};
use crate::model::{HandlerSettings, TenantId, TenantSettings, Timestamp};
use answer::Answer;
use caller::Caller;
use facematch::{blacklist, delete, register, search, status, upload, verify};
use identity::{authenticate, liveness, photo, registration, users};
use route::Route;

/// The API function.
#[derive(Debug)]
pub struct Api<P> {
    settings: HandlerSettings,
    site: Site,
    ports: P,
}

/// Where the API stands, as far as callers are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The bucket of pictures.
    pub image_bucket: String,
    /// The region, which the client of a liveness session must call.
    pub region: String,
}

/// What every route works with.
struct Call<'a, P: Ports> {
    event: &'a RequestEvent,
    settings: &'a HandlerSettings,
    site: &'a Site,
    tenant: &'a TenantId,
    tenant_settings: &'a TenantSettings,
    ports: &'a P,
    engine: Measured<'a, P::Engine>,
    tally: &'a Tally,
    deadline: Deadline,
    resource: &'a OnceLock<log::Resource>,
}

impl<P: Ports> Call<'_, P> {
    /// Tells the audit log which face, user, registration or session the request is about. The first word counts.
    fn about(&self, id: &str) {
        self.resource.get_or_init(|| log::Resource::of(id));
    }
}

impl<P: Ports> Api<P> {
    /// The function over these ports.
    #[must_use]
    pub const fn new(settings: HandlerSettings, site: Site, ports: P) -> Self {
        Self { settings, site, ports }
    }

    /// Answers one request by the deadline. Whatever was sent, the answer is an HTTP response.
    pub async fn handle(&self, event: RequestEvent, deadline: Deadline) -> Reply {
        let start = Instant::now();
        let (tally, resource) = (Tally::default(), OnceLock::new());
        let caller = Caller::of(&event);
        let route = Route::find(&event);
        let result = match route {
            Some(route) => self.answer(route, &caller, &event, &tally, deadline, &resource).await,
            None => Err(Problem::new(Code::NotFound, "No such route.")),
        };
        if let Some(flow) = route.and_then(Route::flow) {
            answer::count(flow, &result, &tally);
        }
        let response = match &result {
            Ok(answer) => Response::of(answer),
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
        if let Some(route) = route {
            lines.push(log::audit(route.operation(), &request, answer::outcome(&result), resource.get()));
        }
        let cause = match &result {
            Ok(answer) => answer.left_over.as_deref(),
            Err(problem) => problem.cause.as_deref(),
        };
        lines.push(log::request(&request, result.as_ref().err().map(|problem| problem.code), cause));
        Reply { response, lines }
    }

    async fn answer(
        &self,
        route: Route,
        caller: &Caller<'_>,
        event: &RequestEvent,
        tally: &Tally,
        deadline: Deadline,
        resource: &OnceLock<log::Resource>,
    ) -> Result<Answer, Problem> {
        caller.check_scope(route.scope())?;
        let (tenant, tenant_settings) = caller.enabled_tenant(&self.settings)?;
        let call = Call {
            event,
            settings: &self.settings,
            site: &self.site,
            tenant,
            tenant_settings,
            ports: &self.ports,
            engine: Measured::new(self.ports.engine(), tally),
            tally,
            deadline,
            resource,
        };
        // Boxed: each future is as large as the deepest SDK call in it, and only one of them runs.
        match route {
            Route::Ips => Box::pin(ips::answer(&call)).await,
            Route::Verify => Box::pin(verify::answer(&call)).await,
            Route::Register => Box::pin(register::answer(&call)).await,
            Route::Search => Box::pin(search::answer(&call)).await,
            Route::Blacklist => Box::pin(blacklist::answer(&call)).await,
            Route::DeleteFace => Box::pin(delete::answer(&call)).await,
            Route::CollectionStatus => Box::pin(status::answer(&call)).await,
            Route::UploadUrl => Box::pin(upload::answer(&call)).await,
            Route::NewRegistration => Box::pin(identity::register::answer(&call)).await,
            Route::Registration => Box::pin(registration::look(&call)).await,
            Route::Authenticate => Box::pin(authenticate::answer(&call)).await,
            Route::User => Box::pin(users::read(&call)).await,
            Route::DeleteUser => Box::pin(users::delete(&call)).await,
            Route::Photo => Box::pin(photo::answer(&call)).await,
            Route::NewLivenessSession => Box::pin(liveness::begin(&call)).await,
            Route::LivenessSession => Box::pin(liveness::look(&call)).await,
        }
    }
}
