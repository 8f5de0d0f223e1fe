//! What the journeys share: a project in a folder of its own, clients that are not ours, and a real terminal.

// Each test binary has its own copy and uses its part of it.
#![allow(dead_code)]

pub mod peers;
pub mod project;
pub mod terminal;
