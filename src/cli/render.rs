//! `idvctl render`: the templates as plain CloudFormation.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{CliError, Context, Exit};
use crate::model::Environment;
use crate::report::Format;
use crate::template::{RenderedStack, Sources, TemplateError, render};
use crate::yaml::{self, YamlError};

/// The largest template that CloudFormation takes inline, bytes; larger ones are uploaded first.
const INLINE_LIMIT: usize = 51_200;

/// Render the stacks of an environment as plain CloudFormation.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  idvctl render                      all stacks of the local environment to standard output
  idvctl render -e prod -o build     build/data.json, build/service.json, …
  idvctl render -o build --yaml      the same as YAML, for reading")]
pub struct RenderArgs {
    /// Folder to write one file per stack to; standard output when left out.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Write YAML, for reading. Deployments always use JSON.
    #[arg(long)]
    yaml: bool,
    /// Folder of templates to use instead of the built-in ones.
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
}

/// What was rendered, one line per stack.
#[derive(Debug, Serialize)]
struct Summary {
    stack: String,
    resources: usize,
    /// Of the deployed form, JSON without blanks.
    bytes: usize,
    inline: bool,
    required_parameters: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
}

/// Renders, and prints or writes the result.
pub fn run(context: &Context, args: &RenderArgs) -> Result<Exit, CliError> {
    let environment = context.environment()?;
    let sources = match &args.templates {
        Some(folder) => Sources::folder(folder)?,
        None => Sources::built_in(),
    };
    let stacks = render(&environment, &sources)?;
    let Some(folder) = &args.output else {
        context.print(&together(&stacks, &environment, args.yaml)?)?;
        for summary in stacks.iter().map(|stack| summarise(stack, &environment, None)) {
            context.progress(&summary.line());
        }
        return Ok(Exit::Done);
    };
    let mut summaries = Vec::new();
    for stack in &stacks {
        let file = write(stack, folder, args.yaml)?;
        summaries.push(summarise(stack, &environment, Some(file)));
    }
    let text = match context.global.format {
        Format::Text => summaries.iter().map(|summary| summary.line() + "\n").collect(),
        Format::Json | Format::Ndjson => format!("{}\n", serde_json::json!({ "stacks": summaries })),
    };
    context.print(&text)?;
    Ok(Exit::Done)
}

/// All stacks in one document, by stack name.
fn together(stacks: &[RenderedStack], environment: &Environment, as_yaml: bool) -> Result<String, CliError> {
    let entry = |stack: &RenderedStack| (stack.kind.stack_name(environment), stack.template.clone());
    let document = Value::Object(stacks.iter().map(entry).collect::<Map<_, _>>());
    if as_yaml { Ok(yaml::write(&document)?) } else { Ok(format!("{document:#}\n")) }
}

fn write(stack: &RenderedStack, folder: &Path, as_yaml: bool) -> Result<PathBuf, CliError> {
    let (text, extension) = if as_yaml { (stack.yaml()?, "yaml") } else { (stack.pretty(), "json") };
    let file = folder.join(format!("{}.{extension}", stack.kind));
    std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, text)).map_err(|error| {
        CliError::failed(format!("{} cannot be written: {error}", file.display()), "choose another folder with -o")
    })?;
    Ok(file)
}

fn summarise(stack: &RenderedStack, environment: &Environment, file: Option<PathBuf>) -> Summary {
    let bytes = stack.body().len();
    Summary {
        stack: stack.kind.stack_name(environment),
        resources: stack.resources().count(),
        bytes,
        inline: bytes <= INLINE_LIMIT,
        required_parameters: stack.required_parameters().into_iter().map(str::to_owned).collect(),
        file,
    }
}

impl Summary {
    fn line(&self) -> String {
        let share = self.bytes * 100 / INLINE_LIMIT;
        let file = self.file.as_ref().map_or_else(String::new, |file| format!("  {}", file.display()));
        format!(
            "{:<32} {:>3} resources  {:>6} bytes, {share} % of what CloudFormation takes inline{file}",
            self.stack, self.resources, self.bytes
        )
    }
}

impl From<TemplateError> for CliError {
    fn from(error: TemplateError) -> Self {
        Self::new(Exit::Usage, error.to_string(), error.remedy)
    }
}

impl From<YamlError> for CliError {
    fn from(error: YamlError) -> Self {
        Self::failed(format!("the template cannot be written as YAML: {error}"), "write it as JSON, without --yaml")
    }
}
