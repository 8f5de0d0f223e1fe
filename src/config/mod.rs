//! `idv.yaml` to [`Environment`].
//!
//! One table, [`keys`], says for every key what it means, which rule its value obeys and what holds when it is
//! left out. Reading, the JSON Schema for editors and the commented sample file are three walks over that table, so
//! they cannot disagree.
//!
//! ```text
//! text -> yaml -> check (file alone: keys, types, rules) -> layer (per environment) -> cross (values together)
//!      -> Environment
//! ```

mod check;
mod cross;
mod error;
mod keys;
mod layer;
mod rule;
mod sample;
mod schema;
mod shape;
mod suggest;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

pub use error::{ConfigError, Problem};
pub use sample::{SCHEMA_FILE, sample};
pub use schema::schema;

use crate::model::{Environment, EnvironmentName};
use crate::yaml;
use keys::ENVIRONMENTS;
use suggest::nearest;

/// The file that is read when none is named.
pub const DEFAULT_FILE: &str = "idv.yaml";

/// A configuration in which every environment is complete and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    source: Source,
    environments: BTreeMap<EnvironmentName, Environment>,
}

/// Where a configuration came from, for messages that point into it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Source {
    path: PathBuf,
    text: String,
}

impl Config {
    /// Reads the named file, or [`DEFAULT_FILE`] of the current folder. A file that was named must exist; without
    /// one, the built-in defaults hold.
    pub fn load(named: Option<&Path>) -> Result<Self, ConfigError> {
        let path = named.unwrap_or(Path::new(DEFAULT_FILE));
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(path, &text),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => Self::built_in(),
            Err(error) => Err(ConfigError::Unreadable { path: path.to_owned(), reason: error.to_string() }),
        }
    }

    /// What holds without any file: one environment, `local`.
    pub fn built_in() -> Result<Self, ConfigError> {
        Self::parse(Path::new("built-in defaults"), "")
    }

    /// Reads a configuration from its text; `path` is only named in messages.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let source = Source { path: path.to_owned(), text: text.to_owned() };
        let file = yaml::read_tree(text, refuse_tag).map_err(|error| source.syntax_error(error))?;
        let problems = check::check(&file, &source);
        if !problems.is_empty() {
            return Err(source.error(problems));
        }
        source.build(&file)
    }

    /// One environment, complete and checked.
    pub fn environment(&self, name: &str) -> Result<Environment, ConfigError> {
        let found = self.environments.iter().find(|(known, _)| known.as_str() == name);
        found.map(|(_, environment)| environment.clone()).ok_or_else(|| ConfigError::UnknownEnvironment {
            path: self.source.path.clone(),
            name: name.to_owned(),
            nearest: nearest(name, self.names()).map(str::to_owned),
            known: self.names().map(str::to_owned).collect(),
        })
    }

    /// The names of all environments, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.environments.keys().map(EnvironmentName::as_str)
    }
}

impl Source {
    /// Completes every environment and checks its values against each other.
    fn build(self, file: &Value) -> Result<Config, ConfigError> {
        let mut problems = Vec::new();
        let mut environments = BTreeMap::new();
        for name in layer::environment_names(file) {
            let layered = layer::layered(file, &name);
            let path = [ENVIRONMENTS, name.as_str()];
            let missing = cross::missing(&layered);
            if !missing.is_empty() {
                problems.extend(missing.into_iter().map(|fault| self.problem(&path, None, fault)));
                continue;
            }
            match layer::assemble(layered, &name) {
                Ok(environment) => {
                    problems.extend(cross::check(&environment, file, &self));
                    environments.insert(environment.name.clone(), environment);
                }
                Err(fault) => problems.push(self.problem(&path, None, fault)),
            }
        }
        if problems.is_empty() { Ok(Config { source: self, environments }) } else { Err(self.error(problems)) }
    }
}

fn refuse_tag(tag: &str, _: Value) -> Result<Value, String> {
    Err(format!("the tag `!{tag}` means nothing in a configuration; write the value itself"))
}

#[cfg(test)]
mod tests;
