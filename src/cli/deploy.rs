//! `idvctl deploy`: plan, agree, package, apply, watch.

use clap::Args;

use super::deployment::{HandlerArgs, agreed, deployment, package, watcher};
use super::{CliError, Context, Exit};
use crate::aws::Cloud;
use crate::deploy::consent::stakes;
use crate::deploy::{DeployReport, Options, Plan, Purpose};
use crate::model::Environment;
use crate::policy::DATA_STACK_POLICY;
use crate::report::{Format, Palette, plan_text};

/// Deploy the environment: data, then service, then monitoring and governance.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  idvctl deploy                            the local environment
  idvctl deploy -e prod                    follows every resource; asks first where data would be lost
  idvctl deploy -e prod --confirm prod     the same in a pipeline, agreed to beforehand
  idvctl deploy --format ndjson            one JSON object per event, then the result")]
pub struct DeployArgs {
    /// Agree beforehand, by the environment's name, to whatever would be lost.
    #[arg(long, value_name = "ENV")]
    confirm: Option<String>,
    #[command(flatten)]
    handler: HandlerArgs,
}

/// Deploys and prints what was done.
pub fn run(context: &Context, args: &DeployArgs) -> Result<Exit, CliError> {
    let environment = context.environment()?;
    let report = context.block_on(async {
        let cloud = context.cloud(&environment).await?;
        deploy(context, &environment, &cloud, args).await
    })?;
    match context.global.format {
        Format::Text => context.print(&report_text(&report, context.palette()))?,
        Format::Json | Format::Ndjson => {
            let json = serde_json::to_string(&report);
            context.print(&format!("{}\n", json.map_err(|error| CliError::failed(error.to_string(), ""))?))?;
        }
    }
    Ok(Exit::Done)
}

/// Deploys an environment to a cloud that is there: the part that `idvctl up` shares.
pub(super) async fn deploy(
    context: &Context,
    environment: &Environment,
    cloud: &Cloud,
    args: &DeployArgs,
) -> Result<DeployReport, CliError> {
    let rendered = context.rendered(environment)?;
    context.checked(environment, &rendered)?;
    let package = package(context, environment, &args.handler)?;
    let options = Options {
        package: Some(package),
        issuer: context.issuer(environment)?,
        stack_policy: Some(DATA_STACK_POLICY.to_owned()),
    };
    let deployment = deployment(cloud, environment, rendered, options).await?;
    let mut watcher = watcher(context);
    let plan = deployment.plan(Purpose::Deploy, watcher.as_mut()).await?;
    let agreed = agree(context, environment, &plan, args.confirm.as_deref());
    if let Err(refusal) = agreed {
        deployment.discard(&plan).await?;
        return Err(refusal);
    }
    Ok(deployment.run(plan, watcher.as_mut()).await?)
}

fn agree(context: &Context, environment: &Environment, plan: &Plan, confirm: Option<&str>) -> Result<(), CliError> {
    if !plan.has_changes() {
        return Ok(());
    }
    let losses = plan.losses();
    let what = if losses.is_empty() {
        format!("environment `{}` is protected and would be changed", environment.name)
    } else {
        // Only what may be lost is worth holding up for; everything else is told while it happens.
        context.progress(&plan_text(&plan.stacks(), context.error_palette()));
        let names: Vec<&str> = losses.iter().map(|loss| loss.resource.as_str()).collect();
        format!("{} of environment `{}` would be removed or replaced", names.join(", "), environment.name)
    };
    agreed(context, environment, stakes(environment, !losses.is_empty()), confirm, &what)
}

/// What a deployment did, for people.
pub(super) fn report_text(report: &DeployReport, palette: Palette) -> String {
    if !report.has_changes() {
        return "Nothing to change: every stack is as its template says.\n".to_owned();
    }
    let stacks = report.stacks.iter().map(|stack| {
        let name = palette.strong(&format!("{:<24}", stack.name));
        format!("{name} {:<10} {:.1} s\n", stack.result.name(), stack.millis as f64 / 1_000.0)
    });
    let outputs = report.stacks.iter().flat_map(|stack| &stack.outputs);
    let outputs = outputs.map(|(name, value)| format!("  {name:<24} {value}\n"));
    stacks.chain(outputs).collect::<Vec<String>>().concat()
}
