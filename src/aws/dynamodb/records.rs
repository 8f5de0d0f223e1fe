//! Face records in the faces table, and the places that sessions have for faces.
//!
//! ```text
//! tenant (pk)  face_id (sk)  session_key = "tenant#session" (index by_session)  session_id
//! state = PENDING | ACTIVE | DELETING   collection  image_key  created_at  metadata (JSON text)
//! engine_face_id  model_version? (from ACTIVE on)   blacklist_reason  blacklist_reviewer?  blacklisted_at (blacklisted)
//! unsettled  since (PENDING, DELETING)
//!
//! tenant (pk)  face_id = "session:SESSION"  taken (N)      how many places of a session are taken; gone with the last
//! ```

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::KeysAndAttributes;

use super::item::{Fields, Item, Record, Unreadable, number};
use super::transaction::{Change, NotWritten, Write, write};
use super::{SERVICE, brisk_client, item, unsettled};
use crate::aws::patience::Pauses;
use crate::aws::{Cloud, CloudError, ErrorKind};
use crate::identity::faces::{Blacklisting, FaceRecord, RecordState, SessionId};
use crate::identity::{FaceRecords, Indexed, ServiceError};
use crate::model::{CollectionId, FaceId, ModelVersion, TenantId, Timestamp};

const TABLE: &str = "faces";
const PENDING: &str = "PENDING";
const ACTIVE: &str = "ACTIVE";
const DELETING: &str = "DELETING";

/// Most keys of one BatchGetItem (DynamoDB API reference).
const KEYS_AT_ONCE: usize = 100;

/// The table of face records.
#[derive(Debug)]
pub struct FaceTable {
    client: Client,
    table: String,
}

impl FaceTable {
    /// A client for a table.
    #[must_use]
    pub fn new(cloud: &Cloud, table: String) -> Self {
        Self { client: brisk_client(cloud), table }
    }

    fn update(&self, tenant: &TenantId, face: &FaceId, change: Change) -> Write {
        Write::update(&self.table, key(tenant, face), change)
    }

    fn update_places(&self, record: &FaceRecord, by: i64) -> Write {
        Write::update(&self.table, places_key(&record.tenant, &record.session), Change::new().add("taken", by))
    }

    /// One page of records; what DynamoDB could not read at once comes back.
    async fn read(&self, keys: Vec<Item>) -> Result<(Vec<Item>, Vec<Item>), CloudError> {
        const OPERATION: &str = "BatchGetItem";
        let keys = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build();
        let keys = keys.map_err(|_| CloudError::incomplete(SERVICE, OPERATION, "list of keys"))?;
        let answer = self.client.batch_get_item().request_items(&self.table, keys).send().await;
        let answer = answer.map_err(|error| CloudError::from_sdk(SERVICE, OPERATION, &error))?;
        let left = answer.unprocessed_keys.unwrap_or_default().into_values().flat_map(|left| left.keys);
        Ok((answer.responses.unwrap_or_default().into_values().flatten().collect(), left.collect()))
    }
}

