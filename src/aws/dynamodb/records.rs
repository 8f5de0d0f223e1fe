//! Face records in the faces table.
//!
//! ```text
//! tenant (pk)  face_id (sk)  session_key = "tenant#session" (index by_session)  session_id
//! state = PENDING | ACTIVE   collection  image_key  created_at  metadata (JSON text)
//! engine_face_id  model_version (ACTIVE only)   blacklist_reason (blacklisted only)
//! ```

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::types::{AttributeValue, Select};

use crate::aws::ports::{brisk_retries, brisk_timeouts};
use crate::aws::{Cloud, CloudError};
use crate::identity::faces::{Blacklisting, FaceRecord, RecordState, SessionId};
use crate::identity::{FaceRecords, Indexed, ServiceError, ServiceErrorKind, concurrently};
use crate::model::{CollectionId, FaceId, ModelVersion, TenantId, Timestamp};

const SERVICE: &str = "DynamoDB";
const SESSION_INDEX: &str = "by_session";
const PENDING: &str = "PENDING";
const ACTIVE: &str = "ACTIVE";
const DELETING: &str = "DELETING";

type Item = HashMap<String, AttributeValue>;

/// The table of face records.
#[derive(Debug)]
pub struct FaceTable {
    client: Client,
    table: String,
}

impl FaceTable {
    /// A client for a table.
    #[must_use]
    pub(in crate::aws) fn new(cloud: &Cloud, table: String) -> Self {
        let config = Builder::from(&cloud.shared).retry_config(brisk_retries()).timeout_config(brisk_timeouts());
        Self { client: Client::from_conf(config.build()), table }
    }
}

impl FaceTable {
    async fn count(&self, tenant: &TenantId, session: &SessionId) -> Result<u32, ServiceError> {
        // The index follows the table by milliseconds: two registrations at the very same time may both get in.
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(SESSION_INDEX)
            .key_condition_expression("session_key = :session")
            .expression_attribute_values(":session", text(session_key(tenant, session)))
            .select(Select::Count)
            .send()
            .await
            .map_err(|error| CloudError::from_sdk(SERVICE, "Query", &error))?;
        // A count that is none must not read as room for another face.
        u32::try_from(answer.count).map_err(|_| CloudError::incomplete(SERVICE, "Query", "Count").into())
    }
}

impl FaceRecords for FaceTable {
    async fn add(&self, record: &FaceRecord, places: u32) -> Result<bool, ServiceError> {
        if self.count(&record.tenant, &record.session).await? >= places {
            return Ok(false);
        }
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(record)))
            .condition_expression("attribute_not_exists(face_id)")
            .send()
            .await
            .map_err(|error| CloudError::from_sdk(SERVICE, "PutItem", &error))?;
        Ok(true)
    }

    async fn activate(&self, tenant: &TenantId, face: &FaceId, indexed: &Indexed) -> Result<(), ServiceError> {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(tenant, face)))
            .condition_expression("#state = :pending")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":pending", text(PENDING))
            .expression_attribute_values(":active", text(ACTIVE))
            .expression_attribute_values(":face", text(indexed.engine_face.as_str()));
        let mut assignments = "SET #state = :active, engine_face_id = :face".to_owned();
        if let Some(version) = &indexed.model_version {
            assignments.push_str(", model_version = :version");
            update = update.expression_attribute_values(":version", text(version.as_str()));
        }
        let updated = update.update_expression(assignments).send().await;
        updated.map_err(|error| CloudError::from_sdk(SERVICE, "UpdateItem", &error))?;
        Ok(())
    }

    async fn find(&self, tenant: &TenantId, face: &FaceId) -> Result<Option<FaceRecord>, ServiceError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(tenant, face)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| CloudError::from_sdk(SERVICE, "GetItem", &error))?;
        answer.item.map(|item| from_item(&item)).transpose()
    }

    /// One read per face, all at once: they are few, and a read of its own can be consistent and retried alone.
    async fn find_all(&self, tenant: &TenantId, faces: &[FaceId]) -> Result<Vec<FaceRecord>, ServiceError> {
        let found = concurrently(faces.iter().map(|face| self.find(tenant, face))).await;
        found.into_iter().filter_map(Result::transpose).collect()
    }

    async fn blacklist(&self, _: &TenantId, _: &FaceId, _: &Blacklisting) -> Result<(), ServiceError> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, "not connected"))
    }

    async fn begin_deletion(&self, _: &TenantId, _: &FaceId) -> Result<(), ServiceError> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, "not connected"))
    }

    async fn unsettled(&self, _: Timestamp, _: u16) -> Result<Vec<(TenantId, FaceId)>, ServiceError> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, "not connected"))
    }

    async fn remove(&self, record: &FaceRecord) -> Result<(), ServiceError> {
        let key = key(&record.tenant, &record.face);
        let removed = self.client.delete_item().table_name(&self.table).set_key(Some(key)).send().await;
        removed.map_err(|error| CloudError::from_sdk(SERVICE, "DeleteItem", &error))?;
        Ok(())
    }
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn session_key(tenant: &TenantId, session: &SessionId) -> String {
    format!("{tenant}#{session}")
}

