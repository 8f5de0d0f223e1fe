use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use clap::error::ErrorKind;

use super::Cli;

/// Whoever is told to run a command at night must not get a usage error.
#[test]
fn every_command_that_is_named_anywhere_exists() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let this = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/tests.rs");
    let (mut named, mut wrong) = (0, Vec::new());
    for path in rust_files(&sources).into_iter().filter(|path| *path != this) {
        for command in commands(&fs::read_to_string(&path).unwrap()) {
            named += 1;
            if let Err(why) = parse(&command) {
                wrong.push(format!("{}: `idvctl {command}`: {why}", path.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(named > 50, "only {named} were found");
}

#[test]
fn commands_are_found_in_literals_and_not_in_comments() {
    let found = commands(
        "/// `idvctl nothing`\n  idvctl up --traffic 30s < /dev/null  no dashboard\nlet x = \"run `idvctl plan`, then\";\n\
         curl $(idvctl token --scope \\\"kyc:read kyc:create\\\")\n\"or write one: idvctl init --config {}\",",
    );
    assert_eq!(found, ["up --traffic 30s", "plan", "token --scope \"kyc:read kyc:create\"", "init --config {}"]);
    assert_eq!(words("token --scope \"kyc:read kyc:create\" -q"), ["token", "--scope", "kyc:read kyc:create", "-q"]);
    assert!(parse("drift").is_err() && parse("init --eject").is_err() && parse("local").is_ok());
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The rest of each command line that code lines name, up to what ends it in a sentence, a shell or a list of examples.
fn commands(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let rests = code.flat_map(|line| line.match_indices("idvctl ").map(|(at, name)| &line[at + name.len()..]));
    rests
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()))
        .map(|rest| {
            let rest = rest.replace("\\\"", "\u{1}");
            let end = rest.find(['`', '"', ')', '|', ';', '<', '>', '…']).unwrap_or(rest.len());
            let end = rest.find("  ").map_or(end, |blank| blank.min(end));
            rest[..end].trim().replace('\u{1}', "\"")
        })
        .collect()
}

/// Words as a shell sees them, with double quotes.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    parts
        .flat_map(|(index, part)| {
            let is_quoted = index % 2 == 1;
            if is_quoted { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
        })
        .collect()
}

/// A command may be named without all that it needs, but nothing of it may be unknown.
fn parse(command: &str) -> Result<(), String> {
    let parsed = Cli::try_parse_from(std::iter::once("idvctl".to_owned()).chain(words(command)));
    match parsed.map_err(|error| error.kind()) {
        Ok(_)
        | Err(
            ErrorKind::MissingRequiredArgument
            | ErrorKind::MissingSubcommand
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
        ) => Ok(()),
        Err(kind) => Err(kind.to_string()),
    }
}
