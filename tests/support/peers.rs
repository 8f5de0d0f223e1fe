//! Clients and checkers that are not ours: boto3, PyJWT, jsonschema and cfn-lint in a virtual environment beside the build.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Pinned, so that a test fails for a change of ours and not for one of theirs.
const PACKAGES: [&str; 4] = ["boto3==1.43.11", "cfn-lint==1.51.0", "PyJWT[crypto]==2.10.1", "jsonschema==4.26.0"];

/// Runs a program of the peers' virtual environment.
pub fn run(program: &str, arguments: &[&str], environment: &[(String, String)]) -> Output {
    Command::new(folder().join("bin").join(program))
        .args(arguments)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"))
}

/// Runs a script of `tests/peers/` with Python, which must end well, and returns what it printed.
pub fn script(name: &str, arguments: &[&str], environment: &[(String, String)]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(name);
    let arguments: Vec<&str> =
        std::iter::once(path.to_str().expect("a path in UTF-8")).chain(arguments.iter().copied()).collect();
    let output = run("python3", &arguments, environment);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{name}\n--- standard output\n{out}\n--- standard error\n{err}");
    out.into_owned()
}

/// Runs a script of `tests/peers/` that takes long and tells of each step; it must end well.
pub fn script_aloud(name: &str, arguments: &[&str], environment: &[(String, String)]) {
    let status = Command::new(folder().join("bin/python3"))
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(name))
        .args(arguments)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .status()
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(status.success(), "{name}: {status}; what it said stands above");
}

/// The virtual environment, made on first use. Tests run as several processes: one makes it, the others wait.
fn folder() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = target.join("peers");
    let lock = File::create(target.join("peers.lock")).expect("a lock file in the build folder");
    lock.lock().expect("the lock on the peers");
    let stamp = folder.join("packages");
    let wanted = PACKAGES.join("\n");
    if fs::read_to_string(&stamp).ok().as_deref() != Some(&wanted) {
        let _ = fs::remove_dir_all(&folder);
        must(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        must(
            Command::new(folder.join("bin/pip"))
                .args(["install", "--quiet", "--disable-pip-version-check"])
                .args(PACKAGES),
        );
        fs::write(&stamp, wanted).expect("the stamp of the peers");
    }
    folder
}

fn must(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
