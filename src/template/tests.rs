//! The built-in templates, rendered.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::*;
use crate::model::{AccountId, AwsTarget, Region, Target};
use crate::yaml::locate;

fn local() -> Environment {
    Environment::fixture()
}

fn aws(region: &str) -> Environment {
    let mut environment = Environment::fixture();
    environment.target = Target::Aws(AwsTarget {
        account: AccountId::new("111111111111").unwrap(),
        region: Region::new(region).unwrap(),
        profile: None,
        fips: false,
        protect: true,
    });
    environment
}

fn rendered(environment: &Environment) -> Vec<RenderedStack> {
    render(environment, &Sources::built_in()).unwrap()
}

fn stack(environment: &Environment, kind: StackKind) -> RenderedStack {
    rendered(environment).into_iter().find(|stack| stack.kind == kind).unwrap()
}

/// Compares with a file of tests/golden, or writes it when `IDVCTL_BLESS=1`.
fn assert_golden(name: &str, text: &str) {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("IDVCTL_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        return;
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = golden.lines().zip(text.lines()).position(|(before, now)| before != now);
    let line = differs.unwrap_or_else(|| golden.lines().count().min(text.lines().count()));
    let around = |text: &str| text.lines().skip(line.saturating_sub(3)).take(7).collect::<Vec<_>>().join("\n");
    assert!(
        golden == text,
        "{} differs from line {} on\n--- golden\n{}\n--- rendered\n{}\nIf the change is meant: IDVCTL_BLESS=1 cargo test, \
         then review the diff.",
        path.display(),
        line + 1,
        around(&golden),
        around(text)
    );
}

#[test]
fn the_local_environment_renders_as_before() {
    for stack in rendered(&local()) {
        assert_golden(&format!("{}.json", stack.kind), &stack.pretty());
    }
}
