//! Rekognition: the face engine, and the collections themselves.

mod clients;
#[cfg(feature = "cli")]
mod collections;
mod engine;
#[cfg(feature = "cli")]
mod lifecycle;
mod liveness;
mod pictures;

#[cfg(feature = "cli")]
pub use collections::CollectionFacts;
pub use engine::RekognitionEngine;
#[cfg(feature = "cli")]
pub use lifecycle::Lifecycle;
