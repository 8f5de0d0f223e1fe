//! `idvctl up`: the whole road. Local cloud, check, deployment, traffic, dashboard.

use std::fmt::Write as _;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::dashboard::{self, DashboardArgs};
use super::deploy::{DeployArgs, deploy};
use super::token::{self, duration};
use super::{CliError, Context, Exit, local, traffic};
use crate::deploy::DeployReport;
use crate::model::Environment;
use crate::observe::{Snapshot, Window};
use crate::report::Format;

/// Visits per second where no rate is given: enough for a picture, far from any quota.
const RATE: &str = "5";
/// Longest wait for the metrics of traffic that has just ended.
const SETTLING: Duration = Duration::from_secs(10);
/// Pause between two looks at them.
const LOOKING: Duration = Duration::from_millis(500);

/// Deploy the environment and open the dashboard on it; start the local cloud first where it is needed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  idvctl up                            everything on this machine, then the dashboard
  idvctl up --traffic                  the same, with visitors
  idvctl up --traffic 30s < /dev/null  no dashboard: prints addresses, a curl to paste and a snapshot
  idvctl up -e prod                    an AWS account: asks where something would be lost

Running it again changes nothing and says so. The local cloud stays up: stop it with `idvctl local stop`.")]
pub struct UpArgs {
    /// Send visitors through the API, for this long: a number with s, m, h or d.
    #[arg(long, value_name = "TIME", num_args = 0..=1, default_missing_value = "10m", value_parser = duration)]
    traffic: Option<Duration>,
    /// Visits per second.
    #[arg(long, value_name = "N", default_value = RATE, value_parser = traffic::rate, requires = "traffic")]
    rate: f64,
    #[command(flatten)]
    deploy: DeployArgs,
    #[command(flatten)]
    dashboard: DashboardArgs,
}

/// Runs the subcommand.
pub fn run(context: &Context, args: &UpArgs) -> Result<Exit, CliError> {
    let environment = context.environment()?;
    if environment.is_simulated() {
        local::started(context, &context.local_folder())?;
    }
    let report = context.block_on(async {
        let cloud = context.cloud(&environment).await?;
        deploy(context, &environment, &cloud, &args.deploy).await
    })?;
    context.progress(summary(&report).as_str());
    let traffic =
        args.traffic.map(|lasting| traffic::prepare(context, &environment, None, args.rate, lasting)).transpose()?;
    if context.is_interactive() && context.global.format == Format::Text && !args.dashboard.once {
        if let Some(traffic) = traffic {
            // The dashboard shows how it goes; leaving the dashboard ends it with this process.
            std::thread::spawn(move || traffic.run(&mut |_, _| ()));
        }
        return dashboard::run(context, &args.dashboard);
    }
    let before = traffic.is_some().then(|| snapshot(context, &environment, args.dashboard.window, None)).transpose()?;
    let sent = traffic.map(|traffic| traffic::send(context, &traffic)).transpose()?;
    let snapshot = snapshot(context, &environment, args.dashboard.window, before.as_ref())?;
    let visit = Visit::new(context, &environment, &snapshot)?;
    match context.global.format {
        Format::Text => {
            let traffic = sent.as_ref().map(|sent| format!("\nTraffic\n{}", traffic::table(sent))).unwrap_or_default();
            let text = format!("{}{traffic}{}{}", snapshot.to_text(), outputs(&report), visit.text());
            context.print(&text)?;
        }
        Format::Json | Format::Ndjson => {
            let document = json!({
                "deployment": report,
                "traffic": sent.as_ref().map(traffic::document),
                "curl": visit.curl,
                "snapshot": snapshot.to_json(),
            });
            context.print(&format!("{document}\n"))?;
        }
    }
    // Refusals belong to the mix; answers that are no answers do not.
    Ok(if sent.is_some_and(|sent| sent.failed() > 0) { Exit::Failed } else { Exit::Done })
}

/// A snapshot; after traffic, before which another was taken, the first one that has seen it, since metrics arrive a
/// moment after the calls.
fn snapshot(
    context: &Context,
    environment: &Environment,
    window: Window,
    before: Option<&Snapshot>,
) -> Result<Snapshot, CliError> {
    let has_seen = |snapshot: &Snapshot, before: &Snapshot| {
        let began = before.generated_at;
        snapshot.calls_since(began) > before.calls_since(began)
    };
    context.block_on(async {
        let source = dashboard::source(context, environment, window).await?;
        let began = tokio::time::Instant::now();
        loop {
            let snapshot = source.whole_snapshot().await;
            if before.is_none_or(|before| has_seen(&snapshot, before)) || began.elapsed() > SETTLING {
                return Ok(snapshot);
            }
            tokio::time::sleep(LOOKING).await;
        }
    })
}

/// What was done, in one line.
fn summary(report: &DeployReport) -> String {
    if !report.has_changes() {
        return "Nothing to change: every stack is as its template says.".to_owned();
    }
    let stacks: Vec<String> =
        report.stacks.iter().map(|stack| format!("{} {}", stack.name, stack.result.name())).collect();
    stacks.join(", ")
}

fn outputs(report: &DeployReport) -> String {
    let width = report.stacks.iter().flat_map(|stack| stack.outputs.keys()).map(String::len).max().unwrap_or(0);
    let mut text = String::from("\nOutputs\n");
    for (name, value) in report.stacks.iter().flat_map(|stack| &stack.outputs) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name:<width$}  {value}");
    }
    text
}

/// A first call of the API, ready to paste.
struct Visit {
    curl: Option<String>,
    simulated: bool,
}

impl Visit {
    fn new(context: &Context, environment: &Environment, snapshot: &Snapshot) -> Result<Self, CliError> {
        let simulated = environment.is_simulated();
        let Some(api) = snapshot.api_url.known().and_then(Option::as_ref) else {
            return Ok(Self { curl: None, simulated });
        };
        let token = match traffic::enabled_tenant(environment) {
            Some(tenant) if simulated && environment.auth.issuer.is_none() => {
                token::issue(context, environment, &tenant, "kyc:read kyc:create", Duration::from_hours(1))?
            }
            _ => "$TOKEN".to_owned(),
        };
        let curl = format!("curl -H \"Authorization: Bearer {token}\" {api}/kyc/facematch/collections/status");
        Ok(Self { curl: Some(curl), simulated })
    }

    fn text(&self) -> String {
        let Some(curl) = &self.curl else {
            return String::new();
        };
        let mut text = format!("\nCall the API\n  {curl}\n");
        if self.simulated {
            text.push_str(
                "\nThe local cloud keeps running: `idvctl dashboard` to watch it, `idvctl local stop` to end it.\n",
            );
        }
        text
    }
}
