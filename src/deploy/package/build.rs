//! Building the Lambda program from a checkout. Cargo itself decides whether anything must be compiled.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;

use serde_json::Value;

use super::{PackageError, Runtime, elf};
use crate::model::Architecture;

/// The program to build.
const BINARY: &str = "idv-handler";
/// What makes it small and quick; see `[profile.lambda]` in Cargo.toml.
const ARGUMENTS: [&str; 9] = [
    "build",
    "--profile=lambda",
    "--no-default-features",
    "--features=lambda",
    "--bin",
    BINARY,
    "--locked",
    "--color=never",
    "--message-format=json-render-diagnostics",
];

/// Builds the program and gives its file; `say` hears every line that cargo says on the way.
pub fn build(checkout: &Path, runtime: Runtime, say: &mut dyn FnMut(&str)) -> Result<PathBuf, PackageError> {
    let target = foreign_target(runtime);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(ARGUMENTS).current_dir(checkout);
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_one_package(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    if let Some(target) = target {
        command.args(["--target", target]);
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("cargo cannot be started: {error}"), target))?;
    let (lines, said) = mpsc::channel();
    let artifacts = child.stdout.take().map(|stdout| std::thread::spawn(move || executable(stdout)));
    let progress = child.stderr.take().map(|stderr| {
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if lines.send(line).is_err() {
                    break;
                }
            }
        })
    });
    let mut last = Vec::new();
    for line in said {
        say(line.trim());
        last.push(line);
    }
    let status = child.wait().map_err(|error| failed(format!("cargo cannot be waited for: {error}"), target))?;
    if let Some(progress) = progress {
        progress.join().map_err(|_| failed("its messages cannot be read".to_owned(), target))?;
    }
    let built = artifacts.and_then(|reader| reader.join().ok()).flatten();
    match (status.success(), built) {
        (true, Some(file)) => Ok(file),
        (true, None) => Err(failed(format!("cargo built no {BINARY}"), target)),
        (false, _) => {
            let error = last.iter().find(|line| line.starts_with("error")).or(last.last());
            Err(failed(error.cloned().unwrap_or_else(|| format!("cargo ended with {status}")), target))
        }
    }
}

/// Whether a variable describes the package that a surrounding `cargo run` runs. Build scripts look at such variables, so
/// with them everything would be compiled anew whenever the program is run the other way.
fn is_of_one_package(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| name.starts_with(prefix))
        || ["CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "OUT_DIR"].contains(&name)
}

/// The compiler target, where the runtime's processor is not this machine's.
fn foreign_target(runtime: Runtime) -> Option<&'static str> {
    match runtime {
        Runtime::Lambda(architecture) if architecture != elf::host() => Some(match architecture {
            Architecture::Arm64 => "aarch64-unknown-linux-gnu",
            Architecture::X86_64 => "x86_64-unknown-linux-gnu",
        }),
        _ => None,
    }
}

/// The executable that cargo's messages name.
fn executable(messages: impl Read) -> Option<PathBuf> {
    BufReader::new(messages)
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| serde_json::from_str::<Value>(&line).ok())
        .filter(|message| message["reason"] == "compiler-artifact" && message["target"]["name"] == BINARY)
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .last()
}

fn failed(reason: String, target: Option<&'static str>) -> PackageError {
    let remedy = if target.is_some() {
        "this machine has another processor than the environment's `architecture`: change that key in idv.yaml, or \
         build with `cargo lambda build` or `cargo zigbuild` and name the result with `--handler FILE`"
    } else {
        "run the same `cargo build --profile lambda --no-default-features --features lambda --bin idv-handler` by hand"
    };
    PackageError::Build { reason, remedy }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executable_is_taken_from_cargos_own_messages() {
        let messages = concat!(
            "{\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"serde\"},\"executable\":null}\n",
            "warning: not json\n",
            "{\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"idv-handler\"},\"executable\":\"/t/lambda/idv-handler\"}\n",
            "{\"reason\":\"build-finished\",\"success\":true}\n",
        );
        assert_eq!(executable(messages.as_bytes()), Some(PathBuf::from("/t/lambda/idv-handler")));
        assert_eq!(executable(&b""[..]), None);
    }

    #[test]
    fn what_describes_a_package_is_not_handed_on_and_what_describes_the_machine_is() {
        for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "OUT_DIR"] {
            assert!(is_of_one_package(name), "{name}");
        }
        for name in ["CARGO_HOME", "CARGO_TARGET_DIR", "PATH", "RUSTFLAGS"] {
            assert!(!is_of_one_package(name), "{name}");
        }
    }

    #[test]
    fn only_another_processor_needs_another_target() {
        assert_eq!(foreign_target(Runtime::ThisMachine), None);
        assert_eq!(foreign_target(Runtime::Lambda(elf::host())), None);
        let other = if elf::host() == Architecture::Arm64 { Architecture::X86_64 } else { Architecture::Arm64 };
        assert!(foreign_target(Runtime::Lambda(other)).is_some());
    }
}
