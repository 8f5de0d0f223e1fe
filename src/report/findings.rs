//! Findings of a check, as text and as the JSON that scripts rely on.

use std::fmt::Write;

use serde::Serialize;

use super::{Palette, wrap::wrap};
use crate::model::{Finding, Severity};

/// What was looked at, beside what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// The environments that were checked.
    pub environments: Vec<String>,
    /// Resources in all their stacks.
    pub resources: usize,
    /// Stacks.
    pub stacks: usize,
    /// Rules that were applied.
    pub rules: usize,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
}

impl CheckReport {
    /// Whether anything must be mended before a deployment.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// The report as JSON.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// The report for people, at most `width` columns wide where words allow it.
    #[must_use]
    pub fn text(&self, palette: Palette, width: usize) -> String {
        let mut out = String::new();
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            let group: Vec<&Finding> = self.findings.iter().filter(|finding| finding.severity == severity).collect();
            if !group.is_empty() {
                let title = heading(severity, group.len());
                line(&mut out, &paint(palette, severity, &title));
                for finding in group {
                    entry(&mut out, finding, palette, width);
                }
                out.push('\n');
            }
        }
        line(&mut out, &self.summary(palette));
        out
    }

    fn summary(&self, palette: Palette) -> String {
        let scope = format!(
            "{} in {}, {}",
            counted(self.resources, "resource"),
            counted(self.stacks, "stack"),
            counted(self.rules, "rule")
        );
        let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Info]
            .into_iter()
            .map(|severity| (severity, self.findings.iter().filter(|finding| finding.severity == severity).count()))
            .filter(|(_, count)| *count > 0)
            .map(|(severity, count)| paint(palette, severity, &heading(severity, count)))
            .collect();
        let verdict = if counts.is_empty() { palette.good("clean") } else { counts.join(", ") };
        format!("{scope}: {verdict}")
    }
}

/// One finding: what and where in the first line, then why and what to do.
fn entry(out: &mut String, finding: &Finding, palette: Palette, width: usize) {
    let place = match finding.line {
        Some(number) => format!("{}:{number}", finding.file),
        None => finding.file.clone(),
    };
    line(out, &format!("  {}  {}  {}", palette.strong(&finding.rule), finding.resource, palette.dim(&place)));
    for text in wrap(&finding.message, width.saturating_sub(6)) {
        line(out, &format!("      {text}"));
    }
    for (number, text) in wrap(&finding.remedy, width.saturating_sub(6)).iter().enumerate() {
        let lead = if number == 0 { "→" } else { " " };
        line(out, &format!("    {} {text}", palette.dim(lead)));
    }
}

fn line(out: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}

fn heading(severity: Severity, count: usize) -> String {
    match severity {
        Severity::Info => format!("{count} for information"),
        _ => counted(count, &severity.to_string()),
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn paint(palette: Palette, severity: Severity, text: &str) -> String {
    match severity {
        Severity::Error => palette.bad(text),
        Severity::Warning => palette.warn(text),
        Severity::Info => palette.dim(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(findings: Vec<Finding>) -> CheckReport {
        CheckReport { environments: vec!["local".to_owned()], resources: 63, stacks: 4, rules: 43, findings }
    }

    fn finding(severity: Severity) -> Finding {
        Finding {
            rule: "DYNAMODB_TABLE_PITR".to_owned(),
            severity,
            resource: "FacesTable".to_owned(),
            file: "templates/data.yaml".to_owned(),
            line: Some(41),
            message: "the table cannot be restored to a point in time (PointInTimeRecoveryEnabled is false)".to_owned(),
            remedy: "set PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled to true".to_owned(),
        }
    }

    #[test]
    fn a_clean_report_is_one_line() {
        assert_eq!(report(vec![]).text(Palette::PLAIN, 80), "63 resources in 4 stacks, 43 rules: clean\n");
        assert!(!report(vec![]).has_errors());
    }

    #[test]
    fn findings_stand_in_groups_and_fit_the_terminal() {
        let text = report(vec![finding(Severity::Error), finding(Severity::Warning)]).text(Palette::PLAIN, 64);
        insta::assert_snapshot!(text, @r"
        1 error
          DYNAMODB_TABLE_PITR  FacesTable  templates/data.yaml:41
              the table cannot be restored to a point in time
              (PointInTimeRecoveryEnabled is false)
            → set
              PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled
              to true

        1 warning
          DYNAMODB_TABLE_PITR  FacesTable  templates/data.yaml:41
              the table cannot be restored to a point in time
              (PointInTimeRecoveryEnabled is false)
            → set
              PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled
              to true

        63 resources in 4 stacks, 43 rules: 1 error, 1 warning
        ");
    }

    #[test]
    fn the_json_is_what_scripts_rely_on() {
        insta::assert_snapshot!(report(vec![finding(Severity::Error)]).json().unwrap(), @r#"
        {
          "environments": [
            "local"
          ],
          "resources": 63,
          "stacks": 4,
          "rules": 43,
          "findings": [
            {
              "rule": "DYNAMODB_TABLE_PITR",
              "severity": "error",
              "resource": "FacesTable",
              "file": "templates/data.yaml",
              "line": 41,
              "message": "the table cannot be restored to a point in time (PointInTimeRecoveryEnabled is false)",
              "remedy": "set PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled to true"
            }
          ]
        }
        "#);
    }
}
