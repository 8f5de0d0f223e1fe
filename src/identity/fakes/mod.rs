//! A small world for tests: one struct that is face engine, stores, records, queue and workflow at once.
//!
//! A test picture is a PNG header followed by words: `ada similarity=97 yaw=50 faces=2`. The first word is the person;
//! `nobody` is a picture without a face. Two pictures of one person are 100 % similar, or as much as `similarity=`
//! says; two persons are 5 % similar.
//!
//! Every call of a port can be struck: by name for as long as a test wants ([`World::fails`]), or one single call by
//! its number ([`World::strike`]), before or after it did its work, with an error or with a crash of the caller.

mod engine;
mod people;
mod records;
mod stores;
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

use super::faces::FaceRecord;
use super::liveness::LivenessRecord;
use super::registration::Registration;
use super::routing::Routing;
use super::user::User;
use super::*;
use crate::model::{
    CollectionId, CollectionRole, FaceId, LivenessSessionId, ModelVersion, Percent, RegistrationId, UserId,
};

pub(crate) use people::{counted, registered, tenant, user_id};

/// What the world holds, and what it is told to do wrong.
#[derive(Default)]
pub(crate) struct World {
    state: Mutex<State>,
    crashed: tokio::sync::Notify,
}

/// See [`World`].
#[derive(Default)]
pub(crate) struct State {
    pub(crate) collections: BTreeMap<CollectionId, (ModelVersion, Vec<StoredFace>)>,
    pub(crate) images: BTreeMap<String, Vec<u8>>,
    pub(crate) records: BTreeMap<FaceId, FaceRecord>,
    pub(crate) registrations: BTreeMap<RegistrationId, Registration>,
    pub(crate) users: BTreeMap<UserId, User>,
    pub(crate) reserved: BTreeMap<UserId, RegistrationId>,
    pub(crate) sessions: BTreeMap<LivenessSessionId, LivenessRecord>,
    /// Tokens and prefixes of the sessions that were asked for.
    pub(crate) session_requests: Vec<(String, String)>,
    pub(crate) session_results: BTreeMap<LivenessSessionId, LivenessResult>,
    pub(crate) routing: BTreeMap<CollectionRole, Routing>,
    pub(crate) queue: Vec<Job>,
    /// Calls that fail, by name: `index`, `activate` …
    pub(crate) failing: BTreeMap<&'static str, ServiceErrorKind>,
    /// Reasons for which the engine refuses to index.
    pub(crate) rejects: Option<Vec<String>>,
    /// Every call so far, by name.
    pub(crate) calls: Vec<&'static str>,
    /// Faces that were ever indexed: each gets an id of its own.
    indexed: u32,
    strike: Option<Strike>,
    /// One call, counted like [`Strike::call`], that takes so long that others do a lot meanwhile.
    pub(crate) stalled: Option<usize>,
    /// Seed of how long calls take, against each other; 0: all equally long.
    pub(crate) pace: u64,
}

/// Turns of others that a stalled call takes.
const STALL: u64 = 500;

/// One call that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Strike {
    /// Which call, counted from 0 over all ports.
    pub(crate) call: usize,
    /// Whether it does its work before it goes wrong.
    pub(crate) when: When,
    /// What the caller gets.
    pub(crate) what: Blow,
}

/// See [`Strike`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Before,
    After,
}

/// See [`Strike`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blow {
    /// An error that leaves open whether the work was done.
    Error,
    /// Too many calls: the work was not done.
    Throttled,
    /// A conflict. After the work was done it is one with oneself: the answer got lost, and the call was repeated.
    Conflict,
    /// The program that called is gone: nothing of it runs any more.
    Crash,
}

/// A face in a collection: its words, its reference, its engine id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredFace {
    pub(crate) words: String,
    pub(crate) reference: String,
    pub(crate) engine_face: FaceId,
}

/// A picture of 640 x 480 pixels with these words.
pub(crate) fn picture(words: &str) -> Picture {
    Picture::new(picture_bytes(words)).unwrap()
}

/// See [`picture`].
pub(crate) fn picture_bytes(words: &str) -> Vec<u8> {
    let (width, height) = (640u32.to_be_bytes(), 480u32.to_be_bytes());
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", &width[..], &height, &[8, 2, 0, 0, 0], words.as_bytes()].concat()
}

/// A face that passes every gate.
pub(crate) fn face() -> DetectedFace {
    DetectedFace {
        confidence: Percent::FULL,
        place: BoundingBox { width: 0.4, height: 0.5 },
        yaw: Some(0.0),
        pitch: Some(0.0),
        sharpness: Percent::new(80.0).ok(),
        brightness: Percent::new(70.0).ok(),
        eyes_open: Some(true),
        sunglasses: Some(false),
        occluded: Some(false),
    }
}

