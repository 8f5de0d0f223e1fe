//! Registrations against the small world: what they leave behind, whatever happens to them.

mod concurrency;
mod faults;
mod flow;

use std::collections::BTreeSet;

use super::*;
use crate::identity::fakes::{State, World, picture, picture_bytes, registration_id};
use crate::identity::liveness::{LivenessPurpose, LivenessRecord, LivenessState};
use crate::identity::ports::{JobQueue, Ports};
use crate::identity::sweep::{Sweep, Swept};
use crate::identity::{Deadline, Job, LivenessStatus, ServiceErrorKind, Tally};
use crate::model::{
    CollectionId, CollectionRole, DeferrableStep, Environment, HandlerSettings, LivenessSessionId, Outcome, Reason,
    RegistrationId, Step, TenantId, Timestamp, UserId,
};

/// A world with its settings, and what people come with.
struct Scene {
    world: World,
    settings: HandlerSettings,
    tally: Tally,
}

/// How the answer to a caller is.
type Answered = Result<Option<Conclusion>, IdentityError>;

impl Scene {
    /// Empty collections, nothing deferred.
    fn new() -> Self {
        Self::with(&[])
    }

    fn with(deferred: &[DeferrableStep]) -> Self {
        let mut settings = HandlerSettings::from(&Environment::fixture());
        settings.registration.deferred = deferred.iter().copied().collect();
        let scene = Self { world: World::default(), settings, tally: Tally::default() };
        for role in [CollectionRole::Registered, CollectionRole::Fraudulent] {
            for collection in scene.collections(&role) {
                scene.world.holds(&collection, "7.0", &[]);
            }
        }
        scene
    }

    fn collections(&self, role: &CollectionRole) -> Vec<CollectionId> {
        self.settings.shards(role).unwrap().into_iter().map(|collection| collection.id).collect()
    }

