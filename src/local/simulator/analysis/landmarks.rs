//! Where eyes, nose, mouth and jaw lie: the proportions of a face, set into its box and moved along with its pose.

use super::Face;
use crate::local::simulator::wire::Landmark;

/// Name and place in parts of the face's box; the ones that are always answered come first.
const PLACES: [(&str, f32, f32); 30] = [
    ("eyeLeft", 0.32, 0.42),
    ("eyeRight", 0.68, 0.42),
    ("mouthLeft", 0.36, 0.76),
    ("mouthRight", 0.64, 0.76),
    ("nose", 0.50, 0.60),
    ("leftEyeBrowLeft", 0.20, 0.34),
    ("leftEyeBrowRight", 0.42, 0.33),
    ("leftEyeBrowUp", 0.31, 0.30),
    ("rightEyeBrowLeft", 0.58, 0.33),
    ("rightEyeBrowRight", 0.80, 0.34),
    ("rightEyeBrowUp", 0.69, 0.30),
    ("leftEyeLeft", 0.25, 0.42),
    ("leftEyeRight", 0.39, 0.42),
    ("leftEyeUp", 0.32, 0.40),
    ("leftEyeDown", 0.32, 0.44),
    ("rightEyeLeft", 0.61, 0.42),
    ("rightEyeRight", 0.75, 0.42),
    ("rightEyeUp", 0.68, 0.40),
    ("rightEyeDown", 0.68, 0.44),
    ("noseLeft", 0.43, 0.62),
    ("noseRight", 0.57, 0.62),
    ("mouthUp", 0.50, 0.72),
    ("mouthDown", 0.50, 0.81),
    ("leftPupil", 0.32, 0.42),
    ("rightPupil", 0.68, 0.42),
    ("upperJawlineLeft", 0.05, 0.45),
    ("midJawlineLeft", 0.14, 0.76),
    ("chinBottom", 0.50, 1.00),
    ("midJawlineRight", 0.86, 0.76),
    ("upperJawlineRight", 0.95, 0.45),
];
/// How many are answered when not all attributes are asked for.
const MAIN: usize = 5;
/// How far features move when the face turns by 90 degrees, in parts of the box.
const TURN: f32 = 0.3;

/// The five landmarks of the default description.
#[must_use]
pub fn main(face: &Face) -> Vec<Landmark> {
    PLACES.iter().take(MAIN).map(|place| placed(face, place)).collect()
}

/// All thirty landmarks.
#[must_use]
pub fn all(face: &Face) -> Vec<Landmark> {
    PLACES.iter().map(|place| placed(face, place)).collect()
}

fn placed(face: &Face, &(name, x, y): &(&'static str, f32, f32)) -> Landmark {
    let x = x + TURN * face.pose.yaw.to_radians().sin();
    let y = y - TURN * face.pose.pitch.to_radians().sin();
    let (sin, cos) = face.pose.roll.to_radians().sin_cos();
    let (across, down) = (x - 0.5, y - 0.5);
    Landmark {
        r#type: name,
        x: face.bounds.left + face.bounds.width * (0.5 + across * cos - down * sin),
        y: face.bounds.top + face.bounds.height * (0.5 + across * sin + down * cos),
    }
}
