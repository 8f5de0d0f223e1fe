//! DynamoDB: one file per purpose.

#[cfg(feature = "cli")]
mod tables;

#[cfg(feature = "cli")]
pub use tables::{TableDescription, Tables};
