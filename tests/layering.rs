//! The invariants 1–4 of ARCHITECTURE.md, read from the sources: arrows between rooms, names that belong to one room,
//! the length of files, and what production code must not do. A broken rule is named with its file and line.

// Clippy takes only functions marked `#[test]` for tests, not their helpers.
#![allow(clippy::unwrap_used)]

#[path = "layering/rules.rs"]
mod rules;
#[path = "layering/source.rs"]
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use rules::broken;
use source::Source;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, in a stable order.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn read(path: &Path) -> Source {
    let name = path.strip_prefix(root()).unwrap().to_str().unwrap();
    Source::new(name, &fs::read_to_string(path).unwrap())
}

/// Every source file, those that only tests compile marked as such.
fn sources() -> Vec<Source> {
    let folders = ["src", "tests", "benches"].map(|name| root().join(name));
    let files = folders.iter().filter(|folder| folder.is_dir()).flat_map(|folder| rust_files(folder));
    let sources: Vec<Source> = files.map(|path| read(&path)).collect();
    let for_tests: Vec<String> = sources.iter().flat_map(Source::test_modules).chain(["tests".to_owned()]).collect();
    let is_for_tests = |path: &str| {
        for_tests
            .iter()
            .any(|module| path.strip_prefix(module.as_str()).is_some_and(|rest| rest == ".rs" || rest.starts_with('/')))
    };
    sources.into_iter().map(|source| if is_for_tests(&source.path) { source.of_tests() } else { source }).collect()
}

