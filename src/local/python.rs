//! The virtual environment that MiniStack lives in: made at the first start, mended when it is half made.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use super::folder::{read_if_present, remove};
use super::lock::Lock;
use super::{Folder, LocalError};

/// What is installed. `cbor2` is what the CloudWatch clients of today speak; MiniStack does not require it by itself.
const PACKAGES: [&str; 2] = ["ministack==1.5.33", "cbor2==5.9.0"];
/// The oldest Python that MiniStack runs on.
const OLDEST: (u32, u32) = (3, 10);
/// Names under which a Python may be found, the usual one first.
const NAMES: [&str; 6] = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
/// Written last: an environment without it, or with another content, is made anew.
const COMPLETE: &str = "idvctl-complete";

/// The Python of a complete environment, which is made when there is none. pip keeps what it downloads in its own cache,
/// so that a second project on the machine downloads nothing.
pub fn ensure(folder: &Folder, progress: &dyn Fn(&str)) -> Result<PathBuf, LocalError> {
    // Two starts at once: the second waits and finds everything made.
    let _lock = Lock::take(&folder.python_lock())?;
    let home = folder.python();
    let python = home.join("bin").join("python");
    let marker = home.join(COMPLETE);
    let wanted = PACKAGES.join("\n");
    if read_if_present(&marker)?.is_some_and(|made| made == wanted) && runs(&python) {
        return Ok(python);
    }
    let began = Instant::now();
    let system = find()?;
    if home.exists() {
        progress("local cloud: the Python environment is incomplete or of another version; it is made anew");
        remove(&home)?;
    }
    progress(&format!("local cloud: making a Python environment with {}", system.display()));
    make(&system, &home)?;
    progress(&format!("local cloud: installing {}", PACKAGES.join(" and ")));
    install(&python)?;
    fs::write(&marker, wanted).map_err(|error| LocalError::file(&marker, "be written", error))?;
    progress(&format!("local cloud: Python environment made in {:.1} s", began.elapsed().as_secs_f64()));
    Ok(python)
}

fn find() -> Result<PathBuf, LocalError> {
    let mut too_old = None;
    for name in NAMES {
        match version(Path::new(name)) {
            Some(found) if found >= OLDEST => return Ok(PathBuf::from(name)),
            Some(found) => too_old = too_old.or(Some((name, found))),
            None => {}
        }
    }
    let found = match too_old {
        Some((name, (major, minor))) => format!("{name} is Python {major}.{minor}"),
        None => "none was found on PATH".to_owned(),
    };
    Err(LocalError::new(
        format!("the local cloud needs Python {}.{} or newer; {found}", OLDEST.0, OLDEST.1),
        "install it, for example `apt install python3 python3-venv` or `brew install python`",
    ))
}

fn version(python: &Path) -> Option<(u32, u32)> {
    let script = "import sys; print(sys.version_info[0], sys.version_info[1])";
    let output = Command::new(python).args(["-c", script]).stdin(Stdio::null()).output().ok()?;
    let printed = String::from_utf8(output.stdout).ok()?;
    let (major, minor) = printed.trim().split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// An environment whose system Python was upgraded or removed exists but does not run.
fn runs(python: &Path) -> bool {
    let script = "import ministack, cbor2";
    let output = Command::new(python).args(["-c", script]).stdin(Stdio::null()).output();
    output.is_ok_and(|output| output.status.success())
}

fn make(system: &Path, home: &Path) -> Result<(), LocalError> {
    let output = run(Command::new(system).args(["-m", "venv"]).arg(home), system)?;
    if output.status.success() {
        return Ok(());
    }
    Err(LocalError::new(
        format!("{} cannot make a virtual environment: {}", system.display(), last_lines(&output)),
        "install the venv module, for example `apt install python3-venv`, then run the command again",
    ))
}

fn install(python: &Path) -> Result<(), LocalError> {
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
    let output = run(Command::new(python).args(pip).args(PACKAGES), python)?;
    if output.status.success() {
        return Ok(());
    }
    Err(LocalError::new(
        format!("pip cannot install {}: {}", PACKAGES.join(" "), last_lines(&output)),
        "check the network and the proxy (HTTPS_PROXY, or PIP_INDEX_URL for a mirror), then run the command again",
    ))
}

fn run(command: &mut Command, program: &Path) -> Result<Output, LocalError> {
    command.stdin(Stdio::null()).output().map_err(|error| LocalError::process(program, &error))
}

/// The end of what a command printed, where it says why it failed.
fn last_lines(output: &Output) -> String {
    let printed = [output.stderr.as_slice(), output.stdout.as_slice()].concat();
    let printed = String::from_utf8_lossy(&printed);
    let lines: Vec<&str> = printed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(3)..].join(" · ")
}