/// A collection's id.
pub(crate) fn collection(shard: u16) -> CollectionId {
    CollectionId::new(format!("idv-local-tenant-demo-{shard:02}")).unwrap()
}

/// A registration id that ends in a number.
pub(crate) fn registration_id(number: u32) -> RegistrationId {
    RegistrationId::new(face_id(number).to_string()).unwrap()
}

/// A face id that ends in a number.
pub(crate) fn face_id(number: u32) -> FaceId {
    FaceId::new(format!("00000000-0000-4000-8000-{number:012}")).unwrap()
}

impl World {
    /// Everything, for looking and for changing.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Makes a collection with faces in it, whose references are the face ids of the numbers.
    pub(crate) fn holds(&self, collection: &CollectionId, version: &str, faces: &[(&str, u32)]) {
        let faces = faces.iter().map(|(words, number)| StoredFace {
            words: (*words).to_owned(),
            reference: face_id(*number).to_string(),
            engine_face: face_id(1_000 + number),
        });
        let version = ModelVersion::new(version).unwrap();
        self.state().collections.insert(collection.clone(), (version, faces.collect()));
    }

    /// Makes a call fail from now on.
    pub(crate) fn fails(&self, call: &'static str, kind: ServiceErrorKind) {
        self.state().failing.insert(call, kind);
    }

    /// Lets a call work again.
    pub(crate) fn works(&self, call: &str) {
        self.state().failing.remove(call);
    }

    /// Makes one single call go wrong, and forgets the calls so far.
    pub(crate) fn strike(&self, strike: Option<Strike>) {
        let mut state = self.state();
        state.calls.clear();
        state.strike = strike;
    }

    /// Runs a program until it ends or crashes; `None`: it crashed.
    pub(crate) async fn run<T>(&self, program: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.crashed.notified() => None,
            result = program => Some(result),
        }
    }

    /// A call of a port: what goes wrong before and after it is decided here.
    async fn call<T>(
        &self,
        name: &'static str,
        work: impl FnOnce(&mut State) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        let (struck, failing, turns) = {
            let mut state = self.state();
            let number = state.calls.len();
            state.calls.push(name);
            let struck = state.strike.filter(|strike| strike.call == number);
            let turns = if state.stalled == Some(number) { STALL } else { state.turns() };
            (struck, state.failing.get(name).copied(), turns)
        };
        // Others get their turn at every call, as they do when calls travel.
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
        if let Some(kind) = failing {
            return Err(ServiceError::new(kind, format!("{name} fails")));
        }
        if let Some(Strike { when: When::Before, what, .. }) = struck {
            return Err(self.blow(name, what).await);
        }
        let result = work(&mut self.state());
        if let Some(Strike { when: When::After, what, .. }) = struck {
            return Err(self.blow(name, what).await);
        }
        result
    }

    async fn blow(&self, name: &'static str, what: Blow) -> ServiceError {
        let kind = match what {
            Blow::Error => ServiceErrorKind::Unanswered,
            Blow::Throttled => ServiceErrorKind::Throttled,
            Blow::Conflict => ServiceErrorKind::Conflict,
            Blow::Crash => {
                self.crashed.notify_one();
                std::future::pending().await
            }
        };
        ServiceError::new(kind, format!("{name} was struck"))
    }
}

impl State {
    /// How many turns of others a call takes: one, or with a pace up to eight (xorshift, so that a seed repeats).
    fn turns(&mut self) -> u64 {
        self.pace ^= self.pace << 13;
        self.pace ^= self.pace >> 7;
        self.pace ^= self.pace << 17;
        1 + self.pace % 8
    }
}

fn person(words: &str) -> &str {
    words.split(' ').next().unwrap()
}

fn word<T: std::str::FromStr>(words: &str, name: &str) -> Option<T> {
    words.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

fn similarity(a: &str, b: &str) -> Percent {
    let same = word(a, "similarity").or_else(|| word(b, "similarity")).unwrap_or(100.0);
    Percent::new(if person(a) == person(b) { same } else { 5.0 }).unwrap()
}

fn conflict(what: &str) -> ServiceError {
    ServiceError::new(ServiceErrorKind::Conflict, what)
}

impl Ports for World {
    type Engine = Self;
    type Images = Self;
    type Records = Self;
    type Registrations = Self;
    type Users = Self;
    type Liveness = Self;
    type Routing = Self;
    type Queue = Self;
    type Workflow = Self;

    fn engine(&self) -> &Self {
        self
    }
    fn images(&self) -> &Self {
        self
    }
    fn records(&self) -> &Self {
        self
    }
    fn registrations(&self) -> &Self {
        self
    }
    fn users(&self) -> &Self {
        self
    }
    fn liveness(&self) -> &Self {
        self
    }
    fn routing(&self) -> &Self {
        self
    }
    fn queue(&self) -> &Self {
        self
    }
    fn workflow(&self) -> &Self {
        self
    }
}
