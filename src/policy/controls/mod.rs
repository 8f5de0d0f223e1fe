//! Judgements that need the configuration: whether the numbers in it decide about identities as they should.

mod alarms;
mod ratio;
mod retention;
mod tenants;
mod thresholds;

use super::Check;

/// Every control.
pub(super) const ALL: &[Check] = &[alarms::check, ratio::check, retention::check, tenants::check, thresholds::check];
