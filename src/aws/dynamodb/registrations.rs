//! Registrations in their table.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;

use crate::aws::Cloud;
use crate::aws::ports::{brisk_retries, brisk_timeouts};
use crate::identity::registration::{Conclusion, IndexedFaces, Registration};
use crate::identity::user::User;
use crate::identity::{RegistrationRecords, Reserved, ServiceError, ServiceErrorKind};
use crate::model::{CollectionId, RegistrationId, Timestamp};

/// Registrations in their table.
#[derive(Debug)]
pub struct RegistrationTable {
    client: Client,
    table: String,
}

impl RegistrationTable {
    /// A client for a table.
    #[must_use]
    pub(in crate::aws) fn new(cloud: &Cloud, table: String) -> Self {
        let config = Builder::from(&cloud.shared).retry_config(brisk_retries()).timeout_config(brisk_timeouts());
        Self { client: Client::from_conf(config.build()), table }
    }

    fn unconnected(&self) -> ServiceError {
        ServiceError::new(ServiceErrorKind::Unavailable, format!("{} is not connected {:?}", self.table, self.client))
    }
}

impl RegistrationRecords for RegistrationTable {
    async fn begin(&self, _: &Registration) -> Result<(), ServiceError> {
        Err(self.unconnected())
    }

    async fn find(&self, _: &RegistrationId) -> Result<Option<Registration>, ServiceError> {
        Err(self.unconnected())
    }

    async fn reserve(&self, _: &Registration, _: &CollectionId) -> Result<Reserved, ServiceError> {
        Err(self.unconnected())
    }

    async fn index(&self, _: &RegistrationId, _: &IndexedFaces) -> Result<(), ServiceError> {
        Err(self.unconnected())
    }

    async fn approve(&self, _: &RegistrationId, _: &Conclusion, _: &User) -> Result<(), ServiceError> {
        Err(self.unconnected())
    }

    async fn begin_undoing(&self, _: &RegistrationId, _: &Conclusion) -> Result<(), ServiceError> {
        Err(self.unconnected())
    }

    async fn conclude(&self, _: &Registration) -> Result<(), ServiceError> {
        Err(self.unconnected())
    }

    async fn unsettled(&self, _: Timestamp, _: u16) -> Result<Vec<RegistrationId>, ServiceError> {
        Err(self.unconnected())
    }
}
