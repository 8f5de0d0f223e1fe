//! `idvctl destroy`: take an environment down, and say what stays.

use clap::Args;

use super::deployment::{agreed, deployment, watcher};
use super::{CliError, Context, Exit};
use crate::deploy::consent::Stakes;
use crate::deploy::{DestroyReport, Destruction, Options, RetainedResource, Store};
use crate::model::{Environment, Reading};
use crate::report::{Format, Palette};

/// Delete the environment's stacks. Collections, tables, buckets and the key stay, unless --purge is given.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  idvctl destroy                           asks for the environment's name; keeps what holds data
  idvctl destroy -e test --purge --confirm test
                                           deletes every face, item and object as well, for good")]
pub struct DestroyArgs {
    /// Delete what holds data too, with everything in it. There is no way back.
    #[arg(long)]
    purge: bool,
    /// Agree beforehand, by the environment's name.
    #[arg(long, value_name = "ENV")]
    confirm: Option<String>,
}

/// Deletes the stacks in reverse order and prints what stays.
pub fn run(context: &Context, args: &DestroyArgs) -> Result<Exit, CliError> {
    let environment = context.environment()?;
    let rendered = context.rendered(&environment)?;
    let report = context.block_on(async {
        let cloud = context.cloud(&environment).await?;
        let deployment = deployment(&cloud, &environment, rendered, Options::default()).await?;
        let destruction = deployment.survey().await?;
        if destruction.is_empty() {
            return Ok(None);
        }
        context.progress(&announcement(&destruction, args.purge));
        let what = question(&environment, args.purge);
        agreed(context, &environment, Stakes::Loss, args.confirm.as_deref(), &what)?;
        Ok(Some(deployment.destroy(destruction, args.purge, watcher(context).as_mut()).await?))
    })?;
    match (report, context.global.format) {
        (None, Format::Text) => context.print(&format!("Environment `{}` does not exist.\n", environment.name))?,
        (Some(report), Format::Text) => context.print(&report_text(&report, context.palette()))?,
        (report, Format::Json | Format::Ndjson) => {
            let report = report.unwrap_or(DestroyReport { deleted: vec![], retained: vec![], purged: vec![] });
            let json = serde_json::to_string(&report);
            context.print(&format!("{}\n", json.map_err(|error| CliError::failed(error.to_string(), ""))?))?;
        }
    }
    Ok(Exit::Done)
}

fn question(environment: &Environment, purge: bool) -> String {
    let and = if purge { " with everything that it holds" } else { "" };
    format!("environment `{}` would be destroyed{and}", environment.name)
}

fn announcement(destruction: &Destruction, purge: bool) -> String {
    let stacks: Vec<&str> = destruction.stacks().iter().rev().map(|kind| kind.name()).collect();
    let fate = if purge { "deleted for good" } else { "kept" };
    let stacks = if stacks.is_empty() { "none".to_owned() } else { stacks.join(", ") };
    let holdings = destruction.holdings.iter().map(|resource| {
        let fate = if resource.store == Store::Key { "kept" } else { fate };
        format!("  {fate}: {}", resource_text(resource))
    });
    let heading = format!("Stacks to be deleted: {stacks}");
    std::iter::once(heading).chain(holdings).collect::<Vec<String>>().join("\n")
}

fn resource_text(resource: &RetainedResource) -> String {
    let holds = match (resource.store, &resource.holding.count) {
        (Store::Key, _) => String::new(),
        (store, Reading::Known(0)) => format!("  no {}", store.unit()),
        (store, Reading::Known(count)) => format!("  {count} {}", store.unit()),
        (store, Reading::Unknown(why)) => format!("  {} UNKNOWN: {why}", store.unit()),
    };
    let hidden = match resource.holding.hidden {
        0 => String::new(),
        hidden => format!(", {hidden} older versions and delete markers"),
    };
    format!("{:<10}  {}{holds}{hidden}", resource.store.name(), resource.name)
}

fn report_text(report: &DestroyReport, palette: Palette) -> String {
    let names: Vec<&str> = report.deleted.iter().map(|kind| kind.name()).collect();
    let mut lines = vec![match names.as_slice() {
        [] => "No stack was left to delete.".to_owned(),
        names => format!("Deleted: {}.", names.join(", ")),
    }];
    let indented = |resource: &RetainedResource| format!("  {}", resource_text(resource));
    if !report.purged.is_empty() {
        lines.push("Gone for good, each looked for afterwards:".to_owned());
        lines.extend(report.purged.iter().map(indented));
    }
    if !report.retained.is_empty() {
        lines.push(palette.warn("Still there:"));
        lines.extend(report.retained.iter().map(indented));
    }
    for key in report.retained.iter().filter(|resource| resource.store == Store::Key) {
        lines.push(
            "Without the key nothing that it encrypted can be read again. To delete it, after 7 to 30 days of grace:"
                .to_owned(),
        );
        lines.push(format!("  aws kms schedule-key-deletion --key-id {} --pending-window-in-days 30", key.name));
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::Holding;
    use crate::model::StackKind;

    fn resource(store: Store, name: &str, count: Reading<u64>, hidden: u64) -> RetainedResource {
        RetainedResource { store, name: name.to_owned(), holding: Holding { count, hidden } }
    }

    #[test]
    fn what_stays_is_named_with_what_it_still_holds() {
        let report = DestroyReport {
            deleted: vec![StackKind::Monitoring, StackKind::Service, StackKind::Data],
            retained: vec![
                resource(Store::Collection, "idv-test-registered-00", Reading::Known(4_812), 0),
                resource(Store::Table, "idv-test-faces", Reading::unknown("DynamoDB Scan: AccessDenied"), 0),
                resource(Store::Bucket, "idv-test-images", Reading::Known(0), 12),
                resource(Store::Key, "1234-5678", Reading::unknown(""), 0),
            ],
            purged: vec![],
        };
        insta::assert_snapshot!(report_text(&report, Palette::PLAIN));
    }
}
