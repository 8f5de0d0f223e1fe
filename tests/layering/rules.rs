//! The rules themselves.

use crate::source::{Source, Token};

/// Which rooms a room may know, besides itself. The same map stands in src/lib.rs.
pub const ROOMS: [(&str, &[&str]); 15] = [
    ("model", &[]),
    ("yaml", &[]),
    ("config", &["model", "yaml"]),
    ("template", &["model", "config", "yaml"]),
    ("policy", &["model", "template", "config"]),
    ("identity", &["model"]),
    ("aws", &["model", "identity"]),
    ("handler", &["identity", "aws", "model"]),
    ("deploy", &["template", "policy", "aws", "model"]),
    ("compliance", &["identity", "aws", "model"]),
    ("observe", &["aws", "model"]),
    ("dashboard", &["observe", "model"]),
    ("local", &["aws", "model"]),
    ("report", &["model"]),
    (
        "cli",
        &[
            "model",
            "yaml",
            "config",
            "template",
            "policy",
            "identity",
            "aws",
            "deploy",
            "compliance",
            "observe",
            "dashboard",
            "local",
            "report",
        ],
    ),
];

/// Longest file, lines.
const LONGEST_FILE: usize = 499;

/// Everything that a file breaks, as `file:line: rule`.
pub fn broken(source: &Source) -> Vec<String> {
    let mut broken = Vec::new();
    let mut report = |line: usize, rule: String| broken.push(format!("{}:{line}: {rule}", source.path));
    if source.lines > LONGEST_FILE {
        report(LONGEST_FILE + 1, format!("{} lines; a file has fewer than 500, split it by concern", source.lines));
    }
    if let Some(room) = room(&source.path) {
        arrows(source, room, &mut report);
        foreign_names(source, room, &mut report);
    }
    production(source, &mut report);
    ignored_tests(source, &mut report);
    broken
}

/// The room that a file lies in; the programs' own files and tests lie in none.
fn room(path: &str) -> Option<&'static str> {
    let inside = path.strip_prefix("src/")?;
    let name = inside.split('/').next()?.trim_end_matches(".rs");
    ROOMS.iter().map(|(room, _)| *room).find(|room| *room == name)
}

/// Invariant 1: arrows only as drawn.
fn arrows(source: &Source, room: &str, report: &mut impl FnMut(usize, String)) {
    let allowed = ROOMS.iter().find(|(name, _)| *name == room).map_or(&[][..], |(_, allowed)| *allowed);
    for (other, line) in rooms_named(source) {
        if other == "*" {
            report(line, "`crate::*` names every room at once; name what is needed".to_owned());
        } else if other != room && is_room(&other) && !allowed.contains(&other.as_str()) {
            report(line, format!("`{room}` must not know `{other}` (it may know: {})", allowed.join(", ")));
        }
    }
}

fn is_room(name: &str) -> bool {
    ROOMS.iter().any(|(room, _)| *room == name)
}

/// What the paths of a file name directly below the crate's root, with the line.
fn rooms_named(source: &Source) -> Vec<(String, usize)> {
    let tokens = &source.tokens;
    let mut named = Vec::new();
    let mut depth = Depth::of_file(&source.path);
    for at in 0..tokens.len() {
        depth.enter(tokens, at);
        let starts_path = at == 0 || tokens[at - 1].text != "::";
        let below_root = match text(tokens, at) {
            "crate" | "idvctl" if starts_path && text(tokens, at + 1) == "::" => Some(at + 2),
            "super" if starts_path => behind_supers(tokens, at, depth.modules()),
            _ => None,
        };
        if let Some(at) = below_root {
            first_names(tokens, at, &mut named);
        }
    }
    named
}

/// Where a chain of `super::` that leads to the crate's root goes on; `None` when it stays inside the room.
fn behind_supers(tokens: &[Token], start: usize, modules: usize) -> Option<usize> {
    let mut at = start;
    while text(tokens, at) == "super" && text(tokens, at + 1) == "::" {
        at += 2;
    }
    ((at - start) / 2 >= modules).then_some(at)
}

