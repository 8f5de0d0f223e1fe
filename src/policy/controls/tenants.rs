//! Tenants of the Face Matching API that decide below 90 percent, once per tenant.
//!
//! The API documents 0.6 and 0.8 as its defaults, and they are kept; but whoever uses them should have chosen them.

use super::thresholds::ADVISED;
use crate::model::{Environment, Finding};
use crate::policy::place::Note;
use crate::template::RenderedStack;

pub(super) fn check(environment: &Environment, _stacks: &[RenderedStack]) -> Vec<Finding> {
    environment
        .tenants
        .iter()
        .filter(|(_, settings)| settings.enabled)
        .filter_map(|(tenant, settings)| {
            let low: Vec<String> = [
                ("verification_threshold", settings.verification_threshold),
                ("search_threshold", settings.search_threshold),
            ]
            .into_iter()
            .filter(|(_, threshold)| threshold.percent().value() < ADVISED)
            .map(|(name, threshold)| format!("{name} {}", threshold.value()))
            .collect();
            (!low.is_empty()).then(|| {
                let message = format!("{}; for identity decisions 0.9 and above is advised", low.join(", "));
                let remedy = "raise it to 0.90–0.99, unless the tenant accepts more false matches in exchange";
                Note::warning("TENANT_THRESHOLD_BELOW_90", message, remedy)
                    .in_configuration(&format!("tenants.{tenant}"))
            })
        })
        .collect()
}
