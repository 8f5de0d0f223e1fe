//! Was a living person in front of the camera? The engine's sessions know neither user nor purpose, and can be asked
//! again and again: both is bound and limited here.
//!
//! ```text
//!          judge           consume
//! Open ────────────> Judged ──────> Used
//!   └── abandon ───────┴──────────> Abandoned
//! ```
//!
//! - That a session succeeded says only that the check ran: its confidence is held against the threshold.
//! - A result is fetched once and kept, because the engine forgets it three minutes after the session began.
//! - A session is used up before anything rests on it, so that nobody passes with it twice.
//!
//! The pictures of a session that was used stay where the engine has put them, with their lifetime
//! (`retention.liveness_days`): they are what the decision rested on, and a no can be disputed as well as a yes. What is
//! to live longer is a copy under a key of its own. The pictures of a session that nobody used are deleted by the sweep.

mod flow;
mod record;
#[cfg(test)]
mod tests;

pub use flow::Liveness;
pub use record::{LivenessPurpose, LivenessRecord, LivenessState, LivenessVerdict};
