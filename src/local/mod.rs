//! The local cloud: everything of AWS that the architecture needs, on one machine, without an account.

mod dice;
pub mod portrait;
pub mod simulator;
