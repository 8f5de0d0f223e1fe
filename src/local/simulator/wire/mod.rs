//! The shapes of requests and answers as they go over the wire, apart from what they mean.

mod answers;
mod requests;

pub use answers::*;
pub use requests::*;
