//! `idvctl check`: what would be refused, what should not be deployed, and how to mend it.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Args;

use super::{CliError, Context, Exit};
use crate::config::Config;
use crate::model::Environment;
use crate::policy::{PolicyError, Rules, check, rule_count};
use crate::report::{CheckReport, Format};
use crate::template::{Sources, render};

/// The columns of a line where there is no terminal to ask.
const COLUMNS: u16 = 120;

/// Check the stacks of an environment against CloudFormation's limits and the rules in policies/guard/.
#[derive(Debug, Args)]
#[command(after_help = "\
Ends with exit code 3 when there are findings at error level.

Examples:
  idvctl check                           the local environment
  idvctl check --all                     every environment of idv.yaml
  idvctl check -e prod --format json     for scripts
  idvctl check --rules policies/guard    with rules of your own")]
pub struct CheckArgs {
    /// Check every environment of the configuration.
    #[arg(long)]
    all: bool,
    /// Folder of Guard rules to use instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Folder of templates to use instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
}

/// Renders, checks and prints what was found.
pub fn run(context: &Context, args: &CheckArgs) -> Result<Exit, CliError> {
    let rules = match &args.rules {
        Some(folder) => Rules::from_folder(folder)?,
        None => Rules::built_in(),
    };
    let sources = match &args.templates {
        Some(folder) => Sources::folder(folder)?,
        None => Sources::built_in(),
    };
    let mut report =
        CheckReport { environments: vec![], resources: 0, stacks: 0, rules: rule_count(&rules), findings: vec![] };
    for environment in environments(context, args.all)? {
        let stacks = render(&environment, &sources)?;
        report.findings.extend(check(&environment, &stacks, &rules)?);
        report.environments.push(environment.name.to_string());
        report.stacks += stacks.len();
        report.resources += stacks.iter().map(|stack| count(&stack.template["Resources"])).sum::<usize>();
    }
    // What two environments share is said once.
    report.findings.sort();
    report.findings.dedup();
    report.findings.sort_by_key(|finding| finding.severity);
    print(context, &report)?;
    Ok(if report.has_errors() { Exit::Findings } else { Exit::Done })
}

fn environments(context: &Context, all: bool) -> Result<Vec<Environment>, CliError> {
    if !all {
        return Ok(vec![context.environment()?]);
    }
    let config = Config::load(context.global.config.as_deref())?;
    Ok(config.names().map(|name| config.environment(name)).collect::<Result<_, _>>()?)
}

fn count(resources: &serde_json::Value) -> usize {
    resources.as_object().map_or(0, serde_json::Map::len)
}

fn print(context: &Context, report: &CheckReport) -> Result<(), CliError> {
    let text = match context.global.format {
        Format::Text => {
            let is_terminal = io::stdout().is_terminal();
            let columns =
                if is_terminal { crossterm::terminal::size().map_or(COLUMNS, |(columns, _)| columns) } else { COLUMNS };
            report.text(context.palette(), usize::from(columns))
        }
        Format::Json | Format::Ndjson => report.json().map_err(|error| {
            CliError::failed(format!("the findings cannot be written as JSON: {error}"), "report this as a defect")
        })?,
    };
    context.print(&text)
}

impl From<PolicyError> for CliError {
    fn from(error: PolicyError) -> Self {
        Self::new(Exit::Usage, error.to_string(), error.remedy())
    }
}
