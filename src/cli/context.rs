//! What every subcommand needs: the options given, the project's folder, the runtime, and where to print.

use std::future::Future;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::{CliError, Exit, Global};
use crate::aws::{Cloud, sts};
use crate::config::{Config, DEFAULT_FILE};
use crate::local::{self, Folder};
use crate::model::{Environment, Target};
use crate::report::Palette;

/// The folder beside the configuration that holds everything a project remembers on this machine.
const STATE_FOLDER: &str = ".idvctl";

/// One run of the program.
#[derive(Debug, Clone)]
pub struct Context {
    /// The options that every subcommand takes.
    pub global: Global,
}

impl Context {
    /// A run with these options.
    #[must_use]
    pub const fn new(global: Global) -> Self {
        Self { global }
    }

    /// The configuration file, whether or not it exists.
    #[must_use]
    pub fn config_path(&self) -> PathBuf {
        self.global.config.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_FILE))
    }

    /// The folder beside the configuration that holds everything a project remembers on this machine.
    #[must_use]
    pub fn state_folder(&self) -> PathBuf {
        self.config_path().parent().unwrap_or(Path::new("")).join(STATE_FOLDER)
    }

    /// The folder of this project's local cloud.
    #[must_use]
    pub fn local_folder(&self) -> Folder {
        Folder::new(self.state_folder().join("local"))
    }

    /// The environment that was asked for, complete and checked.
    pub fn environment(&self) -> Result<Environment, CliError> {
        let config = Config::load(self.global.config.as_deref())?;
        Ok(config.environment(&self.global.environment)?)
    }

    /// The way to the environment's cloud: the running local cloud, or the configured account once it is verified
    /// that the credentials belong to it.
    ///
    /// # Errors
    /// [`Exit::Credentials`] when the credentials belong to another account than idv.yaml names.
    pub async fn cloud(&self, environment: &Environment) -> Result<Cloud, CliError> {
        let target = match &environment.target {
            Target::Local => return Ok(Cloud::local(&local::running(&self.local_folder())?).await),
            Target::Aws(target) => target,
        };
        let cloud = Cloud::aws(target).await;
        let found = sts::place(&cloud).await?.account;
        if found != target.account {
            return Err(CliError::new(
                Exit::Credentials,
                format!(
                    "environment {} belongs to account {}, but the credentials are of account {found}",
                    environment.name, target.account
                ),
                "choose the right profile (AWS_PROFILE, or `profile` in idv.yaml), or correct the account in idv.yaml",
            ));
        }
        Ok(cloud)
    }

    /// Whether a person sits at both ends: questions may be asked.
    #[must_use]
    pub fn is_interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stdout().is_terminal()
    }

    /// The colours for standard output.
    #[must_use]
    pub fn palette(&self) -> Palette {
        Palette::choose(self.global.color, io::stdout().is_terminal())
    }

    /// The colours for standard error.
    #[must_use]
    pub fn error_palette(&self) -> Palette {
        Palette::choose(self.global.color, io::stderr().is_terminal())
    }

    /// Runs asynchronous work to its end on a runtime made for it.
    pub fn block_on<T>(&self, work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|error| {
            CliError::failed(format!("no threads to work on: {error}"), "raise the limit of processes (ulimit -u)")
        })?;
        let result = runtime.block_on(async {
            tokio::select! {
                result = work => result,
                Ok(()) = tokio::signal::ctrl_c() => Err(CliError::new(
                    Exit::Interrupted,
                    "interrupted",
                    "what CloudFormation has begun goes on without this program; run the command again to follow it",
                )),
            }
        });
        // Nothing may hold the exit up: a thread that waits for a dead socket is left to the operating system.
        runtime.shutdown_background();
        result
    }

    /// Writes a result to standard output. A closed pipe (`idvctl … | head`) ends the run quietly.
    pub fn print(&self, text: &str) -> Result<(), CliError> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(CliError::failed(
                format!("standard output cannot be written: {error}"),
                "free the disk or the pipe that it goes to",
            )),
            Ok(()) => Ok(()),
        }
    }

    /// Says what is going on, on standard error, unless asked to be quiet.
    pub fn progress(&self, line: &str) {
        if !self.global.quiet {
            eprintln!("{line}");
        }
    }

    /// Says more about what is done, on standard error, where more was asked for.
    pub fn detail(&self, line: impl FnOnce() -> String) {
        if self.global.verbose && !self.global.quiet {
            eprintln!("{}", self.error_palette().dim(&line()));
        }
    }

    /// Prints an error with what to do next.
    pub fn print_error(&self, error: &CliError) {
        let palette = self.error_palette();
        let label = if error.exit == Exit::Refused { "refused" } else { "error" };
        eprintln!("{}: {}", palette.bad(label), error.what);
        if !error.remedy.is_empty() {
            eprintln!("  {} {}", palette.dim("→"), error.remedy);
        }
    }
}
