//! Collections, as Rekognition describes them.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::aws::rekognition::CollectionFacts;
use crate::aws::{Cloud, CloudError};
use crate::model::{COLLECTION_CAPACITY, Collection, Reading};

use super::asking::{Asking, within};
use super::snapshot::CollectionStatus;

/// DescribeCollection has a quota of 5 calls per second, which the handler shares.
const AT_ONCE: usize = 4;

/// Describes every configured collection, in the order of the configuration.
pub(super) async fn read(cloud: &Cloud, collections: &[Collection], asking: &Asking) -> Vec<CollectionStatus> {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    let limit = asking.limit();
    for (index, collection) in collections.iter().enumerate() {
        let (cloud, id, turns) = (cloud.clone(), collection.id.clone(), Arc::clone(&turns));
        running.spawn(async move {
            // The semaphore is never closed; a turn that cannot be had would only mean no limit.
            let _turn = turns.acquire().await.ok();
            (index, within(limit, "Rekognition", "DescribeCollection", cloud.collection(&id)).await)
        });
    }
    let mut answers: Vec<Option<Result<Option<CollectionFacts>, CloudError>>> = vec![None; collections.len()];
    while let Some(done) = running.join_next().await {
        if let Ok((index, answer)) = done
            && let Some(slot) = answers.get_mut(index)
        {
            *slot = Some(answer);
        }
    }
    collections.iter().zip(answers).map(|(collection, answer)| status(collection, answer, asking)).collect()
}

fn status(
    collection: &Collection,
    answer: Option<Result<Option<CollectionFacts>, CloudError>>,
    asking: &Asking,
) -> CollectionStatus {
    let facts = match answer {
        Some(answer) => asking.note(answer),
        None => Reading::unknown("DescribeCollection: the call was abandoned"),
    };
    CollectionStatus {
        collection: collection.clone(),
        faces: facts.as_ref().map(|facts| facts.as_ref().map(|facts| facts.faces)),
        users: users(&facts),
        capacity: COLLECTION_CAPACITY,
        model_version: facts.map(|facts| facts.and_then(|facts| facts.model_version)),
    }
}

/// The count of users is not part of every answer; then it is not known.
fn users(facts: &Reading<Option<CollectionFacts>>) -> Reading<Option<u64>> {
    match facts.as_ref() {
        Reading::Known(Some(facts)) => match facts.users {
            Some(users) => Reading::Known(Some(users)),
            None => Reading::unknown("Rekognition DescribeCollection: the answer lacks UserCount"),
        },
        Reading::Known(None) => Reading::Known(None),
        Reading::Unknown(why) => Reading::Unknown(why),
    }
}
