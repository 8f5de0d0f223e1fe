//! TagResource, UntagResource, ListTagsForResource. Collections are the only resources that have tags here.

use super::Answer;
use crate::local::simulator::{ApiError, ErrorKind, Simulator, check, wire};
use crate::model::CollectionId;

pub fn tag(simulator: &Simulator, request: wire::TagResource) -> Result<Answer, ApiError> {
    let collection = collection(simulator, request.resource_arn)?;
    let tags = check::required(request.tags, "tags")?;
    check::tags(&tags)?;
    simulator.store().retag(&collection, |kept| {
        kept.extend(tags);
        if kept.len() > check::MOST_TAGS {
            let message = format!("{} tags are more than {} on one resource", kept.len(), check::MOST_TAGS);
            return Err(ApiError::new(ErrorKind::ServiceQuotaExceeded, message));
        }
        Ok(())
    })?;
    Ok(Answer::of(&wire::Empty {})?.on(collection))
}

pub fn untag(simulator: &Simulator, request: wire::UntagResource) -> Result<Answer, ApiError> {
    let collection = collection(simulator, request.resource_arn)?;
    let keys = check::required(request.tag_keys, "tagKeys")?;
    simulator.store().retag(&collection, |kept| {
        kept.retain(|key, _| !keys.contains(key));
        Ok(())
    })?;
    Ok(Answer::of(&wire::Empty {})?.on(collection))
}

pub fn list(simulator: &Simulator, request: wire::ListTagsForResource) -> Result<Answer, ApiError> {
    let collection = collection(simulator, request.resource_arn)?;
    let tags = simulator.store().read().shelf(&collection)?.record.tags.clone();
    Ok(Answer::of(&wire::TagsListed { tags })?.on(collection))
}

/// The collection that an ARN names; one of another account or region does not exist here.
fn collection(simulator: &Simulator, arn: Option<String>) -> Result<CollectionId, ApiError> {
    let arn = check::required(arn, "resourceArn")?;
    if !(20..=2048).contains(&arn.len()) {
        return Err(check::broken(arn, "resourceArn", "Member must have length between 20 and 2048"));
    }
    let id = arn.split_once(":collection/").map(|(_, id)| id.to_owned());
    let id = id.ok_or_else(|| ApiError::parameter(format!("{arn} is not the ARN of a collection")))?;
    let id = check::collection_id(Some(id))?;
    if simulator.arn_of(&id) == arn {
        Ok(id)
    } else {
        Err(ApiError::new(ErrorKind::ResourceNotFound, format!("The resource {arn} does not exist")))
    }
}
