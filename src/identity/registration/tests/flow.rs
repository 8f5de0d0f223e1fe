//! Each way to an answer.

use super::*;
use crate::identity::fakes::StoredFace;
use crate::identity::{QualityRule, Refusal, Subject};

fn why(conclusion: &Conclusion) -> (Outcome, Step, Option<Reason>) {
    (conclusion.outcome, conclusion.step, conclusion.reason)
}

/// Registers somebody, and gives how that ended. Whatever is not approved must have left nothing.
async fn ended(scene: &Scene, new: NewRegistration) -> Conclusion {
    let conclusion = scene.register(new).await.unwrap().unwrap();
    assert_eq!(scene.disorder(), [""; 0]);
    conclusion
}

#[tokio::test]
async fn a_registered_person_has_two_faces_two_pictures_and_a_record() {
    let scene = Scene::new();
    assert_eq!(why(&ended(&scene, ada(1)).await), (Outcome::Approved, Step::Settle, None));
    let state = scene.world.state();
    let user = &state.users[&user("user-ada")];
    assert_eq!((user.faces().count(), state.images.len()), (2, 2));
    assert_eq!(user.registration, registration_id(1));
    assert!(user.document.is_some());
}

#[tokio::test]
async fn each_no_has_its_step_and_its_reason() {
    use {Outcome as O, Reason as R, Step as S};
    let cases = [
        ("nobody", "ada card", O::Incomplete, S::Quality, R::NoFaceDetected),
        ("ada faces=2", "ada card", O::Incomplete, S::Quality, R::MultipleFaces),
        ("ada yaw=60", "ada card", O::Incomplete, S::Quality, R::QualityRejected),
        ("ada", "ada card sharpness=15", O::Incomplete, S::Quality, R::QualityRejected),
        ("ada", "bob card", O::Failed, S::Compare, R::NoMatch),
        ("ada", "ada card similarity=98.9", O::Failed, S::Compare, R::BelowThreshold),
        ("eve", "eve card", O::Fraud, S::FraudSearch, R::Blacklisted),
        ("bob", "bob card", O::Duplicate, S::DuplicateSearch, R::AlreadyRegistered),
        ("ada", "ada card lines=0", O::Incomplete, S::DocumentText, R::UnreadableDocument),
    ];
    for (selfie, document, outcome, step, reason) in cases {
        let mut scene = Scene::new();
        scene.settings.registration.document_text = true;
        scene.world.holds(&scene.collections(&CollectionRole::Fraudulent)[0], "7.0", &[("eve", 7)]);
        ended(&scene, person(1, "user-bob", "bob", "bob card")).await;
        let conclusion = ended(&scene, person(2, "user-new", selfie, document)).await;
        assert_eq!(why(&conclusion), (outcome, step, Some(reason)), "{selfie}, {document}");
        assert_eq!(scene.conclusion(2), conclusion);
    }
}

#[tokio::test]
async fn a_taken_user_id_is_refused_and_stays_with_its_user() {
    let scene = Scene::new();
    ended(&scene, ada(1)).await;
    let refused = ended(&scene, person(2, "user-ada", "bob", "bob card")).await;
    assert_eq!(why(&refused), (Outcome::Failed, Step::Record, Some(Reason::UserExists)));
    assert_eq!(scene.world.state().users[&user("user-ada")].registration, registration_id(1));
}

#[tokio::test]
async fn what_the_engine_will_not_index_is_no_user() {
    let scene = Scene::new();
    scene.world.state().rejects = Some(vec!["EXTREME_POSE".to_owned()]);
    let refused = ended(&scene, ada(1)).await;
    assert_eq!(why(&refused), (Outcome::Incomplete, Step::Index, Some(Reason::QualityRejected)));
    assert_eq!(refused.failures[0].measured, "EXTREME_POSE");
}

#[tokio::test]
async fn an_existing_user_is_told_to_its_own_customer_only() {
    let scene = Scene::new();
    ended(&scene, ada(1)).await;
    let own = ended(&scene, person(2, "user-two", "ada", "ada card")).await;
    assert_eq!(own.existing, Some(user("user-ada")));
    let other = NewRegistration { tenant: TenantId::new("other").unwrap(), ..person(3, "user-3", "ada", "ada card") };
    let foreign = ended(&scene, other).await;
    assert_eq!((foreign.outcome, foreign.existing), (Outcome::Duplicate, None));
}

#[tokio::test]
async fn both_pictures_are_judged_and_each_failure_names_its_own() {
    let scene = Scene::new();
    let refused = ended(&scene, person(1, "user-ada", "ada sunglasses=true", "ada card sharpness=3")).await;
    let failures: Vec<_> = refused.failures.iter().map(|failure| (failure.subject, failure.rule)).collect();
    assert_eq!(failures, [(Subject::Person, QualityRule::Sunglasses), (Subject::Document, QualityRule::Sharpness)]);
    assert!(refused.failures[1].advice.starts_with("Hold the document still"));

    let refused = ended(&scene, person(2, "user-ada", "ada", "nobody")).await;
    assert_eq!((refused.failures[0].subject, refused.failures[0].rule), (Subject::Document, QualityRule::FaceCount));
}

