//! SearchFacesByImage and SearchFaces.

use super::Answer;
use crate::local::simulator::analysis::{QualityFilter, Signature, analyse, wire_box};
use crate::local::simulator::store::Shelf;
use crate::local::simulator::{ApiError, ErrorKind, Simulator, check, picture, wire};
use crate::model::FaceId;

/// Similarity that makes a match when nothing else is asked for, in percent.
const THRESHOLD: f32 = 80.0;
/// Most matches of a search, also when nothing else is asked for.
const MOST_MATCHES: usize = 4096;

pub fn by_image(simulator: &Simulator, request: wire::SearchFacesByImage) -> Result<Answer, ApiError> {
    let collection = check::collection_id(request.collection_id)?;
    let threshold = check::percent(request.face_match_threshold, "faceMatchThreshold", THRESHOLD)?;
    let most = check::count(request.max_faces, "maxFaces", 1..=4096, MOST_MATCHES)?;
    let filter = check::quality_filter(request.quality_filter.as_deref(), QualityFilter::None)?;
    simulator.store().read().shelf(&collection)?;
    let faces = analyse(&picture::load(simulator, request.image, "image")?);
    // Only the largest face is searched for; when it is not good enough, no other takes its place.
    let face = faces.first().filter(|face| filter.passes(face)).ok_or_else(ApiError::no_face)?;
    let memory = simulator.store().read();
    let shelf = memory.shelf(&collection)?;
    let searched = wire::ImageSearched {
        searched_face_bounding_box: wire_box(&face.bounds),
        searched_face_confidence: face.confidence,
        face_matches: matches(shelf, &face.signature, threshold, most, None),
        face_model_version: shelf.record.model_version.to_string(),
    };
    Ok(Answer::of(&searched)?.on(collection))
}

pub fn by_face(simulator: &Simulator, request: wire::SearchFaces) -> Result<Answer, ApiError> {
    let collection = check::collection_id(request.collection_id)?;
    let id = check::face_id(check::required(request.face_id, "faceId")?, "faceId")?;
    let threshold = check::percent(request.face_match_threshold, "faceMatchThreshold", THRESHOLD)?;
    let most = check::count(request.max_faces, "maxFaces", 1..=4096, MOST_MATCHES)?;
    let memory = simulator.store().read();
    let shelf = memory.shelf(&collection)?;
    let face = shelf.faces.get(id.as_str()).ok_or_else(|| {
        ApiError::new(ErrorKind::ResourceNotFound, format!("The face id: {id} was not found in the collection"))
    })?;
    let searched = wire::FaceSearched {
        searched_face_id: id.to_string(),
        face_matches: matches(shelf, &face.signature, threshold, most, Some(&id)),
        face_model_version: shelf.record.model_version.to_string(),
    };
    Ok(Answer::of(&searched)?.on(collection))
}

/// The faces that are alike enough, most alike first, without the one that is searched for.
fn matches(
    shelf: &Shelf,
    signature: &Signature,
    threshold: f32,
    most: usize,
    without: Option<&FaceId>,
) -> Vec<wire::FaceMatch> {
    let others = shelf.faces.values().filter(|face| Some(&face.id) != without);
    let mut found: Vec<_> = others
        .map(|face| (signature.similarity(&face.signature), face))
        .filter(|(similarity, _)| *similarity >= threshold)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(most);
    let version = &shelf.record.model_version;
    found.into_iter().map(|(similarity, face)| wire::FaceMatch { similarity, face: face.to_wire(version) }).collect()
}
