//! A face as the answers describe it.

use super::{Face, landmarks};
use crate::local::portrait::Bounds;
use crate::local::simulator::wire;

/// Confidence of observations that a caption makes.
const SURE: f32 = 99.5;
/// Half the width of an age range, in years.
const AGE_MARGIN: u8 = 5;

/// What can be asked for beyond the default description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // The names are the documentation: they are Rekognition's own.
pub enum Attribute {
    Default,
    All,
    AgeRange,
    Beard,
    Emotions,
    EyeDirection,
    Eyeglasses,
    EyesOpen,
    Gender,
    MouthOpen,
    Mustache,
    FaceOccluded,
    Smile,
    Sunglasses,
}

impl Attribute {
    /// Every attribute.
    pub const ALL: [Self; 14] = [
        Self::Default,
        Self::All,
        Self::AgeRange,
        Self::Beard,
        Self::Emotions,
        Self::EyeDirection,
        Self::Eyeglasses,
        Self::EyesOpen,
        Self::Gender,
        Self::MouthOpen,
        Self::Mustache,
        Self::FaceOccluded,
        Self::Smile,
        Self::Sunglasses,
    ];

    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "DEFAULT",
            Self::All => "ALL",
            Self::AgeRange => "AGE_RANGE",
            Self::Beard => "BEARD",
            Self::Emotions => "EMOTIONS",
            Self::EyeDirection => "EYE_DIRECTION",
            Self::Eyeglasses => "EYEGLASSES",
            Self::EyesOpen => "EYES_OPEN",
            Self::Gender => "GENDER",
            Self::MouthOpen => "MOUTH_OPEN",
            Self::Mustache => "MUSTACHE",
            Self::FaceOccluded => "FACE_OCCLUDED",
            Self::Smile => "SMILE",
            Self::Sunglasses => "SUNGLASSES",
        }
    }

    /// The attribute of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attribute| attribute.name() == name)
    }
}

/// Describes a face with the attributes that were asked for.
#[must_use]
pub fn detail(face: &Face, asked: &[Attribute]) -> wire::FaceDetail {
    let all = asked.contains(&Attribute::All);
    let wants = |attribute| all || asked.contains(&attribute);
    let seen = |attribute, value| wants(attribute).then_some(wire::Observed { value, confidence: SURE });
    let traits = face.traits;
    let age =
        wire::AgeRange { low: traits.age.saturating_sub(AGE_MARGIN), high: traits.age.saturating_add(AGE_MARGIN) };
    wire::FaceDetail {
        bounding_box: wire_box(&face.bounds),
        age_range: wants(Attribute::AgeRange).then_some(age),
        smile: seen(Attribute::Smile, traits.smile),
        eyeglasses: seen(Attribute::Eyeglasses, traits.eyeglasses),
        sunglasses: seen(Attribute::Sunglasses, traits.sunglasses),
        // Test portraits have no gender; the even odds say that this is no observation.
        gender: wants(Attribute::Gender).then_some(wire::Observed { value: "Female", confidence: 50.0 }),
        beard: seen(Attribute::Beard, traits.beard),
        mustache: seen(Attribute::Mustache, traits.mustache),
        eyes_open: seen(Attribute::EyesOpen, traits.eyes_open),
        mouth_open: seen(Attribute::MouthOpen, traits.mouth_open),
        emotions: wants(Attribute::Emotions).then(|| emotions(traits.smile)),
        landmarks: if all { landmarks::all(face) } else { landmarks::main(face) },
        pose: pose(face),
        quality: quality(face),
        confidence: face.confidence,
        face_occluded: seen(Attribute::FaceOccluded, traits.occluded || traits.sunglasses),
        eye_direction: wants(Attribute::EyeDirection).then_some(wire::EyeDirection {
            yaw: face.pose.yaw,
            pitch: face.pose.pitch,
            confidence: if traits.eyes_open && !traits.sunglasses { SURE } else { 10.0 },
        }),
    }
}

/// Describes a face as CompareFaces does.
#[must_use]
pub fn compared(face: &Face) -> wire::ComparedFace {
    wire::ComparedFace {
        bounding_box: wire_box(&face.bounds),
        confidence: face.confidence,
        landmarks: landmarks::main(face),
        pose: pose(face),
        quality: quality(face),
    }
}

/// A box as it goes over the wire.
#[must_use]
pub fn wire_box(bounds: &Bounds) -> wire::BoundingBox {
    wire::BoundingBox { width: bounds.width, height: bounds.height, left: bounds.left, top: bounds.top }
}

fn pose(face: &Face) -> wire::Pose {
    wire::Pose { roll: face.pose.roll, yaw: face.pose.yaw, pitch: face.pose.pitch }
}

fn quality(face: &Face) -> wire::ImageQuality {
    wire::ImageQuality { brightness: face.brightness, sharpness: face.sharpness }
}

fn emotions(smile: bool) -> Vec<wire::Emotion> {
    let (first, second) = if smile { ("HAPPY", "CALM") } else { ("CALM", "HAPPY") };
    vec![wire::Emotion { r#type: first, confidence: 97.0 }, wire::Emotion { r#type: second, confidence: 2.0 }]
}
