//! Registered persons: who is one, and removing one.

use super::deadline::Deadline;
use super::error::{IdentityError, ServiceError, ServiceErrorKind};
use super::ports::{FaceEngine, Ports, UserRecords};
use super::tally::Tally;
use super::user::User;
use crate::model::{HandlerSettings, TenantId, UserId};

/// What looking after users needs.
#[derive(Debug)]
pub struct Users<'a, E, P> {
    /// The face engine, measured.
    pub engine: &'a E,
    /// Everything else.
    pub ports: &'a P,
    /// Where the numbers go.
    pub tally: &'a Tally,
    /// Thresholds and quality gates.
    pub settings: &'a HandlerSettings,
    /// Until when the answer must be there.
    pub deadline: Deadline,
}

impl<E: FaceEngine, P: Ports> Users<'_, E, P> {
    /// A user of a tenant. One of another tenant, or one who is being removed, does not exist.
    pub async fn find(&self, tenant: &TenantId, user: &UserId) -> Result<Option<User>, IdentityError> {
        let found = self.ports.users().find(user).await?;
        Ok(found.filter(|user| user.tenant == *tenant && !user.is_leaving()))
    }

    /// Removes a tenant's user: faces, pictures, record. `false`: the tenant has no such user. While a photo update of
    /// the user is going on it is [`IdentityError::Throttled`].
    pub async fn remove(&self, _: &TenantId, _: &UserId) -> Result<bool, IdentityError> {
        Err(ServiceError::new(ServiceErrorKind::Unavailable, "removing users is not connected").into())
    }
}
