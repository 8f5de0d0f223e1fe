use super::*;
use crate::identity::faces::{NewFace, NewPicture, SessionId};
use crate::identity::fakes::{Blow, Strike, When, World, collection, face_id, picture};
use crate::model::Environment;

fn tenant() -> TenantId {
    TenantId::new("demo").unwrap()
}

/// A world in which Ada is registered as face 1; and Bob as face 2, whom nobody deletes.
pub(in crate::identity::faces) async fn active() -> World {
    let world = World::default();
    world.holds(&collection(0), "7.0", &[]);
    register(&world, 2, "bob").await;
    register(&world, 1, "ada").await;
    assert!(matches!(world.state().records[&face_id(1)].state, RecordState::Active(_)));
    world
}

/// The same with Ada not indexed yet.
pub(in crate::identity::faces) async fn pending() -> World {
    let world = World::default();
    world.holds(&collection(0), "7.0", &[]);
    register(&world, 2, "bob").await;
    world.fails("index", ServiceErrorKind::Throttled);
    register(&world, 1, "ada").await;
    world.works("index");
    assert_eq!(world.state().records[&face_id(1)].state, RecordState::Pending);
    world
}

async fn register(world: &World, number: u32, words: &str) {
    let (picture, environment, tally) = (picture(words), Environment::fixture(), Tally::default());
    let registration = FaceRegistration { engine: world, ports: world, tally: &tally, deadline: Deadline::NEVER };
    let new = NewFace {
        tenant: &tenant(),
        face: face_id(number),
        session: SessionId::new("session-1").unwrap(),
        collection: collection(0),
        picture: NewPicture::Inline(&picture),
        metadata: serde_json::Map::new(),
        gates: &environment.matching.quality,
        max_faces: 5,
    };
    registration.register(new).await.unwrap();
}

async fn delete(world: &World) -> Result<Deletion, IdentityError> {
    let tally = Tally::default();
    FaceDeletion { engine: world, ports: world, tally: &tally }.delete(&tenant(), &face_id(1)).await
}

async fn settle(world: &World) -> Result<(), IdentityError> {
    let tally = Tally::default();
    FaceDeletion { engine: world, ports: world, tally: &tally }.settle(&tenant(), &face_id(1)).await
}

/// Pictures, records, indexed faces.
fn contents(world: &World) -> (usize, usize, usize) {
    let state = world.state();
    (state.images.len(), state.records.len(), state.collections[&collection(0)].1.len())
}

#[tokio::test]
async fn a_deleted_face_leaves_nothing_and_takes_nothing_else_along() {
    let world = active().await;
    assert_eq!(contents(&world), (2, 2, 2));
    let tally = Tally::default();
    let deletion = FaceDeletion { engine: &world, ports: &world, tally: &tally };
    assert_eq!(deletion.delete(&tenant(), &face_id(1)).await, Ok(Deletion::Done));
    assert_eq!(contents(&world), (1, 1, 1));
    assert!(world.state().records.contains_key(&face_id(2)));
    let counted: Vec<_> = tally.take().into_iter().map(|point| (point.metric, point.value)).collect();
    assert_eq!(counted, [(Metric::FacesDeleted, 1.0)]);
    assert_eq!(delete(&world).await, Ok(Deletion::Unknown));
}

#[tokio::test]
async fn nobody_deletes_another_tenants_face() {
    let world = active().await;
    let tally = Tally::default();
    let deletion = FaceDeletion { engine: &world, ports: &world, tally: &tally };
    let other = TenantId::new("other").unwrap();
    assert_eq!(deletion.delete(&other, &face_id(1)).await, Ok(Deletion::Unknown));
    assert_eq!(deletion.settle(&other, &face_id(1)).await, Ok(()));
    assert_eq!(contents(&world), (2, 2, 2));
}

