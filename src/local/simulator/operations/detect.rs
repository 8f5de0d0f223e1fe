//! DetectFaces.

use super::Answer;
use crate::local::simulator::analysis::{analyse, detail};
use crate::local::simulator::{ApiError, Simulator, check, picture, wire};

pub fn detect_faces(simulator: &Simulator, request: wire::DetectFaces) -> Result<Answer, ApiError> {
    let attributes = check::attributes(request.attributes, "attributes")?;
    let picture = picture::load(simulator, request.image, "image")?;
    let faces = analyse(&picture);
    let details = faces.iter().map(|face| detail(face, &attributes)).collect();
    Ok(Answer::of(&wire::FacesDetected { face_details: details })?.counting(faces.len()))
}
