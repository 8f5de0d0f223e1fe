//! `idvctl compliance`: what can be proven about an environment.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{CliError, Context, Exit};
use crate::compliance::{BundleError, ledger, opt_out, status, write_bundle};
use crate::identity::ledger::{LedgerEntry, Verification, verify};
use crate::model::Reading;
use crate::report::{Format, Palette, compliance_markdown, compliance_text, opt_out_text};

/// Show and prove opt-out, protection of each store, and erasures.
#[derive(Debug, Args)]
#[command(after_help = "\
UNKNOWN means that it could not be read, never that it is in order.

Examples:
  idvctl compliance status
  idvctl compliance opt-out status -e prod --format json
  idvctl compliance verify-ledger
  idvctl compliance report -e prod -o evidence/2026-11")]
pub struct ComplianceArgs {
    #[command(subcommand)]
    command: ComplianceCommand,
}

#[derive(Debug, Subcommand)]
enum ComplianceCommand {
    /// Opt-out, encryption, transport and recovery of each store, and deletions recorded.
    Status,
    /// Whether AWS may use the account's images to improve its services.
    #[command(subcommand)]
    OptOut(OptOutCommand),
    /// Check the hash chain of the ledger of erasures; exit code 3 where it is broken.
    VerifyLedger {
        /// An exported ledger (a JSON list of entries) to check instead of the environment's own.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Write report.md, report.json and a manifest of their hashes.
    Report {
        /// Folder to write to.
        #[arg(short, long, value_name = "DIR", default_value = "compliance-report")]
        output: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum OptOutCommand {
    /// YES, NO or UNKNOWN, with the policy that decides.
    Status,
}

/// Runs one of the subcommands.
pub fn run(context: &Context, args: &ComplianceArgs) -> Result<Exit, CliError> {
    match &args.command {
        ComplianceCommand::Status => run_status(context),
        ComplianceCommand::OptOut(OptOutCommand::Status) => run_opt_out(context),
        ComplianceCommand::VerifyLedger { file } => run_verify(context, file.as_deref()),
        ComplianceCommand::Report { output } => run_report(context, output),
    }
}

fn run_status(context: &Context) -> Result<Exit, CliError> {
    let environment = context.environment()?;
    let status = context.block_on(async {
        let cloud = context.cloud(&environment).await?;
        Ok(Box::pin(status(&cloud, &environment)).await)
    })?;
    print(context, &status, |palette| compliance_text(&status, palette))?;
    Ok(Exit::Done)
}

fn run_opt_out(context: &Context) -> Result<Exit, CliError> {
    let environment = context.environment()?;
    let opt_out = context.block_on(async {
        let cloud = context.cloud(&environment).await?;
        Ok(opt_out(&cloud, &environment).await)
    })?;
    print(context, &opt_out, |palette| opt_out_text(&opt_out, palette))?;
    Ok(Exit::Done)
}

fn run_verify(context: &Context, file: Option<&Path>) -> Result<Exit, CliError> {
    let entries = if let Some(file) = file {
        read_export(file)?
    } else {
        let environment = context.environment()?;
        context.block_on(async {
            let cloud = context.cloud(&environment).await?;
            Ok(ledger(&cloud, &environment).await?)
        })?
    };
    let verification = verify(&entries);
    print(context, &verification, |palette| verification_text(&verification, palette))?;
    Ok(if verification.faults.is_empty() { Exit::Done } else { Exit::Findings })
}

fn run_report(context: &Context, folder: &Path) -> Result<Exit, CliError> {
    let environment = context.environment()?;
    let (status, entries) = context.block_on(async {
        let cloud = context.cloud(&environment).await?;
        Ok(tokio::join!(Box::pin(status(&cloud, &environment)), ledger(&cloud, &environment)))
    })?;
    let verification = Reading::from(entries).map(|entries| verify(&entries));
    let written = write_bundle(folder, &status, &verification, &compliance_markdown(&status))?;
    let lines: Vec<String> = written.iter().map(|file| format!("{}  {}", file.sha256, file.path.display())).collect();
    match context.global.format {
        Format::Text => context.print(&(lines.join("\n") + "\n"))?,
        Format::Json | Format::Ndjson => {
            let files: Vec<_> = written
                .iter()
                .map(|file| serde_json::json!({"path": file.path.display().to_string(), "sha256": file.sha256}))
                .collect();
            context.print(&format!("{:#}\n", serde_json::json!({"simulated": status.simulated, "files": files})))?;
        }
    }
    Ok(Exit::Done)
}

fn read_export(file: &Path) -> Result<Vec<LedgerEntry>, CliError> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        CliError::new(Exit::Usage, format!("{} cannot be read: {error}", file.display()), "name a file that exists")
    })?;
    serde_json::from_str(&text).map_err(|error| {
        CliError::new(
            Exit::Usage,
            format!("{}:{}:{}: not an exported ledger: {error}", file.display(), error.line(), error.column()),
            "export the entries as a JSON list, each with exactly the fields of a ledger entry",
        )
    })
}

fn verification_text(verification: &Verification, palette: Palette) -> String {
    let entries = verification.entries;
    if !verification.faults.is_empty() {
        let faults: Vec<String> = verification.faults.iter().map(|fault| format!("  {fault}\n")).collect();
        let title = format!("the ledger is broken: {} in {entries} entries", verification.faults.len());
        return format!("{}\n{}", palette.bad(&title), faults.concat());
    }
    match &verification.head {
        None => format!("{}: nothing was recorded yet\n", palette.good("the ledger is empty and valid")),
        Some(head) => format!("{}: {entries} entries, head {head}\n", palette.good("the ledger is whole")),
    }
}

/// Prints one struct as text or as JSON.
fn print<T: Serialize>(context: &Context, value: &T, text: impl Fn(Palette) -> String) -> Result<(), CliError> {
    let printed = match context.global.format {
        Format::Text => text(context.palette()),
        Format::Json | Format::Ndjson => {
            serde_json::to_string_pretty(value).map(|json| json + "\n").map_err(|error| {
                CliError::failed(format!("the result cannot be written as JSON: {error}"), "report this as a defect")
            })?
        }
    };
    context.print(&printed)
}

impl From<BundleError> for CliError {
    fn from(error: BundleError) -> Self {
        Self::failed(error.to_string(), "choose another folder with -o")
    }
}
