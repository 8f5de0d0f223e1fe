//! Registrations in their table.
//!
//! ```text
//! registration_id (pk)   tenant  user_id  attribute?  selfie_key  document_key  liveness_session_id?  uploads  created_at
//! state = STARTED | PENDING | INDEXED | UNDOING | CONCLUDED
//! collection (from PENDING on)   selfie_face  document_face? (from INDEXED on)
//! outcome  step  reason?  similarity?  existing_user_id?  failures  concluded_at (from UNDOING on)
//! unsettled  since (until CONCLUDED)   expires_at (CONCLUDED; epoch seconds)
//! ```

mod attributes;

use std::time::Duration;

use aws_sdk_dynamodb::Client;

use super::item::{Fields, Item, Record, number};
use super::transaction::{Change, Write, write};
use super::{brisk_client, item, unsettled, users};
use crate::aws::Cloud;
use crate::identity::registration::{Conclusion, IndexedFaces, Registration, RegistrationState};
use crate::identity::user::User;
use crate::identity::{RegistrationRecords, Reserved, ServiceError, ServiceErrorKind};
use crate::model::{CollectionId, RegistrationId, Timestamp};
use attributes::{INDEXED, PENDING, STARTED, TABLE, UNDOING, concluded, from_item, indexed, pending, to_item, undoing};

/// Registrations in their table, and the user ids that they reserve in the users'.
#[derive(Debug)]
pub struct RegistrationTable {
    client: Client,
    table: String,
    users: String,
    kept: Duration,
}

impl RegistrationTable {
    /// A client for the tables of registrations and of users. Concluded registrations are `kept` for so long.
    #[must_use]
    pub fn new(cloud: &Cloud, table: String, users: String, kept: Duration) -> Self {
        Self { client: brisk_client(cloud), table, users, kept }
    }

    /// A change of a registration that is in one of these states.
    fn change(&self, id: &RegistrationId, from: &[&str], change: Change) -> Write {
        let names: Vec<String> = (0..from.len()).map(|number| format!("from_{number}")).collect();
        let states = names.iter().zip(from).fold(Fields::new(), |fields, (name, state)| fields.text(name, state));
        let condition = format!("#state IN (:{})", names.join(", :"));
        Write::update(&self.table, key(id), change).when(&condition, states)
    }

    /// The last change of a registration: it is not unsettled any more, and expires.
    fn end(&self, conclusion: &Conclusion) -> Change {
        let fields = concluded(conclusion).and(expiry(conclusion.at, self.kept));
        Change::new().set(fields).remove(unsettled::ATTRIBUTES)
    }
}

impl RegistrationRecords for RegistrationTable {
    async fn begin(&self, registration: &Registration) -> Result<(), ServiceError> {
        let item = to_item(registration).and(unsettled::since(registration.created_at)).item();
        let put = Write::put(&self.table, item).when("attribute_not_exists(#registration_id)", Fields::new());
        Ok(write(&self.client, [put]).await?)
    }

    async fn find(&self, id: &RegistrationId) -> Result<Option<Registration>, ServiceError> {
        let item = item(&self.client, &self.table, key(id)).await?;
        Ok(item.map(|item| from_item(Record::new(TABLE, &item))).transpose()?)
    }

    async fn reserve(&self, registration: &Registration, collection: &CollectionId) -> Result<Reserved, ServiceError> {
        let change = self.change(&registration.id, &[STARTED], Change::new().set(pending(collection)));
        let reservation = users::reserve(&self.users, registration);
        match write(&self.client, [change, reservation]).await {
            Ok(()) => Ok(Reserved::Done),
            Err(refused) if refused.refused(1) && !refused.refused(0) => Ok(Reserved::UserExists),
            Err(error) => Err(error.into()),
        }
    }

    async fn index(&self, id: &RegistrationId, faces: &IndexedFaces) -> Result<(), ServiceError> {
        let change = self.change(id, &[PENDING], Change::new().set(indexed(faces)));
        Ok(write(&self.client, [change]).await?)
    }

    async fn approve(&self, id: &RegistrationId, conclusion: &Conclusion, user: &User) -> Result<(), ServiceError> {
        let change = self.change(id, &[INDEXED], self.end(conclusion));
        Ok(write(&self.client, [change, users::approve(&self.users, id, user)]).await?)
    }

    async fn begin_undoing(&self, id: &RegistrationId, verdict: &Conclusion) -> Result<(), ServiceError> {
        let change = self.change(id, &[STARTED, PENDING, INDEXED], Change::new().set(undoing(verdict)));
        Ok(write(&self.client, [change]).await?)
    }

    async fn conclude(&self, registration: &Registration) -> Result<(), ServiceError> {
        let RegistrationState::Undoing { collection, verdict } = &registration.state else {
            return Err(ServiceError::new(ServiceErrorKind::Conflict, "a registration to be concluded is not undoing"));
        };
        let change = || self.change(&registration.id, &[UNDOING], self.end(verdict));
        // The user id was reserved together with the choice of the collection.
        if collection.is_some() {
            match write(&self.client, [change(), users::give_free(&self.users, registration)]).await {
                Ok(()) => return Ok(()),
                // Somebody else's by now, so there is nothing to give free.
                Err(refused) if refused.refused(1) && !refused.refused(0) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(write(&self.client, [change()]).await?)
    }

    async fn unsettled(&self, before: Timestamp, limit: u16) -> Result<Vec<RegistrationId>, ServiceError> {
        let keys = unsettled::keys(&self.client, &self.table, before, limit).await?;
        let id = |item: &Item| Record::new(TABLE, item).checked("registration_id", RegistrationId::new);
        Ok(keys.iter().map(id).collect::<Result<_, _>>()?)
    }
}

fn key(id: &RegistrationId) -> Item {
    Fields::new().text("registration_id", id).item()
}

/// When DynamoDB may delete a record that was concluded at a moment, in epoch seconds.
pub(super) fn expiry(at: Timestamp, kept: Duration) -> Fields {
    let kept = i64::try_from(kept.as_secs()).unwrap_or(i64::MAX);
    Fields::new().with("expires_at", number((at.millis() / 1_000).saturating_add(kept)))
}

#[cfg(test)]
mod tests;
