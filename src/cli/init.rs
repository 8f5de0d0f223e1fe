//! `idvctl init`: a commented configuration to start from, or its schema for editors.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{CliError, Context, Exit};
use crate::config;

/// Write a commented idv.yaml that equals the built-in defaults, or the JSON Schema of idv.yaml.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  idvctl init                               write idv.yaml
  idvctl init -c staging/idv.yaml --force   write another file, over what is there
  idvctl init --schema                      print the JSON Schema
  idvctl init --schema -o idv.schema.json   put it where the hint in idv.yaml finds it")]
pub struct InitArgs {
    /// Overwrite what is there.
    #[arg(long)]
    force: bool,
    /// Write the JSON Schema of idv.yaml instead, for completion and checks in editors.
    #[arg(long)]
    schema: bool,
    /// File to write the schema to, instead of standard output.
    #[arg(short, long, value_name = "FILE", requires = "schema")]
    output: Option<PathBuf>,
}

/// Runs the subcommand.
pub fn run(context: &Context, args: &InitArgs) -> Result<Exit, CliError> {
    if !args.schema {
        let path = context.config_path();
        write(&path, &config::sample(), args.force)?;
        context.progress(&format!("wrote {}; every value in it is the default", path.display()));
        return Ok(Exit::Done);
    }
    let schema = format!("{:#}\n", config::schema());
    match &args.output {
        None => context.print(&schema)?,
        Some(path) => {
            write(path, &schema, args.force)?;
            context.progress(&format!("wrote {}", path.display()));
        }
    }
    Ok(Exit::Done)
}

/// Writes a file that must not exist yet, unless `force` is given.
fn write(path: &Path, text: &str, force: bool) -> Result<(), CliError> {
    let mut options = OpenOptions::new();
    options.write(true).truncate(true);
    if force {
        options.create(true)
    } else {
        options.create_new(true)
    };
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => CliError::new(
            Exit::Refused,
            format!("{} exists already", path.display()),
            "name another file, or overwrite it with --force",
        ),
        _ => CliError::failed(
            format!("{} cannot be written: {error}", path.display()),
            "check the folder and its rights",
        ),
    })
}