#[tokio::test]
async fn a_registration_is_counted_once() {
    let scene = Scene::new();
    ended(&scene, ada(1)).await;
    ended(&scene, person(2, "user-two", "ada", "ada card")).await;
    scene.registering().conclude(&registration_id(1), None).await.unwrap();
    scene.sweep().await;
    let counted: Vec<_> = scene
        .tally
        .take()
        .into_iter()
        .filter(|point| point.metric == crate::model::Metric::Registrations)
        .map(|point| point.labels[0].1)
        .collect();
    assert_eq!(counted, ["approved", "duplicate"]);
}

#[tokio::test]
async fn uploads_are_copied_and_go_with_the_answer() {
    let scene = Scene::new();
    for (name, words) in [("uploads/demo/1", "ada"), ("uploads/demo/2", "ada card")] {
        scene.world.state().images.insert(name.to_owned(), picture_bytes(words));
    }
    let uploaded = NewRegistration {
        selfie: Some(Given::Upload("uploads/demo/1".to_owned())),
        document: Given::Upload("uploads/demo/2".to_owned()),
        ..ada(1)
    };
    assert_eq!(ended(&scene, uploaded).await.outcome, Outcome::Approved);
    assert_eq!(scene.world.state().images.len(), 2);

    let missing = NewRegistration { document: Given::Upload("uploads/demo/3".to_owned()), ..ada(2) };
    assert_eq!(scene.register(missing).await, Err(IdentityError::Refused(Refusal::NotUploaded)));
    let end = scene.conclusion(2);
    assert_eq!(why(&end), (Outcome::Incomplete, Step::Intake, Some(Reason::InvalidImage)));
    assert_eq!(scene.disorder(), [""; 0]);
}

#[tokio::test]
async fn liveness_that_is_required_and_not_shown_ends_it() {
    let mut scene = Scene::new();
    scene.settings.liveness.required = true;
    let refused = ended(&scene, ada(1)).await;
    assert_eq!(why(&refused), (Outcome::Failed, Step::Liveness, Some(Reason::LivenessRequired)));
}

#[tokio::test]
async fn what_is_deferred_waits_for_the_worker() {
    use DeferrableStep::{DuplicateSearch, Index};
    let cases = [
        (vec![Index], Step::Record, "Started"),
        (vec![DuplicateSearch], Step::Settle, "Indexed"),
        (vec![DuplicateSearch, Index], Step::DuplicateSearch, "Started"),
    ];
    for (deferred, from, state) in cases {
        let scene = Scene::with(&deferred);
        assert_eq!(scene.register(ada(1)).await, Ok(None));
        let waiting = scene.world.state().registrations[&registration_id(1)].clone();
        assert_eq!(scene.registering().way(&waiting).deferred_from, Some(from));
        assert!(format!("{:?}", waiting.state).starts_with(state), "{:?}", waiting.state);
        scene.work().await;
        assert_eq!(scene.conclusion(1).outcome, Outcome::Approved, "{deferred:?}");
        // The same person again is found by whoever searches.
        let answered = scene.register(person(2, "user-two", "ada", "ada card")).await.unwrap();
        assert_eq!(answered.is_none(), deferred.contains(&DuplicateSearch));
        scene.work().await;
        assert_eq!(scene.conclusion(2).outcome, Outcome::Duplicate, "{deferred:?}");
        assert_eq!(scene.disorder(), [""; 0], "{deferred:?}");
    }
}

#[tokio::test]
async fn steps_done_twice_do_no_harm() {
    let scene = Scene::new();
    let registering = scene.registering();
    let id = registering.begin(ada(1)).await.unwrap().id;
    for step in Step::REGISTRATION {
        for _ in 0..2 {
            registering.perform(step, &id).await.unwrap();
        }
    }
    assert_eq!(registering.perform(Step::Settle, &id).await, Ok(Next::Conclude));
    assert_eq!(registering.conclude(&id, None).await.unwrap().outcome, Outcome::Approved);
    assert_eq!(scene.disorder(), [""; 0]);
}

#[tokio::test]
async fn a_step_cannot_come_before_its_time() {
    let scene = Scene::new();
    let id = scene.registering().begin(ada(1)).await.unwrap().id;
    for step in [Step::Index, Step::Settle, Step::Search] {
        let early = scene.registering().perform(step, &id).await;
        assert!(matches!(early, Err(IdentityError::Failed(ref error)) if error.kind == ServiceErrorKind::Conflict));
    }
}