impl FaceRecords for FaceTable {
    async fn add(&self, record: &FaceRecord, places: u32) -> Result<bool, ServiceError> {
        if places == 0 {
            return Ok(false);
        }
        let item = to_item(record).and(unsettled::since(record.created_at)).item();
        let put = Write::put(&self.table, item).when("attribute_not_exists(#face_id)", Fields::new());
        let take = self
            .update_places(record, 1)
            .when("attribute_not_exists(#taken) OR #taken < :places", Fields::new().with("places", number(places)));
        match write(&self.client, [put, take]).await {
            Ok(()) => Ok(true),
            Err(refused) if refused.refused(1) && !refused.refused(0) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn activate(&self, tenant: &TenantId, face: &FaceId, indexed: &Indexed) -> Result<(), ServiceError> {
        let change = Change::new().set(active(indexed)).remove(unsettled::ATTRIBUTES);
        let update = self.update(tenant, face, change);
        let update = update.when("#state = :pending", Fields::new().text("pending", PENDING));
        Ok(write(&self.client, [update]).await?)
    }

    async fn blacklist(
        &self,
        tenant: &TenantId,
        face: &FaceId,
        blacklisting: &Blacklisting,
    ) -> Result<(), ServiceError> {
        // A reviewer of an earlier decision did not take this one.
        let earlier = blacklisting.reviewer.is_none().then_some("blacklist_reviewer");
        let change = Change::new().set(blacklisted(blacklisting)).remove(earlier);
        let update = self.update(tenant, face, change).when("#state = :active", Fields::new().text("active", ACTIVE));
        Ok(write(&self.client, [update]).await?)
    }

    async fn begin_deletion(&self, tenant: &TenantId, face: &FaceId) -> Result<(), ServiceError> {
        let change = Change::new().set(Fields::new().text("state", DELETING));
        // What was pending is as old as it was.
        let change = change.set_missing(unsettled::since(Timestamp::now()));
        let update = self.update(tenant, face, change).when("attribute_exists(#face_id)", Fields::new());
        Ok(write(&self.client, [update]).await?)
    }

    async fn remove(&self, record: &FaceRecord) -> Result<(), ServiceError> {
        let mut pauses = Pauses::new();
        loop {
            // The last face takes the session's item with it: a table without faces is an empty table.
            let fewer = self.update_places(record, -1).when("#taken > :one", Fields::new().with("one", number(1)));
            let none = Write::delete(&self.table, places_key(&record.tenant, &record.session));
            let none =
                none.when("attribute_not_exists(#taken) OR #taken <= :one", Fields::new().with("one", number(1)));
            for give_back in [fewer, none] {
                let delete = Write::delete(&self.table, key(&record.tenant, &record.face));
                let delete = delete.when("attribute_exists(#face_id)", Fields::new());
                match write(&self.client, [delete, give_back]).await {
                    Ok(()) => return Ok(()),
                    // Gone already, and its place with it.
                    Err(refused) if refused.refused(0) => return Ok(()),
                    Err(NotWritten::Refused(_)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            // Others took or gave back places between the two.
            if !pauses.pause().await {
                return Err(busy("TransactWriteItems").into());
            }
        }
    }

    async fn find(&self, tenant: &TenantId, face: &FaceId) -> Result<Option<FaceRecord>, ServiceError> {
        let item = item(&self.client, &self.table, key(tenant, face)).await?;
        Ok(item.map(|item| from_item(Record::new(TABLE, &item))).transpose()?)
    }

    async fn find_all(&self, tenant: &TenantId, faces: &[FaceId]) -> Result<Vec<FaceRecord>, ServiceError> {
        // The same key twice in one call is an error.
        let mut faces: Vec<&FaceId> = faces.iter().collect();
        faces.sort_unstable();
        faces.dedup();
        let mut found = Vec::with_capacity(faces.len());
        for faces in faces.chunks(KEYS_AT_ONCE) {
            let mut keys: Vec<Item> = faces.iter().map(|face| key(tenant, face)).collect();
            let mut pauses = Pauses::new();
            loop {
                let (items, left) = self.read(keys).await?;
                for item in &items {
                    found.push(from_item(Record::new(TABLE, item))?);
                }
                if left.is_empty() {
                    break;
                }
                if !pauses.pause().await {
                    return Err(busy("BatchGetItem").into());
                }
                keys = left;
            }
        }
        Ok(found)
    }

    async fn unsettled(&self, before: Timestamp, limit: u16) -> Result<Vec<(TenantId, FaceId)>, ServiceError> {
        let keys = unsettled::keys(&self.client, &self.table, before, limit).await?;
        let id = |item: &Item| {
            let record = Record::new(TABLE, item);
            Ok::<_, Unreadable>((record.checked("tenant", TenantId::new)?, record.checked("face_id", FaceId::new)?))
        };
        Ok(keys.iter().map(id).collect::<Result<_, _>>()?)
    }
}

/// DynamoDB did a part of the work again and again, but not all of it.
fn busy(operation: &'static str) -> CloudError {
    let (code, message) = ("Busy".to_owned(), "too much at the same time on these records".to_owned());
    CloudError { service: SERVICE, operation, kind: ErrorKind::Throttled, code, message }
}

fn key(tenant: &TenantId, face: &FaceId) -> Item {
    Fields::new().text("tenant", tenant).text("face_id", face).item()
}

/// The item of a session's places. No face id looks like this one, and it is in no index.
fn places_key(tenant: &TenantId, session: &SessionId) -> Item {
    Fields::new().text("tenant", tenant).text("face_id", format!("session:{session}")).item()
}

fn to_item(record: &FaceRecord) -> Fields {
    let metadata = serde_json::Value::Object(record.metadata.clone());
    Fields::new()
        .text("tenant", &record.tenant)
        .text("face_id", &record.face)
        .text("session_key", format!("{}#{}", record.tenant, record.session))
        .text("session_id", &record.session)
        .text("collection", &record.collection)
        .text("image_key", &record.image_key)
        .text("created_at", record.created_at)
        .text("metadata", metadata)
        .and(record.blacklisted.as_ref().map(blacklisted).unwrap_or_default())
        .and(match &record.state {
            RecordState::Pending => Fields::new().text("state", PENDING),
            RecordState::Active(indexed) => active(indexed),
            RecordState::Deleting => Fields::new().text("state", DELETING),
        })
}

fn active(indexed: &Indexed) -> Fields {
    Fields::new()
        .text("state", ACTIVE)
        .text("engine_face_id", &indexed.engine_face)
        .text_if("model_version", indexed.model_version.as_ref())
}

fn blacklisted(blacklisting: &Blacklisting) -> Fields {
    Fields::new()
        .text("blacklist_reason", &blacklisting.reason)
        .text_if("blacklist_reviewer", blacklisting.reviewer.as_ref())
        .text("blacklisted_at", blacklisting.at)
}

fn from_item(record: Record<'_>) -> Result<FaceRecord, Unreadable> {
    Ok(FaceRecord {
        tenant: record.checked("tenant", TenantId::new)?,
        face: record.checked("face_id", FaceId::new)?,
        session: record.checked("session_id", SessionId::new)?,
        collection: record.checked("collection", CollectionId::new)?,
        image_key: record.text("image_key")?.to_owned(),
        metadata: record.checked("metadata", |text| serde_json::from_str(&text))?,
        blacklisted: match record.text_if("blacklist_reason")? {
            None => None,
            Some(reason) => Some(Blacklisting {
                reason: reason.to_owned(),
                reviewer: record.text_if("blacklist_reviewer")?.map(str::to_owned),
                at: record.moment("blacklisted_at")?,
            }),
        },
        created_at: record.moment("created_at")?,
        state: match record.text("state")? {
            PENDING => RecordState::Pending,
            DELETING => RecordState::Deleting,
            ACTIVE => RecordState::Active(Indexed {
                engine_face: record.checked("engine_face_id", FaceId::new)?,
                model_version: record.checked_if("model_version", ModelVersion::new)?,
            }),
            _ => return Err(record.unreadable("state")),
        },
    })
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
        let blacklisting = |reviewer: Option<&str>| Blacklisting {
            reason: "chargeback".to_owned(),
            reviewer: reviewer.map(str::to_owned),
            at: Timestamp::from_millis(1_793_353_043_250),
        };
        for record in [
            record(RecordState::Pending, None),
            record(RecordState::Active(indexed.clone()), Some(blacklisting(None))),
            record(RecordState::Active(indexed.clone()), Some(blacklisting(Some("reviewer-7")))),
            record(RecordState::Active(Indexed { model_version: None, ..indexed }), None),
            record(RecordState::Deleting, None),
        ] {
            let item = to_item(&record).item();
            assert_eq!(from_item(Record::new(TABLE, &item)), Ok(record));
        }
    }

    #[test]
    fn sessions_are_found_by_tenant_and_session() {
        let item = to_item(&record(RecordState::Pending, None)).item();
        assert_eq!(item["session_key"].as_s().unwrap(), "demo#session-1");
    }

    #[test]
    fn the_places_of_a_session_are_no_face() {
        let key = places_key(&TenantId::new("demo").unwrap(), &SessionId::new("session-1").unwrap());
        assert!(FaceId::new(key["face_id"].as_s().unwrap()).is_err());
    }
}
