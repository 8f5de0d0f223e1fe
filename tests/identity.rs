//! What a customer's client sees: the Face Matching API and the identity flows, called by clients that are not ours, on
//! a real environment.

// Clippy takes only functions marked `#[test]` for tests, not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::PathBuf;

use support::peers;
use support::project::Project;

/// Four tenants: with few faces of a session, a neighbour, one that is not enabled and one without a blacklist. Of two
/// environments one answers before everything is done.
const CONFIG: &str = "\
tenants:
  demo: {enabled: true, max_faces_per_user: 2}
  other: {enabled: true}
  closed: {enabled: false}
  lenient: {enabled: true, enable_blacklist: false}
environments:
  local: {}
  later:
    target: local
    collections: {registered: {shards: 2}}
    registration: {async: [duplicate_search, index], document_text: true}
";

/// Name of a picture, and how it is taken.
const PICTURES: [(&str, &[&str]); 28] = [
    ("anna", &["--person", "anna"]),
    ("anna-aside", &["--person", "anna", "--yaw", "10"]),
    ("anna-later", &["--person", "anna", "--yaw", "-8"]),
    ("anna-card", &["--person", "anna", "--id-card"]),
    ("anna-sunglasses", &["--person", "anna", "--sunglasses"]),
    ("anna-dark", &["--person", "anna", "--dark"]),
    ("ben", &["--person", "ben"]),
    ("ben-aside", &["--person", "ben", "--yaw", "10"]),
    ("ben-card", &["--person", "ben", "--id-card"]),
    ("ben-sunglasses", &["--person", "ben", "--sunglasses"]),
    ("ben-dark", &["--person", "ben", "--dark"]),
    ("ben-turned", &["--person", "ben", "--yaw", "60"]),
    ("carl", &["--person", "carl"]),
    ("carl-aside", &["--person", "carl", "--yaw", "10"]),
    ("carl-card", &["--person", "carl", "--id-card"]),
    ("dora", &["--person", "dora"]),
    ("dora-camera", &["--person", "dora", "--size", "320"]),
    ("emil-camera", &["--person", "emil", "--size", "320"]),
    ("emil-card", &["--person", "emil", "--id-card"]),
    ("gina", &["--person", "gina"]),
    ("gina-card", &["--person", "gina", "--id-card"]),
    ("hanna", &["--person", "hanna"]),
    ("hanna-aside", &["--person", "hanna", "--yaw", "10"]),
    ("hanna-card", &["--person", "hanna", "--id-card"]),
    ("crowd", &["--person", "crowd"]),
    ("crowd-card", &["--person", "crowd", "--id-card"]),
    ("wall", &["--person", "wall", "--faces", "0"]),
    ("two", &["--person", "ben", "--faces", "2"]),
];

#[test]
fn clients_that_are_not_ours_use_every_flow() {
    let project = Project::new();
    project.write("idv.yaml", CONFIG);
    project.ok(&["up"]);
    let pictures = draw(&project);
    let pictures = pictures.to_str().unwrap();
    let variables = project.variables();

    let url = api_url(&project, "local");
    let [demo, other, closed, lenient] = ["demo", "other", "closed", "lenient"].map(|tenant| token(&project, tenant));
    peers::script_aloud("facematch.py", &[&url, &demo, &other, &closed, &lenient, pictures], &variables);
    peers::script_aloud("identity.py", &[&url, &demo, &other, pictures], &variables);

    project.ok(&["up", "--env", "later"]);
    let url = api_url(&project, "later");
    peers::script_aloud("deferred.py", &[&url, &demo, pictures], &variables);
}

fn draw(project: &Project) -> PathBuf {
    let folder = project.path().join("pictures");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, options) in PICTURES {
        let file = folder.join(format!("{name}.png"));
        let arguments = [&["portrait", "-o", file.to_str().unwrap()], options].concat();
        project.ok(&arguments);
    }
    folder
}

fn api_url(project: &Project, environment: &str) -> String {
    let status = project.json(&["status", "--env", environment]);
    status["api_url"].as_str().unwrap_or_else(|| panic!("no API in {status:#}")).to_owned()
}

/// A token of a tenant that may do everything.
fn token(project: &Project, tenant: &str) -> String {
    let options = ["token", "--tenant", tenant, "--scope", "kyc:read kyc:create", "--ttl", "2h"];
    project.ok(&options).trim().to_owned()
}
