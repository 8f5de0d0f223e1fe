//! Rekognition: face collections and the face engine.

#[cfg(feature = "cli")]
mod collections;
mod engine;

#[cfg(feature = "cli")]
pub use collections::CollectionFacts;
pub use engine::RekognitionEngine;
