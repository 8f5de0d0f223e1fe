//! The command line: one file per subcommand, nothing but glue in each.

mod check;
mod completions;
mod compliance;
mod context;
mod dashboard;
mod deploy;
mod deployment;
mod destroy;
mod exit;
mod init;
mod liveness;
mod local;
mod plan;
mod portrait;
mod progress;
mod render;
mod status;
#[cfg(test)]
mod tests;
mod token;
mod traffic;
mod up;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

pub use context::Context;
pub use exit::{CliError, Exit};

use crate::report::{Color, Format};

/// Render, check, deploy and watch the identity verification reference architecture on Amazon Rekognition.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options that every subcommand takes.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Environment of idv.yaml to work on.
    #[arg(short, long = "env", global = true, env = "IDV_ENV", default_value = "local", value_name = "ENV")]
    pub environment: String,
    /// Configuration file; built-in defaults are used when it does not exist and was not named.
    #[arg(short, long, global = true, env = "IDV_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How results are written to standard output.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Answer yes to every question; what would be lost on AWS must be agreed to by name, with --confirm.
    #[arg(short, long, global = true)]
    pub yes: bool,
    /// Only results and errors, no progress.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// More about what is done.
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::InitArgs),
    Render(render::RenderArgs),
    Check(check::CheckArgs),
    Plan(plan::PlanArgs),
    Deploy(deploy::DeployArgs),
    Up(up::UpArgs),
    Dashboard(dashboard::DashboardArgs),
    Status(status::StatusArgs),
    Destroy(destroy::DestroyArgs),
    Compliance(compliance::ComplianceArgs),
    Local(local::LocalArgs),
    Token(token::TokenArgs),
    Portrait(portrait::PortraitArgs),
    Traffic(traffic::TrafficArgs),
    Completions(completions::CompletionsArgs),
}

/// Parses the command line, runs the subcommand and prints its error, if any.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to standard output and are no failure; clap knows which is which.
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            return if error.print().is_ok() { exit.into() } else { Exit::Failed.into() };
        }
    };
    let context = Context::new(cli.global);
    match dispatch(&context, cli.command) {
        Ok(exit) => exit.into(),
        Err(error) => {
            context.print_error(&error);
            error.exit.into()
        }
    }
}

fn dispatch(context: &Context, command: Command) -> Result<Exit, CliError> {
    match command {
        Command::Init(args) => init::run(context, &args),
        Command::Check(args) => check::run(context, &args),
        Command::Compliance(args) => compliance::run(context, &args),
        Command::Plan(args) => plan::run(context, &args),
        Command::Deploy(args) => deploy::run(context, &args),
        Command::Destroy(args) => destroy::run(context, &args),
        Command::Up(args) => up::run(context, &args),
        Command::Render(args) => render::run(context, &args),
        Command::Local(args) => local::run(context, &args),
        Command::Token(args) => token::run(context, &args),
        Command::Portrait(args) => portrait::run(context, &args),
        Command::Completions(args) => completions::run(context, &args),
        Command::Traffic(args) => traffic::run(context, &args),
        Command::Dashboard(args) => dashboard::run(context, &args),
        Command::Status(args) => status::run(context, &args),
    }
}
