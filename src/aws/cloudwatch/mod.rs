//! CloudWatch: reading metrics and alarms, publishing metrics, judging alarms.

pub mod judge;
pub mod publish;
mod read;

pub use read::{MetricName, MetricQuery, Point, Statistic};