    fn registering(&self) -> Registering<'_, World, World> {
        let (engine, ports, tally, settings) = (&self.world, &self.world, &self.tally, &self.settings);
        Registering { engine, ports, tally, settings, deadline: Deadline::NEVER }
    }

    /// What API and workflow do. `None`: the worker goes on.
    async fn register(&self, new: NewRegistration) -> Answered {
        let begun = self.registering().begin(new).await?;
        self.go_on(&begun).await
    }

    /// What the workflow does.
    async fn go_on(&self, begun: &Registration) -> Answered {
        let (registering, id) = (self.registering(), &begun.id);
        let way = registering.way(begun);
        for step in Step::REGISTRATION {
            if (step == Step::Liveness && !way.liveness) || (step == Step::DocumentText && !way.document_text) {
                continue;
            }
            if way.deferred_from == Some(step) {
                self.world.queue().enqueue(&Job::registration(id)).await?;
                return Ok(None);
            }
            match registering.perform(step, id).await {
                Ok(Next::Continue) => {}
                Ok(Next::Conclude) => break,
                Err(error) => return registering.conclude(id, Some((step, error.reason()))).await.map(Some),
            }
        }
        registering.conclude(id, None).await.map(Some)
    }

    /// What the worker does with every message; one that failed comes again.
    async fn work(&self) {
        let jobs = std::mem::take(&mut self.world.state().queue);
        for job in jobs {
            let Job::Registration { registration_id } = &job else { panic!("{job:?}") };
            let lost = matches!(
                self.registering().finish(registration_id).await,
                Err(IdentityError::Failed(ServiceError { kind: ServiceErrorKind::Missing, .. }))
            );
            if !lost && self.open(registration_id) {
                self.world.state().queue.push(job);
            }
        }
    }

    fn open(&self, id: &RegistrationId) -> bool {
        let state = self.world.state();
        state.registrations.get(id).is_some_and(|one| !matches!(one.state, RegistrationState::Concluded(_)))
    }

    async fn sweep(&self) -> Swept {
        let (engine, ports, tally, settings) = (&self.world, &self.world, &self.tally, &self.settings);
        let later = Timestamp::from_millis(Timestamp::now().millis() + 3_600_000);
        Sweep { engine, ports, tally, settings, deadline: Deadline::NEVER }.run(later).await
    }

    /// A session for a registration, in which somebody was seen.
    fn session(&self, number: u32, words: &str, confidence: f64) -> LivenessSessionId {
        let id = LivenessSessionId::new(registration_id(number).as_str()).unwrap();
        let record = LivenessRecord {
            id: id.clone(),
            tenant: tenant(),
            user: None,
            purpose: LivenessPurpose::Registration,
            created_at: Timestamp::now(),
            state: LivenessState::Open,
        };
        self.world.state().sessions.insert(id.clone(), record);
        self.world.shows(&id, words, LivenessStatus::Succeeded, confidence);
        id
    }

    /// How a registration stands.
    fn conclusion(&self, number: u32) -> Conclusion {
        match &self.world.state().registrations[&registration_id(number)].state {
            RegistrationState::Concluded(conclusion) => conclusion.clone(),
            open => panic!("registration {number} is still {open:?}"),
        }
    }

    /// What is wrong with the stores: vectors, pictures, users and records must agree exactly, and nothing may be open.
    fn disorder(&self) -> Vec<String> {
        let state = self.world.state();
        let mut wrong = Vec::new();
        let mut demand = |holds: bool, what: String| {
            if !holds {
                wrong.push(what);
            }
        };
        demand(state.reserved.is_empty(), format!("reserved: {:?}", state.reserved));
        let mut faces = BTreeSet::new();
        let mut images = BTreeSet::new();
        for user in state.users.values() {
            let registration = &state.registrations[&user.registration];
            let approved = matches!(&registration.state, RegistrationState::Concluded(end) if end.is_approval());
            demand(approved && registration.user == user.id, format!("user without approval: {user:?}"));
            images.insert(user.document_image.clone());
            for face in user.faces() {
                images.insert(face.image.clone());
                faces.insert((user.collection.clone(), user.id.to_string(), face.indexed.engine_face.clone()));
            }
        }
        for registration in state.registrations.values() {
            match &registration.state {
                RegistrationState::Concluded(end) if end.is_approval() => {
                    let user = state.users.get(&registration.user);
                    let own = user.is_some_and(|user| user.registration == registration.id);
                    demand(own, format!("approval without user: {registration:?}"));
                }
                RegistrationState::Concluded(_) => {}
                open => demand(false, format!("open: {} {open:?}", registration.id)),
            }
            for upload in &registration.uploads {
                demand(!state.images.contains_key(upload), format!("upload left: {upload}"));
            }
        }
        for session in state.sessions.values() {
            let open = matches!(session.state, LivenessState::Open | LivenessState::Judged(_));
            demand(!open, format!("session {} is open", session.id));
        }
        // Uploads without a registration are the caller's, and a used session's pictures have a lifetime of their own.
        let own = |key: &&String| !key.starts_with("uploads/") && !key.starts_with("liveness/");
        let stored: BTreeSet<String> = state.images.keys().filter(own).cloned().collect();
        demand(stored == images, format!("pictures {stored:?}, of users {images:?}"));
        let mut indexed = BTreeSet::new();
        for collection in self.collections(&CollectionRole::Registered) {
            for face in &state.collections[&collection].1 {
                indexed.insert((collection.clone(), face.reference.clone(), face.engine_face.clone()));
            }
        }
        demand(indexed == faces, format!("faces {indexed:?}, of users {faces:?}"));
        wrong
    }

    /// Everything that is kept, as text.
    fn contents(&self) -> String {
        let state = self.world.state();
        let State { collections, images, records, registrations, users, reserved, sessions, queue, .. } = &*state;
        format!(
            "{collections:?} {images:?} {records:?} {registrations:?} {users:?} {reserved:?} {sessions:?} {queue:?}"
        )
    }
}

fn tenant() -> TenantId {
    TenantId::new("demo").unwrap()
}

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

/// The user `name`, with the pictures that the words describe.
fn person(number: u32, name: &str, selfie: &str, document: &str) -> NewRegistration {
    NewRegistration {
        id: registration_id(number),
        tenant: tenant(),
        user: user(name),
        attribute: None,
        selfie: Some(Given::Inline(picture(selfie))),
        document: Given::Inline(picture(document)),
        liveness: None,
    }
}

fn ada(number: u32) -> NewRegistration {
    person(number, "user-ada", "ada", "ada card")
}
