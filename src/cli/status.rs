//! `idvctl status`: one snapshot of an environment, as text or as JSON.

use clap::Args;

use super::dashboard::source;
use super::{CliError, Context, Exit};
use crate::observe::Window;
use crate::report::Format;

/// Show how an environment is: stacks, collections, alarms, latency, business numbers, and what is wrong.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  idvctl status                       the local environment, last hour
  idvctl status -e prod --window 1d   production, last day
  idvctl status --format json | jq '.collections[] | {id, faces, model_version}'

A value that is not known is null in JSON; the object's \"why\" tells the reason by the value's name.")]
pub struct StatusArgs {
    /// How far metrics look back, from 5m to 14d.
    #[arg(long, default_value_t = Window::HOUR, value_name = "TIME")]
    pub window: Window,
}

/// Runs the subcommand.
pub fn run(context: &Context, args: &StatusArgs) -> Result<Exit, CliError> {
    let environment = context.environment()?;
    let snapshot =
        context.block_on(async { Ok(source(context, &environment, args.window).await?.whole_snapshot().await) })?;
    match context.global.format {
        Format::Text => context.print(&snapshot.to_text())?,
        Format::Json => context.print(&format!("{:#}\n", snapshot.to_json()))?,
        Format::Ndjson => context.print(&format!("{}\n", snapshot.to_json()))?,
    }
    Ok(Exit::Done)
}
