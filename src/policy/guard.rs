//! Runs the rules of AWS CloudFormation Guard in this process and turns its report into findings.
//!
//! Each rule file is parsed once and sees all templates. The report is a tree of failed clauses; each leaf carries the rule author's message and the path of the value that failed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::thread;

use cfn_guard::commands::Executable;
use cfn_guard::commands::validate::{OutputFormatType, ShowSummaryType};
use cfn_guard::utils::reader::{ReadBuffer, Reader};
use cfn_guard::utils::writer::{WriteBuffer, Writer};
use cfn_guard::{CommandBuilder, ValidateBuilder};
use serde_json::{Map, Value, json};

use super::place::{Note, section};
use super::rules::RuleFile;
use super::{PolicyError, Rules};
use crate::model::{Finding, Severity};
use crate::template::RenderedStack;

/// What stands between the message of a rule and its remedy.
const REMEDY: &str = "; fix: ";
/// A message that begins so is no error.
const WARNING: &str = "warning: ";
/// How many offending values are listed in one finding.
const LISTED: usize = 5;
/// The longest part of an offending value that is quoted, characters.
const QUOTED: usize = 60;

/// Holds every stack to every rule. The files are independent of each other and are evaluated side by side.
pub(super) fn evaluate(rules: &Rules, stacks: &[RenderedStack]) -> Result<Vec<Finding>, PolicyError> {
    let lost = |_| PolicyError::Evaluation { message: "the evaluator stopped on the way".to_owned() };
    thread::scope(|scope| {
        let running: Vec<_> =
            rules.files().iter().map(|file| scope.spawn(move || evaluate_file(file, stacks))).collect();
        let findings: Result<Vec<_>, _> =
            running.into_iter().map(|file| file.join().map_err(lost).and_then(|found| found)).collect();
        findings.map(|found| found.concat())
    })
}

fn evaluate_file(file: &RuleFile, stacks: &[RenderedStack]) -> Result<Vec<Finding>, PolicyError> {
    let (concerned, bodies): (Vec<_>, Vec<_>) =
        stacks.iter().filter_map(|stack| Some((stack, part_for(file, stack)?))).unzip();
    if concerned.is_empty() {
        return Ok(Vec::new());
    }
    let reports = run(&file.text, &bodies)?;
    if reports.len() != concerned.len() {
        let message = format!("{} templates went in, {} reports came out", concerned.len(), reports.len());
        return Err(PolicyError::Evaluation { message });
    }
    every_rule_was_applied(file, &reports[0])?;
    Ok(concerned.into_iter().zip(&reports).flat_map(|(stack, report)| findings(stack, report)).collect())
}

/// The part of a template that a rule file looks at; `None` where it looks at nothing. Guard copies the document again
/// and again on its way through it, so leaving out what no rule asks for makes a check several times faster.
fn part_for(file: &RuleFile, stack: &RenderedStack) -> Option<String> {
    if !file.only_named_types {
        return Some(stack.body());
    }
    let kept = section(stack, "Resources")
        .filter(|(_, resource)| resource["Type"].as_str().is_some_and(|kind| file.concerns(kind)))
        .map(|(id, resource)| (id.clone(), resource.clone()));
    let kept: Map<String, Value> = kept.collect();
    (!kept.is_empty()).then(|| json!({ "Resources": kept }).to_string())
}

/// One evaluation of a rule file over templates; the answer has one report per template, in their order.
fn run(rules: &str, bodies: &[String]) -> Result<Vec<Value>, PolicyError> {
    let failed = |error: &dyn std::fmt::Display| PolicyError::Evaluation { message: error.to_string() };
    let payload = json!({ "rules": [rules], "data": bodies }).to_string();
    let command = ValidateBuilder::default()
        .payload(true)
        .structured(true)
        .output_format(OutputFormatType::JSON)
        .show_summary(vec![ShowSummaryType::None])
        .try_build()
        .map_err(|error| failed(&error))?;
    let mut reader = Reader::new(ReadBuffer::Cursor(Cursor::new(payload.into_bytes())));
    // Guard's own words go nowhere: what it has to say about a broken rule file is asked for again by name.
    let mut writer = Writer::new_with_err(WriteBuffer::Vec(Vec::new()), WriteBuffer::Vec(Vec::new()))
        .map_err(|error| failed(&error))?;
    command.execute(&mut writer, &mut reader).map_err(|error| failed(&error))?;
    let report = writer.into_string().map_err(|error| failed(&error))?;
    serde_json::from_str(&report).map_err(|error| failed(&error))
}

/// Guard leaves out a rule file that it cannot parse and goes on. A rule that was left out must not look like a rule
/// that was kept, so every name has to turn up in the report, as passed, failed or not applicable.
fn every_rule_was_applied(file: &RuleFile, report: &Value) -> Result<(), PolicyError> {
    let failed = report["not_compliant"].as_array().into_iter().flatten().map(|rule| &rule["Rule"]["name"]);
    let others = ["compliant", "not_applicable"].into_iter().filter_map(|list| report[list].as_array()).flatten();
    let applied: BTreeSet<&str> = failed.chain(others).filter_map(Value::as_str).collect();
    if file.rules().all(|rule| applied.contains(rule)) {
        return Ok(());
    }
    Err(PolicyError::Syntax { file: file.name.to_string(), message: syntax_error(file) })
}

