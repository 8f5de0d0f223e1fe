//! Was a living person in front of the camera? The engine's sessions know neither user nor purpose, and can be asked
//! again and again: both is bound and limited here.

mod flow;
mod record;

pub use flow::Liveness;
pub use record::{LivenessPurpose, LivenessRecord, LivenessState, LivenessVerdict};
