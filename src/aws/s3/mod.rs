//! S3: stored pictures, artifacts, and the buckets themselves.

#[cfg(feature = "cli")]
mod artifacts;
#[cfg(feature = "cli")]
pub mod bounded;
#[cfg(feature = "cli")]
pub mod deposit;
mod objects;
#[cfg(feature = "cli")]
mod posture;
mod versions;

#[cfg(feature = "cli")]
pub use artifacts::{BucketContent, Buckets};
pub use objects::ImageBucket;
#[cfg(feature = "cli")]
pub use posture::{BucketEncryption, BucketPosture, PublicAccessBlock};
