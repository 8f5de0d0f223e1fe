//! `idvctl traffic`: a busy day for the local cloud.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::token::{duration, issue};
use super::{CliError, Context, Exit};
use crate::local;
use crate::local::traffic::{MAX_RATE, Summary, Traffic, TrafficError};
use crate::model::{CollectionRole, Environment, StackKind, TenantId};
use crate::report::Format;

/// Tokens outlive the traffic by this much.
const TOKEN_MARGIN: Duration = Duration::from_mins(10);

/// Send registrations, authentications and searches of people who do not exist through the API of the local cloud.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  idvctl traffic                                 five visits a second for half a minute
  idvctl traffic --rate 20 --for 10m             something to see on the dashboard
  idvctl traffic --for 1m --format json          counts and times per route for a script

Most visits go well; some bring sunglasses, darkness, somebody else's document, a picture held before the camera, nonsense
or a token that may not. A visit is one request or a few, each counted. Only the local cloud is ever a target: drawn portraits mean nothing to Rekognition itself.")]
pub struct TrafficArgs {
    /// Visits per second, up to 200.
    #[arg(long, value_name = "N", default_value = "5", value_parser = rate)]
    rate: f64,
    /// How long: a number with s, m, h or d.
    #[arg(long = "for", value_name = "TIME", default_value = "30s", value_parser = duration)]
    duration: Duration,
    /// Customer of the Face Matching API that the visits belong to; the first enabled one where none is named.
    #[arg(long, value_name = "TENANT", value_parser = |text: &str| TenantId::new(text))]
    tenant: Option<TenantId>,
    /// The same seed sends the same visits.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// Runs the subcommand.
pub fn run(context: &Context, args: &TrafficArgs) -> Result<Exit, CliError> {
    let environment = context.environment()?;
    if !environment.is_simulated() {
        return Err(CliError::new(
            Exit::Refused,
            format!("environment {} runs on AWS; drawn portraits are no traffic for it", environment.name),
            "use the local environment: idvctl traffic --env local",
        ));
    }
    let mut traffic = prepare(context, &environment, args.tenant.as_ref(), args.rate, args.duration)?;
    if let Some(seed) = args.seed {
        traffic.seed = seed;
    }
    let summary = send(context, &traffic)?;
    if context.global.format == Format::Text {
        context.print(&table(&summary))?;
    } else {
        context.print(&format!("{}\n", document(&summary)))?;
    }
    Ok(if summary.failed() == 0 { Exit::Done } else { Exit::Failed })
}

/// A rate that can be kept: from one visit in a hundred seconds to the most that is allowed.
pub(super) fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| (0.01..=MAX_RATE).contains(rate));
    rate.ok_or_else(|| format!("`{text}` is no rate: write a number of visits per second, from 0.01 to {MAX_RATE}"))
}

/// The traffic of an environment: where to, and with which tokens.
pub(super) fn prepare(
    context: &Context,
    environment: &Environment,
    named: Option<&TenantId>,
    rate: f64,
    duration: Duration,
) -> Result<Traffic, CliError> {
    let tenant = tenant(environment, named)?;
    let fraudulent = environment.collections.iter().find(|one| one.role == CollectionRole::Fraudulent);
    let token = |scope: &str| issue(context, environment, &tenant, scope, duration + TOKEN_MARGIN);
    Ok(Traffic {
        api_url: api_url(context, environment)?,
        token: token("kyc:read kyc:create")?,
        powerless_token: token("none")?,
        simulator_url: local::running(&context.local_folder())?.rekognition_endpoint,
        fraudulent_collection: fraudulent.map_or_else(String::new, |collection| collection.id.to_string()),
        rate,
        duration,
        seed: fastrand::u64(..),
    })
}

/// Sends the traffic, with one line of progress that is rewritten where a person watches.
pub(super) fn send(context: &Context, traffic: &Traffic) -> Result<Summary, CliError> {
    let watched = std::io::stderr().is_terminal() && !context.global.quiet;
    let summary = traffic.run(&mut |summary, passed| {
        if watched {
            let passed = passed.as_secs_f64();
            eprint!(
                "\r{passed:6.1} s  {} sent, {} failed, {} skipped ",
                summary.sent(),
                summary.failed(),
                summary.skipped
            );
            // A progress line that does not appear is no reason to stop.
            let _ = std::io::stderr().flush();
        }
    });
    if watched {
        eprintln!();
    }
    summary.map_err(|error| {
        let remedy = match error {
            TrafficError::NotLocal(_) => "deploy the local environment with `idvctl up`",
            TrafficError::Rate(_) => "choose another --rate",
        };
        CliError::new(Exit::Usage, error.to_string(), remedy)
    })
}

/// The API's address on the local cloud, from the outputs of the deployed service stack.
fn api_url(context: &Context, environment: &Environment) -> Result<String, CliError> {
    let stack = StackKind::Service.stack_name(environment);
    let missing = || CliError::failed(format!("stack {stack} has no API yet"), "deploy it first with `idvctl up`");
    context.block_on(async {
        let cloud = context.cloud(environment).await?;
        let facts = cloud.stack(&stack).await?.ok_or_else(missing)?;
        cloud.api_url(&facts.outputs).ok_or_else(missing)
    })
}

fn tenant(environment: &Environment, named: Option<&TenantId>) -> Result<TenantId, CliError> {
    named.cloned().or_else(|| enabled_tenant(environment)).ok_or_else(|| {
        let what = format!("environment {} has no enabled tenant to send traffic for", environment.name);
        CliError::new(Exit::Usage, what, "enable one under tenants in idv.yaml, or name one with --tenant")
    })
}

/// The first tenant that may use face matching.
pub(super) fn enabled_tenant(environment: &Environment) -> Option<TenantId> {
    environment.tenants.iter().find(|(_, settings)| settings.enabled).map(|(tenant, _)| tenant.clone())
}

/// What came back, for scripts.
pub(super) fn document(summary: &Summary) -> Value {
    json!({
        "visits": summary.visits, "sent": summary.sent(), "skipped": summary.skipped, "failed": summary.failed(),
        "routes": summary.routes(),
    })
}

/// What came back, for people.
pub(super) fn table(summary: &Summary) -> String {
    let mut text = format!(
        "{:<40}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>10}{:>10}\n",
        "route", "sent", "2xx", "4xx", "429", "5xx", "none", "p50 ms", "p99 ms"
    );
    let time = |time: Option<f64>| time.map_or_else(|| "—".to_owned(), |time| format!("{time:.1}"));
    for route in summary.routes() {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:<40}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>10}{:>10}",
            route.route,
            route.sent,
            route.succeeded,
            route.refused,
            route.throttled,
            route.failed,
            route.unanswered,
            time(route.p50_ms),
            time(route.p99_ms),
        );
    }
    if summary.skipped > 0 {
        let _ = writeln!(text, "{} visits were skipped: the API was slower than the pace", summary.skipped);
    }
    text
}
