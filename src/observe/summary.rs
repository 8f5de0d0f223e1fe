//! A snapshot as text for people: fits 80 columns, no colour needed.

use std::fmt::Display;

use crate::model::{AlarmState, Reading};

use super::business::{FlowKpi, Why};
use super::snapshot::{Measured, Snapshot, StackHealth};
use super::{Gravity, Incident, awaits_first_metric};

impl Snapshot {
    /// The snapshot as `idvctl status` prints it.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = Text::default();
        self.heading(&mut text);
        self.wrong(&mut text);
        self.standing(&mut text);
        self.traffic(&mut text);
        self.business(&mut text);
        text.lines.join("\n") + "\n"
    }

    fn heading(&self, text: &mut Text) {
        let place = &self.place;
        let parts = [Some(&place.project), Some(&place.environment), place.region.as_ref(), place.account.as_ref()];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        let label = if place.simulated { "   local · simulated" } else { "" };
        text.line(format!("{}{label}", parts.join(" · ")));
        text.line(format!("API  {}", optional(&self.api_url, "not deployed yet")));
    }

    fn wrong(&self, text: &mut Text) {
        text.section("What is wrong");
        if self.findings.is_empty() {
            text.line("  ● nothing");
        }
        for Incident { gravity, subject, message, remedy, .. } in &self.findings {
            let shape = match gravity {
                Gravity::Error => "▲",
                Gravity::Warning => "◆",
                Gravity::Unknown => "◌",
            };
            text.line(format!("  {shape} {subject}"));
            text.wrapped(message, "      ");
            text.wrapped(remedy, "    → ");
        }
    }

    fn standing(&self, text: &mut Text) {
        text.section("Stacks");
        for stack in &self.stacks {
            let shape = match stack.health() {
                StackHealth::Complete => "●",
                StackHealth::Moving => "◆",
                StackHealth::Failed | StackHealth::Absent => "▲",
                StackHealth::Unknown => "◌",
            };
            text.line(format!("  {shape} {:<42} {}", stack.name, optional(&stack.status, "does not exist")));
        }
        text.section(&format!("{:<44}{:>6}{:>13}{:>12}", "Collections", "model", "faces", "users"));
        for status in &self.collections {
            let id = status.collection.id.as_str();
            let (model, faces) = (optional(&status.model_version, "–"), optional(&status.faces, "missing"));
            text.line(format!("  {id:<42}{model:>6}{faces:>13}{:>12}", optional(&status.users, "–")));
        }
        match &self.alarms {
            Reading::Known(alarms) => {
                let count = |state| alarms.iter().filter(|alarm| alarm.state == state).count();
                let (raised, blind) = (count(AlarmState::Alarm), count(AlarmState::InsufficientData));
                let well = count(AlarmState::Ok);
                text.section(&format!("Alarms      {raised} raised · {blind} without data · {well} OK"));
            }
            Reading::Unknown(_) => text.section("Alarms      ◌ unknown"),
        }
    }

    fn traffic(&self, text: &mut Text) {
        let title = format!("Rekognition, last {}", self.window);
        text.section(&format!("{title:<34}{:>8}{:>10}{:>10}{:>7}{:>8}", "calls", "p50", "p99", "errors", "thrott."));
        for status in &self.operations {
            text.line(format!(
                "  {:<32}{:>8}{:>10}{:>10}{:>7}{:>8}",
                status.operation,
                known(&status.requests),
                millis(&status.p50_ms),
                millis(&status.p99_ms),
                known(&status.errors),
                known(&status.throttles)
            ));
        }
        let title = format!("API, last {}", self.window);
        text.section(&format!("{title:<42}{:>8}{:>9}{:>9}{:>6}{:>6}", "requests", "p50", "p99", "4xx", "5xx"));
        for status in &self.routes {
            text.line(format!(
                "  {:<40}{:>8}{:>9}{:>9}{:>6}{:>6}",
                status.route,
                known(&status.requests),
                millis(&status.p50_ms),
                millis(&status.p99_ms),
                known(&status.client_errors),
                known(&status.server_errors)
            ));
        }
    }

    fn business(&self, text: &mut Text) {
        text.section(&format!("Business, last {}", self.window));
        let kpis = &self.kpis;
        for (name, each) in [
            ("registrations", &kpis.registrations),
            ("authentications", &kpis.authentications),
            ("photo updates", &kpis.photo_updates),
            ("liveness checks", &kpis.liveness_checks),
        ] {
            flow(text, name, each);
        }
        let mut counts = |name: &str, counts: &[(&Reading<u64>, &str)]| {
            let parts: Vec<String> = counts.iter().map(|(count, what)| format!("{} {what}", known(count))).collect();
            text.wrapped(&parts.join(" · "), &format!("  {name:<18}"));
        };
        counts("pictures", &[(&kpis.pictures_examined, "examined"), (&kpis.faces_detected, "faces detected")]);
        counts(
            "faces",
            &[(&kpis.faces_indexed, "indexed"), (&kpis.faces_deleted, "deleted"), (&kpis.faces_updated, "updated")],
        );
        counts("comparisons", &[(&kpis.comparisons, "made")]);
        counts("searches", &[(&kpis.searches, "made"), (&kpis.search_matches, "matches")]);
        self.reasons(text);
    }

    /// The most frequent reasons why flows did not succeed.
    fn reasons(&self, text: &mut Text) {
        let Reading::Known(refusals) = &self.kpis.refusals else { return };
        if !refusals.is_empty() {
            text.line("  not successful");
        }
        for refusal in refusals.iter().take(REASONS) {
            let Why { flow, outcome, step, reason } = &refusal.why;
            text.line(format!("    {:<16}{flow} {outcome} at {step}: {reason}", known(&refusal.count)));
        }
    }
}

