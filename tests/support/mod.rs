//! What the journeys share: a project in a folder of its own, clients that are not ours, and a real terminal.

pub mod peers;
pub mod project;
pub mod terminal;
