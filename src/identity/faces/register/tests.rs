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
    register_by(world, number, words, Deadline::NEVER).await
}

async fn register_by(world: &World, number: u32, words: &str, deadline: Deadline) -> Result<Registered, IdentityError> {
    let picture = picture(words);
    let environment = Environment::fixture();
    let tally = Tally::default();
    let registration = FaceRegistration { engine: world, ports: world, tally: &tally, deadline };
    let new = NewFace {
        tenant: &tenant(),
        face: face_id(number),
        session: SessionId::new("session-1").unwrap(),
        collection: collection(0),
        picture: NewPicture::Inline(&picture),
        metadata: Map::new(),
        gates: &environment.matching.quality,
        max_faces: 2,
    };
    registration.register(new).await
}

async fn complete(world: &World, number: u32) -> Result<Completion, IdentityError> {
    let tally = Tally::default();
    let registration = FaceRegistration { engine: world, ports: world, tally: &tally, deadline: Deadline::NEVER };
    registration.complete(&tenant(), &face_id(number)).await
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
    assert_eq!(contents(&world), (1, 1, 1, 1));
    // Its message finds nothing to do.
    assert_eq!(complete(&world, 1).await, Ok(Completion::AlreadyActive));
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
    // The third one's message finds nothing to do.
    assert_eq!(contents(&world), (2, 2, 2, 3));
    assert_eq!(complete(&world, 3).await, Ok(Completion::Unknown));
}

#[tokio::test]
async fn whatever_fails_undoes_all_that_was_done() {
    let before_and_after = [("detect", 0), ("enqueue", 0), ("store", 1), ("add", 1), ("index", 1)];
    for (call, messages) in before_and_after {
        let world = world();
        world.fails(call, ServiceErrorKind::Unavailable);
        let failed = register(&world, 1, "ada").await;
        assert!(matches!(failed, Err(IdentityError::Failed(_))), "{call}: {failed:?}");
        assert_eq!(contents(&world), (0, 0, 0, messages), "{call}");
        assert_eq!(complete(&world, 1).await, Ok(Completion::Unknown), "{call}");
    }
}

#[tokio::test]
async fn what_the_engine_will_not_index_is_undone() {
    let world = world();
    world.state().rejects = Some(vec!["LOW_SHARPNESS".to_owned()]);
    let refused = register(&world, 1, "ada").await;
    let Err(IdentityError::Refused(Refusal::PoorQuality(failures))) = refused else { panic!("{refused:?}") };
    assert_eq!(failures[0].measured, "LOW_SHARPNESS");
    assert_eq!(contents(&world), (0, 0, 0, 1));
}

#[tokio::test]
async fn what_nobody_knows_to_be_done_is_finished_by_the_queue() {
    for (call, kind, indexed) in [
        ("index", ServiceErrorKind::Unanswered, 0),
        ("activate", ServiceErrorKind::Unanswered, 1),
        ("activate", ServiceErrorKind::Unavailable, 1),
    ] {
        let world = world();
        world.fails(call, kind);
        assert_eq!(register(&world, 1, "ada").await.unwrap().record.state, RecordState::Pending, "{call}");
        assert_eq!(contents(&world), (1, 1, indexed, 1), "{call}");
        assert!(complete(&world, 1).await.is_err(), "{call}");

        world.works(call);
        assert_eq!(complete(&world, 1).await, Ok(Completion::Completed), "{call}");
        assert_eq!(contents(&world), (1, 1, 1, 1), "{call}: the face is in the collection once");
    }
}

#[tokio::test]
async fn without_time_to_index_the_queue_does_it() {
    let world = world();
    let record = register_by(&world, 1, "ada", Deadline::after(Duration::ZERO)).await.unwrap().record;
    assert_eq!(record.state, RecordState::Pending);
    assert_eq!(contents(&world), (1, 1, 0, 1));
    assert_eq!(complete(&world, 1).await, Ok(Completion::Completed));
}

#[tokio::test]
async fn a_picture_that_may_not_be_read_is_not_taken_for_gone() {
    let world = world();
    world.fails("index", ServiceErrorKind::Throttled);
    register(&world, 1, "ada").await.unwrap();
    world.fails("look", ServiceErrorKind::Unavailable);
    assert!(matches!(complete(&world, 1).await, Err(IdentityError::Failed(_))));
    assert_eq!(contents(&world), (1, 1, 0, 1));
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
async fn completing_what_is_gone_is_no_failure() {
    let world = world();
    assert_eq!(complete(&world, 1).await, Ok(Completion::Unknown));
    world.fails("index", ServiceErrorKind::Throttled);
    register(&world, 1, "ada").await.unwrap();
    world.state().images.clear();
    assert_eq!(complete(&world, 1).await, Ok(Completion::Undone));
    assert_eq!(contents(&world), (0, 0, 0, 1));
}

#[tokio::test]
async fn an_upload_is_copied_and_the_copy_is_what_is_indexed() {
    let world = world();
    let upload = "uploads/demo/1";
    let bytes = crate::identity::fakes::picture_bytes("ada");
    let facts = PictureFacts::read(&bytes, bytes.len()).unwrap();
    let (environment, tally) = (Environment::fixture(), Tally::default());
    let (engine, ports, deadline) = (&world, &world, Deadline::NEVER);
    let registration = FaceRegistration { engine, ports, tally: &tally, deadline };
    let tenant = tenant();
    let new = |number| NewFace {
        tenant: &tenant,
        face: face_id(number),
        session: SessionId::new("session-1").unwrap(),
        collection: collection(0),
        picture: NewPicture::Upload { key: upload, facts },
        metadata: Map::new(),
        gates: &environment.matching.quality,
        max_faces: 2,
    };
    world.state().images.insert(upload.to_owned(), bytes.clone());
    let record = registration.register(new(1)).await.unwrap().record;
    assert!(matches!(record.state, RecordState::Active(_)));
    assert_eq!(world.state().images[&record.image_key], bytes);

    // It is taken away between the look and the copy.
    world.fails("copy", ServiceErrorKind::Missing);
    let refused = registration.register(new(2)).await;
    assert_eq!(refused, Err(IdentityError::Refused(Refusal::Picture(PictureError::Unreadable))));
    world.state().images.remove(upload);
    assert_eq!(contents(&world), (1, 1, 1, 2));
}