fn flow(text: &mut Text, name: &str, flow: &FlowKpi) {
    let mut parts = vec![known(&flow.total())];
    for (outcome, count) in &flow.outcomes {
        if count.known().is_some_and(|count| *count > 0) {
            parts.push(format!("{outcome} {}", known(count)));
        }
    }
    text.wrapped(&parts.join(" · "), &format!("  {name:<18}"));
}

fn known(reading: &Reading<u64>) -> String {
    match reading {
        Reading::Known(count) => count.to_string(),
        reading if awaits_first_metric(reading) => "–".to_owned(),
        Reading::Unknown(_) => "◌".to_owned(),
    }
}

fn millis(measured: &Measured) -> String {
    match measured {
        Reading::Known(Some(value)) => format!("{value:.0} ms"),
        Reading::Known(None) => "–".to_owned(),
        Reading::Unknown(_) => "◌".to_owned(),
    }
}

fn optional<T: Display>(reading: &Reading<Option<T>>, absent: &str) -> String {
    match reading {
        Reading::Known(Some(value)) => value.to_string(),
        Reading::Known(None) => absent.to_owned(),
        Reading::Unknown(_) => "◌ unknown".to_owned(),
    }
}

/// Longest line.
const WIDTH: usize = 80;
/// Reasons that are listed; all of them are in the JSON.
const REASONS: usize = 5;

#[derive(Default)]
struct Text {
    lines: Vec<String>,
}

impl Text {
    fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    fn section(&mut self, title: &str) {
        self.lines.push(String::new());
        self.line(title);
    }

    /// Words on as many lines as they need; `lead` begins the first, blanks of its length the others.
    fn wrapped(&mut self, words: &str, lead: &str) {
        let blank = " ".repeat(lead.chars().count());
        let mut line = lead.to_owned();
        let mut is_empty = true;
        for word in words.split_whitespace() {
            if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.lines.push(std::mem::replace(&mut line, blank.clone()));
                is_empty = true;
            }
            if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
        self.lines.push(line);
    }
}

#[cfg(test)]
mod tests {
    use crate::observe::fixture;

    #[test]
    fn the_summary_fits_eighty_columns() {
        for snapshot in [fixture::healthy(), fixture::idle(), fixture::troubled(), fixture::dark()] {
            let text = snapshot.to_text();
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{line}");
            }
        }
        insta::assert_snapshot!(fixture::troubled().to_text());
    }
}
