//! What `plan`, `deploy` and `destroy` have in common: the deployment that the options describe, who watches it, and
//! asking for the environment's name.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;

use clap::Args;

use super::progress::{LiveTree, Ndjson, PlainLines};
use super::{CliError, Context, Exit};
use crate::aws::{Cloud, sts};
use crate::deploy::consent::{Consent, Stakes, Verdict, judge};
use crate::deploy::watch::Watcher;
use crate::deploy::{DeployError, Deployment, Options, Package, PackageError, Runtime, Search};
use crate::local;
use crate::model::{Environment, Finding, Severity, Target};
use crate::policy::{Rules, check};
use crate::report::Format;
use crate::template::{RenderedStack, Sources, render};

/// Options about the Lambda program.
#[derive(Debug, Clone, Args)]
pub struct HandlerArgs {
    /// The Lambda program; without it, it is built from the checkout or found beside idvctl.
    #[arg(long, env = "IDVCTL_HANDLER", value_name = "FILE")]
    pub handler: Option<PathBuf>,
}

/// The Lambda program of an environment, built where that is needed.
pub(super) fn package(context: &Context, environment: &Environment, args: &HandlerArgs) -> Result<Package, CliError> {
    let program = std::env::current_exe().map_err(|error| {
        CliError::failed(format!("this program cannot find itself: {error}"), "name the Lambda program with --handler")
    })?;
    let search = Search {
        named: args.handler.clone(),
        program,
        manifest_folder: std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from),
    };
    let runtime = match environment.target {
        Target::Local => Runtime::ThisMachine,
        Target::Aws(_) => Runtime::Lambda(environment.architecture),
    };
    Ok(Package::make(&search, runtime, &mut |line| context.progress(&format!("  {line}")))?)
}

/// The deployment of rendered stacks to a cloud, whose account and region are asked for.
pub(super) async fn deployment(
    cloud: &Cloud,
    environment: &Environment,
    rendered: Vec<RenderedStack>,
    options: Options,
) -> Result<Deployment, CliError> {
    let place = sts::place(cloud).await?;
    Ok(Deployment::new(cloud, place, environment, rendered, options))
}

/// Who watches: a tree on a terminal, lines in a pipe, objects for a script.
pub(super) fn watcher(context: &Context) -> Box<dyn Watcher> {
    if context.global.format == Format::Ndjson {
        return Box::new(Ndjson::new(io::stdout()));
    }
    if context.global.quiet {
        return Box::new(());
    }
    if io::IsTerminal::is_terminal(&io::stderr()) {
        return Box::new(LiveTree::new(io::stderr(), context.error_palette()));
    }
    Box::new(PlainLines::new(io::stderr()))
}

/// Makes sure that somebody agreed; `what` is what would happen, and was printed before.
pub(super) fn agreed(
    context: &Context,
    environment: &Environment,
    stakes: Stakes,
    confirm: Option<&str>,
    what: &str,
) -> Result<(), CliError> {
    let consent = Consent { yes: context.global.yes, confirm, interactive: context.is_interactive() };
    let refused = |what: String| {
        let remedy =
            format!("read what would be lost; to go on without a question, add `--confirm {}`", environment.name);
        CliError::new(Exit::Refused, what, remedy)
    };
    match (judge(stakes, consent, environment), confirm) {
        (Verdict::Agreed, _) => Ok(()),
        (Verdict::Refused, Some(named)) => {
            Err(refused(format!("`--confirm {named}` names another environment than `{}`", environment.name)))
        }
        (Verdict::Refused, None) => Err(refused(format!("{what}, and nobody agreed to it"))),
        (Verdict::Ask, _) => {
            if typed(&format!("{what}. Type the name of the environment to go on: "))? == environment.name.as_str() {
                Ok(())
            } else {
                Err(refused(format!("{what}, and the name that was typed is not `{}`", environment.name)))
            }
        }
    }
}

fn typed(question: &str) -> Result<String, CliError> {
    let broken = |error: io::Error| CliError::failed(format!("the terminal cannot be read: {error}"), "use --confirm");
    let mut terminal = io::stderr();
    write!(terminal, "{question}").and_then(|()| terminal.flush()).map_err(broken)?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(broken)?;
    Ok(answer.trim().to_owned())
}

/// What the deployment takes from other rooms.
impl Context {
    /// The environment's stacks, rendered.
    pub(super) fn rendered(&self, environment: &Environment) -> Result<Vec<RenderedStack>, CliError> {
        let rendered = render(environment, &Sources::built_in())?;
        for stack in &rendered {
            self.detail(|| format!("rendered {}: {} resources", stack.kind, stack.resources().count()));
        }
        Ok(rendered)
    }

    /// Refuses to go on where the rendered stacks break a rule at error level.
    pub(super) fn checked(&self, environment: &Environment, rendered: &[RenderedStack]) -> Result<(), CliError> {
        let findings = check(environment, rendered, &Rules::built_in())?;
        let errors: Vec<&Finding> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        for error in &errors {
            let line = error.line.map(|line| format!(":{line}")).unwrap_or_default();
            self.progress(&format!("{}{line}: {} {}: {}", error.file, error.rule, error.resource, error.message));
        }
        self.detail(|| format!("checked: {} findings, {} at error level", findings.len(), errors.len()));
        if errors.is_empty() {
            return Ok(());
        }
        let what = format!("{} findings at error level forbid the deployment", errors.len());
        Err(CliError::new(Exit::Findings, what, "run `idvctl check` for the remedy of each"))
    }

    /// The OIDC issuer that the templates cannot know: the local cloud's own, where `idv.yaml` names none.
    pub(super) fn issuer(&self, environment: &Environment) -> Result<Option<String>, CliError> {
        match (&environment.auth.issuer, &environment.target) {
            (None, Target::Local) => Ok(Some(local::issuer::url(&local::running(&self.local_folder())?))),
            (named, _) => Ok(named.clone()),
        }
    }
}

impl From<PackageError> for CliError {
    fn from(error: PackageError) -> Self {
        let remedy = error.remedy();
        Self::failed(error.to_string(), remedy)
    }
}

impl From<DeployError> for CliError {
    fn from(error: DeployError) -> Self {
        match error {
            DeployError::Cloud(error) => error.into(),
            DeployError::UnseenLoss { .. } => Self::new(Exit::Refused, error.to_string(), error.remedy()),
            error => Self::failed(error.to_string(), error.remedy()),
        }
    }
}
