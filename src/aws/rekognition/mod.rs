//! Rekognition: face collections and the face engine.

#[cfg(feature = "cli")]
mod collections;
#[cfg(feature = "cli")]
mod lifecycle;

#[cfg(feature = "cli")]
pub use collections::CollectionFacts;
#[cfg(feature = "cli")]
pub use lifecycle::Lifecycle;
mod engine;

#[cfg(feature = "cli")]
pub use collections::CollectionFacts;
pub use engine::RekognitionEngine;
