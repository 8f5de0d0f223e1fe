//! Log lines: one JSON object each, without anything that could name a person.

use std::io::{self, Write};
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::authorizer::Refused;
use super::problem::Code;
use crate::identity::ledger::hex;
use crate::model::Timestamp;

/// Digits of a resource's hash: enough to tell a tenant's resources apart, and no way back to the id.
const HASH_DIGITS: usize = 16;

/// What is logged of one API request.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The route, for example `POST /ips`; `unknown` where there is none.
    pub route: &'static str,
    /// The gateway's id of the request, which its access log has too.
    pub id: &'a str,
    /// The customer, never the person.
    pub tenant: Option<&'a str>,
    /// The answer's status.
    pub status: u16,
    /// How long it took.
    pub took: Duration,
}

/// What a request was about, as the audit log names it: the beginning of the SHA-256 of the id. Whoever knows the id
/// finds its entries; whoever reads the entries does not find the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource(String);

impl Resource {
    /// A face, user, registration or session.
    #[must_use]
    pub fn of(id: &str) -> Self {
        Self(hex(&Sha256::digest(id.as_bytes())).chars().take(HASH_DIGITS).collect())
    }
}

/// The audit entry of an API request: who did what to which resource, and how it ended.
#[must_use]
pub fn audit(operation: &str, request: &Request<'_>, outcome: &str, resource: Option<&Resource>) -> String {
    json!({
        "audit": true,
        "at": Timestamp::now(),
        "operation": operation,
        "tenant": request.tenant,
        "outcome": outcome,
        "status": request.status,
        "request_id": request.id,
        "resource": resource.map(|resource| &resource.0),
    })
    .to_string()
}

/// The line of an API request: with the code of a problem, and with what went wrong inside.
#[must_use]
pub fn request(request: &Request<'_>, code: Option<Code>, cause: Option<&str>) -> String {
    let mut line = json!({
        "level": if request.status >= 500 { "error" } else { "info" },
        "function": "api",
        "route": request.route,
        "request_id": request.id,
        "tenant": request.tenant,
        "status": request.status,
        "duration_ms": millis(request.took),
    });
    if let Some(code) = code {
        line["code"] = json!(code.name());
    }
    if let Some(cause) = cause {
        line["cause"] = json!(cause);
    }
    line.to_string()
}

/// The line of a refused token. The reason tells what kind of token it was, never the token.
#[must_use]
pub fn refused(refused: &Refused) -> String {
    let (level, reason) = match refused {
        Refused::Unauthorized(reason) => ("info", (*reason).to_owned()),
        Refused::Unavailable(reason) => ("error", reason.clone()),
    };
    json!({ "level": level, "function": "authorizer", "refused": reason }).to_string()
}

/// The line of one message of the index queue.
#[must_use]
pub fn message(id: &str, level: &'static str, result: &str) -> String {
    json!({ "level": level, "function": "worker", "message_id": id, "result": result }).to_string()
}

/// The line of one step of a registration.
#[must_use]
pub fn step(registration: &Resource, step: &str, level: &'static str, result: &str) -> String {
    let resource = &registration.0;
    json!({ "level": level, "function": "workflow", "resource": resource, "step": step, "result": result }).to_string()
}

/// The line of something that a sweep could not end.
#[must_use]
pub fn unswept(cause: &str) -> String {
    json!({ "level": "error", "function": "sweeper", "cause": cause }).to_string()
}

/// The line of a sweep.
#[must_use]
pub fn sweep(counts: &Value, took: Duration) -> String {
    json!({ "level": "info", "function": "sweeper", "swept": counts, "duration_ms": millis(took) }).to_string()
}

/// Writes lines to standard output, which Lambda forwards to the function's log group.
pub fn print(lines: &[String]) {
    let mut out = io::stdout().lock();
    for line in lines {
        // A log that cannot be written leaves nobody to tell; the answer to the caller matters more.
        if writeln!(out, "{line}").is_err() {
            return;
        }
    }
}

fn millis(took: Duration) -> Value {
    json!((took.as_secs_f64() * 10_000.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_the_beginning_of_a_hash() {
        // printf user-1 | sha256sum
        assert_eq!(Resource::of("user-1").0, "c6c289e49e9c05b2");
    }
}
