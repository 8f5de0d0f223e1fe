//! Who watches a deployment: a live tree on a terminal, plain lines in a pipe, JSON objects for a script.

mod live;
mod plain;
mod tree;

pub use live::LiveTree;
pub use plain::{Ndjson, PlainLines};
