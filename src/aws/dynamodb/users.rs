//! Users in their table, and the user ids that registrations have reserved.
//!
//! ```text
//! user_id (pk)   state = RESERVED | ACTIVE   registration_id   tenant
//! collection  selfie {face_id model_version? image_key}  document? {…}  document_key  created_at  seen_at  (ACTIVE)
//! change {kind = ADDING  image_key  since} | {kind = RETIRING  old {…}  since} | {kind = ERASING  since}   unsettled  since  (photo updates)
//! ```

mod attributes;

use aws_sdk_dynamodb::Client;

use super::item::{Fields, Item, Record};
use super::transaction::{Change, NotWritten, Write, write};
use super::{brisk_client, item, unsettled};
use crate::aws::Cloud;
use crate::identity::registration::Registration;
use crate::identity::user::{PhotoChange, User, UserFace};
use crate::identity::{ServiceError, ServiceErrorKind, UserRecords};
use crate::model::{RegistrationId, Timestamp, UserId};
use attributes::{ACTIVE, RESERVED, TABLE, change, from_item, to_item, user_face};
pub(super) use attributes::{indexed_face, read_indexed_face};

/// Users in their table.
#[derive(Debug)]
pub struct UserTable {
    client: Client,
    table: String,
}

impl UserTable {
    /// A client for a table.
    #[must_use]
    pub fn new(cloud: &Cloud, table: String) -> Self {
        Self { client: brisk_client(cloud), table }
    }

    fn update(&self, user: &UserId, change: Change) -> Write {
        Write::update(&self.table, key(user), change)
    }
}

impl UserRecords for UserTable {
    async fn find(&self, user: &UserId) -> Result<Option<User>, ServiceError> {
        let item = item(&self.client, &self.table, key(user)).await?;
        Ok(item.map(|item| from_item(Record::new(TABLE, &item))).transpose()?.flatten())
    }

    async fn holder(&self, user: &UserId) -> Result<Option<RegistrationId>, ServiceError> {
        let item = item(&self.client, &self.table, key(user)).await?;
        let holder = |item: Item| Record::new(TABLE, &item).checked("registration_id", RegistrationId::new);
        Ok(item.map(holder).transpose()?)
    }

    async fn seen(&self, user: &UserId, at: Timestamp) -> Result<(), ServiceError> {
        let update = self.update(user, Change::new().set(Fields::new().text("seen_at", at)));
        Ok(write(&self.client, [update.when("#state = :active", active())]).await?)
    }

    async fn begin_change(&self, user: &UserId, adding: &PhotoChange) -> Result<(), ServiceError> {
        let fields = Fields::new().with("change", change(adding)).and(unsettled::since(adding.since()));
        let update = self.update(user, Change::new().set(fields));
        let update = update.when("#state = :active AND attribute_not_exists(#change)", active());
        Ok(write(&self.client, [update]).await?)
    }

    async fn switch_face(&self, user: &User, selfie: &UserFace, at: Timestamp) -> Result<(), ServiceError> {
        let Some(adding @ PhotoChange::Adding { since, .. }) = &user.change else {
            return Err(ServiceError::new(ServiceErrorKind::Conflict, "a face to be switched was not being added"));
        };
        let retiring = PhotoChange::Retiring { old: user.selfie.clone(), since: *since };
        let fields =
            Fields::new().with("change", change(&retiring)).with("selfie", user_face(selfie)).text("seen_at", at);
        // `since` of the index stays: it is the same change, and just as old.
        let update = self.update(&user.id, Change::new().set(fields));
        Ok(write(&self.client, [update.when("#change = :adding", expected("adding", adding))]).await?)
    }

    async fn end_change(&self, user: &UserId, ended: &PhotoChange) -> Result<(), ServiceError> {
        let update = self.update(user, Change::new().remove(["change"]).remove(unsettled::ATTRIBUTES));
        Ok(write(&self.client, [update.when("#change = :ended", expected("ended", ended))]).await?)
    }

    async fn remove(&self, user: &UserId) -> Result<(), ServiceError> {
        let condition = "attribute_not_exists(#user_id) OR #state = :active";
        match write(&self.client, [Write::delete(&self.table, key(user)).when(condition, active())]).await {
            // A reserved id is no user: there was none to remove.
            Ok(()) | Err(NotWritten::Refused(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn unsettled(&self, before: Timestamp, limit: u16) -> Result<Vec<UserId>, ServiceError> {
        let keys = unsettled::keys(&self.client, &self.table, before, limit).await?;
        let id = |item: &Item| Record::new(TABLE, item).checked("user_id", UserId::new);
        Ok(keys.iter().map(id).collect::<Result<_, _>>()?)
    }
}

/// The reservation of a registration's user id: only when nobody has it.
pub(super) fn reserve(table: &str, registration: &Registration) -> Write {
    let item = Fields::new()
        .text("user_id", &registration.user)
        .text("state", RESERVED)
        .text("registration_id", &registration.id)
        .text("tenant", &registration.tenant);
    Write::put(table, item.item()).when("attribute_not_exists(#user_id)", Fields::new())
}

/// A reserved id becomes a user: only when it is this registration's.
pub(super) fn approve(table: &str, registration: &RegistrationId, user: &User) -> Write {
    Write::put(table, to_item(user).item()).when(RESERVED_BY, reserved_by(registration))
}

/// A user id given free: only when nobody has it, or this registration.
pub(super) fn give_free(table: &str, registration: &Registration) -> Write {
    let condition = format!("attribute_not_exists(#user_id) OR ({RESERVED_BY})");
    Write::delete(table, key(&registration.user)).when(&condition, reserved_by(&registration.id))
}

const RESERVED_BY: &str = "#state = :reserved AND #registration_id = :registration";

fn reserved_by(registration: &RegistrationId) -> Fields {
    Fields::new().text("reserved", RESERVED).text("registration", registration)
}

fn key(user: &UserId) -> Item {
    Fields::new().text("user_id", user).item()
}

fn active() -> Fields {
    Fields::new().text("active", ACTIVE)
}

fn expected(name: &str, expected: &PhotoChange) -> Fields {
    Fields::new().with(name, change(expected))
}
