//! Routes of the HTTP API, as API Gateway measured them.

use std::collections::BTreeSet;

use crate::aws::cloudwatch::{MetricName, Statistic};
use crate::model::Route;

use super::series::{Answers, Asked, LatencyAsked, Questions};
use super::snapshot::RouteStatus;

/// API Gateway's namespace.
pub(super) const NAMESPACE: &str = "AWS/ApiGateway";
/// The label that holds the API's name. Two APIs with one name would be one metric; ours carries the prefix.
pub(super) const API_NAME: &str = "ApiName";

/// What was asked about each route.
#[derive(Debug)]
pub(super) struct RoutesAsked(Vec<(Route, RouteAsked)>);

#[derive(Debug)]
struct RouteAsked {
    latency: LatencyAsked,
    requests: Asked,
    client_errors: Asked,
    server_errors: Asked,
}

/// Asks about the built-in routes and about those that the API was called on: an API with templates of its own may
/// have others.
pub(super) fn ask(questions: &mut Questions, api: &str, called: &[MetricName]) -> RoutesAsked {
    let built_in = Route::built_in();
    let others: BTreeSet<Route> =
        called.iter().filter_map(route_of).filter(|route| !built_in.contains(route)).collect();
    let ask_route = |route: Route| {
        let asked = RouteAsked {
            latency: questions.ask_latency(&name(api, &route, "Latency")),
            requests: questions.ask(&name(api, &route, "Count"), Statistic::Sum),
            client_errors: questions.ask(&name(api, &route, "4XXError"), Statistic::Sum),
            server_errors: questions.ask(&name(api, &route, "5XXError"), Statistic::Sum),
        };
        (route, asked)
    };
    RoutesAsked(built_in.into_iter().chain(others).map(ask_route).collect())
}

/// What the answers say of each route.
pub(super) fn read(asked: &RoutesAsked, answers: &Answers) -> Vec<RouteStatus> {
    let status = |(route, asked): &(Route, RouteAsked)| {
        let latency = answers.latency(asked.latency);
        RouteStatus {
            route: route.clone(),
            requests: answers.total(asked.requests),
            p50_ms: latency.p50_ms,
            p99_ms: latency.p99_ms,
            client_errors: answers.total(asked.client_errors),
            server_errors: answers.total(asked.server_errors),
            calls: answers.series(asked.requests),
            p50_series: latency.p50_series,
            p99_series: latency.p99_series,
        }
    };
    asked.0.iter().map(status).collect()
}

fn name(api: &str, route: &Route, metric: &str) -> MetricName {
    let label = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    MetricName {
        namespace: NAMESPACE.to_owned(),
        name: metric.to_owned(),
        dimensions: vec![
            label(API_NAME, api),
            label("Stage", Route::STAGE),
            label("Resource", &route.path),
            label("Method", &route.method),
        ],
    }
}

fn route_of(metric: &MetricName) -> Option<Route> {
    let of_our_stage = metric.dimension("Stage") == Some(Route::STAGE);
    let (method, path) = (metric.dimension("Method")?, metric.dimension("Resource")?);
    of_our_stage.then(|| Route::new(method, path))
}
