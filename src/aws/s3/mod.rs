//! S3, by what its objects are to us.

#[cfg(feature = "cli")]
pub mod bounded;
