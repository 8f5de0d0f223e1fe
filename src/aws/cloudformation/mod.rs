//! CloudFormation stacks.

#[cfg(feature = "cli")]
mod read;

#[cfg(feature = "cli")]
pub use read::StackFacts;
