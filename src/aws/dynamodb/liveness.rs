//! Liveness sessions in their table.
//!
//! ```text
//! session_id (pk)   tenant  user_id?  purpose  created_at
//! state = OPEN | JUDGED | USED | ABANDONED
//! refusal?  confidence?  reference_key?  audit_keys (from JUDGED on)
//! unsettled  since (OPEN, JUDGED)   expires_at (USED, ABANDONED; epoch seconds)
//! ```

use std::time::Duration;

use aws_sdk_dynamodb::Client;

use super::item::{Fields, Item, Record, Unreadable};
use super::registrations::expiry;
use super::transaction::{Change, Write, write};
use super::{brisk_client, item, unsettled};
use crate::aws::Cloud;
use crate::identity::liveness::{LivenessPurpose, LivenessRecord, LivenessState, LivenessVerdict};
use crate::identity::{LivenessRecords, ServiceError};
use crate::model::{LivenessSessionId, TenantId, Timestamp, UserId};

const TABLE: &str = "liveness";
const OPEN: &str = "OPEN";
const JUDGED: &str = "JUDGED";
const USED: &str = "USED";
const ABANDONED: &str = "ABANDONED";

/// Liveness sessions in their table.
#[derive(Debug)]
pub struct LivenessTable {
    client: Client,
    table: String,
    kept: Duration,
}

impl LivenessTable {
    /// A client for a table. Sessions that were used or abandoned are `kept` for so long.
    #[must_use]
    pub fn new(cloud: &Cloud, table: String, kept: Duration) -> Self {
        Self { client: brisk_client(cloud), table, kept }
    }

    fn update(&self, session: &LivenessSessionId, change: Change) -> Write {
        Write::update(&self.table, key(session), change)
    }

    /// The last change of a session.
    fn end(&self, session: &LivenessSessionId, state: &str) -> Write {
        let fields = Fields::new().text("state", state).and(expiry(Timestamp::now(), self.kept));
        self.update(session, Change::new().set(fields).remove(unsettled::ATTRIBUTES))
    }
}

impl LivenessRecords for LivenessTable {
    async fn add(&self, record: &LivenessRecord) -> Result<(), ServiceError> {
        let item = to_item(record).and(unsettled::since(record.created_at)).item();
        let put = Write::put(&self.table, item).when("attribute_not_exists(#session_id)", Fields::new());
        Ok(write(&self.client, [put]).await?)
    }

    async fn find(&self, session: &LivenessSessionId) -> Result<Option<LivenessRecord>, ServiceError> {
        let item = item(&self.client, &self.table, key(session)).await?;
        Ok(item.map(|item| from_item(Record::new(TABLE, &item))).transpose()?)
    }

    async fn judge(&self, session: &LivenessSessionId, verdict: &LivenessVerdict) -> Result<(), ServiceError> {
        let update = self.update(session, Change::new().set(judged(verdict).text("state", JUDGED)));
        Ok(write(&self.client, [update.when("#state = :open", Fields::new().text("open", OPEN))]).await?)
    }

    async fn consume(&self, session: &LivenessSessionId) -> Result<(), ServiceError> {
        let end = self.end(session, USED).when("#state = :judged", Fields::new().text("judged", JUDGED));
        Ok(write(&self.client, [end]).await?)
    }

    async fn abandon(&self, session: &LivenessSessionId) -> Result<(), ServiceError> {
        let unused = Fields::new().text("open", OPEN).text("judged", JUDGED);
        let end = self.end(session, ABANDONED).when("#state IN (:open, :judged)", unused);
        Ok(write(&self.client, [end]).await?)
    }

    async fn unsettled(&self, before: Timestamp, limit: u16) -> Result<Vec<LivenessSessionId>, ServiceError> {
        let keys = unsettled::keys(&self.client, &self.table, before, limit).await?;
        let id = |item: &Item| Record::new(TABLE, item).checked("session_id", LivenessSessionId::new);
        Ok(keys.iter().map(id).collect::<Result<_, _>>()?)
    }
}

