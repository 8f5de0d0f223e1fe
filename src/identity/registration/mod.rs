//! Registering a person: are selfie and document good, of one living person, nobody known as a fraudster, nobody
//! registered already? Then the faces are indexed and the person is a user.
//!
//! ```text
//! begin ─ liveness? ─ quality ─ compare ─ fraud_search ─ duplicate_search ─ document_text? ─ record ─ index ─ settle
//!   │         └─────────┴──────────┴───── a no, or a failure: the verdict is written ─────┴─────────┴────────┘
//!   └ record Started                                          └ conclude: faces, pictures and user id are given up
//! ```
//!
//! A step is a function of the registration's id: it reads the record, does its work and writes the record on, if it
//! still is as it was read. Doing one twice does no harm. Whatever is stopped in the middle is found by the sweep,
//! because the record was there before anything else.

mod conclude;
mod drive;
mod index;
mod intake;
mod person;
mod pictures;
mod record;
mod settle;
mod verdict;

pub use crate::identity::given::Given;
pub use intake::NewRegistration;
pub use record::{Conclusion, IndexedFaces, Pictures, Registration, RegistrationState};

use super::deadline::Deadline;
use super::error::{IdentityError, ServiceError, ServiceErrorKind};
use super::tally::Tally;
use crate::model::{HandlerSettings, Step};

/// What registering needs.
#[derive(Debug)]
pub struct Registering<'a, E, P> {
    /// The face engine, measured.
    pub engine: &'a E,
    /// Everything else.
    pub ports: &'a P,
    /// Where the numbers go.
    pub tally: &'a Tally,
    /// What decisions are made of.
    pub settings: &'a HandlerSettings,
    /// Until when the answer must be there.
    pub deadline: Deadline,
}

/// What follows a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The step after it.
    Continue,
    /// The end: the answer is known.
    Conclude,
}

impl Next {
    /// It as the workflow reads it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Continue => "continue",
            Self::Conclude => "conclude",
        }
    }
}

/// What a step found out.
enum Answer {
    /// On to the next one.
    Yes,
    /// The registration ends here.
    No(Conclusion),
    /// Somebody else has ended it.
    Over,
}

/// A step that was called for a registration in another state than the one it needs.
fn out_of_place(registration: &Registration, step: Step) -> IdentityError {
    let message = format!("registration {} is not where {step} can be done", registration.id);
    ServiceError::new(ServiceErrorKind::Conflict, message).into()
}

#[cfg(test)]
mod tests;
