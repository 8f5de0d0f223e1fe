//! Watchers for a pipe, a log file or a script.

use std::io::Write;

use crate::deploy::watch::{DeployEvent, Operation, Phase, Watcher};

/// One line per event, without any terminal control.
#[derive(Debug)]
pub struct PlainLines<W> {
    out: W,
}

impl<W: Write + Send> PlainLines<W> {
    /// Writes to `out`.
    pub const fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write + Send> Watcher for PlainLines<W> {
    fn event(&mut self, event: &DeployEvent) {
        // A log needs how each resource ended; that it began is for who watches live.
        if matches!(event, DeployEvent::Resource { phase: Phase::Running, .. }) {
            return;
        }
        // Progress that cannot be written is no reason to stop a deployment.
        drop(writeln!(self.out, "{}", line(event)));
    }
}

/// One JSON object per event and line.
#[derive(Debug)]
pub struct Ndjson<W> {
    out: W,
}

impl<W: Write + Send> Ndjson<W> {
    /// Writes to `out`.
    pub const fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write + Send> Watcher for Ndjson<W> {
    fn event(&mut self, event: &DeployEvent) {
        if let Ok(json) = serde_json::to_string(event) {
            drop(writeln!(self.out, "{json}"));
        }
    }
}

/// An event in one line.
fn line(event: &DeployEvent) -> String {
    match event {
        DeployEvent::Note { stack: Some(stack), message } => format!("{stack:<10}  {message}"),
        DeployEvent::Note { stack: None, message } => message.clone(),
        DeployEvent::Started { stack, operation } => format!("{stack:<10}  {}", operation.begins()),
        DeployEvent::Resource { stack, resource, resource_type, status, phase, reason, .. } => {
            let reason = reason.as_deref().filter(|_| *phase == Phase::Failed);
            let reason = reason.map(|reason| format!("  {reason}")).unwrap_or_default();
            format!("{stack:<10}  {resource}  {resource_type}  {status}{reason}")
        }
        DeployEvent::Finished { stack, result, millis } => {
            format!("{stack:<10}  {} in {}", result.name(), super::tree::span(*millis))
        }
    }
}

impl Operation {
    /// What begins, in words.
    #[must_use]
    pub const fn begins(self) -> &'static str {
        match self {
            Self::Create => "is being created",
            Self::Update => "is being updated",
            Self::Import => "takes over what an earlier deployment retained",
            Self::Delete => "is being deleted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::watch::StackResult;
    use crate::model::{StackKind, Timestamp};

    fn failure() -> DeployEvent {
        DeployEvent::Resource {
            stack: StackKind::Data,
            resource: "FacesTable".to_owned(),
            resource_type: "AWS::DynamoDB::Table".to_owned(),
            status: "CREATE_FAILED".to_owned(),
            phase: Phase::Failed,
            reason: Some("it exists".to_owned()),
            at: Timestamp::from_millis(0),
        }
    }

    #[test]
    fn a_pipe_gets_a_line_per_event_and_no_escape_codes() {
        let mut out = Vec::new();
        let mut lines = PlainLines::new(&mut out);
        lines.event(&DeployEvent::Started { stack: StackKind::Data, operation: Operation::Create });
        lines.event(&failure());
        lines.event(&DeployEvent::Finished { stack: StackKind::Data, result: StackResult::Failed, millis: 1_300 });
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "data        is being created\n\
             data        FacesTable  AWS::DynamoDB::Table  CREATE_FAILED  it exists\n\
             data        failed in 1.3 s\n"
        );
    }

    #[test]
    fn a_script_gets_an_object_per_line() {
        let mut out = Vec::new();
        Ndjson::new(&mut out).event(&failure());
        let event: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!((event["event"].as_str(), event["phase"].as_str()), (Some("resource"), Some("failed")));
        assert_eq!(event["stack"], "data");
    }
}
