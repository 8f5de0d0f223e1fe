//! What callers do, and how often.

use serde_json::json;

use super::album::{Album, Look};

/// People who are registered before anybody searches for them.
pub(super) const MEMBERS: u32 = 8;
/// The first person who never registers.
const STRANGERS: u32 = 1_000;

/// A route of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Route {
    Ips,
    Verify,
    Register,
    Search,
    Status,
}

/// One request that a caller sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Visit {
    act: Act,
    person: u32,
    number: u32,
}

/// What the caller does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    /// Registers a picture that looks like this.
    Register(Look),
    /// Compares a person's card with this picture of the same person.
    Verify(Look),
    /// Compares a person's card with somebody else.
    VerifyStranger,
    /// ID and selfie of one person.
    Ips,
    /// ID of one person, selfie of another.
    IpsStranger,
    /// Looks for a member.
    SearchMember,
    /// Looks for somebody who never registered.
    SearchStranger,
    /// Asks for the collection's size.
    Status,
    /// Sends nonsense.
    Nonsense,
    /// Registers with a token that may not.
    Powerless,
}

/// The mix: of a hundred visits, how many do what. Most go well; the rest is what a real day brings.
const MIX: [(u32, Act); 16] = [
    (14, Act::Register(Look::Front)),
    (3, Act::Register(Look::Sunglasses)),
    (2, Act::Register(Look::Dark)),
    (2, Act::Register(Look::Turned)),
    (1, Act::Register(Look::Empty)),
    (16, Act::Verify(Look::Front)),
    (6, Act::Verify(Look::Aside)),
    (1, Act::Verify(Look::Empty)),
    (4, Act::VerifyStranger),
    (18, Act::Ips),
    (3, Act::IpsStranger),
    (18, Act::SearchMember),
    (6, Act::SearchStranger),
    (3, Act::Status),
    (2, Act::Nonsense),
    (1, Act::Powerless),
];

impl Visit {
    /// A member's first visit.
    pub(super) const fn registration_of(person: u32) -> Self {
        Self { act: Act::Register(Look::Front), person, number: person }
    }

    /// Any visit of the mix.
    pub(super) fn random(dice: &mut fastrand::Rng, number: u32) -> Self {
        let total = MIX.iter().map(|(share, _)| share).sum();
        let mut roll = dice.u32(0..total);
        let act = MIX.iter().find(|(share, _)| match roll.checked_sub(*share) {
            Some(rest) => {
                roll = rest;
                false
            }
            None => true,
        });
        Self { act: act.map_or(Act::Status, |(_, act)| *act), person: dice.u32(0..MEMBERS), number }
    }

    pub(super) const fn route(&self) -> Route {
        match self.act {
            Act::Register(_) | Act::Powerless => Route::Register,
            Act::Verify(_) | Act::VerifyStranger | Act::Nonsense => Route::Verify,
            Act::Ips | Act::IpsStranger => Route::Ips,
            Act::SearchMember | Act::SearchStranger => Route::Search,
            Act::Status => Route::Status,
        }
    }

    /// Whether it comes with a token that allows nothing.
    pub(super) const fn is_powerless(&self) -> bool {
        matches!(self.act, Act::Powerless)
    }

    /// The request's body; none for a question. Sessions are new in every run of another seed, so that nobody runs
    /// into the most faces of a session.
    pub(super) fn body(&self, album: &Album, seed: u64) -> Option<String> {
        let of = |person: u32, look: Look| album.picture(person, look).to_string();
        let (person, stranger) = (self.person, STRANGERS + self.person);
        let session = format!("traffic-{seed:x}-{}", self.number);
        let body = match self.act {
            Act::Register(look) => json!({ "image": of(person, look), "session_id": session }),
            Act::Powerless => json!({ "image": of(person, Look::Front), "session_id": session }),
            Act::Verify(look) => {
                json!({ "source_image": of(person, Look::Card), "target_image": of(person, look) })
            }
            Act::VerifyStranger => {
                json!({ "source_image": of(person, Look::Card), "target_image": of(stranger, Look::Front) })
            }
            Act::Ips => json!({ "dl": of(person, Look::Card), "selfie": of(person, Look::Front) }),
            Act::IpsStranger => json!({ "dl": of(person, Look::Card), "selfie": of(stranger, Look::Front) }),
            Act::SearchMember => json!({ "image": of(person, Look::Aside), "max_results": 3 }),
            Act::SearchStranger => json!({ "image": of(stranger, Look::Front) }),
            Act::Nonsense => return Some("{\"source_image\": 42, \"tar".to_owned()),
            Act::Status => return None,
        };
        Some(body.to_string())
    }
}

impl Route {
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Ips => "/ips",
            Self::Verify => "/kyc/facematch/verify",
            Self::Register => "/kyc/facematch/register",
            Self::Search => "/kyc/facematch/search",
            Self::Status => "/kyc/facematch/collections/status",
        }
    }
}