/// What Guard's parser says about one file.
fn syntax_error(file: &RuleFile) -> String {
    let data = cfn_guard::ValidateInput { content: "{}", file_name: "none" };
    let rules = cfn_guard::ValidateInput { content: &file.text, file_name: &file.name };
    match cfn_guard::run_checks(data, rules, false) {
        Err(error) => error.to_string(),
        Ok(_) => "a rule in it was not applied; a name that occurs twice is applied once".to_owned(),
    }
}

/// A failed clause: the leaf of a report.
struct Failure {
    /// The logical id of the resource that it is about, where Guard knows.
    resource: Option<String>,
    /// The rule author's message; empty where the clause has none.
    message: String,
    /// The value that failed, in words.
    detail: String,
}

fn findings(stack: &RenderedStack, report: &Value) -> Vec<Finding> {
    let failed = report["not_compliant"].as_array().into_iter().flatten();
    failed
        .flat_map(|rule| {
            let name = rule["Rule"]["name"].as_str().unwrap_or("unnamed");
            let mut failures = Vec::new();
            collect(rule, &mut failures);
            summarise(stack, name, failures)
        })
        .collect()
}

/// One finding per resource and message, with all values that failed. A clause without a message is only the shadow
/// of one with a message (Guard also reports the filters on the way), unless there is none.
fn summarise(stack: &RenderedStack, rule: &str, failures: Vec<Failure>) -> Vec<Finding> {
    let any_message = failures.iter().any(|failure| !failure.message.is_empty());
    let mut grouped: BTreeMap<(Option<String>, String), Vec<String>> = BTreeMap::new();
    for failure in failures.into_iter().filter(|failure| !any_message || !failure.message.is_empty()) {
        let details = grouped.entry((failure.resource, failure.message)).or_default();
        if !failure.detail.is_empty() && !details.contains(&failure.detail) {
            details.push(failure.detail);
        }
    }
    grouped
        .into_iter()
        .map(|((resource, message), details)| {
            let note = note(rule, &message, &details);
            match resource {
                Some(id) => note.at(stack, &id),
                None => note.on(stack),
            }
        })
        .collect()
}

fn note<'a>(rule: &'a str, message: &str, details: &[String]) -> Note<'a> {
    let (severity, message) = match message.strip_prefix(WARNING) {
        Some(rest) => (Severity::Warning, rest),
        None => (Severity::Error, message),
    };
    let (what, remedy) = message.split_once(REMEDY).unwrap_or((message, "see the rule in its file"));
    let what = if what.is_empty() { "the rule is broken" } else { what };
    let more = match details.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let listed = details[..details.len().min(LISTED)].join("; ");
    let message = if listed.is_empty() { what.to_owned() } else { format!("{what} ({listed}{more})") };
    Note { rule, severity, message, remedy: remedy.to_owned() }
}

fn collect(node: &Value, failures: &mut Vec<Failure>) {
    match node {
        Value::Array(items) => items.iter().for_each(|item| collect(item, failures)),
        Value::Object(entries) if entries.contains_key("check") || entries.contains_key("unresolved") => {
            failures.push(failure(node));
        }
        Value::Object(entries) => entries.values().for_each(|entry| collect(entry, failures)),
        _ => {}
    }
}

fn failure(leaf: &Value) -> Failure {
    // A multi-line message arrives with its line breaks.
    let message = leaf["messages"]["custom_message"].as_str().unwrap_or_default();
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let check = leaf["check"].as_object().and_then(|check| check.values().next()).unwrap_or(&Value::Null);
    let unresolved = if leaf["unresolved"].is_object() { &leaf["unresolved"] } else { &check["value"] };
    let (resource, detail) = if let Some(rest) = unresolved["remaining_query"].as_str() {
        let (resource, property) = locate(&unresolved["traversed_to"]);
        let missing = if property.is_empty() { rest.to_owned() } else { format!("{property}.{rest}") };
        (resource, format!("{} is missing", missing.trim_start_matches("Properties.")))
    } else {
        let value = if check["from"].is_object() { &check["from"] } else { &check["value"] };
        match locate(value) {
            // The id itself was compared: the value is the resource, and there is no property to speak of.
            (None, property) if property == "Resources" => (value["value"].as_str().map(str::to_owned), String::new()),
            (None, _) => (None, String::new()),
            (resource, property) => (resource, format!("{property} is {}", quoted(&value["value"]))),
        }
    };
    Failure { resource, message, detail }
}

/// The logical id and the property of a path such as `/Resources/Bucket/Properties/Tags/0`.
fn locate(value: &Value) -> (Option<String>, String) {
    let path = value["path"].as_str().unwrap_or_default().trim_start_matches('/');
    match path.strip_prefix("Resources/").map(|rest| rest.split_once('/').unwrap_or((rest, ""))) {
        Some((id, property)) => {
            let property = property.strip_prefix("Properties/").unwrap_or(property);
            // A double slash shows that keys hold slashes themselves (the paths of an API); they stay readable.
            let dotted = if property.contains("//") { property.to_owned() } else { property.replace('/', ".") };
            (Some(id.to_owned()), dotted)
        }
        None => (None, path.to_owned()),
    }
}

fn quoted(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= QUOTED {
        return text;
    }
    let start: String = text.chars().take(QUOTED).collect();
    format!("{start}…")
}
