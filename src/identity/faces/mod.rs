//! The Face Matching API's own faces: each tenant's, kept by session.

mod record;
mod register;

pub use record::{Blacklisting, FaceRecord, RecordState, SessionId};
pub use register::{Completion, FaceRegistration, NewFace, Registered};
