//! Pictures of people who do not exist, each drawn once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::local::portrait::Portrait;

/// How a picture was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Look {
    /// A good selfie.
    Front,
    /// A good selfie, the head a little to the side.
    Aside,
    /// The picture on an identity card.
    Card,
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
    drawn: Mutex<HashMap<(u32, Look), Arc<str>>>,
}

impl Album {
    /// A picture of a person; empty where it cannot be drawn, which the API then refuses for all to see.
    pub(super) fn picture(&self, person: u32, look: Look) -> Arc<str> {
        let known = self.drawn.lock().unwrap_or_else(PoisonError::into_inner).get(&(person, look)).cloned();
        known.unwrap_or_else(|| {
            // Drawn outside the lock: two threads may draw the same picture, none waits for another's.
            let picture: Arc<str> = STANDARD.encode(draw(person, look).png().unwrap_or_default()).into();
            let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(drawn.entry((person, look)).or_insert(picture))
        })
    }
}

fn draw(person: u32, look: Look) -> Portrait {
    let portrait = Portrait::new(format!("visitor-{person}"));
    match look {
        Look::Front => portrait,
        Look::Aside => portrait.yaw(12.0),
        Look::Card => portrait.id_card(),
        Look::Sunglasses => portrait.sunglasses(),
        Look::Dark => portrait.dark(),
        Look::Turned => portrait.yaw(60.0),
        Look::Empty => portrait.faces(0),
    }
}
