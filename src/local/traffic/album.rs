//! Pictures of people who do not exist, each drawn once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::local::portrait::Portrait;

/// Side of what the camera of a liveness check sees, pixels: results hold at most 200 KB.
const CAMERA: u32 = 320;

/// Somebody who comes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Person {
    /// Registered before anybody searches for them.
    Member(u32),
    /// Never registered.
    Stranger(u32),
    /// On a tenant's blacklist.
    Blacklisted(u32),
    /// In the collection of fraudsters.
    Fraudster,
    /// Comes for the first time: seed and number of the visit.
    Newcomer(u64, u32),
}

/// How a picture was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Look {
    /// A good selfie.
    Front,
    /// A good selfie, the head a little to the side.
    Aside,
    /// The picture on an identity card.
    Card,
    /// What the camera of a liveness check sees.
    Camera,
    /// With sunglasses.
    Sunglasses,
    /// In the dark.
    Dark,
    /// Head turned away.
    Turned,
    /// A wall.
    Empty,
}

/// The pictures drawn so far, as base64.
#[derive(Debug, Default)]
pub(super) struct Album {
    drawn: Mutex<HashMap<(Person, Look), Arc<str>>>,
}

impl Album {
    /// A picture of a person; empty where it cannot be drawn, which the API then refuses for all to see.
    pub(super) fn picture(&self, person: Person, look: Look) -> Arc<str> {
        let known = self.drawn.lock().unwrap_or_else(PoisonError::into_inner).get(&(person, look)).cloned();
        known.unwrap_or_else(|| {
            // Drawn outside the lock: two threads may draw the same picture, none waits for another's.
            let picture: Arc<str> = STANDARD.encode(draw(person, look).png().unwrap_or_default()).into();
            if matches!(person, Person::Newcomer(..)) {
                // Nobody asks for it again, and a long day has many of them.
                return picture;
            }
            let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(drawn.entry((person, look)).or_insert(picture))
        })
    }
}

fn draw(person: Person, look: Look) -> Portrait {
    let portrait = Portrait::new(match person {
        Person::Member(number) => format!("visitor-{number}"),
        Person::Stranger(number) => format!("stranger-{number}"),
        Person::Blacklisted(number) => format!("blacklisted-{number}"),
        Person::Fraudster => "fraudster".to_owned(),
        Person::Newcomer(seed, number) => format!("newcomer-{seed:x}-{number}"),
    });
    match look {
        Look::Front => portrait,
        Look::Aside => portrait.yaw(12.0),
        Look::Card => portrait.id_card(),
        Look::Camera => portrait.size(CAMERA),
        Look::Sunglasses => portrait.sunglasses(),
        Look::Dark => portrait.dark(),
        Look::Turned => portrait.yaw(60.0),
        Look::Empty => portrait.faces(0),
    }
}
