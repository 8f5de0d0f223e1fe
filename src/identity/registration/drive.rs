//! One step after the other.

use std::time::Duration;

use super::{Answer, Conclusion, Next, Registering, Registration, RegistrationState};
use crate::identity::error::{IdentityError, ServiceError, ServiceErrorKind};
use crate::identity::ports::{FaceEngine, Ports, RegistrationRecords};
use crate::identity::quality::Subject;
use crate::model::{RegistrationId, Step};

/// The worker begins no step with less time than this left: a few calls of the engine at their longest.
const STEP_TIME: Duration = Duration::from_secs(15);

impl<E: FaceEngine, P: Ports> Registering<'_, E, P> {
    /// One step. A no is written down as the verdict and is [`Next::Conclude`], as is every step of a registration
    /// that is over; a step that was done before is [`Next::Continue`]. An error leaves the registration open: who
    /// does not try the step again concludes it with the error's reason.
    pub async fn perform(&self, step: Step, id: &RegistrationId) -> Result<Next, IdentityError> {
        let registration = self.read(id).await?;
        let Some((first, last)) = registration.state.awaits() else { return Ok(Next::Conclude) };
        if step < first {
            return Ok(Next::Continue);
        }
        if step > last {
            let message = format!("registration {id} waits for {first}: {step} cannot come before it");
            return Err(ServiceError::new(ServiceErrorKind::Conflict, message).into());
        }
        let verdict = match self.answer(step, &registration).await {
            Ok(Answer::Yes) => return Ok(Next::Continue),
            Ok(Answer::Over) => return Ok(Next::Conclude),
            Ok(Answer::No(verdict)) => verdict,
            Err(IdentityError::Refused(refusal)) => Conclusion::refused(step, Subject::Person, &refusal),
            Err(error) => return Err(error),
        };
        self.write_verdict(id, &verdict).await?;
        Ok(Next::Conclude)
    }

    /// All steps that the workflow has left to the queue's worker, then the conclusion. An error leaves the
    /// registration open for another try; what nobody tries again is undone by the sweep.
    pub async fn finish(&self, id: &RegistrationId) -> Result<Conclusion, IdentityError> {
        let registration = self.read(id).await?;
        let from = match registration.state {
            // Nothing before the first step that can be deferred is ever left to the worker.
            RegistrationState::Started => {
                self.deferred_from().filter(|step| *step <= Step::Record).unwrap_or(Step::DuplicateSearch)
            }
            RegistrationState::Pending { .. } => Step::Index,
            RegistrationState::Indexed { .. } => Step::Settle,
            RegistrationState::Undoing { .. } | RegistrationState::Concluded(_) => {
                return self.conclude(id, None).await;
            }
        };
        for step in Step::REGISTRATION.into_iter().filter(|step| *step >= from) {
            if !self.deadline.leaves(STEP_TIME) {
                return Err(IdentityError::Throttled);
            }
            if self.perform(step, id).await? == Next::Conclude {
                break;
            }
        }
        self.conclude(id, None).await
    }

    async fn answer(&self, step: Step, registration: &Registration) -> Result<Answer, IdentityError> {
        match step {
            Step::Liveness => self.check_life(registration).await,
            Step::Quality => self.check_quality(registration).await,
            Step::Compare => self.compare(registration).await,
            Step::FraudSearch => self.search_fraudsters(registration).await,
            Step::DuplicateSearch => self.search_duplicates(registration).await,
            Step::DocumentText => self.read_document(registration).await,
            Step::Record => self.reserve(registration).await,
            Step::Index => self.index(registration).await,
            Step::Settle => self.look_again(registration).await,
            Step::Intake | Step::Search | Step::Switch => {
                let message = format!("{step} is no step of the registration workflow");
                Err(ServiceError::new(ServiceErrorKind::Unavailable, message).into())
            }
        }
    }

    pub(super) async fn read(&self, id: &RegistrationId) -> Result<Registration, IdentityError> {
        let found = self.ports.registrations().find(id).await?;
        let missing = || ServiceError::new(ServiceErrorKind::Missing, format!("there is no registration {id}"));
        Ok(found.ok_or_else(missing)?)
    }

    /// Begins undoing. Where somebody else has written a verdict before, that one stands.
    pub(super) async fn write_verdict(&self, id: &RegistrationId, verdict: &Conclusion) -> Result<(), IdentityError> {
        match self.ports.registrations().begin_undoing(id, verdict).await {
            Err(error) if error.kind != ServiceErrorKind::Conflict => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

impl RegistrationState {
    /// The first and the last step that a registration in this state can go through next; `None` when it is over.
    const fn awaits(&self) -> Option<(Step, Step)> {
        match self {
            Self::Started => Some((Step::Intake, Step::Record)),
            Self::Pending { .. } => Some((Step::Index, Step::Index)),
            Self::Indexed { .. } => Some((Step::Settle, Step::Settle)),
            Self::Undoing { .. } | Self::Concluded(_) => None,
        }
    }
}
