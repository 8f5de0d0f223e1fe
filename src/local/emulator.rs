//! MiniStack as a child process: its environment, its health, and its end.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::{sleep, timeout};

use super::folder::create_folder;
use super::{Folder, LocalError, log};
use crate::model::LocalCloud;

/// Longest wait until MiniStack answers for the first time.
const STARTING: Duration = Duration::from_secs(30);
/// Longest wait for an orderly end, in which it writes its state.
const ENDING: Duration = Duration::from_secs(20);
/// Pause between two looks at its health.
const LOOKING: Duration = Duration::from_millis(25);
/// First and longest pause before a dead MiniStack is started again.
const RESTART_PAUSE: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(15));
/// A MiniStack that lived this long died for a new reason.
const LONG_LIFE: Duration = Duration::from_mins(1);

/// What MiniStack may know of the environment of whoever started it.
const INHERITED: [&str; 5] = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"];

/// How MiniStack is started.
#[derive(Debug, Clone)]
pub struct Emulator {
    folder: Folder,
    python: PathBuf,
    script: PathBuf,
    cloud: LocalCloud,
    port: u16,
}

/// A MiniStack that runs.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// Its standard input. It ends by itself when this is closed, so it is held here: waiting for a child would close
    /// the pipe that it still owns.
    _lifeline: Option<ChildStdin>,
}

impl Emulator {
    /// MiniStack at a port, taught by `script`.
    pub fn new(folder: &Folder, python: PathBuf, script: PathBuf, cloud: LocalCloud, port: u16) -> Self {
        Self { folder: folder.clone(), python, script, cloud, port }
    }

    /// Starts it and waits until it answers.
    pub async fn start(&self) -> Result<Process, LocalError> {
        let mut process = self.spawn()?;
        let began = Instant::now();
        while !self.answers().await {
            let ended = process.child.try_wait().map_err(|error| LocalError::process(&self.python, &error))?;
            if let Some(status) = ended {
                return Err(self.failed(&format!("ended at its start ({status})")));
            }
            if began.elapsed() > STARTING {
                self.end(process).await;
                return Err(self.failed(&format!("did not answer within {} s", STARTING.as_secs())));
            }
            sleep(LOOKING).await;
        }
        Ok(process)
    }

    /// Waits for its end and starts it again, over and over. Returns only when that cannot be tried any more.
    pub async fn keep(&self, process: &mut Process) -> LocalError {
        let mut pause = RESTART_PAUSE.0;
        loop {
            let began = Instant::now();
            let status = match process.child.wait().await {
                Ok(status) => status,
                Err(error) => return LocalError::process(&self.python, &error),
            };
            if began.elapsed() > LONG_LIFE {
                pause = RESTART_PAUSE.0;
            }
            *process = self.restart(status, &mut pause).await;
        }
    }

    async fn restart(&self, status: ExitStatus, pause: &mut Duration) -> Process {
        log::say(&format!("MiniStack ended ({status}); it is started again in {} ms", pause.as_millis()));
        loop {
            sleep(*pause).await;
            *pause = (*pause * 2).min(RESTART_PAUSE.1);
            match self.start().await {
                Ok(process) => {
                    log::say("MiniStack answers again");
                    return process;
                }
                Err(error) => {
                    log::say(&format!("{}; it is tried again in {} s", error.what, pause.as_secs()));
                }
            }
        }
    }

    /// Ends it: asks first, so that it writes its state, and insists when it takes too long.
    pub async fn end(&self, mut process: Process) {
        let Some(group) = process.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) else {
            return; // It has ended already.
        };
        if let Err(error) = kill_process(group, Signal::TERM) {
            log::say(&format!("MiniStack cannot be asked to end: {error}"));
        }
        match timeout(ENDING, process.child.wait()).await {
            Ok(Ok(status)) => log::say(&format!("MiniStack ended ({status})")),
            Ok(Err(error)) => log::say(&format!("MiniStack's end cannot be seen: {error}")),
            Err(_) => log::say(&format!("MiniStack did not end within {} s; it is killed", ENDING.as_secs())),
        }
        // Its functions run in its process group. When it ended in order there is none left, which is no error.
        if kill_process_group(group, Signal::KILL).is_ok() {
            log::say("what was left of MiniStack's processes was killed");
        }
    }

    fn spawn(&self) -> Result<Process, LocalError> {
        let (state, scratch) = (self.folder.emulator(), self.folder.scratch());
        create_folder(&state)?;
        create_folder(&scratch)?;
        let path = self.folder.log("emulator");
        let open = || OpenOptions::new().create(true).append(true).open(&path);
        let log = open().and_then(|out| open().map(|err| (out, err)));
        let (out, err) = log.map_err(|error| LocalError::file(&path, "be written", error))?;
        let mut child = Command::new(&self.python)
            .arg(&self.script)
            .current_dir(self.folder.path())
            // A profile, a session token or a Python path of the user's has no business in there.
            .env_clear()
            .envs(INHERITED.iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
            .envs(self.environment(&state, &scratch))
            // Open as long as this process lives, then the plug-in ends MiniStack by itself.
            .stdin(Stdio::piped())
            .stdout(out)
            .stderr(err)
            .process_group(0)
            .spawn()
            .map_err(|error| LocalError::process(&self.python, &error))?;
        let lifeline = child.stdin.take();
        Ok(Process { child, _lifeline: lifeline })
    }

    /// MiniStack hands its environment on to the functions that it runs, so the endpoints reach them too.
    fn environment(&self, state: &Path, scratch: &Path) -> Vec<(&'static str, String)> {
        let text = |value: &str| value.to_owned();
        let folder = |path: &Path| path.display().to_string();
        let region = self.cloud.region.to_string();
        vec![
            ("AUTH", text("true")),
            ("AWS_ACCESS_KEY_ID", self.cloud.access_key_id.clone()),
            ("AWS_DEFAULT_REGION", region.clone()),
            ("AWS_ENDPOINT_URL", self.cloud.endpoint.clone()),
            ("AWS_ENDPOINT_URL_REKOGNITION", self.cloud.rekognition_endpoint.clone()),
            ("AWS_REGION", region.clone()),
            ("AWS_SECRET_ACCESS_KEY", self.cloud.secret_access_key.clone()),
            ("BIND_HOST", text("127.0.0.1")),
            ("CLOUDTRAIL_RECORDING", text("1")),
            ("GATEWAY_PORT", self.port.to_string()),
            // Listeners on fixed ports that nothing here needs; a second local cloud would collide with them.
            ("IOT_MTLS_ENABLED", text("0")),
            ("SFTP_ENABLED", text("0")),
            ("LOG_LEVEL", text("WARNING")),
            ("MINISTACK_ACCOUNT_ID", self.cloud.account.to_string()),
            ("MINISTACK_HOST", text("127.0.0.1")),
            ("MINISTACK_REGION", region),
            ("PERSIST_STATE", text("1")),
            ("PYTHONUNBUFFERED", text("1")),
            ("S3_DATA_DIR", folder(&state.join("s3"))),
            ("S3_PERSIST", text("1")),
            ("STATE_DIR", folder(&state.join("services"))),
            ("TMPDIR", folder(scratch)),
        ]
    }

    async fn answers(&self) -> bool {
        let url = format!("{}/_ministack/health", self.cloud.endpoint);
        let asked = tokio::task::spawn_blocking(move || super::control::answers(&url)).await;
        asked.unwrap_or(false)
    }

    fn failed(&self, how: &str) -> LocalError {
        LocalError::new(
            format!("MiniStack {how}"),
            format!("read {} for the reason", self.folder.log("emulator").display()),
        )
    }
}
