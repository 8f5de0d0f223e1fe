//! CompareFaces: the largest face of one picture against the faces of another. Nothing is stored.

use super::Answer;
use crate::local::simulator::analysis::{QualityFilter, analyse, compared, wire_box};
use crate::local::simulator::{ApiError, Simulator, check, picture, wire};

/// Similarity that makes a match when nothing else is asked for, in percent.
const THRESHOLD: f32 = 80.0;

pub fn compare_faces(simulator: &Simulator, request: wire::CompareFaces) -> Result<Answer, ApiError> {
    let threshold = check::percent(request.similarity_threshold, "similarityThreshold", THRESHOLD)?;
    let filter = check::quality_filter(request.quality_filter.as_deref(), QualityFilter::None)?;
    let source = analyse(&picture::load(simulator, request.source_image, "sourceImage")?);
    let target = analyse(&picture::load(simulator, request.target_image, "targetImage")?);
    let source = source.iter().find(|face| filter.passes(face)).ok_or_else(ApiError::no_face)?;
    let target: Vec<_> = target.iter().filter(|face| filter.passes(face)).collect();
    if target.is_empty() {
        return Err(ApiError::no_face());
    }
    let similarities = target.into_iter().map(|face| (source.signature.similarity(&face.signature), face));
    let (mut matches, others): (Vec<_>, Vec<_>) = similarities.partition(|(similarity, _)| *similarity >= threshold);
    matches.sort_by(|a, b| b.0.total_cmp(&a.0));
    Answer::of(&wire::FacesCompared {
        source_image_face: wire::SourceFace { bounding_box: wire_box(&source.bounds), confidence: source.confidence },
        face_matches: matches
            .into_iter()
            .map(|(similarity, face)| wire::ComparedMatch { similarity, face: compared(face) })
            .collect(),
        unmatched_faces: others.into_iter().map(|(_, face)| compared(face)).collect(),
    })
}
