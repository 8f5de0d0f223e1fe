//! The Face Matching API's own faces: each tenant's, kept by session.

mod blacklist;
mod delete;
mod record;
mod register;

pub use blacklist::{Blacklist, Blacklisted};
pub use delete::{Deletion, FaceDeletion};
pub use record::{Blacklisting, FaceRecord, RecordState, SessionId};
pub use register::{Completion, FaceRegistration, NewFace, NewPicture, Registered};
