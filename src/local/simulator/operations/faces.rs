//! ListFaces and DeleteFaces.

use std::collections::BTreeSet;
use std::ops::Bound;

use super::Answer;
use crate::local::simulator::{ApiError, Simulator, check, pages, wire};

/// Faces on a page when nothing else is asked for; AWS does not document its own number.
const PAGE: usize = 1000;

pub fn list(simulator: &Simulator, request: wire::ListFaces) -> Result<Answer, ApiError> {
    let collection = check::collection_id(request.collection_id)?;
    let size = check::page_size(request.max_results, PAGE)?;
    let wanted: Option<BTreeSet<_>> =
        request.face_ids.map(check::face_ids).transpose()?.map(|ids| ids.into_iter().collect());
    request.user_id.as_deref().map_or(Ok(()), check::user_id)?;
    let scope = format!("faces/{collection}");
    let from = pages::resume(&scope, request.next_token.as_deref())?.map_or(Bound::Unbounded, Bound::Excluded);
    let memory = simulator.store().read();
    let shelf = memory.shelf(&collection)?;
    // No face is bound to a user yet, so a listing by user finds none.
    let wanted = |id| request.user_id.is_none() && wanted.as_ref().is_none_or(|wanted| wanted.contains(id));
    let mut rest =
        shelf.faces.range::<str, _>((from, Bound::Unbounded)).map(|(_, face)| face).filter(|face| wanted(&face.id));
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
    let ids = check::face_ids(check::required(request.face_ids, "faceIds")?)?;
    let deleted = simulator.store().delete_faces(&collection, &ids)?;
    let missing = ids.iter().filter(|id| deleted.binary_search(id).is_err());
    let answer = wire::FacesDeleted {
        unsuccessful_face_deletions: missing
            .map(|id| wire::UnsuccessfulDeletion { face_id: id.to_string(), reasons: vec!["FACE_NOT_FOUND"] })
            .collect(),
        deleted_faces: deleted.into_iter().map(String::from).collect(),
    };
    Ok(Answer::of(&answer)?.on(collection))
}
