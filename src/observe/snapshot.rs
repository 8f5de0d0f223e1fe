//! What is known about an environment at one moment.

use crate::model::{
    Alarm, Collection, ComplianceStatus, Environment, ModelVersion, Operation, Reading, Route, StackKind, Timestamp,
};

use super::business::Kpis;
use super::findings::Incident;
use super::series::Series;
use super::window::Window;

/// A measured value: read, and `None` where there was nothing to measure in the window.
pub type Measured = Reading<Option<f64>>;

/// Everything known about an environment at one moment. A part that could not be read says why.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Where it is and what it is called.
    pub place: Place,
    /// When it was taken.
    pub generated_at: Timestamp,
    /// The time that metrics look back on.
    pub window: Window,
    /// Whether the cloud answered at all.
    pub reach: Reach,
    /// The address of the HTTP API; `None` before the service stack exists.
    pub api_url: Reading<Option<String>>,
    /// The four stacks, in order of deployment.
    pub stacks: Vec<StackStatus>,
    /// Every configured collection.
    pub collections: Vec<CollectionStatus>,
    /// Every alarm of the environment, the worst first.
    pub alarms: Reading<Vec<Alarm>>,
    /// Every measured Rekognition operation.
    pub operations: Vec<OperationStatus>,
    /// Every route of the API.
    pub routes: Vec<RouteStatus>,
    /// What the business counts.
    pub kpis: Kpis,
    /// What the duties say; `None` where nobody asked.
    pub compliance: Option<Reading<ComplianceStatus>>,
    /// What is wrong, the worst first.
    pub findings: Vec<Incident>,
}

/// Where an environment is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The deployment family.
    pub project: String,
    /// The environment's name.
    pub environment: String,
    /// Whether it runs on this machine and is a simulation.
    pub simulated: bool,
    /// The region that was asked.
    pub region: Option<String>,
    /// The account that answered; `None` before anything is deployed.
    pub account: Option<String>,
}

/// Whether the cloud answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// At least one call got an answer.
    Answered,
    /// No call did; the reason of the first.
    Lost(String),
}

/// One stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackStatus {
    /// Which.
    pub kind: StackKind,
    /// Its CloudFormation name.
    pub name: String,
    /// CloudFormation's word for its state; `None` where there is no such stack.
    pub status: Reading<Option<String>>,
    /// CloudFormation's reason, where it gives one.
    pub reason: Option<String>,
    /// When it was last changed.
    pub changed: Option<Timestamp>,
}

/// What a stack's status means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StackHealth {
    /// As last deployed.
    Complete,
    /// Changing right now.
    Moving,
    /// A change failed: gone back to what was before, or stuck.
    Failed,
    /// Not there.
    Absent,
    /// Not known.
    Unknown,
}

/// One collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionStatus {
    /// Id, role and shard, as configured.
    pub collection: Collection,
    /// Face vectors in it; `None` where the collection does not exist.
    pub faces: Reading<Option<u64>>,
    /// User vectors in it; `None` where the collection does not exist.
    pub users: Reading<Option<u64>>,
    /// How many faces it can hold.
    pub capacity: u64,
    /// The face model version that it is pinned to; `None` where the collection does not exist or names none.
    pub model_version: Reading<Option<ModelVersion>>,
}

/// One Rekognition operation in the window, as the handler saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationStatus {
    /// Which.
    pub operation: Operation,
    /// Calls.
    pub requests: Reading<u64>,
    /// Median time, milliseconds.
    pub p50_ms: Measured,
    /// Time that 99 of 100 calls stay below, milliseconds.
    pub p99_ms: Measured,
    /// Calls that failed for another reason than throttling.
    pub errors: Reading<u64>,
    /// Calls refused for their rate.
    pub throttles: Reading<u64>,
    /// Calls per second that the account may make by default.
    pub quota_per_second: u32,
    /// Calls per period.
    pub calls: Reading<Series>,
    /// Median per period, milliseconds.
    pub p50_series: Reading<Series>,
    /// p99 per period, milliseconds.
    pub p99_series: Reading<Series>,
}

/// One route of the API in the window.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteStatus {
    /// Method and path.
    pub route: Route,
    /// Requests.
    pub requests: Reading<u64>,
    /// Median time, milliseconds.
    pub p50_ms: Measured,
    /// Time that 99 of 100 requests stay below, milliseconds.
    pub p99_ms: Measured,
    /// Answers 400–499.
    pub client_errors: Reading<u64>,
    /// Answers 500–599.
    pub server_errors: Reading<u64>,
    /// Requests per period.
    pub calls: Reading<Series>,
    /// Median per period, milliseconds.
    pub p50_series: Reading<Series>,
    /// p99 per period, milliseconds.
    pub p99_series: Reading<Series>,
}

impl Snapshot {
    /// Adds what the duties say, and what is wrong about that.
    pub fn add_compliance(&mut self, compliance: Option<Reading<ComplianceStatus>>, environment: &Environment) {
        self.compliance = compliance;
        self.findings = super::findings::all(self, environment);
    }

    /// How many things are wrong, apart from what is merely not known.
    #[must_use]
    pub fn incident_count(&self) -> usize {
        self.findings.iter().filter(|finding| finding.gravity != super::Gravity::Unknown).count()
    }

    /// How many things are not known.
    #[must_use]
    pub fn unknown_count(&self) -> usize {
        self.findings.len() - self.incident_count()
    }

    /// Rekognition calls measured in the periods that had not ended at a moment: more of them later are traffic that
    /// came after it.
    #[must_use]
    pub fn calls_since(&self, moment: Timestamp) -> f64 {
        let (start, _) = self.window.around(self.generated_at);
        let period = self.window.period().as_secs().max(1);
        let first = usize::try_from(moment.since(start).as_secs() / period).unwrap_or(usize::MAX);
        let series = self.operations.iter().filter_map(|operation| operation.calls.known());
        series.flat_map(|series| series.iter().skip(first)).flatten().sum()
    }

    /// Whether none of the stacks exists: an environment before its first deployment.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.stacks.iter().all(|stack| stack.health() == StackHealth::Absent)
    }
}

impl StackStatus {
    /// What its status means.
    #[must_use]
    pub fn health(&self) -> StackHealth {
        let status = match &self.status {
            Reading::Unknown(_) => return StackHealth::Unknown,
            Reading::Known(None) => return StackHealth::Absent,
            Reading::Known(Some(status)) => status.as_str(),
        };
        match status {
            // A rollback that is complete is a failed change, whatever its last word.
            _ if status.contains("ROLLBACK") || status.ends_with("FAILED") => StackHealth::Failed,
            "DELETE_COMPLETE" | "REVIEW_IN_PROGRESS" => StackHealth::Absent,
            _ if status.ends_with("IN_PROGRESS") => StackHealth::Moving,
            _ if status.ends_with("COMPLETE") => StackHealth::Complete,
            _ => StackHealth::Unknown,
        }
    }
}

impl CollectionStatus {
    /// How full it is, 0.0–1.0.
    #[must_use]
    pub fn fill(&self) -> Option<f64> {
        let faces = self.faces.known().copied().flatten()?;
        Some(faces as f64 / self.capacity.max(1) as f64)
    }

    /// Whether the cloud answered that it does not exist.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.faces == Reading::Known(None)
    }
}
