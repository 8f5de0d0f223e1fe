//! One [`Snapshot`] of an environment from many AWS calls.
//!
//! The calls run at the same time, in few batches, each bounded in time. A call that fails makes its own part UNKNOWN
//! with the reason; everything else lives on. Three things are kept apart everywhere: a number that was read, a number
//! that does not exist yet because there was nothing to measure, and a number that could not be read.

mod asking;
mod business;
mod collections;
mod duties;
mod findings;
#[cfg(test)]
pub(crate) mod fixture;
mod json;
mod kpis;
mod operations;
mod read;
mod routes;
mod series;
mod snapshot;
mod source;
mod summary;
mod window;

pub use business::{FlowKpi, Kpis, QualityKpi, Refusal, SimilarityKpi, SweepReport, UnsettledKpi, Why};
pub use duties::ComplianceReader;
pub use findings::{Gravity, Incident, Part};
pub use series::{Series, awaits_first_metric};
pub use snapshot::{
    CollectionStatus, Measured, OperationStatus, Place, Reach, RouteStatus, Snapshot, StackHealth, StackStatus,
};
pub use source::{CloudFinder, Source};
pub use window::{InvalidWindow, Window};
