//! `idvctl plan`: what a deployment would change.

use clap::Args;

use super::deployment::{HandlerArgs, deployment, package, watcher};
use super::{CliError, Context, Exit};
use crate::deploy::{Options, Purpose};
use crate::report::{Format, plan_json, plan_text};

/// Show what a deployment would change, and which faces are at risk. Nothing is changed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  idvctl plan                              what `idvctl deploy` would do to the local environment
  idvctl plan -e prod --exit-code          exit 5 when there are differences, for pipelines
  idvctl plan -e prod --format json | jq '.stacks[].changes[] | select(.faces_at_risk > 0)'")]
pub struct PlanArgs {
    /// Exit 5 when there is anything to change.
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    handler: HandlerArgs,
}

/// Makes change sets, prints them as one review and deletes them again.
pub fn run(context: &Context, args: &PlanArgs) -> Result<Exit, CliError> {
    let environment = context.environment()?;
    let rendered = context.rendered(&environment)?;
    let plan = context.block_on(async {
        let cloud = context.cloud(&environment).await?;
        let package = package(context, &environment, &args.handler)?;
        let options = Options { package: Some(package), issuer: context.issuer(&environment)?, ..Options::default() };
        let deployment = deployment(&cloud, &environment, rendered, options).await?;
        let plan = deployment.plan(Purpose::Review, watcher(context).as_mut()).await?;
        deployment.discard(&plan).await?;
        Ok(plan)
    })?;
    let stacks = plan.stacks();
    match context.global.format {
        Format::Text => context.print(&plan_text(&stacks, context.palette()))?,
        Format::Json | Format::Ndjson => context.print(&format!("{}\n", plan_json(&stacks)))?,
    }
    Ok(if args.exit_code && plan.has_changes() { Exit::Differences } else { Exit::Done })
}
