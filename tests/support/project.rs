//! A project in a folder of its own, worked on with the real binary. Its local cloud is stopped when it goes.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder in which `idvctl` is run.
pub struct Project {
    folder: TempDir,
}

/// How a run of `idvctl` ended.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Project {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, text).expect("a file in the temporary folder");
        path
    }

    /// The command `idvctl …` in this folder, without this machine's AWS settings and without standard input. The
    /// handler is the one that was built beside the tests, so that no test waits for a second build.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_idvctl"));
        command.args(arguments).current_dir(self.path()).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AWS_") || name.to_string_lossy().starts_with("IDV") {
                command.env_remove(name);
            }
        }
        command.env("IDVCTL_HANDLER", env!("CARGO_BIN_EXE_idv-handler")).env("NO_COLOR", "1");
        command
    }

    /// Runs `idvctl …` to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).output().expect("idvctl starts");
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
        }
    }

    /// Runs `idvctl …`, which must end well, and returns what it printed.
    pub fn ok(&self, arguments: &[&str]) -> String {
        self.run(arguments).expect_code(0, arguments).stdout
    }

    /// What `idvctl local env` exports, for other programs.
    pub fn variables(&self) -> Vec<(String, String)> {
        let text = self.ok(&["local", "env"]);
        let variables: Vec<_> = text
            .lines()
            .filter_map(|line| line.strip_prefix("export ")?.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.trim_matches(['\'', '"']).to_owned()))
            .collect();
        assert!(variables.iter().any(|(name, _)| name == "AWS_ENDPOINT_URL"), "{text}");
        variables
    }

    /// Runs `idvctl … --format json`, which must end well.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
        let text = self.ok(&arguments);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}\n{text}"))
    }
}

impl Run {
    pub fn expect_code(self, code: i32, arguments: &[&str]) -> Self {
        assert_eq!(
            self.code,
            code,
            "idvctl {}\n--- standard output\n{}\n--- standard error\n{}",
            arguments.join(" "),
            self.stdout,
            self.stderr
        );
        self
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        // A failing stop must not hide why the test failed.
        let _ = self.command(["local", "stop"]).output();
    }
}
