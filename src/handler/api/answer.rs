//! What a route answers, and how the flow behind it ended.

use std::time::Instant;

use serde_json::Value;

use crate::handler::problem::Problem;
use crate::identity::{Tally, Verification};
use crate::model::{Flow, Outcome, Percent, Reason, Step};

/// A route's answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
    /// Where to ask for the rest, of an answer that is not complete yet.
    pub(super) location: Option<String>,
    /// What went wrong beside the answer and does not change it, for the log.
    pub(super) left_over: Option<String>,
    /// How the flow ended, where it did; with a reason where the answer is no.
    pub(super) verdict: Option<(Outcome, Option<(Step, Reason)>)>,
}

impl Answer {
    /// 200, and no flow that ended.
    pub(super) const fn ok(body: Value) -> Self {
        Self { status: 200, body, location: None, left_over: None, verdict: None }
    }

    /// 200, and the flow ended like this.
    pub(super) fn of_flow(body: Value, verdict: (Outcome, Option<(Step, Reason)>)) -> Self {
        Self { verdict: Some(verdict), ..Self::ok(body) }
    }

    /// How an authentication by comparison ended. A caller's own threshold decides what the caller is told; nobody is
    /// counted as approved below the configured one.
    pub(super) fn compared(result: &Verification, configured: Percent) -> (Outcome, Option<(Step, Reason)>) {
        if result.is_match() && result.similarity >= configured {
            (Outcome::Approved, None)
        } else {
            (Outcome::Failed, Some((Step::Compare, Reason::BelowThreshold)))
        }
    }
}

/// Whole milliseconds since a start.
pub(super) fn millis(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Counts how a flow ended.
pub(super) fn count(flow: Flow, result: &Result<Answer, Problem>, tally: &Tally) {
    match result {
        Ok(Answer { verdict: Some((outcome, reason)), .. }) => tally.outcome(flow, *outcome, *reason),
        Ok(Answer { verdict: None, .. }) => {}
        Err(problem) => {
            if let Some(outcome) = problem.code.outcome() {
                tally.outcome(flow, outcome, problem.code.why());
            }
        }
    }
}

/// How a request ended, for the audit log: the flow's outcome where there is one.
pub(super) fn outcome(result: &Result<Answer, Problem>) -> &'static str {
    match result {
        Ok(answer) => answer.verdict.map_or("done", |(outcome, _)| outcome.name()),
        Err(problem) if problem.code.status() >= 500 => "error",
        Err(_) => "refused",
    }
}
