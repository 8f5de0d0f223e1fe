//! Identity decisions are made at 90 percent and above.
//!
//! The whitepaper advises 90 to 99 for identity verification; Rekognition's own default of 80 is meant for photo
//! albums.

use crate::model::{Environment, Finding, MatchThresholds, Percent};
use crate::policy::place::Note;
use crate::template::RenderedStack;

/// The least threshold that is advised for an identity decision, percent.
pub(super) const ADVISED: f64 = 90.0;

pub(super) fn check(environment: &Environment, _stacks: &[RenderedStack]) -> Vec<Finding> {
    let matching = &environment.matching;
    let default = in_set("matching.default", &matching.default);
    let versions = matching
        .by_model_version
        .iter()
        .flat_map(|(version, own)| in_set(&format!("matching.by_model_version.\"{version}\""), own));
    default.into_iter().chain(versions).collect()
}

fn in_set(key: &str, thresholds: &MatchThresholds) -> Vec<Finding> {
    let parts = [("compare", thresholds.compare), ("search", thresholds.search)];
    parts.into_iter().filter_map(|(name, value)| below(&format!("{key}.{name}"), value)).collect()
}

fn below(key: &str, threshold: Percent) -> Option<Finding> {
    // From 0 to 1 it is no low threshold but a ratio by mistake; `ratio` says so.
    (threshold.value() > 1.0 && threshold.value() < ADVISED).then(|| {
        let message = format!("{threshold} decides about identities; {ADVISED} % and above is advised");
        let remedy = "raise it to 90–99, or record why false matches are acceptable here";
        Note::warning("THRESHOLD_BELOW_90", message, remedy).in_configuration(key)
    })
}
