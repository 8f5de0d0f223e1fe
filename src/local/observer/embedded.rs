//! Reads the logs of the local cloud and publishes the metrics that are embedded in them.

use std::collections::HashMap;

use super::cursor::Cursor;
use super::emf;
use crate::aws::cloudwatch::publish::{Datum, Publisher};
use crate::aws::logs::Logs;
use crate::aws::{Cloud, CloudError, ErrorKind};
use crate::local::log;
use crate::model::Timestamp;

/// What every line with embedded metrics holds, as a CloudWatch Logs filter pattern.
const PATTERN: &str = "\"CloudWatchMetrics\"";

/// Turns embedded metrics into CloudWatch metrics.
#[derive(Debug)]
pub struct EmbeddedMetrics {
    logs: Logs,
    publisher: Publisher,
    beginning: Timestamp,
    cursors: HashMap<String, Cursor>,
    refused: u64,
    /// Read and not published yet, by namespace.
    pending: HashMap<String, Vec<Datum>>,
}

impl EmbeddedMetrics {
    /// Extracts what is logged from `beginning` on.
    #[must_use]
    pub fn new(cloud: &Cloud, beginning: Timestamp) -> Self {
        let (logs, publisher) = (Logs::new(cloud), Publisher::new(cloud));
        Self { logs, publisher, beginning, cursors: HashMap::new(), refused: 0, pending: HashMap::new() }
    }

    /// Reads every log group once and publishes what is new.
    pub async fn collect(&mut self) -> Result<(), CloudError> {
        for group in self.logs.groups().await? {
            let beginning = self.beginning;
            let cursor = self.cursors.entry(group.clone()).or_insert_with(|| Cursor::new(beginning));
            let events = match self.logs.events(&group, cursor.since(), PATTERN).await {
                // The group was deleted since it was listed.
                Err(error) if error.kind == ErrorKind::NotFound => continue,
                read => read?,
            };
            let fresh = cursor.take(events);
            for event in &fresh {
                match emf::extract(&event.message) {
                    Ok(extracted) => {
                        for (namespace, data) in extracted {
                            self.pending.entry(namespace).or_default().extend(data);
                        }
                    }
                    Err(error) => self.refuse(&group, &error),
                }
            }
        }
        self.publish().await
    }

    /// A namespace is forgotten only once its metrics were taken.
    async fn publish(&mut self) -> Result<(), CloudError> {
        let namespaces: Vec<String> = self.pending.keys().cloned().collect();
        for namespace in namespaces {
            if let Some(data) = self.pending.get(&namespace) {
                self.publisher.put(&namespace, data).await?;
            }
            self.pending.remove(&namespace);
        }
        Ok(())
    }

    /// The line itself is not repeated: nobody knows what a broken line holds.
    fn refuse(&mut self, group: &str, error: &emf::EmfError) {
        self.refused += 1;
        log::say(&format!("{group}: embedded metrics refused ({} so far): {error}", self.refused));
    }
}
