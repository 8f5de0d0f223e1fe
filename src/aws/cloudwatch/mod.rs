//! CloudWatch metrics and alarms.

pub mod judge;
pub mod publish;
