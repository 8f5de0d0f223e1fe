use super::*;
use crate::identity::QualityRule;
use crate::identity::fakes::{World, collection, face_id, picture};
use crate::model::Environment;

fn world() -> World {
    let world = World::default();
    world.holds(&collection(0), "7.0", &[]);
    world
}

fn tenant() -> TenantId {
    TenantId::new("demo").unwrap()
}

async fn register(world: &World, number: u32, words: &str) -> Result<Registered, IdentityError> {
    let picture = picture(words);
    let environment = Environment::fixture();
    let tally = Tally::default();
    let registration = Registration { engine: world, ports: world, tally: &tally };
    let new = NewFace {
        tenant: &tenant(),
        face: face_id(number),
        session: SessionId::new("session-1").unwrap(),
        collection: collection(0),
        picture: &picture,
        metadata: Map::new(),
        gates: &environment.matching.quality,
        max_faces: 2,
    };
    registration.register(new).await
}

async fn complete(world: &World, number: u32) -> Result<Completion, IdentityError> {
    let tally = Tally::default();
    Registration { engine: world, ports: world, tally: &tally }.complete(&tenant(), &face_id(number)).await
}

/// Pictures, records, indexed faces, queued messages.
fn contents(world: &World) -> (usize, usize, usize, usize) {
    let state = world.state();
    let faces = state.collections.values().map(|(_, faces)| faces.len()).sum();
    (state.images.len(), state.records.len(), faces, state.queue.len())
}

#[tokio::test]
async fn a_registered_face_is_stored_recorded_and_indexed() {
    let world = world();
    let record = register(&world, 1, "ada").await.unwrap().record;
    assert_eq!(record.image_key, format!("tenants/demo/faces/{}.png", face_id(1)));
    assert!(matches!(record.state, RecordState::Active(_)));
    assert_eq!(world.state().records.get(&face_id(1)), Some(&record));
    assert_eq!(contents(&world), (1, 1, 1, 0));
}

#[tokio::test]
async fn a_refused_picture_leaves_nothing_behind() {
    let world = world();
    let refused = register(&world, 1, "ada yaw=60 sunglasses=true").await;
    let Err(IdentityError::Refused(Refusal::PoorQuality(failures))) = refused else { panic!("{refused:?}") };
    let rules: Vec<QualityRule> = failures.iter().map(|failure| failure.rule).collect();
    assert_eq!(rules, [QualityRule::Yaw, QualityRule::Sunglasses]);
    assert_eq!(register(&world, 2, "nobody").await, Err(IdentityError::Refused(Refusal::NoFace)));
    assert_eq!(contents(&world), (0, 0, 0, 0));
}

#[tokio::test]
async fn a_session_registers_no_more_faces_than_it_may() {
    let world = world();
    register(&world, 1, "ada").await.unwrap();
    register(&world, 2, "ada").await.unwrap();
    let third = register(&world, 3, "ada").await;
    assert_eq!(third, Err(IdentityError::Refused(Refusal::TooManyFaces { limit: 2 })));
    assert_eq!(contents(&world), (2, 2, 2, 0));
}

#[tokio::test]
async fn whatever_fails_undoes_all_that_was_done() {
    for call in ["detect", "count", "store", "add", "index", "activate"] {
        let world = world();
        world.fails(call, ServiceErrorKind::Unavailable);
        let failed = register(&world, 1, "ada").await;
        assert!(matches!(failed, Err(IdentityError::Failed(_))), "{call}: {failed:?}");
        assert_eq!(contents(&world), (0, 0, 0, 0), "{call}");
    }
}

#[tokio::test]
async fn what_the_engine_will_not_index_is_undone() {
    let world = world();
    world.state().rejects = Some(vec!["LOW_SHARPNESS".to_owned()]);
    let refused = register(&world, 1, "ada").await;
    let Err(IdentityError::Refused(Refusal::PoorQuality(failures))) = refused else { panic!("{refused:?}") };
    assert_eq!(failures[0].measured, "LOW_SHARPNESS");
    assert_eq!(contents(&world), (0, 0, 0, 0));
}

#[tokio::test]
async fn a_face_that_cannot_be_taken_out_keeps_the_record_it_is_erased_by() {
    let world = world();
    world.fails("activate", ServiceErrorKind::Unavailable);
    world.fails("forget", ServiceErrorKind::Unavailable);
    assert!(register(&world, 1, "ada").await.is_err());
    assert_eq!(contents(&world), (1, 1, 1, 0));
}

#[tokio::test]
async fn a_throttled_registration_waits_in_the_queue_and_is_completed_once() {
    let world = world();
    world.fails("index", ServiceErrorKind::Throttled);
    let record = register(&world, 1, "ada").await.unwrap().record;
    assert_eq!(record.state, RecordState::Pending);
    assert_eq!(contents(&world), (1, 1, 0, 1));
    assert_eq!(complete(&world, 1).await, Err(IdentityError::Throttled));

    world.works("index");
    assert_eq!(complete(&world, 1).await, Ok(Completion::Completed));
    assert_eq!(complete(&world, 1).await, Ok(Completion::AlreadyActive));
    assert_eq!(contents(&world), (1, 1, 1, 1));
}

#[tokio::test]
async fn a_registration_that_can_neither_be_indexed_nor_queued_is_undone() {
    let world = world();
    world.fails("index", ServiceErrorKind::Throttled);
    world.fails("enqueue", ServiceErrorKind::Unavailable);
    assert!(matches!(register(&world, 1, "ada").await, Err(IdentityError::Failed(_))));
    assert_eq!(contents(&world), (0, 0, 0, 0));
}

#[tokio::test]
async fn completing_what_is_gone_is_no_failure() {
    let world = world();
    assert_eq!(complete(&world, 1).await, Ok(Completion::Unknown));
    world.fails("index", ServiceErrorKind::Throttled);
    register(&world, 1, "ada").await.unwrap();
    world.state().images.clear();
    assert_eq!(complete(&world, 1).await, Ok(Completion::Undone));
    assert_eq!(contents(&world), (0, 0, 0, 1));
}
