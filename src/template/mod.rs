//! From `templates/*.yaml` to CloudFormation: parse, expand, resolve, emit. Pure: the same environment and the same
//! sources give the same bytes.
//!
//! The sources are valid CloudFormation in the dialect of the transform `AWS::LanguageExtensions`, so editors and
//! cfn-lint understand them. The renderer applies the transform itself and leaves plain CloudFormation:
//!
//! 1. [`parse`]: YAML with short tags (`!Ref`) to a tree with long ones.
//! 2. [`expand`]: `Fn::ForEach`, `Fn::Length`, `Fn::ToJsonString`, `Fn::FindInMap` with a default, intrinsic functions
//!    inside `Ref` and `Fn::GetAtt`, and `AWS::Include`, by which service.yaml takes in the API, the workflow and what
//!    each role allows.
//! 3. [`conditions`]: a condition that is decided by now goes, together with what it rules out.
//! 4. [`deployments`]: an API deployment gets a name that changes with its API.
//! 5. [`parameters`]: whatever idv.yaml knows becomes the `Default` of the parameter of that name; what nothing refers
//!    to any more goes.
//!
//! Decisions that are not obvious:
//!
//! - **A loop's placeholder is replaced where AWS replaces it**: in the keys of the loop's fragment, in `Fn::Sub` and
//!   in `Ref`. AWS leaves it in every other string, without a word; here that is an error.
//! - **Parameters stay parameters.** Only what the transform needs to know (collections of loops, keys of maps) is
//!   taken from idv.yaml for good; everything else remains a `Ref` with a default that a deployment may override.
//! - **A render is for one region** where the environment names one, so a condition on `AWS::Region` is decided. The
//!   local cloud names its region when it runs; there the condition stays.
//! - **`Fn::ToJsonString` of values that only a deployment knows** becomes `Fn::Sub` around the JSON text, with each
//!   such value in quotes: as on AWS, they are strings.

mod conditions;
mod deployments;
mod emit;
mod error;
mod expand;
mod json_string;
mod origins;
mod parameters;
mod parse;
mod placeholders;
mod sources;
#[cfg(test)]
mod tests;

use crate::model::{Environment, StackKind};

pub use emit::RenderedStack;
pub use error::TemplateError;
pub use origins::Origin;
pub use sources::Sources;

use deployments::Renamed;
use error::Fault;
use expand::{Expander, Sites};
use parameters::Known;
use parse::Template;
use sources::Source;

/// Renders every stack of an environment, in the order of [`StackKind::ALL`].
pub fn render(environment: &Environment, sources: &Sources) -> Result<Vec<RenderedStack>, TemplateError> {
    let known = Known::of(environment)?;
    StackKind::ALL.into_iter().map(|kind| render_stack(kind, &known, sources)).collect()
}

fn render_stack(kind: StackKind, known: &Known, sources: &Sources) -> Result<RenderedStack, TemplateError> {
    let file = format!("{kind}.yaml");
    let source = sources.get(&file)?;
    let (template, sites, renamed) = transform(source, known, sources).map_err(|fault| fault.locate(sources))?;
    let origin = |id: &str| {
        let site = sites.get(renamed.get(id).map_or(id, String::as_str))?;
        Some((id.to_owned(), Origin::of(source, site)))
    };
    let origins = template.resource_ids().filter_map(origin).collect();
    Ok(RenderedStack { kind, template: template.into_value(), origins })
}

/// The plain template, where its resources are written, and the written ids of those that were renamed.
fn transform(source: &Source, known: &Known, sources: &Sources) -> Result<(Template, Sites, Renamed), Fault> {
    let mut template = parse::template(source)?;
    let sites = Expander::new(source, &template, known, sources).expand(&mut template)?;
    conditions::decide(&mut template, known);
    let renamed = deployments::rename(&mut template);
    parameters::write_defaults(&mut template, known);
    parameters::drop_unused(&mut template);
    Ok((template, sites, renamed))
}
