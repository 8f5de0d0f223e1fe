//! Rekognition: face collections and the face engine.

#[cfg(feature = "cli")]
mod collections;

#[cfg(feature = "cli")]
pub use collections::CollectionFacts;