#[test]
fn the_house_keeps_its_rules() {
    let sources = sources();
    assert!(sources.len() > 40, "only {} files were found", sources.len());
    let broken: Vec<String> = sources.iter().flat_map(broken).collect();
    assert!(broken.is_empty(), "{} rules are broken:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn every_room_of_the_map_is_in_the_table() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut declared: Vec<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    declared.sort_unstable();
    let mut known: Vec<&str> = rules::ROOMS.iter().map(|(room, _)| *room).collect();
    known.sort_unstable();
    assert_eq!(declared, known, "src/lib.rs and the table of arrows disagree");
}

/// The rules must catch what they are for: one sample per violation, and samples that only look like one.
mod self_test {
    use super::*;

    fn rules_broken_by(path: &str, text: &str) -> Vec<String> {
        broken(&Source::new(path, text))
    }

    #[track_caller]
    fn caught(path: &str, text: &str, place: u32, rule: &str) {
        let found = rules_broken_by(path, text);
        let start = format!("{path}:{place}: ");
        assert!(
            found.len() == 1 && found[0].starts_with(&start) && found[0].contains(rule),
            "expected `{start}…{rule}…`, found {found:#?}"
        );
    }

    #[track_caller]
    fn fine(path: &str, text: &str) {
        assert_eq!(rules_broken_by(path, text), Vec::<String>::new());
    }

    #[test]
    fn arrows() {
        caught("src/model/a.rs", "use crate::aws::Cloud;\n", 1, "`model` must not know `aws`");
        caught("src/identity/a.rs", "\nfn f() { crate::config::sample(); }\n", 2, "`identity` must not know `config`");
        caught(
            "src/report/a.rs",
            "use crate::{\n    model::Finding,\n    deploy::{Plan, Step},\n};\n",
            3,
            "`report` must not know `deploy`",
        );
        caught("src/observe/a/b.rs", "use super::super::super::deploy::Plan;\n", 1, "`observe` must not know `deploy`");
        caught("src/observe/mod.rs", "use super::deploy::Plan;\n", 1, "`observe` must not know `deploy`");
        caught(
            "src/model/a.rs",
            "mod tests_of { use super::super::super::cli::Exit; }\n",
            1,
            "`model` must not know `cli`",
        );
        caught("src/cli/a.rs", "use crate::handler::serve;\n", 1, "`cli` must not know `handler`");
        caught("src/yaml.rs", "use crate::model::Finding;\n", 1, "`yaml` must not know `model`");
        caught("src/policy/a.rs", "use idvctl::cli::Exit;\n", 1, "`policy` must not know `cli`");
        caught("src/policy/a.rs", "use crate :: cli :: Exit;\n", 1, "`policy` must not know `cli`");
        caught("src/model/a.rs", "use crate::*;\n", 1, "names every room");
        caught("src/model/a.rs", "use crate::{aws as other, model::Finding};\n", 1, "`model` must not know `aws`");
        fine("src/config/a.rs", "use crate::{model::Environment, yaml::{self, Step}};\nuse super::error::Problem;\n");
        fine("src/observe/a/b.rs", "use super::super::snapshot::Snapshot;\nuse crate::aws::Cloud;\n");
        fine("src/model/a.rs", "// use crate::aws::Cloud;\n/* crate::cli */ const TEXT: &str = \"crate::deploy\";\n");
        fine("src/model/a.rs", "pub(crate) fn f() {}\n");
    }

    #[test]
    fn names_of_one_room() {
        caught("src/deploy/a.rs", "use aws_sdk_s3::Client;\n", 1, "aws_sdk_");
        caught("src/cli/a.rs", "fn f() -> aws_config::SdkConfig { g() }\n", 1, "aws_config");
        caught("src/local/a.rs", "use aws_smithy_types::Blob;\n", 1, "aws_smithy_");
        caught("src/config/a.rs", "use serde_yaml::Value;\n", 1, "serde_yaml");
        fine("src/aws/a.rs", "use aws_sdk_s3::Client;\n");
        fine("src/yaml.rs", "use serde_yaml::Value;\n");
    }

    #[test]
    fn length() {
        let longest = "// a line\n".repeat(499);
        fine("src/model/a.rs", &longest);
        caught("src/model/a.rs", &(longest + "// one more\n"), 500, "500 lines");
    }

    #[test]
    fn what_production_code_must_not_do() {
        for text in [
            "a.unwrap();",
            "a.expect(\"b\");",
            "panic!();",
            "todo!();",
            "unimplemented!();",
            "a . unwrap ();",
            "x\n.unwrap()",
        ] {
            let code = format!("fn f() {{ {text} }}\n");
            let found = rules_broken_by("src/model/a.rs", &code);
            assert!(found.len() == 1 && found[0].contains("outside tests"), "{text}: {found:#?}");
            assert_eq!(broken(&Source::new("tests/journey.rs", &code).of_tests()), Vec::<String>::new());
            fine("src/model/a.rs", &format!("#[cfg(test)]\nmod tests {{\n    {code}}}\n"));
        }
        let after_tests = "#[cfg(test)]\nmod tests { fn f() { a.unwrap(); } }\nfn g() { a.unwrap(); }\n";
        caught("src/model/a.rs", after_tests, 3, "outside tests");
        caught("src/model/a.rs", "#[cfg(test)]\nmod tests;\nfn g() { a.unwrap(); }\n", 3, "outside tests");
        fine(
            "src/model/a.rs",
            "fn f() { a.unwrap_or(0); a.expect_err; reason::panic(); }\n/// x.unwrap()\nfn g() {}\n",
        );
        caught("src/cli/a.rs", "fn f() { std::process::exit(1); }\n", 1, "process::exit");
        caught("src/cli/a.rs", "use std::process::{ExitCode, exit};\n", 1, "process::exit");
        fine("src/main.rs", "fn main() { std::process::exit(1); }\n");
        caught("src/cli/a.rs", "static mut COUNT: u32 = 0;\n", 1, "static mut");
    }

    #[test]
    fn tests_that_do_not_run() {
        caught("tests/journey.rs", "#[test]\n#[ignore]\nfn f() {}\n", 2, "ignore");
        caught("src/model/a.rs", "#[test]\n#[ignore = \"slow\"]\nfn f() {}\n", 2, "ignore");
        fine("tests/journey.rs", "// #[ignore]\n#[test]\nfn f() {}\n");
    }

    #[test]
    fn modules_for_tests() {
        let text = "mod a;\n#[cfg(test)]\nmod tests;\n";
        assert_eq!(Source::new("src/model/mod.rs", text).test_modules(), ["src/model/tests"]);
        assert_eq!(Source::new("src/model/ids.rs", text).test_modules(), ["src/model/ids/tests"]);
        assert_eq!(Source::new("src/lib.rs", text).test_modules(), ["src/tests"]);
        let marked: Vec<String> = sources()
            .iter()
            .filter(|source| source.tokens.iter().all(|token| token.in_test))
            .map(|source| source.path.clone())
            .collect();
        assert!(marked.contains(&"src/model/fixture.rs".to_owned()), "{marked:#?}");
        assert!(!marked.contains(&"src/model/mod.rs".to_owned()));
    }

    #[test]
    fn text_is_not_code() {
        let text = "const A: &str = r#\"x.unwrap() \"quoted\" crate::cli\"#;\nconst B: char = '\"';\nfn f<'a>(x: &'a str) { x.unwrap(); }\n";
        caught("src/model/a.rs", text, 3, "outside tests");
        caught(
            "src/model/a.rs",
            "const A: &str = \"two\\\nlines \\\" crate::cli\";\nuse crate::cli::Exit;\n",
            3,
            "`cli`",
        );
        caught("src/model/a.rs", "/* outer /* inner */ crate::cli */ use crate::aws::Cloud;\n", 1, "`aws`");
    }
}
