//! The quality gate: which face pictures are good enough to ask anybody about (whitepaper, "New user registration").

use std::fmt;

use super::error::Refusal;
use super::face::DetectedFace;
use crate::model::{Percent, QualityGates};

/// One rule of the gate. The names are labels of the metric `QualityFailures` and part of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QualityRule {
    /// Exactly one face on a person's picture, at least one on a document.
    FaceCount,
    /// Head turned left or right.
    Yaw,
    /// Head down or up.
    Pitch,
    /// Out of focus.
    Sharpness,
    /// Too dark.
    Brightness,
    /// Eyes closed.
    EyesOpen,
    /// Sunglasses.
    Sunglasses,
    /// Something covers the face.
    Occlusion,
    /// The face is too small in the picture.
    FaceSize,
    /// The engine's own filter refused the face when it was to be indexed.
    EngineFilter,
}

/// Whose picture it is that a rule was broken by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The person, in front of the camera.
    Person,
    /// The identity document.
    Document,
}

/// A broken rule: what was measured, what is allowed, and what the person can do.
#[derive(Debug, Clone, PartialEq)]
pub struct QualityFailure {
    /// Which picture broke it.
    pub subject: Subject,
    /// Which rule.
    pub rule: QualityRule,
    /// What was measured, with its unit.
    pub measured: String,
    /// What is allowed, with its unit.
    pub limit: String,
    /// What the person who holds the camera can do.
    pub advice: &'static str,
}

/// Judges the only face of a person's picture of this size (width and height in pixels); every broken rule is reported,
/// not just the first. An attribute that the engine did not report breaks its rule: what was not measured cannot pass.
pub fn assess<'a>(
    size: (u32, u32),
    faces: &'a [DetectedFace],
    gates: &QualityGates,
) -> Result<&'a DetectedFace, Refusal> {
    let face = match faces {
        [] => return Err(Refusal::NoFace),
        [face] => face,
        several => return Err(Refusal::SeveralFaces { found: several.len() }),
    };
    let failures: Vec<QualityFailure> = [
        angle(QualityRule::Yaw, face.yaw, gates.yaw),
        angle(QualityRule::Pitch, face.pitch, gates.pitch),
        above(QualityRule::Sharpness, face.sharpness, gates.sharpness),
        above(QualityRule::Brightness, face.brightness, gates.brightness),
        gates.eyes_open.then(|| attribute(QualityRule::EyesOpen, face.eyes_open, true)).flatten(),
        gates.no_sunglasses.then(|| attribute(QualityRule::Sunglasses, face.sunglasses, false)).flatten(),
        gates.not_occluded.then(|| attribute(QualityRule::Occlusion, face.occluded, false)).flatten(),
        face_size(size, face, gates.min_face_pixels),
    ]
    .into_iter()
    .flatten()
    .collect();
    if failures.is_empty() { Ok(face) } else { Err(Refusal::PoorQuality(failures)) }
}

/// Judges the picture of an identity document by its largest face, the portrait: sharpness and brightness are its whole
/// gate, for nobody can ask the person on it to look up. Faces come largest first.
pub fn assess_document<'a>(faces: &'a [DetectedFace], gates: &QualityGates) -> Result<&'a DetectedFace, Refusal> {
    let portrait = faces.first().ok_or(Refusal::NoFace)?;
    let failures: Vec<QualityFailure> = [
        above(QualityRule::Sharpness, portrait.sharpness, gates.sharpness),
        above(QualityRule::Brightness, portrait.brightness, gates.brightness),
    ]
    .into_iter()
    .flatten()
    .map(|failure| QualityFailure::new(Subject::Document, failure.rule, failure.measured, failure.limit))
    .collect();
    if failures.is_empty() { Ok(portrait) } else { Err(Refusal::PoorQuality(failures)) }
}

fn angle(rule: QualityRule, measured: Option<f64>, (least, most): (f64, f64)) -> Option<QualityFailure> {
    if measured.is_some_and(|degrees| (least..=most).contains(&degrees)) {
        return None;
    }
    let measured = measured.map_or_else(not_measured, |degrees| format!("{degrees:.1}°"));
    Some(QualityFailure::new(Subject::Person, rule, measured, format!("{least}° to {most}°")))
}

fn above(rule: QualityRule, measured: Option<Percent>, limit: Percent) -> Option<QualityFailure> {
    if measured.is_some_and(|score| score > limit) {
        return None;
    }
    let measured = measured.map_or_else(not_measured, |score| format!("{:.1}", score.value()));
    Some(QualityFailure::new(Subject::Person, rule, measured, format!("more than {}", limit.value())))
}

