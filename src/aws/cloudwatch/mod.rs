//! CloudWatch metrics and alarms.

#[cfg(feature = "cli")]
mod read;

#[cfg(feature = "cli")]
pub use read::{MetricName, MetricQuery, Point, Statistic};
pub mod judge;
pub mod publish;
