//! The sweep: whatever was begun and not ended is ended, by its age. It is what makes a crash at any point harmless.

use std::time::Duration;

use super::deadline::Deadline;
use super::error::{IdentityError, ServiceError};
use super::faces::FaceDeletion;
use super::liveness::Liveness;
use super::photo::PhotoUpdate;
use super::ports::{FaceEngine, FaceRecords, LivenessRecords, Ports, RegistrationRecords, UserRecords};
use super::registration::Registering;
use super::tally::Tally;
use crate::model::{
    FaceId, HandlerSettings, LivenessSessionId, RegistrationId, TenantId, Timestamp, UnsettledKind, UserId,
};

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
    /// Photo updates and removals of users that it ended.
    pub changes: usize,
    /// Faces of tenants that it completed or removed.
    pub faces: usize,
    /// Liveness sessions that it gave up.
    pub sessions: usize,
    /// What it could not do, for the log. The next sweep tries again.
    pub failures: Vec<IdentityError>,
}

/// Something that was begun and not ended.
enum Open {
    Registration(RegistrationId),
    Face((TenantId, FaceId)),
    Change(UserId),
    Session(LivenessSessionId),
}

impl<E: FaceEngine, P: Ports> Sweep<'_, E, P> {
    /// Ends everything that was begun before a time. One thing that cannot be ended does not stop the others.
    pub async fn run(&self, before: Timestamp) -> Swept {
        let mut swept = Swept::default();
        let (ports, failures) = (self.ports, &mut swept.failures);
        let registrations = ports.registrations().unsettled(before, BATCH).await;
        swept.registrations =
            self.end_all(registrations, (Open::Registration, UnsettledKind::Registration), failures).await;
        let faces = ports.records().unsettled(before, BATCH).await;
        swept.faces = self.end_all(faces, (Open::Face, UnsettledKind::TenantFace), failures).await;
        let changes = ports.users().unsettled(before, BATCH).await;
        swept.changes = self.end_all(changes, (Open::Change, UnsettledKind::PhotoUpdate), failures).await;
        let sessions = ports.liveness().unsettled(before, BATCH).await;
        swept.sessions = self.end_all(sessions, (Open::Session, UnsettledKind::LivenessSession), failures).await;
        swept
    }

    /// Ends what is open of one kind, as long as there is time; how many of them it ended. What is left over is counted,
    /// but not where nobody knows how much there is.
    async fn end_all<T>(
        &self,
        found: Result<Vec<T>, ServiceError>,
        (open, kind): (fn(T) -> Open, UnsettledKind),
        failures: &mut Vec<IdentityError>,
    ) -> usize {
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                failures.push(error.into());
                return 0;
            }
        };
        let (all, mut ended) = (found.len(), 0);
        for one in found {
            if !self.deadline.leaves(ENDING_TIME) {
                break;
            }
            match self.end(open(one)).await {
                Ok(()) => ended += 1,
                Err(error) => failures.push(error),
            }
        }
        self.tally.unsettled(kind, all - ended);
        ended
    }

    async fn end(&self, open: Open) -> Result<(), IdentityError> {
        let Self { engine, ports, tally, settings, deadline } = *self;
        match open {
            Open::Registration(id) => {
                Registering { engine, ports, tally, settings, deadline }.settle(&id).await.map(drop)
            }
            Open::Face((tenant, face)) => FaceDeletion { engine, ports, tally }.settle(&tenant, &face).await,
            Open::Change(user) => PhotoUpdate { engine, ports, tally, settings, deadline }.settle(&user).await,
            Open::Session(id) => Liveness { engine, ports, tally, settings, deadline }.settle(&id).await,
        }
    }
}
