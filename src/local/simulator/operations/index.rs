//! IndexFaces.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Answer;
use crate::local::simulator::analysis::{Attribute, Face, QualityFilter, Reason, analyse, detail};
use crate::local::simulator::store::{Shelf, StoredFace};
use crate::local::simulator::{ApiError, ErrorKind, Simulator, check, picture, wire};
use crate::model::{ExternalImageId, FaceId, ModelVersion};

/// Quality points that make a difference.
const GRADE_STEP: f32 = 25.0;

pub fn index_faces(simulator: &Simulator, request: wire::IndexFaces) -> Result<Answer, ApiError> {
    let collection = check::collection_id(request.collection_id)?;
    let external = check::external_image_id(request.external_image_id)?;
    let attributes = check::attributes(request.detection_attributes, "detectionAttributes")?;
    let most = check::count(request.max_faces, "maxFaces", 1..=i64::MAX, usize::MAX)?;
    let filter = check::quality_filter(request.quality_filter.as_deref(), QualityFilter::Auto)?;
    // The collection comes first: AWS tells of a missing one before it looks at the image.
    simulator.store().read().shelf(&collection)?;
    let picture = picture::load(simulator, request.image, "image")?;
    let faces = analyse(&picture);
    let selection = Selection::of(&faces, filter, most);
    let source = Source { digest: picture.digest, external };
    let stored = simulator.store().add(&collection, |shelf| {
        let stored: Result<Vec<_>, _> =
            selection.indexed.iter().map(|(rank, face)| source.stored(shelf, *rank, face)).collect();
        let version = shelf.record.model_version.clone();
        (stored.clone().unwrap_or_default(), stored.map(|stored| (stored, version)))
    })?;
    let (stored, version) = stored?;
    let records = stored.iter().zip(&selection.indexed);
    let indexed = wire::FacesIndexed {
        face_records: records
            .map(|(stored, (_, face))| wire::FaceRecord {
                face: stored.to_wire(&version),
                face_detail: detail(face, &attributes),
            })
            .collect(),
        face_model_version: version.to_string(),
        unindexed_faces: selection.unindexed(&attributes),
    };
    Ok(Answer::of(&indexed)?.counting(faces.len()).on(collection))
}

/// Which faces of a picture are indexed.
struct Selection<'a> {
    /// With their rank by size in the picture; largest first.
    indexed: Vec<(usize, &'a Face)>,
    /// The others, and why.
    refused: Vec<(&'a Face, Vec<Reason>)>,
}

impl<'a> Selection<'a> {
    fn of(faces: &'a [Face], filter: QualityFilter, most: usize) -> Self {
        let mut refused = Vec::new();
        let mut indexed = Vec::new();
        for (rank, face) in faces.iter().enumerate() {
            match filter.reasons(face) {
                reasons if reasons.is_empty() => indexed.push((rank, face)),
                reasons => refused.push((face, reasons)),
            }
        }
        // Best first, so that the worst fall out; among equals the smallest. Then by size again, as it is answered.
        indexed.sort_by(|(a_rank, a), (b_rank, b)| grade(b).total_cmp(&grade(a)).then(a_rank.cmp(b_rank)));
        let beyond = indexed.split_off(indexed.len().min(most));
        refused.extend(beyond.into_iter().map(|(_, face)| (face, vec![Reason::ExceedsMaxFaces])));
        indexed.sort_by_key(|(rank, _)| *rank);
        Self { indexed, refused }
    }

    fn unindexed(&self, attributes: &[Attribute]) -> Vec<wire::UnindexedFace> {
        let unindexed = |(face, reasons): &(&Face, Vec<Reason>)| wire::UnindexedFace {
            reasons: reasons.iter().map(|reason| reason.name()).collect(),
            face_detail: detail(face, attributes),
        };
        self.refused.iter().map(unindexed).collect()
    }
}

/// The quality of a face in steps, so that a trifle more light does not outweigh size.
fn grade(face: &Face) -> f32 {
    (face.brightness.min(face.sharpness) / GRADE_STEP).floor()
}

/// Where faces come from: an image under the caller's reference.
struct Source {
    digest: [u8; 32],
    external: Option<ExternalImageId>,
}

impl Source {
    /// The face as it is stored. Ids follow from the image, so that the same image gives the same face in every
    /// collection of one model version, and indexing it again stores nothing new. Only the same image under another
    /// reference in the same collection is another face.
    fn stored(&self, collection: &Shelf, rank: usize, face: &Face) -> Result<StoredFace, ApiError> {
        let version = &collection.record.model_version;
        let plain = self.face_id(version, rank, None)?;
        let taken = collection.faces.get(plain.as_str()).is_some_and(|known| known.external_image_id != self.external);
        let id = if taken { self.face_id(version, rank, self.external.as_ref())? } else { plain };
        if let Some(known) = collection.faces.get(id.as_str()) {
            return Ok(known.clone());
        }
        Ok(StoredFace {
            id,
            image_id: self.uuid(&[b"image"]).to_string(),
            external_image_id: self.external.clone(),
            user: None,
            bounds: face.bounds,
            confidence: face.confidence,
            signature: face.signature.clone(),
        })
    }

    fn face_id(
        &self,
        version: &ModelVersion,
        rank: usize,
        external: Option<&ExternalImageId>,
    ) -> Result<FaceId, ApiError> {
        let rank = rank.to_le_bytes();
        // Without a reference the words differ in number, so that no reference can imitate none.
        let uuid = match external {
            None => self.uuid(&[b"face", version.as_str().as_bytes(), &rank]),
            Some(external) => self.uuid(&[b"face", version.as_str().as_bytes(), &rank, external.as_str().as_bytes()]),
        };
        FaceId::new(uuid.to_string()).map_err(|error| ApiError::new(ErrorKind::InternalServer, error.to_string()))
    }

    fn uuid(&self, words: &[&[u8]]) -> Uuid {
        let mut hash = Sha256::new_with_prefix(self.digest);
        for word in words {
            hash.update((word.len() as u64).to_le_bytes());
            hash.update(word);
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}
