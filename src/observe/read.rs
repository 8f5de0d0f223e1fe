//! The calls behind a snapshot: all at once, each bounded, none able to spoil another.

use std::time::Duration;

use crate::aws::cloudformation::StackFacts;
use crate::aws::cloudwatch::MetricName;
use crate::aws::{Cloud, CloudError};
use crate::model::{Dimension, Environment, METRIC_NAMESPACE, Reading, StackKind, Timestamp};

use super::asking::Asking;
use super::series::{Answers, Questions};
use super::snapshot::{Place, Snapshot, StackStatus};
use super::window::Window;
use super::{collections, findings, kpis, operations, routes};

/// Takes a snapshot of an environment, looking back on `window`; no call is waited for longer than `limit`. Never fails:
/// what cannot be read is unknown.
pub(super) async fn snapshot(cloud: &Cloud, environment: &Environment, window: Window, limit: Duration) -> Snapshot {
    let asking = Asking::new(limit);
    let prefix = environment.prefix();
    // With the hyphen, so that `idv-prod` does not show the alarms of `idv-prod2`.
    let alarm_prefix = format!("{prefix}-");
    let (stacks, collections, alarms, metrics) = tokio::join!(
        stacks(cloud, environment, &asking),
        collections::read(cloud, &environment.collections, &asking),
        asking.within("CloudWatch", "DescribeAlarms", cloud.alarms(&alarm_prefix)),
        metrics(cloud, &prefix, window, &asking),
    );
    let (operations, routes, kpis) = metrics;
    let stacks: Vec<_> = stacks.into_iter().map(|(kind, answer)| (kind, asking.note(answer))).collect();
    let alarms = asking.note(alarms);
    let mut snapshot = Snapshot {
        place: place(cloud, environment, &stacks),
        generated_at: Timestamp::now(),
        window,
        reach: asking.reach(),
        api_url: api_url(cloud, &stacks),
        stacks: stacks.iter().map(|(kind, facts)| stack_status(*kind, environment, facts)).collect(),
        collections,
        alarms,
        operations,
        routes,
        kpis,
        compliance: None,
        findings: Vec::new(),
    };
    snapshot.findings = findings::all(&snapshot, environment);
    snapshot
}

type Stacks = Vec<(StackKind, Reading<Option<StackFacts>>)>;

async fn stacks(
    cloud: &Cloud,
    environment: &Environment,
    asking: &Asking,
) -> Vec<(StackKind, Result<Option<StackFacts>, CloudError>)> {
    let one = async |kind: StackKind| {
        let name = kind.stack_name(environment);
        (kind, asking.within("CloudFormation", "DescribeStacks", cloud.stack(&name)).await)
    };
    let [data, service, monitoring, governance] = StackKind::ALL;
    let (data, service, monitoring, governance) =
        tokio::join!(one(data), one(service), one(monitoring), one(governance));
    vec![data, service, monitoring, governance]
}

fn stack_status(kind: StackKind, environment: &Environment, facts: &Reading<Option<StackFacts>>) -> StackStatus {
    let found = facts.known().and_then(Option::as_ref);
    StackStatus {
        kind,
        name: kind.stack_name(environment),
        status: facts.as_ref().map(|facts| facts.as_ref().map(|facts| facts.status.clone())),
        reason: found.and_then(|facts| facts.reason.clone()),
        changed: found.and_then(|facts| facts.changed),
    }
}

async fn metrics(
    cloud: &Cloud,
    prefix: &str,
    window: Window,
    asking: &Asking,
) -> (Vec<super::OperationStatus>, Vec<super::RouteStatus>, super::Kpis) {
    let emitted = cloud.metrics_labelled(METRIC_NAMESPACE, (Dimension::Environment.name(), prefix));
    let called = cloud.metrics_labelled(routes::NAMESPACE, (routes::API_NAME, prefix));
    let (emitted, called) = tokio::join!(
        asking.within("CloudWatch", "ListMetrics", emitted),
        asking.within("CloudWatch", "ListMetrics", called),
    );
    let emitted = asking.note(emitted);
    // Without this list the built-in routes remain.
    let called: Vec<MetricName> = asking.note(called).known().cloned().unwrap_or_default();

    let (start, end) = window.around(Timestamp::now());
    let mut questions = Questions::new(window);
    let operations_asked = operations::ask(&mut questions, prefix);
    let routes_asked = routes::ask(&mut questions, prefix, &called);
    let kpis_asked = kpis::ask(&mut questions, prefix, &emitted);
    let read = cloud.metric_data(questions.queries(), start, end);
    let answer = asking.within("CloudWatch", "GetMetricData", Box::pin(read)).await;
    let answers = match asking.note(answer) {
        Reading::Known(readings) => Answers::new(&questions, start, readings, &emitted),
        Reading::Unknown(why) => Answers::failed(&questions, start, &why),
    };
    (
        operations::read(&operations_asked, &answers, cloud),
        routes::read(&routes_asked, &answers),
        kpis::read(&kpis_asked, &answers),
    )
}

fn place(cloud: &Cloud, environment: &Environment, stacks: &Stacks) -> Place {
    // arn:aws:cloudformation:REGION:ACCOUNT:stack/…
    let from_stack = stacks
        .iter()
        .filter_map(|(_, facts)| facts.known()?.as_ref())
        .find_map(|facts| facts.arn.split(':').nth(4).filter(|account| !account.is_empty()).map(str::to_owned));
    let configured = match &environment.target {
        crate::model::Target::Aws(target) => Some(target.account.to_string()),
        crate::model::Target::Local => None,
    };
    Place {
        project: environment.project.to_string(),
        environment: environment.name.to_string(),
        simulated: environment.is_simulated(),
        region: cloud.region().map(str::to_owned),
        account: from_stack.or(configured),
    }
}

/// Where the API answers.
fn api_url(cloud: &Cloud, stacks: &Stacks) -> Reading<Option<String>> {
    match stacks.iter().find(|(kind, _)| *kind == StackKind::Service).map(|(_, facts)| facts) {
        Some(facts) => facts.as_ref().map(|facts| cloud.api_url(&facts.as_ref()?.outputs)),
        None => Reading::Known(None),
    }
}
