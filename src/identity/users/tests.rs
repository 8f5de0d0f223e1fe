use super::*;
use crate::identity::fakes::{Blow, Strike, When, World, counted, tenant, user_id};
use crate::model::Environment;

const ADA: &str = "user-ada";

fn world() -> World {
    let world = World::of_users();
    world.knows("demo", ADA, 0, "ada");
    world.knows("demo", "user-ben", 0, "ben");
    world
}

async fn remove(world: &World, of: &str, user: &str) -> Result<bool, IdentityError> {
    let (tally, settings) = (Tally::default(), HandlerSettings::from(&Environment::fixture()));
    let users = Users { engine: world, ports: world, tally: &tally, settings: &settings, deadline: Deadline::NEVER };
    let removed = users.remove(&tenant(of), &user_id(user)).await;
    assert!(counted(&tally.take(), Metric::PhotoUpdates).is_empty());
    removed
}

async fn settle(world: &World) -> Result<(), IdentityError> {
    let (tally, settings) = (Tally::default(), HandlerSettings::from(&Environment::fixture()));
    let (engine, ports) = (world, world);
    let update = PhotoUpdate { engine, ports, tally: &tally, settings: &settings, deadline: Deadline::NEVER };
    update.settle(&user_id(ADA)).await
}

fn is_known(world: &World) -> bool {
    world.state().users.contains_key(&user_id(ADA))
}

#[tokio::test]
async fn a_removed_user_leaves_nothing() {
    let world = world();
    assert_eq!(remove(&world, "demo", ADA).await, Ok(true));
    assert!(!is_known(&world));
    world.assert_all_agree("after the removal");
    assert_eq!(world.state().users.len(), 1, "Ben stays");
    assert_eq!(remove(&world, "demo", ADA).await, Ok(false));
}

#[tokio::test]
async fn another_tenants_user_is_not_there() {
    let world = world();
    assert_eq!(remove(&world, "other", ADA).await, Ok(false));
    assert!(is_known(&world));
    world.assert_all_agree("untouched");
}

#[tokio::test]
async fn a_photo_update_is_waited_for_and_one_that_nobody_works_on_is_cleared_away() {
    let world = world();
    let since = Timestamp::now();
    let change = |since| Some(PhotoChange::Adding { image: "users/photos/1".to_owned(), since });
    world.state().users.get_mut(&user_id(ADA)).unwrap().change = change(since);
    assert_eq!(remove(&world, "demo", ADA).await, Err(IdentityError::Throttled));
    let long_ago = since.before(std::time::Duration::from_secs(61));
    world.state().users.get_mut(&user_id(ADA)).unwrap().change = change(long_ago);
    assert_eq!(remove(&world, "demo", ADA).await, Ok(true));
    world.assert_all_agree("after the removal");
}

/// Whatever goes wrong: the user is there as before or is being removed, and the next one who comes by finishes it.
#[tokio::test]
async fn every_fault_at_every_call() {
    let mut struck = 0;
    for by_the_sweep in [true, false] {
        for (when, what) in [
            (When::Before, Blow::Error),
            (When::After, Blow::Error),
            (When::Before, Blow::Throttled),
            (When::After, Blow::Conflict),
            (When::Before, Blow::Crash),
            (When::After, Blow::Crash),
        ] {
            for call in 0.. {
                let world = world();
                world.strike(Some(Strike { call, when, what }));
                world.run(remove(&world, "demo", ADA)).await;
                let Some(name) = world.state().calls.get(call).copied() else { break };
                let case = format!("{name} (call {call}) {when:?} {what:?}");
                struck += 1;
                world.assert_everybody_has_a_face(&case);
                world.strike(None);
                if by_the_sweep {
                    let begun = world.state().users.get(&user_id(ADA)).is_none_or(User::is_leaving);
                    assert_eq!(settle(&world).await, Ok(()), "{case}");
                    assert_eq!(is_known(&world), !begun, "{case}");
                } else {
                    remove(&world, "demo", ADA).await.unwrap();
                    assert!(!is_known(&world), "{case}");
                }
                world.assert_all_agree(&case);
            }
        }
    }
    assert!(struck > 50, "only {struck} calls were struck");
}
