//! What the simulator sees in a picture.
//!
//! **This recognises nobody.** It simulates the service around a face recogniser, so that software can be tried:
//! - Brightness and sharpness are measured from the pixels.
//! - A picture without a caption is taken for a photograph of one face in its middle; a flat picture has no face. Its
//!   signature is its low-frequency image, free of overall brightness and contrast: the same photograph re-encoded,
//!   resized or brightened matches, any other picture does not, *not even one of the same person*.
//! - A test portrait says in its caption who is in it, where, and in which pose. Two captioned faces are compared by
//!   identity, a little less alike with each degree of turn, blur and darkness, as a recogniser would be. As soon as
//!   one of two pictures has lost its caption (a portrait saved as JPEG, say), pixels decide.
//! - An ID card says in its caption what is written on it, and where. No other picture has text.

mod detail;
mod landmarks;
mod measure;
mod quality;
mod signature;
mod text;

pub use detail::{Attribute, compared, detail, wire_box};
pub use quality::{QualityFilter, Reason};
pub use signature::Signature;
pub use text::{Word, read};

use self::measure::View;
use super::picture::Picture;
use crate::local::portrait::{Bounds, FaceCaption, Pose, Traits};

/// Most faces that are looked at in one picture; the largest win.
const MOST_FACES: usize = 100;
/// Smallest face that is seen, in pixels, in pictures up to [`REFERENCE_SIDE`]; larger pictures scale it up.
const SMALLEST_FACE: f32 = 40.0;
/// The picture side that [`SMALLEST_FACE`] refers to.
const REFERENCE_SIDE: f32 = 1920.0;
/// Where the face of a photograph is taken to be.
const MIDDLE: Bounds = Bounds { left: 0.25, top: 0.15, width: 0.5, height: 0.65 };
/// Below this quality a face is seen with less confidence, by [`DOUBT`] percent per point.
const CLEAR: f32 = 30.0;
const DOUBT: f32 = 0.4;

/// A face in a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    /// Where it is.
    pub bounds: Bounds,
    /// The shorter side of its box, in pixels.
    pub side: f32,
    /// How surely it is a face, in percent.
    pub confidence: f32,
    /// Where it looks.
    pub pose: Pose,
    /// How it looks.
    pub traits: Traits,
    /// How bright it is, 0–100.
    pub brightness: f32,
    /// How sharp it is, 0–100.
    pub sharpness: f32,
    /// What it is compared by.
    pub signature: Signature,
}

/// The faces in a picture, largest first.
#[must_use]
pub fn analyse(picture: &Picture) -> Vec<Face> {
    let view = View::of(&picture.pixels);
    let mut captions: Vec<Option<&FaceCaption>> = match &picture.caption {
        Some(caption) => caption.faces.iter().map(Some).collect(),
        None if view.is_flat() => Vec::new(),
        None => vec![None],
    };
    let bounds_of = |caption: Option<&FaceCaption>| caption.map_or(MIDDLE, |caption| caption.bounds);
    captions.sort_by(|a, b| bounds_of(*b).area().total_cmp(&bounds_of(*a).area()));
    captions.truncate(MOST_FACES);
    let smallest = SMALLEST_FACE * (picture.longest_side() as f32 / REFERENCE_SIDE).max(1.0);
    let faces = captions.into_iter().enumerate().map(|(rank, caption)| face(picture, &view, rank, caption));
    faces.filter(|face| face.side >= smallest).collect()
}

fn face(picture: &Picture, view: &View, rank: usize, caption: Option<&FaceCaption>) -> Face {
    let bounds = caption.map_or(MIDDLE, |caption| caption.bounds);
    let region = view.crop(&bounds);
    let (brightness, sharpness) = (region.brightness(), region.sharpness());
    let pose = caption.map_or(Pose::default(), |caption| caption.pose);
    // The largest face carries the signature of the whole picture, so that it still matches when the caption is lost
    // and with it the place of the face.
    let pixels = if rank == 0 { view.signature() } else { region.signature() };
    let strain = signature::Strain { pose, brightness, sharpness };
    let identity = caption
        .map(|caption| signature::identity(&caption.identity, strain, &[&picture.digest[..], &[rank_byte(rank)]]));
    let (width, height) = picture.pixels.dimensions();
    Face {
        bounds,
        side: (bounds.width * width as f32).min(bounds.height * height as f32),
        confidence: confidence(brightness, sharpness),
        pose,
        traits: caption.map_or_else(Traits::default, |caption| caption.traits),
        brightness,
        sharpness,
        signature: Signature { pixels, identity },
    }
}

/// How surely something is seen in that light and focus, in percent.
fn confidence(brightness: f32, sharpness: f32) -> f32 {
    99.99 - DOUBT * ((CLEAR - brightness).max(0.0) + (CLEAR - sharpness).max(0.0))
}

/// The rank of a face among at most [`MOST_FACES`].
fn rank_byte(rank: usize) -> u8 {
    u8::try_from(rank).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests;