fn key(tenant: &TenantId, face: &FaceId) -> Item {
    HashMap::from([("tenant".to_owned(), text(tenant.as_str())), ("face_id".to_owned(), text(face.as_str()))])
}

fn to_item(record: &FaceRecord) -> Item {
    let mut item = key(&record.tenant, &record.face);
    let mut set = |name: &str, value: String| item.insert(name.to_owned(), text(value));
    set("session_key", session_key(&record.tenant, &record.session));
    set("session_id", record.session.to_string());
    set("collection", record.collection.to_string());
    set("image_key", record.image_key.clone());
    set("created_at", record.created_at.to_string());
    set("metadata", serde_json::Value::Object(record.metadata.clone()).to_string());
    if let Some(blacklisting) = &record.blacklisted {
        set("blacklist_reason", blacklisting.reason.clone());
        set("blacklisted_at", blacklisting.at.to_string());
    }
    match &record.state {
        RecordState::Pending => {
            set("state", PENDING.to_owned());
        }
        RecordState::Deleting => {
            set("state", DELETING.to_owned());
        }
        RecordState::Active(indexed) => {
            set("state", ACTIVE.to_owned());
            set("engine_face_id", indexed.engine_face.to_string());
            if let Some(version) = &indexed.model_version {
                set("model_version", version.to_string());
            }
        }
    }
    item
}

fn from_item(item: &Item) -> Result<FaceRecord, ServiceError> {
    let optional = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    let required = |name: &'static str| optional(name).ok_or_else(|| unreadable(name));
    let state = match required("state")?.as_str() {
        PENDING => RecordState::Pending,
        DELETING => RecordState::Deleting,
        ACTIVE => RecordState::Active(Indexed {
            engine_face: checked("engine_face_id", FaceId::new(required("engine_face_id")?))?,
            model_version: optional("model_version").and_then(|version| ModelVersion::new(version).ok()),
        }),
        _ => return Err(unreadable("state")),
    };
    Ok(FaceRecord {
        tenant: checked("tenant", TenantId::new(required("tenant")?))?,
        face: checked("face_id", FaceId::new(required("face_id")?))?,
        session: checked("session_id", SessionId::new(required("session_id")?))?,
        collection: checked("collection", CollectionId::new(required("collection")?))?,
        image_key: required("image_key")?,
        metadata: checked("metadata", serde_json::from_str(&required("metadata")?))?,
        blacklisted: match optional("blacklist_reason") {
            None => None,
            Some(reason) => {
                let at = checked("blacklisted_at", Timestamp::parse(&required("blacklisted_at")?))?;
                Some(Blacklisting { reason, reviewer: optional("blacklist_reviewer"), at })
            }
        },
        created_at: checked("created_at", Timestamp::parse(&required("created_at")?))?,
        state,
    })
}

fn checked<T, E>(name: &'static str, value: Result<T, E>) -> Result<T, ServiceError> {
    value.map_err(|_| unreadable(name))
}

/// The attribute is named, its value is not: it belongs to a person.
fn unreadable(name: &'static str) -> ServiceError {
    let message = format!("a record of the faces table has no readable `{name}`; it was not written by this program");
    ServiceError::new(ServiceErrorKind::Unavailable, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fakes::{collection, face_id};

    fn record(state: RecordState, blacklisted: Option<Blacklisting>) -> FaceRecord {
        FaceRecord {
            tenant: TenantId::new("demo").unwrap(),
            face: face_id(1),
            session: SessionId::new("session-1").unwrap(),
            collection: collection(0),
            image_key: "tenants/demo/faces/1.png".to_owned(),
            metadata: serde_json::from_str(r#"{"order": {"number": 7}}"#).unwrap(),
            blacklisted,
            created_at: Timestamp::from_millis(1_793_353_043_250),
            state,
        }
    }

    #[test]
    fn records_survive_the_trip_through_the_table() {
        let indexed = Indexed { engine_face: face_id(2), model_version: ModelVersion::new("7.0").ok() };
        for record in [
            record(RecordState::Pending, None),
            record(
                RecordState::Active(indexed.clone()),
                Some(Blacklisting {
                    reason: "chargeback".to_owned(),
                    reviewer: None,
                    at: Timestamp::from_millis(1_793_353_043_250),
                }),
            ),
            record(RecordState::Active(Indexed { model_version: None, ..indexed }), None),
        ] {
            assert_eq!(from_item(&to_item(&record)), Ok(record));
        }
    }

    #[test]
    fn sessions_are_found_by_tenant_and_session() {
        let item = to_item(&record(RecordState::Pending, None));
        assert_eq!(item["session_key"], text("demo#session-1"));
    }

    #[test]
    fn a_foreign_record_is_an_error_that_names_no_value() {
        let mut item = to_item(&record(RecordState::Pending, None));
        item.insert("session_id".to_owned(), text("not a session!"));
        let message = from_item(&item).unwrap_err().message;
        assert!(message.contains("`session_id`") && !message.contains("not a session"), "{message}");
    }
}
