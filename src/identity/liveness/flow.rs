//! Beginning, judging, using and giving up liveness sessions.

use super::{LivenessPurpose, LivenessRecord, LivenessVerdict};
use crate::identity::deadline::Deadline;
use crate::identity::error::{IdentityError, ServiceError, ServiceErrorKind};
use crate::identity::ports::{FaceEngine, Ports};
use crate::identity::tally::Tally;
use crate::model::{HandlerSettings, LivenessSessionId, Reason, TenantId, UserId};

/// What liveness sessions need.
#[derive(Debug)]
pub struct Liveness<'a, E, P> {
    /// The face engine, measured.
    pub engine: &'a E,
    /// Everything else.
    pub ports: &'a P,
    /// Where the numbers go.
    pub tally: &'a Tally,
    /// When a person counts as living.
    pub settings: &'a HandlerSettings,
    /// Until when the answer must be there.
    pub deadline: Deadline,
}

impl<E: FaceEngine, P: Ports> Liveness<'_, E, P> {
    /// A new session for one purpose of a tenant, and of one user where the user is known.
    pub async fn begin(
        &self,
        _: &TenantId,
        _: Option<UserId>,
        _: LivenessPurpose,
    ) -> Result<LivenessRecord, IdentityError> {
        Err(unconnected())
    }

    /// A session of a tenant as it stands now; `None`: the tenant has no such session. The engine is asked as long as
    /// it has not given a final result, which is kept.
    pub async fn look(&self, _: &TenantId, _: &LivenessSessionId) -> Result<Option<LivenessRecord>, IdentityError> {
        Err(unconnected())
    }

    /// Uses a session up. The inner error is why it does not show a living person: it is another tenant's, user's or
    /// purpose's (and stays theirs), was not completed (and can still be), has expired, was used before, or the person
    /// does not live. Of two who use one session at the same time one is told that it was used before.
    pub async fn redeem(
        &self,
        _: &LivenessSessionId,
        _: &TenantId,
        _: Option<&UserId>,
        _: LivenessPurpose,
    ) -> Result<Result<LivenessVerdict, Reason>, IdentityError> {
        Err(unconnected())
    }

    /// Gives a session up that nobody came back with: for the sweep. Its pictures are deleted, and the attempt that it
    /// was for is counted as abandoned.
    pub async fn settle(&self, _: &LivenessSessionId) -> Result<(), IdentityError> {
        Err(unconnected())
    }
}

fn unconnected() -> IdentityError {
    ServiceError::new(ServiceErrorKind::Unavailable, "liveness sessions are not connected").into()
}
