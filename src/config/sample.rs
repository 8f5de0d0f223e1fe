//! The commented file that `idvctl init` writes. It says nothing but the defaults; what has none stands there as
//! `#key: value`, prose as `# Text`, so that removing a `#` is all it takes.

use serde_json::Value;

use super::keys;
use super::rule::Rule;
use super::shape::{self, Example, Field, Kind, Shape};

/// The name of the schema file that the sample refers to.
pub const SCHEMA_FILE: &str = "idv.schema.json";

/// The sample file.
#[must_use]
pub fn sample() -> String {
    let built_in = keys::built_in();
    let mut sample = format!(
        "# yaml-language-server: $schema={SCHEMA_FILE}\n\
         # The line above completes and checks keys in editors, once `idvctl init --schema -o {SCHEMA_FILE}` has run.\n\
         #\n\
         # Every value here is the default: change what you need, delete what you do not.\n\
         # `#key: value` is a suggestion; remove the `#` to use it.\n",
    );
    for field in shape::fields(keys::ROOT) {
        sample.push('\n');
        sample.push_str(&block(field, &built_in[field.key], 0));
    }
    sample
}

/// A mapping's keys, each group of plain values as a table.
fn mapping(shape: Shape, built_in: &Value, depth: usize) -> String {
    let (values, nested): (Vec<_>, Vec<_>) =
        shape::fields(shape).partition(|field| matches!(field.kind, Kind::Value(..)));
    let nested = nested.into_iter().map(|field| block(field, &built_in[field.key], depth));
    table(&values, &[], "#", depth) + &nested.collect::<String>()
}

/// One key with what stands below it, introduced by what it means.
fn block(field: &Field, built_in: &Value, depth: usize) -> String {
    let (indent, key, about) = (indent(depth), field.key, field.about);
    match &field.kind {
        Kind::Value(rule, preset) => {
            format!("{indent}# {about}{}\n{indent}{key}: {}\n", hint(*rule), scalar(&preset.value()))
        }
        Kind::Section(shape) => format!("{indent}# {about}\n{indent}{key}:\n") + &mapping(shape, built_in, depth + 1),
        Kind::Named { entry, example, .. } => {
            let own = built_in.as_object().into_iter().flatten().map(|(name, value)| own_entry(name, value, depth + 1));
            format!("{indent}# {about}\n{indent}{key}:\n")
                + &own.collect::<String>()
                + &example_entry(entry, example, depth + 1)
        }
    }
}

/// An entry that exists without a file.
fn own_entry(name: &str, value: &Value, depth: usize) -> String {
    let (indent, key) = (indent(depth), scalar(&Value::from(name)));
    match value.as_object() {
        None => format!("{indent}{key}: {}\n", scalar(value)),
        Some(entries) if entries.is_empty() => format!("{indent}{key}: {{}}\n"),
        Some(entries) => {
            let below = entries.iter().map(|(name, value)| own_entry(name, value, depth + 1));
            format!("{indent}{key}:\n") + &below.collect::<String>()
        }
    }
}

/// An entry to copy, commented out as a whole.
fn example_entry(entry: Shape, example: &Example, depth: usize) -> String {
    let values: Vec<&Field> =
        shape::fields(entry).filter(|field| matches!(field.kind, Kind::Value(..)) && !is_section(field)).collect();
    let name = format!("{}{}:\n", indent(depth), scalar(&Value::from(example.name)));
    let text = name + &table(&values, example.values, "", depth + 1);
    let comment_out = |line: &str| {
        let (before, after) = line.split_at(indent(depth).len());
        format!("{before}#{after}\n")
    };
    text.lines().map(comment_out).collect::<Vec<_>>().concat()
}

/// Whether the key is one that environments share with the top level of the file.
fn is_section(field: &Field) -> bool {
    keys::SECTIONS.iter().any(|section| std::ptr::eq(section, field))
}

/// Lines of `key: value  # what it means`, their comments below each other. `mark` stands before what is only suggested.
fn table(fields: &[&Field], instead: &[(&str, &str)], mark: &str, depth: usize) -> String {
    let rows: Vec<(String, String)> = fields.iter().filter_map(|field| row(field, instead, mark)).collect();
    let width = rows.iter().map(|(entry, _)| entry.chars().count()).max().unwrap_or_default();
    let lines: Vec<String> =
        rows.iter().map(|(entry, about)| format!("{}{entry:width$}  # {about}\n", indent(depth))).collect();
    lines.concat()
}

fn row(field: &Field, instead: &[(&str, &str)], mark: &str) -> Option<(String, String)> {
    let Kind::Value(rule, preset) = &field.kind else { return None };
    let key = field.key;
    let entry = match (instead.iter().find(|(name, _)| *name == key), preset) {
        (Some((_, value)), _) => format!("{key}: {value}"),
        (None, shape::Preset::Unset(example)) => format!("{mark}{key}: {example}"),
        (None, preset) => format!("{key}: {}", scalar(&preset.value())),
    };
    Some((entry, format!("{}{}", field.about, hint(*rule))))
}

/// The limits of a value, as far as they are worth a few words.
fn hint(rule: Rule) -> String {
    match rule {
        Rule::OneOf(choices) => format!(" One of {}.", choices.join(", ")),
        Rule::Threshold | Rule::Gate => " Percent.".to_owned(),
        Rule::Ratio => " Ratio, 0–1.".to_owned(),
        Rule::Whole(least, most, unit) => format!(" {least}–{most} {unit}."),
        Rule::WholePercent => " Whole percent.".to_owned(),
        Rule::LogDays => " Only values that CloudWatch Logs allows.".to_owned(),
        _ => String::new(),
    }
}

/// A plain value as YAML: quoted unless it is a word that nothing else could be meant by.
fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) if text.starts_with(|c: char| c.is_ascii_alphabetic()) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(scalar).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

fn indent(depth: usize) -> String {
    "  ".repeat(depth)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Config;

    fn environments(text: &str) -> Vec<crate::model::Environment> {
        let config = Config::parse(Path::new("idv.yaml"), text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        config.names().map(|name| config.environment(name).unwrap()).collect()
    }

    #[test]
    fn the_sample_says_nothing_but_the_defaults() {
        assert_eq!(environments(&sample()), environments(""));
    }

    #[test]
    fn every_suggestion_is_valid_once_its_mark_is_removed() {
        let used: String = sample().lines().map(|line| without_mark(line) + "\n").collect();
        let environments = environments(&used);
        let names: Vec<_> = environments.iter().map(|environment| environment.name.as_str()).collect();
        assert_eq!(names, ["local", "prod"], "{used}");
        let tenants: Vec<_> = environments[1].tenants.keys().map(crate::model::TenantId::as_str).collect();
        assert_eq!(tenants, ["acme"]);
        assert_eq!(environments[1].auth.issuer.as_deref(), Some("https://login.example.com"));
    }

    /// Prose begins with one blank after its `#`; a suggestion with none, or with the indentation of its entry.
    fn without_mark(line: &str) -> String {
        let is_prose = |rest: &str| rest.is_empty() || (rest.starts_with(' ') && !rest.starts_with("  "));
        match line.split_once('#') {
            Some((before, rest)) if before.trim().is_empty() && !is_prose(rest) => format!("{before}{rest}"),
            _ => line.to_owned(),
        }
    }

    #[test]
    fn lines_fit_a_screen() {
        let long: Vec<_> = sample().lines().filter(|line| line.chars().count() > 120).map(str::to_owned).collect();
        assert!(long.is_empty(), "{long:#?}");
    }
}
