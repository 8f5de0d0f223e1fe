//! Every call of a registration goes wrong, in every way. After the worker and the sweep have come by, all stores agree.

use super::*;
use crate::identity::fakes::{Blow, Strike, When};

/// What somebody comes with, into which world.
struct Case {
    name: &'static str,
    scene: fn() -> Scene,
    new: fn() -> NewRegistration,
}

const CASES: [Case; 12] = [
    Case { name: "approved", scene: Scene::new, new: || ada(1) },
    Case { name: "uploaded", scene: uploads, new: uploaded },
    Case { name: "living", scene: || sessions(95.0), new: living },
    Case { name: "not living", scene: || sessions(50.0), new: living },
    Case { name: "poor picture", scene: Scene::new, new: || person(1, "user-ada", "ada yaw=60", "ada card") },
    Case { name: "other person", scene: Scene::new, new: || person(1, "user-ada", "ada", "bob card") },
    Case { name: "fraudster", scene: fraudsters, new: || ada(1) },
    Case { name: "unreadable document", scene: texts, new: || person(1, "user-ada", "ada", "ada card lines=0") },
    Case { name: "refused by the engine", scene: rejecting, new: || ada(1) },
    Case { name: "index deferred", scene: || Scene::with(&[DeferrableStep::Index]), new: || ada(1) },
    Case { name: "search deferred", scene: || Scene::with(&[DeferrableStep::DuplicateSearch]), new: || ada(1) },
    Case {
        name: "both deferred",
        scene: || Scene::with(&[DeferrableStep::DuplicateSearch, DeferrableStep::Index]),
        new: || ada(1),
    },
];

fn uploads() -> Scene {
    let scene = Scene::new();
    for (name, words) in [("uploads/demo/1", "ada"), ("uploads/demo/2", "ada card")] {
        scene.world.state().images.insert(name.to_owned(), picture_bytes(words));
    }
    scene
}

fn uploaded() -> NewRegistration {
    let upload = |name: &str| Given::Upload(format!("uploads/demo/{name}"));
    NewRegistration { selfie: Some(upload("1")), document: upload("2"), ..ada(1) }
}

fn sessions(confidence: f64) -> Scene {
    let scene = Scene::new();
    scene.session(1, "ada", confidence);
    scene
}

fn living() -> NewRegistration {
    NewRegistration { selfie: None, liveness: LivenessSessionId::new(registration_id(1).as_str()).ok(), ..ada(1) }
}

fn fraudsters() -> Scene {
    let scene = Scene::new();
    scene.world.holds(&scene.collections(&CollectionRole::Fraudulent)[0], "7.0", &[("ada", 7)]);
    scene
}

fn texts() -> Scene {
    let mut scene = Scene::new();
    scene.settings.registration.document_text = true;
    scene
}

fn rejecting() -> Scene {
    let scene = Scene::new();
    scene.world.state().rejects = Some(vec!["LOW_SHARPNESS".to_owned()]);
    scene
}

/// Registers, and gives the caller's answer; the worker then does what was left to it. `None`: crashed before.
async fn go(scene: &Scene, new: NewRegistration) -> Option<Answered> {
    let answered = scene.world.run(scene.register(new)).await;
    scene.world.run(scene.work()).await;
    answered
}

/// The worker and the sweep come by.
async fn recover(scene: &Scene) -> Option<()> {
    scene.world.run(scene.work()).await?;
    scene.world.run(scene.sweep()).await?;
    Some(())
}

fn strikes(calls: usize) -> impl Iterator<Item = Strike> {
    const WAYS: [(When, Blow); 6] = [
        (When::Before, Blow::Error),
        (When::Before, Blow::Crash),
        (When::Before, Blow::Throttled),
        (When::After, Blow::Error),
        (When::After, Blow::Crash),
        (When::After, Blow::Conflict),
    ];
    (0..calls).flat_map(|call| WAYS.map(|(when, what)| Strike { call, when, what }))
}

