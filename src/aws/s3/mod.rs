//! S3: stored pictures.

mod objects;

pub use objects::ImageBucket;
