//! Beginning, judging, using and giving up liveness sessions.

use std::time::Duration;

use uuid::Uuid;

use super::{LivenessPurpose, LivenessRecord, LivenessState, LivenessVerdict};
use crate::identity::deadline::Deadline;
use crate::identity::error::{IdentityError, ServiceErrorKind};
use crate::identity::measured::Measured;
use crate::identity::ports::{
    FaceEngine, ImageStore, LivenessEngine, LivenessRecords, LivenessResult, LivenessStatus, Ports,
};
use crate::identity::tally::Tally;
use crate::model::{
    Flow, HandlerSettings, LivenessSessionId, Outcome, Percent, Reason, Step, TenantId, Timestamp, UserId,
};

/// How long a session can be completed and its result be fetched (Rekognition developer guide, "Face Liveness").
const LIFETIME: Duration = Duration::from_mins(3);

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
        tenant: &TenantId,
        user: Option<UserId>,
        purpose: LivenessPurpose,
    ) -> Result<LivenessRecord, IdentityError> {
        // The token makes a repeated call of the client library end in the same session. The prefix is random as well:
        // whoever knows a session's id cannot tell where its pictures lie.
        let (token, prefix) = (Uuid::new_v4().to_string(), format!("liveness/{}/", Uuid::new_v4()));
        let id = self.sessions().create_session(&token, &prefix, self.settings.liveness.audit_images).await?;
        let record = LivenessRecord {
            id,
            tenant: tenant.clone(),
            user,
            purpose,
            created_at: Timestamp::now(),
            state: LivenessState::Open,
        };
        // A session that could not be written down is nobody's, and ends by itself.
        self.ports.liveness().add(&record).await?;
        Ok(record)
    }

    /// A session of a tenant as it stands now; `None`: the tenant has no such session. The engine is asked as long as
    /// it has not given a final result, which is kept.
    pub async fn look(
        &self,
        tenant: &TenantId,
        id: &LivenessSessionId,
    ) -> Result<Option<LivenessRecord>, IdentityError> {
        match self.ports.liveness().find(id).await? {
            Some(record) if record.tenant == *tenant => Ok(Some(self.judged(record).await?)),
            _ => Ok(None),
        }
    }

    /// Uses a session up. The inner error is why it does not show a living person: it is another tenant's, user's or
    /// purpose's (and stays theirs), was not completed yet (and can still be), broke off, has expired, was used before,
    /// or the person does not live. Of two who use one session at the same time one is told that it was used before.
    ///
    /// A session that is bound to a user is good for that user only; one that is not, for any.
    pub async fn redeem(
        &self,
        id: &LivenessSessionId,
        tenant: &TenantId,
        user: Option<&UserId>,
        purpose: LivenessPurpose,
    ) -> Result<Result<LivenessVerdict, Reason>, IdentityError> {
        let own = |record: &LivenessRecord| {
            let of_user = record.user.is_none() || record.user.as_ref() == user;
            record.tenant == *tenant && record.purpose == purpose && of_user
        };
        let Some(record) = self.ports.liveness().find(id).await?.filter(own) else {
            return Ok(Err(Reason::LivenessForeign));
        };
        let verdict = match self.judged(record).await?.state {
            LivenessState::Open => return Ok(Err(Reason::LivenessIncomplete)),
            LivenessState::Used(_) => return Ok(Err(Reason::LivenessReused)),
            LivenessState::Abandoned => return Ok(Err(Reason::LivenessExpired)),
            LivenessState::Judged(verdict) => verdict,
        };
        match self.ports.liveness().consume(id).await {
            Ok(()) => Ok(verdict.refusal.map_or(Ok(verdict), Err)),
            Err(error) if error.kind == ServiceErrorKind::Conflict => Ok(Err(Reason::LivenessReused)),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives a session up that nobody came back with: for the sweep. Its pictures are deleted, and the attempt that it
    /// was for is counted as abandoned. One that can still be completed is left alone.
    pub async fn settle(&self, id: &LivenessSessionId) -> Result<(), IdentityError> {
        let Some(record) = self.ports.liveness().find(id).await? else { return Ok(()) };
        let record = self.judged(record).await?;
        let LivenessState::Judged(verdict) = &record.state else { return Ok(()) };
        // The pictures first: once it is abandoned, nobody looks at the session again. Whoever uses it at this very
        // moment finds no picture, and needs another session.
        for key in verdict.reference.iter().chain(&verdict.audit) {
            self.ports.images().delete(key).await?;
        }
        match self.ports.liveness().abandon(id).await {
            Ok(()) => {
                let why = (Step::Liveness, Reason::Abandoned);
                self.tally.outcome(record.purpose.flow(), Outcome::Abandoned, Some(why));
                Ok(())
            }
            Err(error) if error.kind == ServiceErrorKind::Conflict => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The session with its result, if there is a final one by now.
    async fn judged(&self, record: LivenessRecord) -> Result<LivenessRecord, IdentityError> {
        if record.state != LivenessState::Open {
            return Ok(record);
        }
        let expired = Timestamp::now().since(record.created_at) > LIFETIME;
        let result = self.sessions().session_result(&record.id).await?;
        let Some(verdict) = verdict(result, expired, self.settings.liveness.confidence) else { return Ok(record) };
        match self.ports.liveness().judge(&record.id, &verdict).await {
            Ok(()) => {
                self.tally.liveness(outcome(verdict.refusal));
                Ok(LivenessRecord { state: LivenessState::Judged(verdict), ..record })
            }
            // Somebody was faster; what they wrote counts.
            Err(error) if error.kind == ServiceErrorKind::Conflict => {
                Ok(self.ports.liveness().find(&record.id).await?.ok_or(error)?)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn sessions(&self) -> Measured<'_, P::Engine> {
        Measured::new(self.ports.engine(), self.tally)
    }
}

/// What a result means; `None`: there may still be another one.
fn verdict(result: Option<LivenessResult>, expired: bool, threshold: Percent) -> Option<LivenessVerdict> {
    let Some(LivenessResult { status, confidence, reference, audit }) = result else {
        // The engine knows it no more: whatever it showed can be asked of nobody.
        let refusal = Some(Reason::LivenessExpired);
        return Some(LivenessVerdict { refusal, confidence: None, reference: None, audit: Vec::new() });
    };
    let refusal = match status {
        _ if expired => Some(Reason::LivenessExpired),
        LivenessStatus::Open => return None,
        LivenessStatus::Expired => Some(Reason::LivenessExpired),
        LivenessStatus::Failed => Some(Reason::LivenessIncomplete),
        LivenessStatus::Succeeded if confidence.is_none_or(|confidence| confidence < threshold) => {
            Some(Reason::NotLive)
        }
        // Without the picture nobody can say who it was that lives: another session is needed.
        LivenessStatus::Succeeded if reference.is_none() => Some(Reason::LivenessIncomplete),
        LivenessStatus::Succeeded => None,
    };
    Some(LivenessVerdict { refusal, confidence, reference, audit })
}

/// A verdict as the label of a metric.
const fn outcome(refusal: Option<Reason>) -> Outcome {
    match refusal {
        None => Outcome::Approved,
        Some(Reason::NotLive) => Outcome::Failed,
        Some(Reason::LivenessExpired) => Outcome::Abandoned,
        Some(_) => Outcome::Incomplete,
    }
}

impl LivenessPurpose {
    /// The flow that a session for this purpose is a part of.
    const fn flow(self) -> Flow {
        match self {
            Self::Registration => Flow::Registration,
            Self::Authentication => Flow::Authentication,
            Self::PhotoUpdate => Flow::PhotoUpdate,
        }
    }
}
