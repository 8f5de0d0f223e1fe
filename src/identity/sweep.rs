//! The sweep: whatever was begun and not ended is ended, by its age. It is what makes a crash at any point harmless.

use std::time::Duration;

use super::deadline::Deadline;
use super::error::{IdentityError, ServiceError};
use super::faces::FaceRegistration;
use super::ports::{FaceEngine, FaceRecords, Ports, RegistrationRecords};
use super::registration::Registering;
use super::tally::Tally;
use crate::model::{FaceId, HandlerSettings, RegistrationId, TenantId, Timestamp};

/// Most things of one kind that one sweep ends. The oldest come first, and the next sweep comes in a minute.
const BATCH: u16 = 200;
/// Nothing more is begun with less time than this left: a few calls at their longest.
const ENDING_TIME: Duration = Duration::from_secs(10);

/// What a sweep needs.
#[derive(Debug)]
pub struct Sweep<'a, E, P> {
    /// The face engine, measured.
    pub engine: &'a E,
    /// Everything else.
    pub ports: &'a P,
    /// Where the numbers go.
    pub tally: &'a Tally,
    /// What decisions are made of.
    pub settings: &'a HandlerSettings,
    /// Until when it has to end; what is left over is for the next sweep.
    pub deadline: Deadline,
}

/// What a sweep did.
#[derive(Debug, Default, PartialEq)]
pub struct Swept {
    /// Registrations that it ended.
    pub registrations: usize,
    /// Photo updates that it ended.
    pub photos: usize,
    /// Faces of tenants that it completed or removed.
    pub faces: usize,
    /// Liveness sessions that it gave up.
    pub sessions: usize,
    /// What it could not do, for the log. The next sweep tries again.
    pub failures: Vec<IdentityError>,
}

impl<E: FaceEngine, P: Ports> Sweep<'_, E, P> {
    /// Ends everything that was begun before a time. One thing that cannot be ended does not stop the others.
    pub async fn run(&self, before: Timestamp) -> Swept {
        let mut swept = Swept::default();
        let (ports, failures) = (self.ports, &mut swept.failures);
        let open = ports.registrations().unsettled(before, BATCH).await;
        swept.registrations = self.each(open, failures, async |id| self.end_registration(&id).await).await;
        let open = ports.records().unsettled(before, BATCH).await;
        swept.faces = self.each(open, failures, async |(tenant, face)| self.end_face(&tenant, &face).await).await;
        swept
    }

    /// Ends what is open of one kind, as long as there is time; how many of them it ended.
    async fn each<T>(
        &self,
        open: Result<Vec<T>, ServiceError>,
        failures: &mut Vec<IdentityError>,
        end: impl AsyncFn(T) -> Result<(), IdentityError>,
    ) -> usize {
        let mut ended = 0;
        match open {
            Err(error) => failures.push(error.into()),
            Ok(open) => {
                for one in open {
                    if !self.deadline.leaves(ENDING_TIME) {
                        break;
                    }
                    match end(one).await {
                        Ok(()) => ended += 1,
                        Err(error) => failures.push(error),
                    }
                }
            }
        }
        ended
    }

    async fn end_registration(&self, id: &RegistrationId) -> Result<(), IdentityError> {
        let Self { engine, ports, tally, settings, deadline } = *self;
        Registering { engine, ports, tally, settings, deadline }.settle(id).await.map(drop)
    }

    async fn end_face(&self, tenant: &TenantId, face: &FaceId) -> Result<(), IdentityError> {
        let Self { engine, ports, tally, deadline, .. } = *self;
        FaceRegistration { engine, ports, tally, deadline }.complete(tenant, face).await.map(drop)
    }
}