fn key(session: &LivenessSessionId) -> Item {
    Fields::new().text("session_id", session).item()
}

fn to_item(record: &LivenessRecord) -> Fields {
    let (state, verdict) = match &record.state {
        LivenessState::Open => (OPEN, None),
        LivenessState::Judged(verdict) => (JUDGED, Some(verdict)),
        LivenessState::Used(verdict) => (USED, Some(verdict)),
        LivenessState::Abandoned => (ABANDONED, None),
    };
    Fields::new()
        .text("session_id", &record.id)
        .text("tenant", &record.tenant)
        .text_if("user_id", record.user.as_ref())
        .text("purpose", purpose(record.purpose))
        .text("created_at", record.created_at)
        .text("state", state)
        .and(verdict.map(judged).unwrap_or_default())
}

const fn purpose(purpose: LivenessPurpose) -> &'static str {
    match purpose {
        LivenessPurpose::Registration => "registration",
        LivenessPurpose::Authentication => "authentication",
        LivenessPurpose::PhotoUpdate => "photo_update",
    }
}

fn judged(verdict: &LivenessVerdict) -> Fields {
    Fields::new()
        .text_if("refusal", verdict.refusal)
        .percent_if("confidence", verdict.confidence)
        .text_if("reference_key", verdict.reference.as_ref())
        .texts("audit_keys", &verdict.audit)
}

fn from_item(record: Record<'_>) -> Result<LivenessRecord, Unreadable> {
    let verdict = || -> Result<LivenessVerdict, Unreadable> {
        Ok(LivenessVerdict {
            refusal: record.word_if("refusal")?,
            confidence: record.percent_if("confidence")?,
            reference: record.text_if("reference_key")?.map(str::to_owned),
            audit: record.texts("audit_keys")?,
        })
    };
    Ok(LivenessRecord {
        id: record.checked("session_id", LivenessSessionId::new)?,
        tenant: record.checked("tenant", TenantId::new)?,
        user: record.checked_if("user_id", UserId::new)?,
        purpose: record.word("purpose")?,
        created_at: record.moment("created_at")?,
        state: match record.text("state")? {
            OPEN => LivenessState::Open,
            JUDGED => LivenessState::Judged(verdict()?),
            USED => LivenessState::Used(verdict()?),
            ABANDONED => LivenessState::Abandoned,
            _ => return Err(record.unreadable("state")),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fakes::face_id;
    use crate::model::{Percent, Reason};

    #[test]
    fn sessions_survive_the_trip_through_the_table() {
        let lives = LivenessVerdict {
            refusal: None,
            confidence: Percent::new(98.7).ok(),
            reference: Some("liveness/1/reference.jpg".to_owned()),
            audit: vec!["liveness/1/audit.jpg".to_owned()],
        };
        let refused = LivenessVerdict {
            refusal: Some(Reason::LivenessExpired),
            confidence: None,
            reference: None,
            audit: Vec::new(),
        };
        let states = [
            LivenessState::Open,
            LivenessState::Judged(lives.clone()),
            LivenessState::Judged(refused),
            LivenessState::Used(lives),
            LivenessState::Abandoned,
        ];
        let purposes = [LivenessPurpose::Registration, LivenessPurpose::Authentication, LivenessPurpose::PhotoUpdate];
        for (state, purpose) in states.into_iter().zip(purposes.into_iter().cycle()) {
            let record = LivenessRecord {
                id: LivenessSessionId::new(face_id(3).to_string()).unwrap(),
                tenant: TenantId::new("demo").unwrap(),
                user: (purpose != LivenessPurpose::Registration).then(|| UserId::new("customer:7").unwrap()),
                purpose,
                created_at: Timestamp::from_millis(1_793_353_043_250),
                state,
            };
            let item = to_item(&record).item();
            assert_eq!(from_item(Record::new(TABLE, &item)), Ok(record));
        }
    }
}