fn attribute(rule: QualityRule, measured: Option<bool>, wanted: bool) -> Option<QualityFailure> {
    if measured == Some(wanted) {
        return None;
    }
    let word = |value: bool| if value { "yes" } else { "no" }.to_owned();
    let measured = measured.map_or_else(not_measured, word);
    Some(QualityFailure::new(Subject::Person, rule, measured, word(wanted)))
}

/// The picture's size is as encoded; for a JPEG shown turned, width and height swap, which moves this by at most the
/// ratio of the sides.
fn face_size((width, height): (u32, u32), face: &DetectedFace, least: u32) -> Option<QualityFailure> {
    let (wide, high) = (face.place.width * f64::from(width), face.place.height * f64::from(height));
    if wide > f64::from(least) && high > f64::from(least) {
        return None;
    }
    let measured = format!("{wide:.0} x {high:.0} pixels");
    let limit = format!("more than {least} x {least} pixels");
    Some(QualityFailure::new(Subject::Person, QualityRule::FaceSize, measured, limit))
}

fn not_measured() -> String {
    "not measured".to_owned()
}

impl QualityFailure {
    /// A broken rule, with the advice that fits the picture.
    #[must_use]
    pub const fn new(subject: Subject, rule: QualityRule, measured: String, limit: String) -> Self {
        Self { subject, rule, measured, limit, advice: rule.advice(subject) }
    }

    /// The wrong number of faces.
    #[must_use]
    pub fn of_count(subject: Subject, found: usize) -> Self {
        let limit = match subject {
            Subject::Person => "exactly one face",
            Subject::Document => "at least one face",
        };
        Self::new(subject, QualityRule::FaceCount, format!("{found} faces"), limit.to_owned())
    }

    /// The engine's own refusal to index a person's face, in its words.
    #[must_use]
    pub fn by_engine(reasons: &[String]) -> Self {
        let limit = "accepted by the face engine".to_owned();
        Self::new(Subject::Person, QualityRule::EngineFilter, reasons.join(", "), limit)
    }
}

impl Subject {
    /// Every subject.
    pub const ALL: [Self; 2] = [Self::Person, Self::Document];

    /// The subject as the API calls its picture.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "selfie",
            Self::Document => "document",
        }
    }
}

impl QualityRule {
    /// Every rule.
    pub const ALL: [Self; 10] = [
        Self::FaceCount,
        Self::Yaw,
        Self::Pitch,
        Self::Sharpness,
        Self::Brightness,
        Self::EyesOpen,
        Self::Sunglasses,
        Self::Occlusion,
        Self::FaceSize,
        Self::EngineFilter,
    ];

    /// The rule as a label.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FaceCount => "face_count",
            Self::Yaw => "yaw",
            Self::Pitch => "pitch",
            Self::Sharpness => "sharpness",
            Self::Brightness => "brightness",
            Self::EyesOpen => "eyes_open",
            Self::Sunglasses => "sunglasses",
            Self::Occlusion => "occlusion",
            Self::FaceSize => "face_size",
            Self::EngineFilter => "engine_filter",
        }
    }

    /// What the person who holds the camera can do.
    #[must_use]
    pub const fn advice(self, subject: Subject) -> &'static str {
        match subject {
            Subject::Person => self.advice_to_person(),
            Subject::Document => self.advice_on_document(),
        }
    }

    const fn advice_on_document(self) -> &'static str {
        match self {
            Self::FaceCount => "Show the side of the document that has the photograph.",
            Self::Sharpness => "Hold the document still, so that its picture is sharp, and let the camera focus.",
            Self::Brightness => "Put the document into brighter light, without a reflection on it.",
            _ => "Take the picture of the document again: all of it, flat, in good light.",
        }
    }

    const fn advice_to_person(self) -> &'static str {
        match self {
            Self::FaceCount => "Be in the picture, alone, with your whole face.",
            Self::Yaw => "Look straight into the camera; do not turn your head to the side.",
            Self::Pitch => "Hold the camera at eye level; do not look up or down.",
            Self::Sharpness => "Hold still and let the camera focus.",
            Self::Brightness => "Find a brighter place, with the light in front of you.",
            Self::EyesOpen => "Keep both eyes open.",
            Self::Sunglasses => "Take off your sunglasses.",
            Self::Occlusion => "Take off whatever covers your face, such as a mask or a scarf.",
            Self::FaceSize => "Move closer to the camera.",
            Self::EngineFilter => "Take the picture again in good light, looking straight into the camera.",
        }
    }
}

impl fmt::Display for QualityRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests;
