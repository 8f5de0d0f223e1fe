//! The Face Matching API: one file per route. Scores are ratios here, 0.0 to 1.0.

pub(super) mod blacklist;
pub(super) mod delete;
pub(super) mod register;
pub(super) mod search;
pub(super) mod status;
pub(super) mod upload;
pub(super) mod verify;

use crate::handler::problem::{Code, Problem};

/// The answer for a face that is not there, and for one that is somebody else's: nobody learns which.
fn face_not_found() -> Problem {
    Problem::new(Code::FaceNotFound, "Face not found.")
}
