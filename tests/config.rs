//! The folders `configs/valid` and `configs/invalid`: every file of the first is read, every file of the second is
//! refused with exactly the message beside it. `IDVCTL_BLESS=1` writes the messages anew; read the difference.

// Clippy takes only functions marked `#[test]` for tests, not their helpers.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use idvctl::config::Config;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/configs").join(name)
}

/// The names of a folder's files with this extension, which must be the only ones besides those listed.
fn stems(folder: &Path, extension: &str, others: &[&str]) -> BTreeSet<String> {
    let mut stems = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let found = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if found == extension {
            stems.insert(path.file_stem().unwrap().to_str().unwrap().to_owned());
        } else {
            assert!(others.contains(&found), "{} belongs to no test", path.display());
        }
    }
    stems
}

fn parse(folder: &Path, stem: &str) -> Result<Config, String> {
    let name = format!("{stem}.yaml");
    let text = fs::read_to_string(folder.join(&name)).unwrap();
    Config::parse(Path::new(&name), &text).map_err(|error| error.to_string())
}

#[test]
fn valid_files_are_read() {
    let folder = folder("valid");
    let stems = stems(&folder, "yaml", &[]);
    assert!(stems.len() >= 5, "files are missing from {}", folder.display());
    for stem in stems {
        let config = parse(&folder, &stem).unwrap_or_else(|error| panic!("{error}"));
        for name in config.names() {
            config.environment(name).unwrap();
        }
    }
}

#[test]
fn invalid_files_are_refused_with_their_message() {
    let folder = folder("invalid");
    let cases = stems(&folder, "yaml", &["expected"]);
    assert!(cases.len() >= 25, "files are missing from {}", folder.display());
    let bless = std::env::var_os("IDVCTL_BLESS").is_some();
    let mut wrong = Vec::new();
    for case in &cases {
        let message = match parse(&folder, case) {
            Ok(_) => panic!("{case}.yaml was accepted"),
            Err(message) => message + "\n",
        };
        let path = folder.join(format!("{case}.expected"));
        if bless {
            fs::write(&path, &message).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != message {
            wrong.push(format!("{case}.expected should be\n{message}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(stems(&folder, "expected", &["yaml"]), cases, "a message without its file");
}

#[test]
fn every_problem_has_its_place() {
    let folder = folder("invalid");
    for case in stems(&folder, "yaml", &["expected"]) {
        let message = parse(&folder, &case).map(|_| ()).unwrap_err();
        for line in message.lines().filter(|line| !line.starts_with("  → ")) {
            let mut parts = line.splitn(4, ':');
            assert_eq!(parts.next(), Some(&*format!("{case}.yaml")), "{line}");
            for part in ["line", "column"] {
                let number = parts.next().and_then(|number| number.parse::<u32>().ok());
                assert!(number.is_some_and(|number| number > 0), "{case}: no {part} in `{line}`");
            }
        }
    }
}
