//! What the command line asks of the local cloud: start, stop, reset, and where it is.

use std::fs::OpenOptions;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::announcement::Announcement;
use super::folder::{create_folder, read_if_present, remove};
use super::{Folder, LocalError, lock, python};
use crate::model::LocalCloud;

/// Longest wait until everything answers. The environment of Python is made before.
const STARTING: Duration = Duration::from_secs(45);
/// Longest wait for an orderly end.
const STOPPING: Duration = Duration::from_secs(30);
/// Pause between two looks.
const LOOKING: Duration = Duration::from_millis(20);
/// Longest wait for an answer about health.
const ANSWERING: Duration = Duration::from_secs(1);
/// A log larger than this is begun anew at the next start, bytes.
const LOG_LIMIT: u64 = 4 * 1024 * 1024;

/// How a start ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Started {
    /// It was started, and this long it took.
    Now(LocalCloud, Duration),
    /// It had been running.
    Already(LocalCloud),
}

/// How a stop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// It was stopped, and this long it took.
    Now(Duration),
    /// It had not been running.
    Already,
}

/// How the local cloud stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It has announced where it listens.
    Running(LocalCloud),
    /// Its supervisor lives, and has announced nothing yet.
    Starting,
    /// Nothing of it runs.
    Stopped,
}

/// Where the running local cloud listens.
///
/// # Errors
/// [`LocalError`] when it does not run, or is still starting.
pub fn running(folder: &Folder) -> Result<LocalCloud, LocalError> {
    match standing(folder)? {
        Standing::Running(cloud) => Ok(cloud),
        Standing::Starting | Standing::Stopped => Err(LocalError::not_running(folder.path())),
    }
}

/// How the local cloud of a folder stands.
///
/// # Errors
/// [`LocalError`] when that cannot be told: a lock or an announcement that cannot be read.
pub fn standing(folder: &Folder) -> Result<Standing, LocalError> {
    let Some(process) = lock::holder(&folder.lock())? else { return Ok(Standing::Stopped) };
    let announced = Announcement::of(folder, process)?;
    Ok(announced.map_or(Standing::Starting, |announcement| Standing::Running(announcement.cloud)))
}

/// Whether the emulator and the simulator answer.
#[must_use]
pub fn healthy(cloud: &LocalCloud) -> bool {
    answers(&format!("{}/_ministack/health", cloud.endpoint))
        && answers(&format!("{}/_admin/health", cloud.rekognition_endpoint))
}

/// Starts the local cloud unless it runs, and waits until it answers. `program` is this program.
pub fn start(folder: &Folder, program: &Path, progress: &dyn Fn(&str)) -> Result<Started, LocalError> {
    let folder = folder.create()?;
    let folder = &folder;
    python::ensure(folder, progress)?;
    let began = Instant::now();
    if lock::holder(&folder.lock())?.is_some() {
        return wait(folder, None).map(Started::Already);
    }
    let mut supervisor = spawn(folder, program)?;
    wait(folder, Some(&mut supervisor)).map(|cloud| Started::Now(cloud, began.elapsed()))
}

/// Stops the local cloud and waits until it has ended.
pub fn stop(folder: &Folder) -> Result<Stopped, LocalError> {
    let began = Instant::now();
    let Some(process) = lock::holder(&folder.lock())? else {
        return Ok(Stopped::Already);
    };
    ask_to_end(process, Signal::TERM)?;
    while lock::holder(&folder.lock())?.is_some() {
        if began.elapsed() > STOPPING {
            ask_to_end(process, Signal::KILL)?;
            return Err(LocalError::new(
                format!(
                    "the local cloud (process {process}) did not end within {} s and was killed",
                    STOPPING.as_secs()
                ),
                format!("what changed in the last seconds may be lost; read {}", folder.log("supervisor").display()),
            ));
        }
        sleep(LOOKING);
    }
    Ok(Stopped::Now(began.elapsed()))
}

/// Forgets everything that was made in the local cloud. It must not run.
///
/// # Errors
/// [`LocalError`] when it runs or a folder cannot be deleted.
pub fn reset(folder: &Folder) -> Result<(), LocalError> {
    if lock::holder(&folder.lock())?.is_some() {
        return Err(LocalError::new("the local cloud runs", "stop it first with `idvctl local stop`"));
    }
    [folder.emulator(), folder.simulator(), folder.scratch()].iter().try_for_each(|part| remove(part))
}

/// Whether an address answers at all.
pub(super) fn answers(url: &str) -> bool {
    let config = ureq::Agent::config_builder().timeout_global(Some(ANSWERING)).build();
    ureq::Agent::new_with_config(config).get(url).call().is_ok()
}

fn ask_to_end(process: u32, signal: Signal) -> Result<(), LocalError> {
    let id = i32::try_from(process).ok().and_then(Pid::from_raw);
    let sent = id.map_or(Err(rustix::io::Errno::SRCH), |id| kill_process(id, signal));
    match sent {
        // It ended by itself in this moment.
        Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
        Err(error) => Err(LocalError::new(
            format!("process {process} of the local cloud cannot be ended: {error}"),
            "end it as the user who started it",
        )),
    }
}

fn spawn(folder: &Folder, program: &Path) -> Result<Child, LocalError> {
    let path = folder.log("supervisor");
    if let Some(parent) = path.parent() {
        create_folder(parent)?;
    }
    for name in ["supervisor", "emulator"] {
        let log = folder.log(name);
        if log.metadata().is_ok_and(|metadata| metadata.len() > LOG_LIMIT) {
            remove(&log)?;
        }
    }
    let open = || OpenOptions::new().create(true).append(true).open(&path);
    let opened = open().and_then(|out| open().map(|err| (out, err)));
    let (out, err) = opened.map_err(|error| LocalError::file(&path, "be written", error))?;
    Command::new(program)
        .args(["local", "serve", "--folder"])
        .arg(folder.path())
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .spawn()
        .map_err(|error| LocalError::process(program, &error))
}

/// Waits until the local cloud is announced and answers, or its supervisor gives up.
fn wait(folder: &Folder, mut supervisor: Option<&mut Child>) -> Result<LocalCloud, LocalError> {
    let began = Instant::now();
    loop {
        if let Ok(cloud) = running(folder)
            && healthy(&cloud)
        {
            return Ok(cloud);
        }
        if let Some(child) = supervisor.as_deref_mut() {
            let ended = child.try_wait().map_err(|error| LocalError::process(folder.path(), &error))?;
            // Another start may have been quicker: then its local cloud is the one to wait for.
            if ended.is_some() && lock::holder(&folder.lock())?.is_none() {
                return Err(gave_up(folder, "ended at its start"));
            }
        }
        if began.elapsed() > STARTING {
            return Err(gave_up(folder, &format!("does not answer after {} s", STARTING.as_secs())));
        }
        sleep(LOOKING);
    }
}

fn gave_up(folder: &Folder, how: &str) -> LocalError {
    let log = folder.log("supervisor");
    let said = read_if_present(&log).ok().flatten().unwrap_or_default();
    let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("nothing");
    LocalError::new(format!("the local cloud {how}; its log ends with: {last}"), format!("read {}", log.display()))
}
