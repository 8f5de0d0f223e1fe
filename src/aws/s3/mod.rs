//! S3: one file per purpose.

#[cfg(feature = "cli")]
mod artifacts;

#[cfg(feature = "cli")]
pub use artifacts::{BucketContent, Buckets};