#[tokio::test]
async fn whatever_strikes_a_deletion_the_sweep_finishes_it() {
    let world = active().await;
    world.strike(None);
    delete(&world).await.unwrap();
    let calls = world.state().calls.len();
    assert_eq!(calls, 5, "find, begin_deletion, forget, delete, remove");
    for call in 0..calls {
        for when in [When::Before, When::After] {
            for what in [Blow::Error, Blow::Crash] {
                let world = active().await;
                world.strike(Some(Strike { call, when, what }));
                let ended = world.run(delete(&world)).await;
                assert!(!matches!(ended, Some(Ok(_))), "{call} {when:?} {what:?}: {ended:?}");
                world.strike(None);
                settle(&world).await.unwrap();
                let begun = !matches!((call, when), (0, _) | (1, When::Before));
                let expected = if begun { (1, 1, 1) } else { (2, 2, 2) };
                assert_eq!(contents(&world), expected, "{call} {when:?} {what:?}");
                // Doing it again is right, however far it came.
                let again = if begun { Deletion::Unknown } else { Deletion::Done };
                assert_eq!(delete(&world).await, Ok(again), "{call} {when:?} {what:?}");
                assert_eq!(contents(&world), (1, 1, 1), "{call} {when:?} {what:?}");
            }
        }
    }
}

#[tokio::test]
async fn whatever_strikes_the_sweep_the_next_one_finishes_it() {
    let half_deleted = || async {
        let world = active().await;
        world.fails("forget", ServiceErrorKind::Throttled);
        assert_eq!(delete(&world).await, Err(IdentityError::Throttled));
        world.works("forget");
        world.strike(None);
        world
    };
    let world = half_deleted().await;
    settle(&world).await.unwrap();
    let calls = world.state().calls.len();
    assert_eq!(calls, 6, "find, look, search, forget, delete, remove");
    for call in 0..calls {
        for when in [When::Before, When::After] {
            for what in [Blow::Error, Blow::Crash] {
                let world = half_deleted().await;
                world.strike(Some(Strike { call, when, what }));
                let ended = world.run(settle(&world)).await;
                assert!(!matches!(ended, Some(Ok(()))), "{call} {when:?} {what:?}");
                world.strike(None);
                settle(&world).await.unwrap();
                assert_eq!(contents(&world), (1, 1, 1), "{call} {when:?} {what:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_face_that_is_just_being_registered_is_left_to_the_sweep() {
    let world = pending().await;
    assert_eq!(delete(&world).await, Ok(Deletion::Begun));
    assert_eq!(delete(&world).await, Ok(Deletion::Begun));
    assert_eq!(world.state().records[&face_id(1)].state, RecordState::Deleting);
    settle(&world).await.unwrap();
    assert_eq!(contents(&world), (1, 1, 1));
}

#[tokio::test]
async fn whoever_indexes_a_face_that_is_being_deleted_takes_it_out_again() {
    let world = pending().await;
    // The record is marked after the registration has read it and before it is activated.
    world.strike(None);
    let tally = Tally::default();
    let registration = FaceRegistration { engine: &world, ports: &world, tally: &tally, deadline: Deadline::NEVER };
    let (tenant, face) = (tenant(), face_id(1));
    let (completed, deleted) = tokio::join!(registration.complete(&tenant, &face), delete(&world));
    assert_eq!(deleted, Ok(Deletion::Begun));
    assert!(completed.is_err(), "{completed:?}");
    let state = world.state();
    assert!(state.collections[&collection(0)].1.iter().all(|face| face.reference != face_id(1).to_string()));
}

#[tokio::test]
async fn the_sweep_completes_a_registration_whose_message_was_lost() {
    let world = pending().await;
    let tally = Tally::default();
    let deletion = FaceDeletion { engine: &world, ports: &world, tally: &tally };
    deletion.settle(&tenant(), &face_id(1)).await.unwrap();
    assert_eq!(contents(&world), (2, 2, 2));
    assert!(tally.take().iter().any(|point| point.metric == Metric::Registrations));
    // What is settled stays as it is.
    deletion.settle(&tenant(), &face_id(1)).await.unwrap();
    assert!(tally.take().is_empty());
    assert_eq!(contents(&world), (2, 2, 2));
}
