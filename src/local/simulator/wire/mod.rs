//! The shapes of requests and answers as they go over the wire, apart from what they mean.

mod answers;
mod liveness;
mod requests;
mod text;
mod users;

pub use answers::*;
pub use liveness::*;
pub use requests::*;
pub use text::*;
pub use users::*;
