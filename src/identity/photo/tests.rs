use super::*;
use crate::identity::fakes::{Blow, Strike, When, World, counted, face_id, picture, picture_bytes, tenant, user_id};
use crate::identity::liveness::{LivenessRecord, LivenessState};
use crate::identity::{Datapoint, LivenessStatus};
use crate::model::{Environment, LivenessSessionId, Outcome};

const ADA: &str = "user-ada";

fn world() -> World {
    let world = World::of_users();
    world.knows("demo", ADA, 0, "ada");
    world.knows("demo", "user-ben", 0, "ben");
    world
}

fn attempt(user: &str, words: &str) -> Attempt {
    Attempt {
        tenant: tenant("demo"),
        user: Some(user_id(user)),
        selfie: Some(Given::Inline(picture(words))),
        liveness: None,
    }
}

/// Runs a call, and gives what was counted.
macro_rules! with_update {
    ($world:expr, |$update:ident| $call:expr) => {{
        let (tally, settings) = (Tally::default(), HandlerSettings::from(&Environment::fixture()));
        let (engine, ports) = ($world, $world);
        let $update = PhotoUpdate { engine, ports, tally: &tally, settings: &settings, deadline: Deadline::NEVER };
        let result = $call.await;
        (result, tally.take())
    }};
}

async fn update(world: &World, attempt: Attempt) -> (Result<Authenticated, IdentityError>, Vec<Datapoint>) {
    with_update!(world, |update| update.update(attempt))
}

async fn settle(world: &World) {
    let settled = with_update!(world, |update| update.settle(&user_id(ADA))).0;
    assert_eq!(settled, Ok(()));
}

/// Outcomes and refusals.
fn outcomes(points: &[Datapoint]) -> Vec<String> {
    [Metric::PhotoUpdates, Metric::Refusals].into_iter().flat_map(|metric| counted(points, metric)).collect()
}

fn number(points: &[Datapoint], metric: Metric) -> u32 {
    let values = points.iter().filter(|point| point.metric == metric).map(|point| point.value.to_string());
    values.map(|value| value.parse::<u32>().unwrap()).sum()
}

fn ada(world: &World) -> User {
    world.state().users[&user_id(ADA)].clone()
}

#[tokio::test]
async fn the_new_face_takes_the_place_of_the_old_one() {
    let world = world();
    let before = ada(&world);
    let (result, points) = update(&world, attempt(ADA, "ada older similarity=98")).await;
    let answer = result.unwrap();
    assert_eq!((answer.outcome, answer.step, answer.reason), (Outcome::Approved, Step::Switch, None));
    assert_eq!((answer.user, answer.left_over), (Some(user_id(ADA)), None));
    assert_eq!(answer.similarity.map(crate::model::Percent::value), Some(98.0));
    let after = ada(&world);
    assert_ne!(after.selfie.indexed.engine_face, before.selfie.indexed.engine_face);
    assert_eq!(after.document, before.document);
    assert!(after.selfie.image.starts_with("users/photos/") && !after.selfie.image.contains(ADA));
    world.assert_all_agree("after the update");
    assert_eq!(outcomes(&points), ["approved"]);
    assert_eq!(counted(&points, Metric::Similarity), ["search"]);
    let numbers = [Metric::FacesUpdated, Metric::FacesIndexed, Metric::FacesDeleted];
    assert_eq!(numbers.map(|metric| number(&points, metric)), [1, 1, 1]);
}

#[tokio::test]
async fn the_same_photo_again_keeps_the_face() {
    // The selfie's own picture, and the one on the document.
    for words in ["ada", "ada document"] {
        let world = world();
        let faces = world.state().collections.clone();
        let (result, points) = update(&world, attempt(ADA, words)).await;
        assert_eq!(result.unwrap().outcome, Outcome::Approved);
        if words == "ada" {
            assert_eq!(world.state().collections, faces);
            assert_eq!(number(&points, Metric::FacesUpdated), 0);
        }
        world.assert_all_agree(words);
        // Now the photo is the document's, and is replaced: the document keeps its face.
        update(&world, attempt(ADA, "ada younger")).await.0.unwrap();
        world.assert_everybody_has_a_face(words);
        world.assert_all_agree(words);
    }
}

#[tokio::test]
async fn a_no_changes_nothing_and_says_why() {
    let nobody = Attempt { user: None, ..attempt(ADA, "ada") };
    let cases = [
        (attempt(ADA, "dan"), "search no_match"),
        (attempt(ADA, "ben"), "search other_person"),
        (attempt("user-dan", "dan"), "search unknown_user"),
        (nobody, "search unknown_user"),
    ];
    for (attempt, why) in cases {
        let world = world();
        let before = ada(&world);
        let (result, points) = update(&world, attempt).await;
        let answer = result.unwrap();
        assert_eq!((answer.outcome, answer.left_over), (Outcome::Failed, None), "{why}");
        let refusal = format!("photo_update failed {why}");
        assert_eq!(outcomes(&points), ["failed", refusal.as_str()]);
        assert_eq!(ada(&world), before);
        world.assert_all_agree(why);
    }
}

