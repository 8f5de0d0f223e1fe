//! CreateCollection, DescribeCollection, ListCollections, DeleteCollection.

use std::ops::Bound;

use super::Answer;
use crate::local::simulator::{ApiError, Simulator, check, pages, wire};

/// Collections on a page when nothing else is asked for; AWS does not document its own number.
const PAGE: usize = 1000;
const OK: u16 = 200;

pub fn create(simulator: &Simulator, request: wire::CreateCollection) -> Result<Answer, ApiError> {
    let id = check::collection_id(request.collection_id)?;
    let tags = request.tags.unwrap_or_default();
    check::tags(&tags)?;
    let version = simulator.store().create(&id, tags)?;
    let created = wire::CollectionCreated {
        status_code: OK,
        collection_arn: simulator.arn_of(&id),
        face_model_version: version.to_string(),
    };
    Ok(Answer::of(&created)?.on(id))
}

pub fn describe(simulator: &Simulator, request: wire::OneCollection) -> Result<Answer, ApiError> {
    let id = check::collection_id(request.collection_id)?;
    let memory = simulator.store().read();
    let shelf = memory.shelf(&id)?;
    let described = wire::CollectionDescribed {
        face_count: shelf.faces.len() as u64,
        face_model_version: shelf.record.model_version.to_string(),
        collection_arn: simulator.arn_of(&id),
        creation_timestamp: shelf.record.created_ms as f64 / 1000.0,
        user_count: shelf.users.len() as u64,
    };
    Ok(Answer::of(&described)?.on(id))
}

pub fn list(simulator: &Simulator, request: &wire::ListCollections) -> Result<Answer, ApiError> {
    let size = check::page_size(request.max_results, PAGE)?;
    let scope = "collections";
    let from = pages::resume(scope, request.next_token.as_deref())?.map_or(Bound::Unbounded, Bound::Excluded);
    let memory = simulator.store().read();
    let mut rest = memory.collections.range::<str, _>((from, Bound::Unbounded));
    let page: Vec<_> = rest.by_ref().take(size).collect();
    let more = rest.next().is_some();
    let last = page.last().filter(|_| more);
    Answer::of(&wire::CollectionsListed {
        collection_ids: page.iter().map(|(id, _)| (*id).clone()).collect(),
        face_model_versions: page.iter().map(|(_, shelf)| shelf.record.model_version.to_string()).collect(),
        next_token: last.map(|(id, _)| pages::token_after(scope, id)),
    })
}

pub fn delete(simulator: &Simulator, request: wire::OneCollection) -> Result<Answer, ApiError> {
    let id = check::collection_id(request.collection_id)?;
    simulator.store().delete(&id)?;
    simulator.tokens().forget(&id);
    Ok(Answer::of(&wire::CollectionDeleted { status_code: OK })?.on(id))
}