/// The first names of a use tree: one, or those of `{a::…, b::{…}}`.
fn first_names(tokens: &[Token], start: usize, named: &mut Vec<(String, usize)>) {
    if text(tokens, start) != "{" {
        named.extend(tokens.get(start).map(|token| (token.text.clone(), token.line)));
        return;
    }
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" if depth == 1 => return,
            "}" => depth -= 1,
            _ if depth == 1 && matches!(text(tokens, at - 1), "{" | ",") => {
                named.push((token.text.clone(), token.line));
            }
            _ => {}
        }
    }
}

/// How many modules deep a place in a file is.
struct Depth {
    file: usize,
    braces: usize,
    /// The brace depths at which inline modules were opened.
    inline: Vec<usize>,
}

impl Depth {
    /// `src/yaml.rs` and `src/model/mod.rs` are one deep, `src/model/ids.rs` two.
    fn of_file(path: &str) -> Self {
        let file = path.split('/').filter(|part| !matches!(*part, "src" | "mod.rs" | "lib.rs")).count();
        Self { file, braces: 0, inline: Vec::new() }
    }

    fn enter(&mut self, tokens: &[Token], at: usize) {
        match text(tokens, at) {
            "{" => {
                if at >= 2 && text(tokens, at - 2) == "mod" {
                    self.inline.push(self.braces);
                }
                self.braces += 1;
            }
            "}" => {
                self.braces = self.braces.saturating_sub(1);
                self.inline.pop_if(|opened_at| *opened_at == self.braces);
            }
            _ => {}
        }
    }

    fn modules(&self) -> usize {
        self.file + self.inline.len()
    }
}

/// Invariant 2: the AWS SDK and the YAML reader have one place each.
fn foreign_names(source: &Source, room: &str, report: &mut impl FnMut(usize, String)) {
    for token in &source.tokens {
        let name = token.text.as_str();
        let is_aws =
            name == "aws_config" || ["aws_sdk_", "aws_smithy_", "aws_types"].iter().any(|own| name.starts_with(own));
        if is_aws && room != "aws" {
            report(
                token.line,
                format!("`{name}` belongs under src/aws/ (aws_sdk_*, aws_config, aws_smithy_* have one room)"),
            );
        }
        if matches!(name, "serde_yaml" | "yaml_serde") && room != "yaml" {
            report(token.line, format!("`{name}` belongs in src/yaml.rs, the one file that reads YAML"));
        }
    }
}

/// Invariant 4: nothing panics, ends the process or is globally mutable outside tests.
fn production(source: &Source, report: &mut impl FnMut(usize, String)) {
    let tokens = &source.tokens;
    let may_exit = source.path == "src/main.rs";
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| !token.in_test) {
        let before = at.checked_sub(1).map_or("", |before| text(tokens, before));
        let rule = match token.text.as_str() {
            name @ ("unwrap" | "expect") if matches!(before, "." | "::") && text(tokens, at + 1) == "(" => {
                format!("`{name}` outside tests; return an error that says what to do")
            }
            name @ ("panic" | "todo" | "unimplemented") if text(tokens, at + 1) == "!" => {
                format!("`{name}!` outside tests; return an error that says what to do")
            }
            "process" if !may_exit && names_exit(tokens, at) => {
                "`process::exit` outside main.rs; return an exit code".to_owned()
            }
            "static" if text(tokens, at + 1) == "mut" => "`static mut`: no global mutable state".to_owned(),
            _ => continue,
        };
        report(token.line, rule);
    }
}

/// `process::exit` or `process::{…, exit, …}`.
fn names_exit(tokens: &[Token], at: usize) -> bool {
    if text(tokens, at + 1) != "::" {
        return false;
    }
    let mut named = Vec::new();
    first_names(tokens, at + 2, &mut named);
    named.iter().any(|(name, _)| name == "exit")
}

/// A test that does not run is no test.
fn ignored_tests(source: &Source, report: &mut impl FnMut(usize, String)) {
    for (at, token) in source.tokens.iter().enumerate() {
        if token.text == "ignore"
            && at >= 2
            && text(&source.tokens, at - 1) == "["
            && text(&source.tokens, at - 2) == "#"
        {
            report(token.line, "`#[ignore]`: a test runs or goes".to_owned());
        }
    }
}

fn text(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |token| token.text.as_str())
}