#[tokio::test]
async fn a_picture_that_is_not_good_enough_leaves_nothing_behind() {
    let gone = Attempt { selfie: Some(Given::Upload("uploads/demo/gone".to_owned())), ..attempt(ADA, "") };
    let cases = [
        (attempt(ADA, "ada yaw=60"), None, "quality quality_rejected"),
        (attempt(ADA, "nobody"), None, "quality no_face_detected"),
        (gone, None, "intake invalid_image"),
        (attempt(ADA, "ada older"), Some(vec!["LOW_SHARPNESS".to_owned()]), "index quality_rejected"),
        (attempt(ADA, "ada older"), Some(Vec::new()), "index no_face_detected"),
    ];
    for (attempt, rejects, why) in cases {
        let world = world();
        world.state().rejects = rejects;
        let (result, points) = update(&world, attempt).await;
        assert!(matches!(result, Err(IdentityError::Refused(_))), "{result:?}");
        let refusal = format!("photo_update incomplete {why}");
        assert_eq!(outcomes(&points), ["incomplete", refusal.as_str()]);
        world.assert_all_agree(why);
    }
}

#[tokio::test]
async fn an_upload_is_judged_as_it_is_kept() {
    let world = world();
    let key = "uploads/demo/1";
    world.state().images.insert(key.to_owned(), picture_bytes("ada older"));
    let upload = Attempt { selfie: Some(Given::Upload(key.to_owned())), ..attempt(ADA, "") };
    assert_eq!(update(&world, upload).await.0.unwrap().outcome, Outcome::Approved);
    let image = ada(&world).selfie.image;
    let copied = world.state().images[&image].clone();
    assert_eq!(copied, picture_bytes("ada older"));
    // The caller can write the upload again: nothing rests on it.
    world.state().images.remove(key);
    world.assert_all_agree("without the upload");
}

#[tokio::test]
async fn a_session_for_photo_updates_gives_the_photo() {
    let world = world();
    let id = LivenessSessionId::new(face_id(77).to_string()).unwrap();
    let record = LivenessRecord {
        id: id.clone(),
        tenant: tenant("demo"),
        user: Some(user_id(ADA)),
        purpose: LivenessPurpose::PhotoUpdate,
        created_at: Timestamp::now(),
        state: LivenessState::Open,
    };
    world.state().sessions.insert(id.clone(), record);
    world.shows(&id, "ada older", LivenessStatus::Succeeded, 99.0);
    let with_session = Attempt { liveness: Some(id.clone()), selfie: None, ..attempt(ADA, "") };
    assert_eq!(update(&world, with_session.clone()).await.0.unwrap().outcome, Outcome::Approved);
    world.assert_all_agree("with a session");
    let again = update(&world, with_session).await.0.unwrap();
    assert_eq!((again.step, again.reason), (Step::Liveness, Some(Reason::LivenessReused)));
}

#[tokio::test]
async fn of_two_updates_at_once_both_end_well_and_one_face_is_left() {
    let world = world();
    let (one, other) = tokio::join!(update(&world, attempt(ADA, "ada older")), update(&world, attempt(ADA, "ada hat")));
    let results = [one.0, other.0];
    let approved = |result: &&Result<Authenticated, IdentityError>| result.as_ref().is_ok_and(|a| a.reason.is_none());
    assert_eq!(results.iter().filter(approved).count(), 1, "{results:?}");
    assert!(results.contains(&Err(IdentityError::Throttled)), "{results:?}");
    world.assert_all_agree("after both");
}

#[tokio::test]
async fn a_change_that_nobody_works_on_any_more_is_in_nobodys_way() {
    let world = world();
    world.fails("index", ServiceErrorKind::Unanswered);
    assert!(update(&world, attempt(ADA, "ada older")).await.0.is_err());
    world.works("index");
    // The call whose answer is missing may be about to do its work.
    assert_eq!(update(&world, attempt(ADA, "ada hat")).await.0, Err(IdentityError::Throttled));

    let Some(PhotoChange::Adding { image, since }) = ada(&world).change else { panic!("{:?}", ada(&world)) };
    let since = since.before(Duration::from_secs(61));
    world.state().users.get_mut(&user_id(ADA)).unwrap().change = Some(PhotoChange::Adding { image, since });
    assert_eq!(update(&world, attempt(ADA, "ada hat")).await.0.unwrap().outcome, Outcome::Approved);
    world.assert_all_agree("after the second");
}

