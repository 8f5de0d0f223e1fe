//! What a portrait says about itself: a text chunk in its PNG, written by the portrait maker and read by the
//! Rekognition simulator. It never holds the person's name, only an identity derived from it.

use serde::{Deserialize, Serialize};

/// The keyword of the PNG text chunk.
pub const KEYWORD: &str = "idvctl:portrait";

/// Everything that a portrait says about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Caption {
    /// The faces in the picture.
    pub faces: Vec<FaceCaption>,
    /// The lines of text in the picture, from top to bottom.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<TextCaption>,
}

/// One line of text in the picture: letters of equal width, upright.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextCaption {
    /// What it says.
    pub text: String,
    /// Where it is.
    pub bounds: Bounds,
}

/// One face in the picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaceCaption {
    /// Who it is: a digest of the name, never the name.
    pub identity: String,
    /// Where it is.
    pub bounds: Bounds,
    /// Where it looks.
    pub pose: Pose,
    /// How it looks.
    pub traits: Traits,
}

/// A box in parts of the picture's width and height (0–1, beyond where the picture cuts the face).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Left edge.
    pub left: f32,
    /// Top edge.
    pub top: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// Where a face looks, in degrees from straight ahead, −180 to 180.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Pose {
    /// Turned to a side.
    pub yaw: f32,
    /// Turned up (positive) or down.
    pub pitch: f32,
    /// Tilted to a shoulder.
    pub roll: f32,
}

/// What can be seen of a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools)] // Independent observations, as Rekognition reports them.
pub struct Traits {
    /// Both eyes are open.
    pub eyes_open: bool,
    /// The mouth is open.
    pub mouth_open: bool,
    /// It smiles.
    pub smile: bool,
    /// It wears glasses of any kind.
    pub eyeglasses: bool,
    /// It wears dark glasses.
    pub sunglasses: bool,
    /// Something covers part of it.
    pub occluded: bool,
    /// It has a beard.
    pub beard: bool,
    /// It has a moustache.
    pub mustache: bool,
    /// Apparent age in years.
    pub age: u8,
}

impl Bounds {
    /// The part of the picture that the box covers.
    #[must_use]
    pub fn area(&self) -> f32 {
        self.width * self.height
    }

    fn is_possible(&self) -> bool {
        let placed = [self.left, self.top].iter().all(|edge| (-1.0..=1.0).contains(edge));
        placed && [self.width, self.height].iter().all(|side| *side > 0.0 && *side <= 2.0)
    }
}

impl Default for Traits {
    fn default() -> Self {
        Self {
            eyes_open: true,
            mouth_open: false,
            smile: false,
            eyeglasses: false,
            sunglasses: false,
            occluded: false,
            beard: false,
            mustache: false,
            age: 34,
        }
    }
}

impl Caption {
    /// Reads a caption; `None` when the text is not one or holds numbers that no picture can have.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let caption: Self = serde_json::from_str(text).ok()?;
        let possible =
            caption.faces.iter().all(FaceCaption::is_possible) && caption.text.iter().all(TextCaption::is_possible);
        possible.then_some(caption)
    }
}

impl FaceCaption {
    fn is_possible(&self) -> bool {
        let Pose { yaw, pitch, roll } = self.pose;
        self.bounds.is_possible() && [yaw, pitch, roll].iter().all(|angle| (-180.0..=180.0).contains(angle))
    }
}

impl TextCaption {
    fn is_possible(&self) -> bool {
        self.bounds.is_possible() && !self.text.trim().is_empty()
    }
}
