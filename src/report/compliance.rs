//! The state of compliance for people: on a terminal and as Markdown for an auditor.

use super::Palette;
use crate::model::{ComplianceStatus, Control, NOTHING_DELETES, OptOut, OptOutAnswer, Verdict};

/// What stands over everything that was read from the local cloud.
const SIMULATED: &str = "local · simulated: this describes the local cloud and proves nothing about an AWS account";

/// The whole state for a terminal.
#[must_use]
pub fn compliance_text(status: &ComplianceStatus, palette: Palette) -> String {
    let mut lines = vec![format!("{} · {} · {}", status.project, status.environment, status.generated_at)];
    if status.simulated {
        lines.push(palette.warn(SIMULATED));
    }
    lines.push(String::new());
    lines.push(opt_out_line(&status.opt_out, palette));
    lines.push(format!("deletions recorded  {}", deletions(status)));
    lines.push(String::new());
    let width = status.controls.iter().map(|control| control.store.chars().count()).max().unwrap_or(0);
    for control in &status.controls {
        let verdict = paint_verdict(control.verdict, palette);
        lines.push(format!("{verdict}  {:width$}  {:22}  {}", control.store, control.requirement, proof(control)));
        if !control.remedy.is_empty() {
            lines.push(format!("         {} {}", palette.dim("→"), control.remedy));
        }
    }
    lines.push(String::new());
    lines.push(summary(status));
    lines.join("\n") + "\n"
}

/// The opt-out alone, with what it was concluded from.
#[must_use]
pub fn opt_out_text(opt_out: &OptOut, palette: Palette) -> String {
    let mut lines = vec![opt_out_line(opt_out, palette)];
    lines.extend(opt_out.evidence.iter().map(|evidence| format!("  {}: {}", evidence.call, evidence.value)));
    lines.join("\n") + "\n"
}

/// The state as a Markdown document.
#[must_use]
pub fn compliance_markdown(status: &ComplianceStatus) -> String {
    let mut lines = vec![format!("# Compliance of {}-{}", status.project, status.environment), String::new()];
    if status.simulated {
        lines.extend([format!("> **{SIMULATED}.**"), String::new()]);
    }
    lines.extend([
        format!(
            "Read from the cloud at {}. UNKNOWN means that it could not be read, never that it is in order.",
            status.generated_at
        ),
        String::new(),
        "## AI services opt-out".to_owned(),
        String::new(),
        format!("**{}**: {}.", status.opt_out.answer, status.opt_out.reason),
        String::new(),
    ]);
    lines.extend(status.opt_out.evidence.iter().map(|evidence| format!("- `{}`: `{}`", evidence.call, evidence.value)));
    lines.extend([
        String::new(),
        "## Erasures".to_owned(),
        String::new(),
        format!("Deletions recorded: {}", deletions(status)),
    ]);
    lines.extend([String::new(), "## Stores".to_owned(), String::new(), summary(status), String::new()]);
    lines.push("| verdict | store | requirement | call | answer |".to_owned());
    lines.push("|---|---|---|---|---|".to_owned());
    lines.extend(status.controls.iter().map(|control| {
        let answer = control.evidence.value.replace('|', "\\|");
        format!(
            "| {} | {} `{}` | {} | `{}` | {answer} |",
            control.verdict, control.kind, control.store, control.requirement, control.evidence.call
        )
    }));
    lines.join("\n") + "\n"
}

fn opt_out_line(opt_out: &OptOut, palette: Palette) -> String {
    let answer = match opt_out.answer {
        OptOutAnswer::Yes => palette.good("YES"),
        OptOutAnswer::No => palette.bad("NO"),
        OptOutAnswer::Unknown => palette.warn("UNKNOWN"),
    };
    format!("AI services opt-out  {answer}  {}", opt_out.reason)
}

fn deletions(status: &ComplianceStatus) -> String {
    match (status.deletions.known(), status.deletions.why()) {
        (Some(0), _) => format!("0  {NOTHING_DELETES}"),
        (Some(count), _) => count.to_string(),
        (None, why) => format!("UNKNOWN  {}", why.unwrap_or_default()),
    }
}

fn summary(status: &ComplianceStatus) -> String {
    let counts =
        [Verdict::Pass, Verdict::Fail, Verdict::Unknown].map(|verdict| format!("{} {verdict}", status.count(verdict)));
    format!("{} controls: {}", status.controls.len(), counts.join(", "))
}

fn proof(control: &Control) -> String {
    format!("{} ({})", control.evidence.value, control.evidence.call)
}

fn paint_verdict(verdict: Verdict, palette: Palette) -> String {
    let text = format!("{verdict:7}");
    match verdict {
        Verdict::Pass => palette.good(&text),
        Verdict::Fail => palette.bad(&text),
        Verdict::Unknown => palette.warn(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EnvironmentName, Evidence, ProjectName, Reading, Requirement, StoreKind, Timestamp};

    fn status() -> ComplianceStatus {
        let control = |verdict, value: &str, remedy: &str| Control {
            requirement: Requirement::EncryptionAtRest,
            kind: StoreKind::Table,
            store: "idv-local-faces".to_owned(),
            verdict,
            evidence: Evidence::new("dynamodb:DescribeTable", value),
            remedy: remedy.to_owned(),
        };
        ComplianceStatus {
            project: ProjectName::new("idv").unwrap(),
            environment: EnvironmentName::new("local").unwrap(),
            simulated: true,
            generated_at: Timestamp::from_millis(0),
            opt_out: OptOut {
                answer: OptOutAnswer::No,
                reason: "no opt-out policy applies to the account".to_owned(),
                evidence: vec![Evidence::new(
                    "organizations:DescribeEffectivePolicy",
                    "EffectivePolicyNotFoundException",
                )],
            },
            controls: vec![control(Verdict::Pass, "key k", ""), control(Verdict::Unknown, "no answer", "start it")],
            deletions: Reading::unknown("the table cannot be read"),
        }
    }

    #[test]
    fn the_text_says_what_is_known_and_what_is_not() {
        insta::assert_snapshot!(compliance_text(&status(), Palette::PLAIN), @r"
        idv · local · 1970-01-01T00:00:00Z
        local · simulated: this describes the local cloud and proves nothing about an AWS account

        AI services opt-out  NO  no opt-out policy applies to the account
        deletions recorded  UNKNOWN  the table cannot be read

        PASS     idv-local-faces  encryption at rest      key k (dynamodb:DescribeTable)
        UNKNOWN  idv-local-faces  encryption at rest      no answer (dynamodb:DescribeTable)
                 → start it

        2 controls: 1 PASS, 0 FAIL, 1 UNKNOWN
        ");
    }

    #[test]
    fn unknown_deletions_are_null_with_a_why() {
        let json = serde_json::to_value(status()).unwrap();
        assert_eq!(json["deletions"], serde_json::json!({"value": null, "why": "the table cannot be read"}));
        assert_eq!(json["opt_out"]["answer"], "NO");
    }

    #[test]
    fn the_document_for_auditors_says_that_it_is_simulated() {
        let document = compliance_markdown(&status());
        assert!(document.contains("simulated"), "{document}");
        assert!(!compliance_markdown(&ComplianceStatus { simulated: false, ..status() }).contains("simulated"));
    }
}