#[tokio::test]
async fn what_is_left_of_the_old_face_is_named_and_removed_later() {
    for call in ["forget", "delete", "end_change"] {
        let world = world();
        world.fails(call, ServiceErrorKind::Throttled);
        let (result, points) = update(&world, attempt(ADA, "ada older")).await;
        let answer = result.unwrap();
        assert_eq!(answer.outcome, Outcome::Approved, "{call}");
        assert!(answer.left_over.is_some(), "{call}");
        assert_eq!(outcomes(&points), ["approved"], "{call}");
        world.assert_everybody_has_a_face(call);
        world.works(call);
        settle(&world).await;
        world.assert_all_agree(call);
    }
}

#[tokio::test]
async fn without_time_the_old_face_is_left_to_the_sweep() {
    let world = world();
    let (tally, settings) = (Tally::default(), HandlerSettings::from(&Environment::fixture()));
    let deadline = Deadline::after(Duration::ZERO);
    let late = PhotoUpdate { engine: &world, ports: &world, tally: &tally, settings: &settings, deadline };
    let answer = late.update(attempt(ADA, "ada older")).await.unwrap();
    assert_eq!((answer.outcome, answer.left_over.is_some()), (Outcome::Approved, true));
    assert!(matches!(ada(&world).change, Some(PhotoChange::Retiring { .. })));
    settle(&world).await;
    world.assert_all_agree("after the sweep");
}

/// Whatever call goes wrong, however: at no moment is the person without a face, and all agree once it is settled.
#[tokio::test]
async fn every_fault_at_every_call() {
    let photos = ["ada older", "ada", "ada document", "ben", "ada yaw=60"];
    let mut struck = 0;
    for words in photos {
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
                let ended = world.run(update(&world, attempt(ADA, words))).await;
                let Some(name) = world.state().calls.get(call).copied() else { break };
                let case = format!("{words}: {name} (call {call}) {when:?} {what:?}");
                struck += 1;
                assert_eq!(ended.is_none(), what == Blow::Crash, "{case}");
                world.assert_everybody_has_a_face(&case);
                if let Some((result, points)) = ended {
                    assert_eq!(number(&points, Metric::PhotoUpdates), 1, "{case}: counted once");
                    let approved = result.is_ok_and(|answer| answer.reason.is_none());
                    let switched = ada(&world).selfie.image.starts_with("users/photos/");
                    assert!(!approved || switched, "{case}: approved, and not switched");
                }
                world.strike(None);
                settle(&world).await;
                world.assert_everybody_has_a_face(&case);
                world.assert_all_agree(&case);
                settle(&world).await;
            }
        }
    }
    assert!(struck > 250, "only {struck} calls were struck");
}

/// A settling that goes wrong itself is finished by the next one.
#[tokio::test]
async fn every_fault_at_every_call_of_settling() {
    let mut struck = 0;
    for left_by in ["index", "switch_face", "forget", "end_change"] {
        for (when, what) in [(When::Before, Blow::Crash), (When::After, Blow::Crash), (When::After, Blow::Error)] {
            for call in 0.. {
                let world = world();
                let position = position(left_by).await;
                world.strike(Some(Strike { call: position, when: When::After, what: Blow::Crash }));
                assert!(world.run(update(&world, attempt(ADA, "ada older"))).await.is_none());
                world.strike(Some(Strike { call, when, what }));
                world.run(async { with_update!(&world, |update| update.settle(&user_id(ADA))) }).await;
                let Some(name) = world.state().calls.get(call).copied() else { break };
                let case = format!("left by {left_by}: {name} (call {call}) {when:?} {what:?}");
                struck += 1;
                world.assert_everybody_has_a_face(&case);
                world.strike(None);
                settle(&world).await;
                world.assert_everybody_has_a_face(&case);
                world.assert_all_agree(&case);
            }
        }
    }
    assert!(struck > 30, "only {struck} calls were struck");
}

/// Which call of an update that goes well this is.
async fn position(call: &str) -> usize {
    let world = world();
    world.strike(None);
    update(&world, attempt(ADA, "ada older")).await.0.unwrap();
    let calls = world.state().calls.clone();
    calls.iter().position(|name| *name == call).unwrap()
}

/// Failures that say that nothing was done, for as long as they last: all is taken back as soon as it can be.
#[tokio::test]
async fn every_failure_of_every_call() {
    let calls = [
        "find_user",
        "begin_change",
        "store",
        "look",
        "detect",
        "search",
        "index",
        "switch_face",
        "forget",
        "delete",
        "end_change",
    ];
    for call in calls {
        for kind in [ServiceErrorKind::Throttled, ServiceErrorKind::Unavailable, ServiceErrorKind::Conflict] {
            let world = world();
            world.fails(call, kind);
            let (result, points) = update(&world, attempt(ADA, "ada older")).await;
            let case = format!("{call} {kind:?}: {result:?}");
            world.assert_everybody_has_a_face(&case);
            assert_eq!(number(&points, Metric::PhotoUpdates), 1, "{case}");
            world.works(call);
            settle(&world).await;
            world.assert_everybody_has_a_face(&case);
            world.assert_all_agree(&case);
        }
    }
}
