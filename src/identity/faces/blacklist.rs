//! Marking a registered face as one to watch for: every search that finds it says so.

use super::record::{Blacklisting, RecordState};
use crate::identity::error::{IdentityError, ServiceErrorKind};
use crate::identity::ports::{FaceRecords, Ports};
use crate::model::{FaceId, TenantId, Timestamp};

/// What blacklisting needs.
#[derive(Debug)]
pub struct Blacklist<'a, P> {
    /// The records.
    pub ports: &'a P,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blacklisted {
    /// The face is blacklisted with this; what stood there before is replaced.
    Done(Blacklisting),
    /// The face is still being registered; it can be blacklisted when that is over.
    NotYet,
    /// The tenant has no such face, or it is being deleted.
    Unknown,
}

impl<P: Ports> Blacklist<'_, P> {
    /// Blacklists a tenant's face for a reason, decided by a reviewer (the caller's own reference of that person).
    pub async fn blacklist(
        &self,
        tenant: &TenantId,
        face: &FaceId,
        reason: String,
        reviewer: Option<String>,
    ) -> Result<Blacklisted, IdentityError> {
        let blacklisting = Blacklisting { reason, reviewer, at: Timestamp::now() };
        match self.ports.records().blacklist(tenant, face, &blacklisting).await {
            Ok(()) => Ok(Blacklisted::Done(blacklisting)),
            Err(error) if error.kind == ServiceErrorKind::Conflict => {
                let found = self.ports.records().find(tenant, face).await?;
                Ok(match found.map(|record| record.state) {
                    // Activated between the two calls: another try finds it active.
                    Some(RecordState::Pending | RecordState::Active(_)) => Blacklisted::NotYet,
                    Some(RecordState::Deleting) | None => Blacklisted::Unknown,
                })
            }
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::faces::delete::tests::{active, pending};
    use crate::identity::fakes::{World, face_id};

    async fn blacklist(world: &World, tenant: &str) -> Result<Blacklisted, IdentityError> {
        let tenant = TenantId::new(tenant).unwrap();
        let list = Blacklist { ports: world };
        list.blacklist(&tenant, &face_id(1), "chargeback".to_owned(), Some("reviewer-7".to_owned())).await
    }

    #[tokio::test]
    async fn an_active_face_is_blacklisted_with_reason_and_reviewer() {
        let world = active().await;
        let Ok(Blacklisted::Done(blacklisting)) = blacklist(&world, "demo").await else { panic!() };
        assert_eq!(
            (blacklisting.reason.as_str(), blacklisting.reviewer.as_deref()),
            ("chargeback", Some("reviewer-7"))
        );
        assert_eq!(world.state().records[&face_id(1)].blacklisted, Some(blacklisting));
    }

    #[tokio::test]
    async fn nobody_elses_face_and_none_that_is_coming_or_going() {
        assert_eq!(blacklist(&World::default(), "demo").await, Ok(Blacklisted::Unknown));
        let world = active().await;
        assert_eq!(blacklist(&world, "other").await, Ok(Blacklisted::Unknown));
        world.state().records.get_mut(&face_id(1)).unwrap().state = RecordState::Deleting;
        assert_eq!(blacklist(&world, "demo").await, Ok(Blacklisted::Unknown));
        assert_eq!(blacklist(&pending().await, "demo").await, Ok(Blacklisted::NotYet));
    }

    #[tokio::test]
    async fn a_table_that_does_not_answer_is_no_missing_face() {
        for call in ["blacklist", "find"] {
            let world = pending().await;
            world.fails(call, ServiceErrorKind::Unavailable);
            assert!(matches!(blacklist(&world, "demo").await, Err(IdentityError::Failed(_))), "{call}");
        }
    }
}