#[tokio::test]
async fn nothing_is_indexed_when_the_sweep_may_come_by() {
    let scene = Scene::with(&[DeferrableStep::Index]);
    scene.register(ada(1)).await.unwrap();
    let late = Timestamp::now().before(std::time::Duration::from_mins(15));
    scene.world.state().registrations.get_mut(&registration_id(1)).unwrap().created_at = late;
    scene.work().await;
    assert_eq!(why(&scene.conclusion(1)), (Outcome::Incomplete, Step::Index, Some(Reason::Interrupted)));
    assert_eq!(scene.disorder(), [""; 0]);
}

#[tokio::test]
async fn throttled_work_comes_again_and_throttled_callers_are_told() {
    let deferred = Scene::with(&[DeferrableStep::Index]);
    deferred.register(ada(1)).await.unwrap();
    deferred.world.fails("index", ServiceErrorKind::Throttled);
    deferred.work().await;
    assert!(deferred.open(&registration_id(1)));
    deferred.world.works("index");
    deferred.work().await;
    assert_eq!(deferred.conclusion(1).outcome, Outcome::Approved);

    let waiting = Scene::new();
    waiting.world.fails("compare", ServiceErrorKind::Throttled);
    let end = ended(&waiting, ada(1)).await;
    assert_eq!(why(&end), (Outcome::Incomplete, Step::Compare, Some(Reason::Throttled)));
}

#[tokio::test]
async fn faces_of_nobody_stand_in_nobodys_way() {
    let scene = Scene::new();
    let leftover = |reference: &str| StoredFace {
        words: "ada".to_owned(),
        reference: reference.to_owned(),
        engine_face: crate::identity::fakes::face_id(9),
    };
    for collection in scene.collections(&CollectionRole::Registered) {
        scene.world.state().collections.get_mut(&collection).unwrap().1.push(leftover("user-gone"));
    }
    assert_eq!(scene.register(ada(1)).await.unwrap().unwrap().outcome, Outcome::Approved);
}

#[tokio::test]
async fn nobody_left_is_abandoned_and_the_interrupted_is_incomplete() {
    let scene = Scene::new();
    let registering = scene.registering();
    registering.begin(ada(1)).await.unwrap();
    let id = registering.begin(person(2, "user-bob", "bob", "bob card")).await.unwrap().id;
    registering.perform(Step::Record, &id).await.unwrap();
    let swept = scene.sweep().await;
    assert_eq!((swept.registrations, swept.failures), (2, vec![]));
    assert_eq!(why(&scene.conclusion(1)), (Outcome::Abandoned, Step::Intake, Some(Reason::Abandoned)));
    assert_eq!(why(&scene.conclusion(2)), (Outcome::Incomplete, Step::Index, Some(Reason::Interrupted)));
    assert_eq!(scene.disorder(), [""; 0]);
}

#[tokio::test]
async fn one_thing_that_cannot_be_swept_does_not_stop_the_others() {
    let scene = Scene::new();
    scene.registering().begin(ada(1)).await.unwrap();
    scene.world.fails("unsettled_faces", ServiceErrorKind::Unavailable);
    let swept = scene.sweep().await;
    assert_eq!((swept.registrations, swept.failures.len()), (1, 1));
}

#[tokio::test]
async fn the_reference_picture_of_a_session_is_the_selfie() {
    let mut scene = Scene::new();
    scene.settings.liveness.required = true;
    let with = |number, session: &LivenessSessionId, document: &str| NewRegistration {
        selfie: None,
        liveness: Some(session.clone()),
        ..person(number, "user-ada", "", document)
    };
    let session = scene.session(1, "ada", 95.0);
    let other = ended(&scene, with(1, &session, "bob card")).await;
    assert_eq!(why(&other), (Outcome::Failed, Step::Compare, Some(Reason::NoMatch)));
    let again = ended(&scene, with(2, &session, "ada card")).await;
    assert_eq!(why(&again), (Outcome::Failed, Step::Liveness, Some(Reason::LivenessReused)));

    let masked = ended(&scene, with(3, &scene.session(2, "ada", 50.0), "ada card")).await;
    assert_eq!(why(&masked), (Outcome::Failed, Step::Liveness, Some(Reason::NotLive)));
    let living = ended(&scene, with(4, &scene.session(3, "ada", 95.0), "ada card")).await;
    assert_eq!(living.outcome, Outcome::Approved);
}

/// The flows run on a runtime that moves them between threads.
#[test]
fn every_flow_can_be_sent() {
    fn sendable<T: Send>(_: T) {}
    let scene = Scene::new();
    let (registering, id) = (scene.registering(), registration_id(1));
    sendable(registering.begin(ada(1)));
    sendable(registering.perform(Step::Settle, &id));
    sendable(registering.finish(&id));
    sendable(registering.settle(&id));
    sendable(scene.sweep());
}
