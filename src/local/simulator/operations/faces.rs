//! ListFaces and DeleteFaces.

use std::collections::BTreeSet;
use std::ops::Bound;

use super::Answer;
use crate::local::simulator::store::{StoredFace, UserId};
use crate::local::simulator::{ApiError, Simulator, check, pages, wire};
use crate::model::FaceId;

/// Faces on a page when nothing else is asked for; AWS does not document its own number.
const PAGE: usize = 1000;

pub fn list(simulator: &Simulator, request: wire::ListFaces) -> Result<Answer, ApiError> {
    let collection = check::collection_id(request.collection_id)?;
    let size = check::page_size(request.max_results, PAGE)?;
    let wanted: Option<BTreeSet<_>> = request.face_ids.map(face_ids).transpose()?.map(|ids| ids.into_iter().collect());
    let user = request.user_id.map(|user| check::user_id(Some(user))).transpose()?;
    let scope = format!("faces/{collection}");
    let from = pages::resume(&scope, request.next_token.as_deref())?.map_or(Bound::Unbounded, Bound::Excluded);
    let memory = simulator.store().read();
    let shelf = memory.shelf(&collection)?;
    let wanted = |face: &StoredFace| {
        (user.is_none() || face.user == user) && wanted.as_ref().is_none_or(|wanted| wanted.contains(&face.id))
    };
    let mut rest =
        shelf.faces.range::<str, _>((from, Bound::Unbounded)).map(|(_, face)| face).filter(|face| wanted(face));
    let page: Vec<_> = rest.by_ref().take(size).collect();
    let more = rest.next().is_some();
    let version = &shelf.record.model_version;
    let listed = wire::FacesListed {
        faces: page.iter().map(|face| face.to_wire(version)).collect(),
        next_token: page.last().filter(|_| more).map(|face| pages::token_after(&scope, face.id.as_str())),
        face_model_version: version.to_string(),
    };
    Ok(Answer::of(&listed)?.on(collection))
}

pub fn delete(simulator: &Simulator, request: wire::DeleteFaces) -> Result<Answer, ApiError> {
    let collection = check::collection_id(request.collection_id)?;
    let ids = face_ids(check::required(request.face_ids, "faceIds")?)?;
    let deletion = simulator.store().delete_faces(&collection, &ids)?;
    let missing = deletion.missing.iter().map(|face| kept(face, None, "FACE_NOT_FOUND"));
    let bound = deletion.bound.iter().map(|(face, user)| kept(face, Some(user), "ASSOCIATED_TO_AN_EXISTING_USER"));
    let answer = wire::FacesDeleted {
        unsuccessful_face_deletions: missing.chain(bound).collect(),
        deleted_faces: deletion.deleted.iter().map(ToString::to_string).collect(),
    };
    Ok(Answer::of(&answer)?.on(collection))
}

fn kept(face: &FaceId, user: Option<&UserId>, reason: &'static str) -> wire::UnsuccessfulDeletion {
    wire::UnsuccessfulDeletion {
        face_id: face.to_string(),
        user_id: user.map(ToString::to_string),
        reasons: vec![reason],
    }
}

fn face_ids(values: Vec<String>) -> Result<Vec<FaceId>, ApiError> {
    check::face_ids(values, check::MOST_FACE_IDS)
}
