//! Percent where percent is meant, ratio where ratio is meant. A threshold of 0.8 percent lets everybody in.

use crate::model::{Environment, Finding, MatchThresholds, Percent, Ratio};
use crate::policy::place::Note;
use crate::template::RenderedStack;

/// A ratio below this was divided by 100 once too often: 0.8 became 0.008.
const LEAST_RATIO: f64 = 0.05;

pub(super) fn check(environment: &Environment, _stacks: &[RenderedStack]) -> Vec<Finding> {
    let matching = &environment.matching;
    let mut findings = in_set("matching.default", &matching.default);
    for (version, thresholds) in &matching.by_model_version {
        findings.extend(in_set(&format!("matching.by_model_version.\"{version}\""), thresholds));
    }
    findings.extend(percent("matching.quality.sharpness", matching.quality.sharpness));
    findings.extend(percent("matching.quality.brightness", matching.quality.brightness));
    for (tenant, settings) in &environment.tenants {
        findings.extend(ratio(&format!("tenants.{tenant}.verification_threshold"), settings.verification_threshold));
        findings.extend(ratio(&format!("tenants.{tenant}.search_threshold"), settings.search_threshold));
    }
    findings
}

fn in_set(key: &str, thresholds: &MatchThresholds) -> Vec<Finding> {
    let compare = threshold(&format!("{key}.compare"), thresholds.compare);
    compare.into_iter().chain(threshold(&format!("{key}.search"), thresholds.search)).collect()
}

/// A match threshold: 0 is no threshold at all, so it counts as a slip too.
fn threshold(key: &str, value: Percent) -> Option<Finding> {
    (value.value() <= 1.0).then(|| slip(key, value))
}

/// A quality gate: 0 switches it off and is allowed.
fn percent(key: &str, value: Percent) -> Option<Finding> {
    (value.value() > 0.0 && value.value() <= 1.0).then(|| slip(key, value))
}

fn slip(key: &str, value: Percent) -> Finding {
    let message = format!("{value} is a percentage from 0 to 100, and looks like a ratio");
    let remedy = format!("write {} if {} was meant", value.value() * 100.0, value.value());
    Note::error("RATIO_WHERE_PERCENT_IS_MEANT", message, remedy).in_configuration(key)
}

fn ratio(key: &str, value: Ratio) -> Option<Finding> {
    (value.value() < LEAST_RATIO).then(|| {
        let message = format!("{} is a ratio from 0 to 1, and lets nearly every face match", value.value());
        let remedy = "write 0.8 for 80 percent".to_owned();
        Note::error("RATIO_TOO_SMALL", message, remedy).in_configuration(key)
    })
}
