//! What CloudFormation refuses, found before anything is sent. The local cloud accepts much of it, so without these a
//! template could work on a laptop and fail in an account.
//!
//! The numbers are AWS's own (CloudFormation user guide, "Understand CloudFormation quotas").

mod counts;
mod cycles;
mod names;
mod parameters;
mod physical_names;
mod references;
mod size;
mod variables;

use super::Check;

/// Every family of limits.
pub(super) const ALL: &[Check] = &[
    counts::check,
    cycles::check,
    names::check,
    parameters::check,
    physical_names::check,
    references::check,
    size::check,
    variables::check,
];
