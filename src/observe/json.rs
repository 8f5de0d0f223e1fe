//! A snapshot as JSON: a contract with scripts. A value that is not known is `null`, and the object's `why` tells the
//! reason by the value's name.

use serde_json::{Map, Value, json};

use crate::model::{Alarm, Outcome, Reading};

use super::business::{FlowKpi, Kpis, SimilarityKpi, Why};
use super::snapshot::{CollectionStatus, Measured, OperationStatus, RouteStatus, Snapshot, StackStatus};

/// Why a value that was read is `null`.
const NO_TRAFFIC: &str = "no traffic in the window";

impl Snapshot {
    /// The snapshot as `idvctl status --format json` prints it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = Object::default();
        object.set("environment", json!(self.place.environment));
        object.set("project", json!(self.place.project));
        object.set("target", json!(if self.place.simulated { "local" } else { "aws" }));
        object.set("simulated", json!(self.place.simulated));
        object.option("account", self.place.account.as_ref(), "nothing is deployed yet");
        object.option("region", self.place.region.as_ref(), "no region is configured");
        object.set("generated_at", json!(self.generated_at));
        object.set("window", json!(self.window.to_string()));
        object.optional("api_url", &self.api_url, "the service stack is not deployed yet");
        object.set("stacks", self.stacks.iter().map(stack).collect());
        object.set("collections", self.collections.iter().map(collection).collect());
        object.reading("alarms", &self.alarms.as_ref().map(|alarms| alarms.iter().map(alarm).collect::<Value>()));
        object.set("operations", self.operations.iter().map(operation).collect());
        object.set("routes", self.routes.iter().map(route).collect());
        object.set("kpis", kpis(&self.kpis, &self.window.to_string()));
        object.set("findings", json!(self.findings));
        if let Some(compliance) = &self.compliance {
            object.reading("compliance", &compliance.as_ref().map(|status| json!(status)));
        }
        object.done()
    }
}

/// A JSON object that notes why a value is missing.
#[derive(Default)]
struct Object {
    values: Map<String, Value>,
    why: Map<String, Value>,
}

