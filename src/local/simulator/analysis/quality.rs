//! Which faces are good enough to be indexed, searched or compared.

use super::Face;

/// How strict an operation is with the quality of faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QualityFilter {
    /// Every face will do.
    None,
    /// The service chooses; here like `Low`.
    Auto,
    /// Hopeless faces are left out.
    Low,
    /// Poor faces are left out.
    Medium,
    /// Only good faces pass.
    High,
}

/// Why a face was not indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// More faces than asked for.
    ExceedsMaxFaces,
    /// Turned too far away.
    ExtremePose,
    /// Too dark.
    LowBrightness,
    /// Too blurred.
    LowSharpness,
    /// Perhaps no face at all.
    LowConfidence,
    /// Too small.
    SmallBoundingBox,
    /// Covered, or otherwise not fit.
    LowFaceQuality,
}

/// What a face needs to pass a filter.
struct Bar {
    brightness: f32,
    sharpness: f32,
    confidence: f32,
    /// Degrees from straight ahead.
    yaw: f32,
    pitch: f32,
    /// Pixels.
    side: f32,
    covered: bool,
}

const LOW: Bar =
    Bar { brightness: 10.0, sharpness: 8.0, confidence: 75.0, yaw: 75.0, pitch: 60.0, side: 40.0, covered: true };
const MEDIUM: Bar =
    Bar { brightness: 20.0, sharpness: 20.0, confidence: 90.0, yaw: 60.0, pitch: 45.0, side: 45.0, covered: true };
const HIGH: Bar =
    Bar { brightness: 35.0, sharpness: 40.0, confidence: 95.0, yaw: 45.0, pitch: 30.0, side: 50.0, covered: false };

impl QualityFilter {
    /// Every filter.
    pub const ALL: [Self; 5] = [Self::None, Self::Auto, Self::Low, Self::Medium, Self::High];

    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Auto => "AUTO",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
        }
    }

    /// The filter of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|filter| filter.name() == name)
    }

    /// Why a face does not pass; empty when it does.
    #[must_use]
    pub fn reasons(self, face: &Face) -> Vec<Reason> {
        let bar = match self {
            Self::None => return Vec::new(),
            Self::Auto | Self::Low => LOW,
            Self::Medium => MEDIUM,
            Self::High => HIGH,
        };
        let pose = face.pose;
        let covered = face.traits.occluded || face.traits.sunglasses;
        let failures = [
            (pose.yaw.abs() > bar.yaw || pose.pitch.abs() > bar.pitch, Reason::ExtremePose),
            (face.brightness < bar.brightness, Reason::LowBrightness),
            (face.sharpness < bar.sharpness, Reason::LowSharpness),
            (face.confidence < bar.confidence, Reason::LowConfidence),
            (face.side < bar.side, Reason::SmallBoundingBox),
            (covered && !bar.covered, Reason::LowFaceQuality),
        ];
        failures.into_iter().filter_map(|(failed, reason)| failed.then_some(reason)).collect()
    }

    /// Whether a face passes.
    #[must_use]
    pub fn passes(self, face: &Face) -> bool {
        self.reasons(face).is_empty()
    }
}

impl Reason {
    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ExceedsMaxFaces => "EXCEEDS_MAX_FACES",
            Self::ExtremePose => "EXTREME_POSE",
            Self::LowBrightness => "LOW_BRIGHTNESS",
            Self::LowSharpness => "LOW_SHARPNESS",
            Self::LowConfidence => "LOW_CONFIDENCE",
            Self::SmallBoundingBox => "SMALL_BOUNDING_BOX",
            Self::LowFaceQuality => "LOW_FACE_QUALITY",
        }
    }
}
