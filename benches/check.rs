//! How long rendering and checking everything takes as a user feels it: whole processes, from start to end.
//!
//! `cargo bench --bench check` prints the figures; nothing is asserted, since a busy machine is no defect.

use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 20;

fn main() -> ExitCode {
    let folder = std::env::temp_dir().join(format!("idvctl-bench-{}", std::process::id()));
    let out = folder.to_string_lossy().into_owned();
    let commands: [(&str, &[&str]); 3] =
        [("render", &["render", "-o", &out]), ("check", &["check"]), ("--version", &["--version"])];
    let mut both = Duration::ZERO;
    for (name, arguments) in commands {
        let Some(mut times) = (0..RUNS).map(|_| run(arguments)).collect::<Option<Vec<Duration>>>() else {
            eprintln!("idvctl {name} failed");
            return ExitCode::FAILURE;
        };
        times.sort();
        let median = times[RUNS / 2];
        println!(
            "idvctl {name:<10} median {median:>9.1?}   fastest {:>9.1?}   slowest {:>9.1?}",
            times[0],
            times[RUNS - 1]
        );
        if name != "--version" {
            both += median;
        }
    }
    println!("render and check together: {both:.1?} (goal: 50 ms)");
    // The folder is the bench's own; leaving it behind would hurt nobody.
    drop(std::fs::remove_dir_all(&folder));
    ExitCode::SUCCESS
}

fn run(arguments: &[&str]) -> Option<Duration> {
    let start = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_idvctl"))
        .args(arguments)
        .current_dir(std::env::temp_dir())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    status.success().then(|| start.elapsed())
}
