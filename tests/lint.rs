//! The templates before another judge: cfn-lint finds no error and no warning, on sources and on renders.

// Clippy takes only functions marked `#[test]` for tests, not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;

use support::peers;
use support::project::Project;

const STACKS: [&str; 4] = ["data", "service", "monitoring", "governance"];

/// Regions with different abilities: large quotas, smaller ones, another partition without Macie.
const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "us-gov-west-1"];

#[test]
fn sources_are_clean() {
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    lint(&STACKS.map(|stack| templates.join(format!("{stack}.yaml")).to_str().unwrap().to_owned()), &REGIONS);
}

#[test]
fn renders_are_clean_everywhere() {
    let project = Project::new();
    let mut configuration = String::from("environments:\n");
    for region in REGIONS {
        let name = region.split('-').nth(1).unwrap();
        let lines = [
            format!("  e-{name}:"),
            "    target: aws".to_owned(),
            "    account: \"111111111111\"".to_owned(),
            format!("    region: {region}"),
            "    auth:".to_owned(),
            "      issuer: https://issuer.example.com".to_owned(),
        ];
        configuration.push_str(&(lines.join("\n") + "\n"));
    }
    project.write("idv.yaml", configuration);
    for (environment, region) in
        [("local", "us-east-1"), ("e-east", "us-east-1"), ("e-west", "eu-west-1"), ("e-gov", "us-gov-west-1")]
    {
        project.ok(&["render", "-e", environment, "-o", environment]);
        let files =
            STACKS.map(|stack| project.path().join(format!("{environment}/{stack}.json")).to_str().unwrap().to_owned());
        lint(&files, &[region]);
    }
}

fn lint(files: &[String], regions: &[&str]) {
    let mut arguments = vec!["--non-zero-exit-code", "warning", "--regions"];
    arguments.extend(regions);
    arguments.push("--");
    arguments.extend(files.iter().map(String::as_str));
    let output = peers::run("cfn-lint", &arguments, &[]);
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
