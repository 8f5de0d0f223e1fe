//! S3, by who needs it.

#[cfg(feature = "cli")]
mod posture;

#[cfg(feature = "cli")]
pub use posture::{BucketEncryption, BucketPosture, PublicAccessBlock};
//! S3, by what its objects are to us.

#[cfg(feature = "cli")]
pub mod bounded;
//! S3: one file per purpose.

#[cfg(feature = "cli")]
mod artifacts;

#[cfg(feature = "cli")]
pub use artifacts::{BucketContent, Buckets};
//! S3: stored pictures.

mod objects;

pub use objects::ImageBucket;
