//! Rendered templates to findings: what CloudFormation would refuse, what the rules in `policies/guard/` forbid, and
//! what neither can see because it needs the configuration as well. Pure: the same input gives the same findings in
//! the same order.
//!
//! - `limits` – sizes, counts, names and references, one family per file
//! - `guard` – the rules of AWS CloudFormation Guard, evaluated in this process
//! - `controls` – judgements over configuration and templates together, one per file

mod controls;
mod error;
mod guard;
mod intrinsic;
mod limits;
mod place;
mod rules;
#[cfg(test)]
mod tests;

pub use error::PolicyError;
pub use rules::Rules;

use crate::model::{Environment, Finding};
use crate::template::RenderedStack;

/// The stack policy of the data stack: an update never replaces what holds data, for the replacement would be empty and
/// the stack would have lost sight of the old one. Taking such a resource out of the stack is allowed, because it loses
/// nothing: every one is `Retain`, so it stays in the account with all that it holds, and a plan asks before.
pub const DATA_STACK_POLICY: &str = include_str!("../../policies/stack/data.json");

/// A check as a pure function: everything it looks at comes in, everything it has to say goes out.
type Check = fn(&Environment, &[RenderedStack]) -> Vec<Finding>;

/// Every finding on an environment's stacks: the worst first, then by file, line and rule.
pub fn check(environment: &Environment, stacks: &[RenderedStack], rules: &Rules) -> Result<Vec<Finding>, PolicyError> {
    let mut findings = guard::evaluate(rules, stacks)?;
    for check in limits::ALL.iter().chain(controls::ALL) {
        findings.extend(check(environment, stacks));
    }
    findings.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    findings.dedup();
    Ok(findings)
}

/// How many rules [`check`] applies: limits, Guard rules and controls together.
#[must_use]
pub fn rule_count(rules: &Rules) -> usize {
    limits::ALL.len() + controls::ALL.len() + rules.names().count()
}

type SortKey<'a> = (crate::model::Severity, &'a str, Option<u32>, &'a str, &'a str, &'a str);

fn sort_key(finding: &Finding) -> SortKey<'_> {
    (finding.severity, &finding.file, finding.line, &finding.rule, &finding.resource, &finding.message)
}