/// Everything agrees, a second sweep finds nothing to do, and what the caller was told still holds.
async fn check(scene: &Scene, answered: Option<Answered>, what: &str) {
    scene.world.strike(None);
    recover(scene).await.unwrap();
    assert_eq!(scene.disorder(), [""; 0], "{what}");
    let before = scene.contents();
    let swept = scene.sweep().await;
    assert_eq!(swept, Swept::default(), "{what}");
    assert_eq!(scene.contents(), before, "{what}: a second sweep changed something");
    if let Some(Ok(Some(told))) = answered {
        assert_eq!(scene.conclusion(1), told, "{what}");
    }
    let counted = scene.tally.take().iter().filter(|point| point.metric == crate::model::Metric::Registrations).count();
    // A session that nobody came back with is counted as an attempt of its own.
    let abandoned = scene.world.state().sessions.values().filter(|one| one.state == LivenessState::Abandoned).count();
    assert!(counted <= 1 + abandoned, "{what}: counted {counted} times");
}

#[tokio::test]
async fn every_call_of_a_registration_may_fail_or_crash() {
    let mut runs = 0;
    for Case { name, scene, new } in CASES {
        let whole = scene();
        whole.world.strike(None);
        go(&whole, new()).await.unwrap().unwrap();
        let calls = whole.world.state().calls.len();
        assert_eq!(whole.disorder(), [""; 0], "{name}");
        for strike in strikes(calls) {
            let struck = scene();
            struck.world.strike(Some(strike));
            let answered = go(&struck, new()).await;
            check(&struck, answered, &format!("{name}: {strike:?}")).await;
            runs += 1;
        }
    }
    assert!(runs >= 200, "{runs} runs");
}

#[tokio::test]
async fn every_call_of_the_recovery_may_fail_or_crash_too() {
    for Case { name, scene, new } in
        CASES.into_iter().filter(|case| ["approved", "index deferred"].contains(&case.name))
    {
        let whole = scene();
        whole.world.strike(None);
        go(&whole, new()).await.unwrap().unwrap();
        let calls = whole.world.state().calls.len();
        for first in strikes(calls) {
            let again = async |second| {
                let struck = scene();
                struck.world.strike(Some(first));
                let answered = go(&struck, new()).await;
                struck.world.strike(second);
                recover(&struck).await;
                (struck, answered)
            };
            let calls = again(None).await.0.world.state().calls.len();
            for second in strikes(calls) {
                let (struck, answered) = again(Some(second)).await;
                check(&struck, answered, &format!("{name}: {first:?}, then {second:?}")).await;
            }
        }
    }
}

#[tokio::test]
async fn who_is_overtaken_by_a_crashed_registration_may_come_again() {
    let scene = Scene::new();
    let registering = scene.registering();
    let id = registering.begin(ada(1)).await.unwrap().id;
    registering.perform(Step::Record, &id).await.unwrap();
    registering.perform(Step::Index, &id).await.unwrap();
    // Nobody goes on with the first one. Its id is lower, so the second one gives way.
    let second = scene.register(person(2, "user-two", "ada", "ada card")).await.unwrap().unwrap();
    assert_eq!((second.outcome, second.reason), (Outcome::Duplicate, Some(Reason::RegisteredMeanwhile)));
    scene.sweep().await;
    let third = scene.register(person(3, "user-two", "ada", "ada card")).await.unwrap().unwrap();
    assert_eq!(third.outcome, Outcome::Approved);
    assert_eq!(scene.disorder(), [""; 0]);
}

#[tokio::test]
async fn an_approval_whose_answer_is_lost_is_counted_all_the_same() {
    let whole = Scene::new();
    whole.world.strike(None);
    whole.register(ada(1)).await.unwrap();
    let call = whole.world.state().calls.iter().position(|call| *call == "approve").unwrap();

    let struck = Scene::new();
    struck.world.strike(Some(Strike { call, when: When::After, what: Blow::Error }));
    assert_eq!(struck.register(ada(1)).await.unwrap().unwrap().outcome, Outcome::Approved);
    let counted: Vec<_> = struck.tally.take();
    assert_eq!(crate::identity::fakes::counted(&counted, crate::model::Metric::Registrations), ["approved"]);
}
