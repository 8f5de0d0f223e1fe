//! `idvctl local`: the local cloud of this project, started, stopped, shown and forgotten.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::liveness::{self, LivenessArgs};
use super::{CliError, Context, Exit};
use crate::local::{self, Folder, LocalError, Standing, Started, Stopped};
use crate::model::LocalCloud;
use crate::report::Format;

/// Run the local cloud: everything of AWS that the architecture needs, simulated on this machine.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  idvctl local start                             start it, or say that it runs
  idvctl local status --format json              endpoints for other programs
  eval \"$(idvctl local env)\"; aws s3 ls          use it with any AWS client
  idvctl local liveness SESSION                  be the live person that a liveness session waits for
  idvctl local reset --yes                       forget everything that was made in it

State, logs and the Python environment lie in .idvctl/local beside idv.yaml. Python 3.10 or newer is needed; the first
start downloads MiniStack with pip.")]
pub struct LocalArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Start it in the background and wait until it answers.
    Start,
    /// Stop it. What was made in it is kept.
    Stop,
    /// Say whether it runs and where it listens.
    Status,
    /// Forget every stack, object, record and face in it. Ports, credentials and the token key stay.
    Reset,
    /// Print the variables that make any AWS client use it.
    Env,
    /// Play the person in front of the camera in a liveness session.
    Liveness(LivenessArgs),
    /// Run it in the foreground; what `start` starts in the background.
    #[command(hide = true)]
    Serve {
        /// State folder.
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
}

/// Runs the subcommand.
pub fn run(context: &Context, args: &LocalArgs) -> Result<Exit, CliError> {
    let folder = context.local_folder();
    match &args.action {
        Action::Start => start(context, &folder)?,
        Action::Stop => stop(context, &folder)?,
        Action::Status => status(context, &folder)?,
        Action::Reset => reset(context, &folder)?,
        Action::Env => env(context, &local::running(&folder)?)?,
        Action::Liveness(args) => liveness::run(context, &folder, args)?,
        Action::Serve { folder: named } => {
            let folder = named.clone().map_or(folder, Folder::new);
            local::leave_terminal();
            context.block_on(async { Ok(Box::pin(local::serve(&folder)).await?) })?;
        }
    }
    Ok(Exit::Done)
}

fn start(context: &Context, folder: &Folder) -> Result<(), CliError> {
    let cloud = started(context, folder)?;
    show(context, &Standing::Running(cloud), true)
}

/// Starts the local cloud unless it runs, and waits until it answers.
pub(super) fn started(context: &Context, folder: &Folder) -> Result<LocalCloud, CliError> {
    let program = std::env::current_exe().map_err(|error| {
        CliError::failed(format!("this program cannot find itself: {error}"), "run it by its full path")
    })?;
    Ok(match local::start(folder, &program, &|line| context.progress(line))? {
        Started::Now(cloud, took) => {
            context.progress(&format!("local cloud: started in {:.1} s", took.as_secs_f64()));
            cloud
        }
        Started::Already(cloud) => {
            context.progress("local cloud: runs already");
            cloud
        }
    })
}

fn stop(context: &Context, folder: &Folder) -> Result<(), CliError> {
    match local::stop(folder)? {
        Stopped::Now(took) => context.progress(&format!("local cloud: stopped in {:.1} s", took.as_secs_f64())),
        Stopped::Already => context.progress("local cloud: does not run"),
    }
    Ok(())
}

fn status(context: &Context, folder: &Folder) -> Result<(), CliError> {
    let standing = local::standing(folder)?;
    let healthy = matches!(&standing, Standing::Running(cloud) if local::healthy(cloud));
    show(context, &standing, healthy)
}

fn reset(context: &Context, folder: &Folder) -> Result<(), CliError> {
    confirm(context, folder)?;
    let ran = local::stop(folder)? != Stopped::Already;
    local::reset(folder)?;
    context.progress("local cloud: everything in it is forgotten");
    if ran { start(context, folder) } else { Ok(()) }
}

fn confirm(context: &Context, folder: &Folder) -> Result<(), CliError> {
    if context.global.yes {
        return Ok(());
    }
    let lost = format!("every stack, object, record and face of the local cloud in {}", folder.path().display());
    let refused = |what: String| CliError::new(Exit::Refused, what, "run it again with --yes to forget it all");
    if !context.is_interactive() {
        return Err(refused(format!("{lost} would be lost, and nobody can be asked")));
    }
    eprint!("Forget {lost}? [y/N] ");
    let mut answer = String::new();
    let asked = io::stderr().flush().and_then(|()| io::stdin().read_line(&mut answer));
    asked.map_err(|error| CliError::failed(format!("no answer could be read: {error}"), "run it again with --yes"))?;
    if matches!(answer.trim(), "y" | "Y" | "yes") { Ok(()) } else { Err(refused("nothing was forgotten".to_owned())) }
}

fn env(context: &Context, cloud: &LocalCloud) -> Result<(), CliError> {
    let variables = [
        ("AWS_ACCESS_KEY_ID", cloud.access_key_id.as_str()),
        ("AWS_SECRET_ACCESS_KEY", cloud.secret_access_key.as_str()),
        ("AWS_REGION", cloud.region.as_str()),
        ("AWS_DEFAULT_REGION", cloud.region.as_str()),
        ("AWS_ENDPOINT_URL", cloud.endpoint.as_str()),
        ("AWS_ENDPOINT_URL_REKOGNITION", cloud.rekognition_endpoint.as_str()),
    ];
    let lines = variables.map(|(name, value)| format!("export {name}={value}\n")).concat();
    // A session of an AWS account in the shell would be sent along with the local credentials.
    context.print(&format!("unset AWS_SESSION_TOKEN AWS_PROFILE\n{lines}"))
}

fn show(context: &Context, standing: &Standing, healthy: bool) -> Result<(), CliError> {
    let (word, cloud) = match standing {
        Standing::Running(cloud) => ("running", Some(cloud)),
        Standing::Starting => ("starting", None),
        Standing::Stopped => ("stopped", None),
    };
    if context.global.format != Format::Text {
        let document = json!({
            "state": word,
            "healthy": healthy,
            "simulated": true,
            "endpoint": cloud.map(|cloud| &cloud.endpoint),
            "rekognition_endpoint": cloud.map(|cloud| &cloud.rekognition_endpoint),
            "issuer": cloud.map(local::issuer::url),
            "account": cloud.map(|cloud| &cloud.account),
            "region": cloud.map(|cloud| &cloud.region),
        });
        return context.print(&format!("{document}\n"));
    }
    let palette = context.palette();
    let Some(cloud) = cloud else {
        return context.print(&format!("{word}\n"));
    };
    let state = if healthy { palette.good("running") } else { palette.bad("running, but it does not answer") };
    context.print(&format!(
        "{state}  local · simulated · account {} · {}\n  AWS          {}\n  Rekognition  {}\n  OIDC issuer  {}\n",
        cloud.account,
        cloud.region,
        cloud.endpoint,
        cloud.rekognition_endpoint,
        local::issuer::url(cloud),
    ))
}

impl From<LocalError> for CliError {
    fn from(error: LocalError) -> Self {
        Self::failed(error.what, error.remedy)
    }
}
