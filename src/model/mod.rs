//! Plain data that crosses rooms. Knows no AWS, does no I/O; every other room speaks in these types.

mod alarm;
mod band;
mod change;
mod collection;
mod compliance;
mod environment;
mod finding;
#[cfg(test)]
mod fixture;
mod flow;
mod ids;
mod metric;
mod operation;
mod reading;
mod route;
mod score;
mod settings;
mod stack;
mod time;
mod unsettled;

pub use alarm::{Alarm, AlarmState};
pub use band::SimilarityBand;
pub use change::{Change, ChangeAction, ChangeDetail, Replacement, StackAction, StackPlan};
pub use collection::{COLLECTION_CAPACITY, Collection, CollectionRole, ShardStrategy};
pub use compliance::{
    ComplianceStatus, Control, Evidence, NOTHING_DELETES, OptOut, OptOutAnswer, Requirement, StoreKind, Verdict,
};
pub use environment::{
    AlarmSettings, Architecture, AuthSettings, AwsTarget, DeferrableStep, Environment, LivenessSettings, LocalCloud,
    MatchThresholds, Matching, QualityGates, RegistrationSettings, Retention, Target, TenantSettings,
};
pub use finding::{Finding, Severity};
pub use flow::{Flow, Reason, Step};
pub use ids::{
    AccountId, CollectionId, EnvironmentName, ExternalImageId, FaceId, InvalidId, LivenessSessionId, ModelVersion,
    ProjectName, Region, RegistrationId, TenantId, UserId,
};
pub use metric::{Dimension, METRIC_NAMESPACE, Metric, MetricUnit, Outcome};
pub use operation::Operation;
pub use reading::Reading;
pub use route::Route;
pub use score::{InvalidScore, Percent, Ratio};
pub use settings::HandlerSettings;
pub use stack::StackKind;
pub use time::Timestamp;
pub use unsettled::UnsettledKind;
