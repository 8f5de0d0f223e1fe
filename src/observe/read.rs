//! The calls behind a snapshot: all at once, each bounded, none able to spoil another.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Mutex;
use std::time::Duration;

use crate::aws::cloudformation::StackFacts;
use crate::aws::cloudwatch::MetricName;
use crate::aws::{Cloud, CloudError, ErrorKind};
use crate::model::{Dimension, Environment, METRIC_NAMESPACE, Reading, Route, StackKind, Timestamp};

use super::series::{Answers, Questions};
use super::snapshot::{Place, Reach, Snapshot, StackStatus};
use super::window::Window;
use super::{collections, findings, kpis, operations, routes};

/// Longest wait for one call with its retries. Shorter than the client's own limit: a snapshot is taken again soon.
const CALL_LIMIT: Duration = Duration::from_secs(8);

/// Takes a snapshot of an environment, looking back on `window`. Never fails: what cannot be read is unknown.
pub async fn snapshot(cloud: &Cloud, environment: &Environment, window: Window) -> Snapshot {
    let asking = Asking::default();
    let prefix = environment.prefix();
    // With the hyphen, so that `idv-prod` does not show the alarms of `idv-prod2`.
    let alarm_prefix = format!("{prefix}-");
    let (stacks, collections, alarms, metrics) = tokio::join!(
        stacks(cloud, environment),
        collections::read(cloud, &environment.collections, &asking),
        within("CloudWatch", "DescribeAlarms", cloud.alarms(&alarm_prefix)),
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

/// The answers so far: whether any call got one, and why the first did not.
#[derive(Debug, Default)]
pub(super) struct Asking {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    answered: bool,
    lost: Option<String>,
}

impl Asking {
    /// Turns an answer into a reading and remembers whether the cloud was there. A refusal is an answer, too.
    pub fn note<T>(&self, answer: Result<T, CloudError>) -> Reading<T> {
        // A poisoned lock only means that another call panicked; what it saw so far still counts.
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match answer {
            Ok(value) => {
                seen.answered = true;
                Reading::Known(value)
            }
            Err(error) => {
                if error.kind == ErrorKind::Unreachable {
                    seen.lost.get_or_insert_with(|| error.to_string());
                } else {
                    seen.answered = true;
                }
                Reading::Unknown(error.to_string())
            }
        }
    }

    fn reach(&self) -> Reach {
        let seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match &seen.lost {
            Some(why) if !seen.answered => Reach::Lost(why.clone()),
            _ => Reach::Answered,
        }
    }
}

/// A call, given up after [`CALL_LIMIT`].
pub(super) async fn within<T>(
    service: &'static str,
    operation: &'static str,
    call: impl Future<Output = Result<T, CloudError>>,
) -> Result<T, CloudError> {
    match tokio::time::timeout(CALL_LIMIT, call).await {
        Ok(answer) => answer,
        Err(_) => Err(CloudError {
            service,
            operation,
            kind: ErrorKind::Unreachable,
            code: String::new(),
            message: format!("no answer within {} s", CALL_LIMIT.as_secs()),
        }),
    }
}

type Stacks = Vec<(StackKind, Reading<Option<StackFacts>>)>;

async fn stacks(cloud: &Cloud, environment: &Environment) -> Vec<(StackKind, Result<Option<StackFacts>, CloudError>)> {
    let one = async |kind: StackKind| {
        let name = kind.stack_name(environment);
        (kind, within("CloudFormation", "DescribeStacks", cloud.stack(&name)).await)
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
    let (emitted, called) =
        tokio::join!(within("CloudWatch", "ListMetrics", emitted), within("CloudWatch", "ListMetrics", called));
    let emitted = asking.note(emitted);
    // Without this list the built-in routes remain.
    let called: Vec<MetricName> = asking.note(called).known().cloned().unwrap_or_default();

    let (start, end) = window.around(Timestamp::now());
    let mut questions = Questions::new(window);
    let operations_asked = operations::ask(&mut questions, prefix);
    let routes_asked = routes::ask(&mut questions, prefix, &called);
    let kpis_asked = kpis::ask(&mut questions, prefix, &emitted);
    let answer = within("CloudWatch", "GetMetricData", cloud.metric_data(questions.queries(), start, end)).await;
    let answers = match asking.note(answer) {
        Reading::Known(readings) => Answers::new(window, start, readings),
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

/// Where the API answers. The form that AWS documents cannot be called on the local cloud, which has a path instead.
fn api_url(cloud: &Cloud, stacks: &Stacks) -> Reading<Option<String>> {
    let service = stacks.iter().find(|(kind, _)| *kind == StackKind::Service).map(|(_, facts)| facts);
    let outputs: Reading<Option<&BTreeMap<String, String>>> = match service {
        Some(Reading::Known(facts)) => Reading::Known(facts.as_ref().map(|facts| &facts.outputs)),
        Some(Reading::Unknown(why)) => Reading::unknown(why),
        None => Reading::Known(None),
    };
    outputs.map(|outputs| {
        let outputs = outputs?;
        let id = outputs.get("RestApiId")?;
        let stage = outputs.get("StageName").map_or(Route::STAGE, String::as_str);
        Some(match cloud.endpoint() {
            Some(endpoint) => format!("{}/restapis/{id}/{stage}/_user_request_", endpoint.trim_end_matches('/')),
            None => format!("https://{id}.execute-api.{}.amazonaws.com/{stage}", cloud.region()?),
        })
    })
}
