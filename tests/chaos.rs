//! Faults at every step: each call of a flow fails, falls silent, or loses the process that made it, and afterwards
//! vectors, pictures and records agree exactly.
//!
//! The suite draws a sample. `IDVCTL_CHAOS=all` (`just chaos`) strikes every call and takes minutes.

// Clippy takes only functions marked `#[test]` for tests, not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::peers;
use support::project::Project;

/// Strikes of the sample, per flow.
const SAMPLE: &str = "8";
/// Which sample: the same calls are struck in every run of the suite.
const SEED: &str = "20";

#[test]
fn whatever_fails_no_face_is_left_half_registered() {
    let wanted = std::env::var("IDVCTL_CHAOS").unwrap_or_else(|_| SAMPLE.to_owned());
    let project = Project::new();
    project.ok(&["up"]);
    let status = project.json(&["status"]);
    let token = project.ok(&["token", "--tenant", "demo", "--scope", "kyc:read kyc:create"]);
    for (name, options) in [("selfie", &[][..]), ("sunglasses", &["--sunglasses"]), ("card", &["--id-card"])] {
        let file = project.path().join(format!("{name}.png"));
        let arguments = [&["portrait", "--person", "chaos", "-o", file.to_str().unwrap()], options].concat();
        project.ok(&arguments);
    }
    let folder = project.path().to_str().unwrap();
    let arguments = [status["api_url"].as_str().unwrap(), token.trim(), folder, &wanted, SEED];
    peers::script_aloud("chaos.py", &arguments, &project.variables());
}