impl Object {
    fn set(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    fn null(&mut self, name: &str, why: &str) {
        self.set(name, Value::Null);
        self.why.insert(name.to_owned(), json!(why));
    }

    fn option(&mut self, name: &str, value: Option<&String>, why: &str) {
        match value {
            Some(value) => self.set(name, json!(value)),
            None => self.null(name, why),
        }
    }

    fn reading(&mut self, name: &str, reading: &Reading<impl serde::Serialize>) {
        match reading {
            Reading::Known(value) => self.set(name, json!(value)),
            Reading::Unknown(why) => self.null(name, why),
        }
    }

    fn optional(&mut self, name: &str, reading: &Reading<Option<impl serde::Serialize>>, absent: &str) {
        match reading {
            Reading::Known(Some(value)) => self.set(name, json!(value)),
            Reading::Known(None) => self.null(name, absent),
            Reading::Unknown(why) => self.null(name, why),
        }
    }

    /// A measured time, to a tenth.
    fn measured(&mut self, name: &str, value: &Measured) {
        self.rounded(name, value, 10.0);
    }

    /// A measured similarity, to a hundredth: the good ones differ only there.
    fn similarity(&mut self, name: &str, value: &Measured) {
        self.rounded(name, value, 100.0);
    }

    fn rounded(&mut self, name: &str, value: &Measured, parts: f64) {
        let rounded = value.as_ref().map(|value| value.map(|value| (value * parts).round() / parts));
        self.optional(name, &rounded, NO_TRAFFIC);
    }

    fn done(mut self) -> Value {
        if !self.why.is_empty() {
            self.values.insert("why".to_owned(), Value::Object(self.why));
        }
        Value::Object(self.values)
    }
}

fn stack(stack: &StackStatus) -> Value {
    let mut object = Object::default();
    object.set("name", json!(stack.name));
    object.optional("status", &stack.status, "there is no such stack");
    object.set("kind", json!(stack.kind));
    if let Some(changed) = stack.changed {
        object.set("changed", json!(changed));
    }
    if let Some(reason) = &stack.reason {
        object.set("reason", json!(reason));
    }
    object.done()
}

fn collection(status: &CollectionStatus) -> Value {
    let absent = "there is no such collection";
    let mut object = Object::default();
    object.set("id", json!(status.collection.id));
    object.set("role", json!(status.collection.role.to_string()));
    object.set("shard", json!(status.collection.shard));
    object.optional("faces", &status.faces, absent);
    object.optional("users", &status.users, absent);
    object.set("capacity", json!(status.capacity));
    object.optional("model_version", &status.model_version, absent);
    object.done()
}

fn alarm(alarm: &Alarm) -> Value {
    let mut object = Object::default();
    object.set("name", json!(alarm.name));
    object.set("state", json!(alarm.state));
    match alarm.since {
        Some(since) => object.set("since", json!(since)),
        None => object.null("since", "CloudWatch does not say since when"),
    }
    object.set("reason", json!(alarm.reason));
    object.done()
}

fn operation(status: &OperationStatus) -> Value {
    let mut object = Object::default();
    object.set("name", json!(status.operation));
    object.reading("requests", &status.requests);
    object.measured("p50_ms", &status.p50_ms);
    object.measured("p99_ms", &status.p99_ms);
    object.reading("errors", &status.errors);
    object.reading("throttles", &status.throttles);
    object.set("quota_per_second", json!(status.quota_per_second));
    object.done()
}

fn route(status: &RouteStatus) -> Value {
    let mut object = Object::default();
    object.set("name", json!(status.route.to_string()));
    object.set("method", json!(status.route.method));
    object.set("path", json!(status.route.path));
    object.reading("requests", &status.requests);
    object.measured("p50_ms", &status.p50_ms);
    object.measured("p99_ms", &status.p99_ms);
    object.reading("errors_4xx", &status.client_errors);
    object.reading("errors_5xx", &status.server_errors);
    object.done()
}

fn kpis(kpis: &Kpis, window: &str) -> Value {
    let mut list = Vec::new();
    let mut count = |name: String, reading: &Reading<u64>| {
        list.push(kpi(&name, "count", window, |object| object.reading("value", reading)));
    };
    flow("registrations", &kpis.registrations, &mut count);
    flow("authentications", &kpis.authentications, &mut count);
    flow("photo_updates", &kpis.photo_updates, &mut count);
    flow("liveness_checks", &kpis.liveness_checks, &mut count);
    for (name, _, reading) in kpis.counts() {
        count(name.to_owned(), reading);
    }
    for refusal in each(&kpis.refusals, "refusals", &mut count) {
        let Why { flow, outcome, step, reason } = &refusal.why;
        count(format!("refusals.{flow}.{outcome}.{step}.{reason}"), &refusal.count);
    }
    for failure in each(&kpis.quality_failures, "quality_failures", &mut count) {
        count(format!("quality_failures.{}", failure.rule), &failure.count);
    }
    for similarity in each(&kpis.similarity, "similarity", &mut count) {
        for (band, number) in &similarity.bands {
            count(format!("similarity.{}.{band}", similarity.step), number);
        }
    }
    for sweep in each(&kpis.unsettled, "unsettled", &mut count) {
        let left = sweep.last.as_ref().map(|last| last.map(|report| report.left));
        list.push(kpi(&format!("unsettled.{}", sweep.kind), "count", window, |object| {
            object.optional("value", &left, "the sweep did not report in the window");
        }));
    }
    for SimilarityKpi { step, p10, p50, p90, .. } in kpis.similarity.known().into_iter().flatten() {
        for (percentile, value) in [("p10", p10), ("p50", p50), ("p90", p90)] {
            list.push(kpi(&format!("similarity.{step}.{percentile}"), "percent", window, |object| {
                object.similarity("value", value);
            }));
        }
    }
    Value::Array(list)
}

/// One number, which `value` sets.
fn kpi(name: &str, unit: &str, window: &str, value: impl FnOnce(&mut Object)) -> Value {
    let mut object = Object::default();
    object.set("name", json!(name));
    value(&mut object);
    object.set("unit", json!(unit));
    object.set("window", json!(window));
    object.done()
}

/// The entries of a list; where it could not be read, one number of its name that says why.
fn each<'k, T>(list: &'k Reading<Vec<T>>, name: &str, count: &mut impl FnMut(String, &Reading<u64>)) -> &'k [T] {
    match list {
        Reading::Known(entries) => entries,
        Reading::Unknown(why) => {
            count(name.to_owned(), &Reading::unknown(why));
            &[]
        }
    }
}

fn flow(name: &str, flow: &FlowKpi, count: &mut impl FnMut(String, &Reading<u64>)) {
    count(name.to_owned(), &flow.total());
    for outcome in Outcome::ALL {
        count(format!("{name}.{outcome}"), &flow.of(outcome));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::fixture;

    #[test]
    fn the_contract_has_its_fields() {
        insta::assert_snapshot!(serde_json::to_string_pretty(&fixture::troubled().to_json()).unwrap());
    }

    #[test]
    fn every_null_has_its_reason_beside_it() {
        for snapshot in [fixture::healthy(), fixture::idle(), fixture::troubled(), fixture::dark()] {
            check(&snapshot.to_json(), "$");
        }
    }

    fn check(value: &Value, path: &str) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| check(value, path)),
            Value::Object(object) => {
                for (name, value) in object.iter().filter(|(name, _)| !["findings", "why"].contains(&name.as_str())) {
                    let why = object.get("why").and_then(|why| why.get(name));
                    assert_eq!(value.is_null(), why.is_some(), "{path}.{name}");
                    check(value, &format!("{path}.{name}"));
                }
            }
            _ => {}
        }
    }
}
