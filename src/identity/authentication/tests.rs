use super::*;
use crate::identity::fakes::{World, counted, face_id, picture, picture_bytes, registered, tenant, user_id};
use crate::identity::given::Given;
use crate::identity::liveness::{LivenessRecord, LivenessState};
use crate::identity::user::PhotoChange;
use crate::identity::{LivenessStatus, Refusal};
use crate::model::{Environment, LivenessSessionId, MatchThresholds, Metric, ModelVersion, Outcome, Percent};

/// Ada and Ben are Demo's, in different collections; Cyd is Other's.
fn world() -> World {
    let world = World::of_users();
    world.knows("demo", "user-ada", 0, "ada similarity=97");
    world.knows("demo", "user-ben", 1, "ben");
    world.knows("other", "user-cyd", 0, "cyd");
    world
}

fn settings() -> HandlerSettings {
    HandlerSettings::from(&Environment::fixture())
}

fn attempt(user: Option<&str>, words: &str) -> Attempt {
    Attempt {
        tenant: tenant("demo"),
        user: user.map(user_id),
        selfie: Some(Given::Inline(picture(words))),
        liveness: None,
    }
}

/// The result, and what was counted of it: outcome and refusal.
async fn authenticate_with(
    world: &World,
    settings: &HandlerSettings,
    attempt: Attempt,
) -> (Result<Authenticated, IdentityError>, Vec<String>) {
    let tally = Tally::default();
    let authentication =
        Authentication { engine: world, ports: world, tally: &tally, settings, deadline: Deadline::NEVER };
    let result = authentication.authenticate(attempt).await;
    let points = tally.take();
    let numbers = [Metric::Authentications, Metric::Refusals, Metric::LivenessChecks, Metric::Similarity];
    (result, numbers.into_iter().flat_map(|metric| counted(&points, metric)).collect())
}

async fn authenticate(world: &World, attempt: Attempt) -> (Result<Authenticated, IdentityError>, Vec<String>) {
    authenticate_with(world, &settings(), attempt).await
}

fn percent(value: f64) -> Percent {
    Percent::new(value).unwrap()
}

#[tokio::test]
async fn a_user_is_recognised_with_and_without_an_id() {
    for user in [Some("user-ada"), None] {
        let (result, counted) = authenticate(&world(), attempt(user, "ada")).await;
        let answer = result.unwrap();
        assert_eq!((answer.outcome, answer.step, answer.reason), (Outcome::Approved, Step::Search, None));
        assert_eq!(answer.user, Some(user_id("user-ada")));
        assert_eq!((answer.similarity, answer.threshold), (Some(percent(97.0)), Some(percent(95.0))));
        assert_eq!(answer.left_over, None);
        assert_eq!(counted, ["approved", "search"]);
    }
}

#[tokio::test]
async fn every_no_has_a_reason_of_its_own() {
    let world = world();
    world.knows("demo", "user-bob", 0, "ben");
    let cases = [
        (Some("user-ada"), "dan", Reason::NoMatch),
        // Ben is in another collection; Bob, who looks like Ben, in Ada's.
        (Some("user-ada"), "ben", Reason::OtherPerson),
        // Another customer's user is nobody.
        (Some("user-ada"), "cyd", Reason::NoMatch),
        (Some("user-cyd"), "cyd", Reason::UnknownUser),
        (Some("user-dan"), "dan", Reason::UnknownUser),
        (None, "dan", Reason::NoMatch),
        (None, "cyd", Reason::NoMatch),
        (None, "ben", Reason::Ambiguous),
    ];
    for (user, words, reason) in cases {
        let (result, counted) = authenticate(&world, attempt(user, words)).await;
        let answer = result.unwrap();
        assert_eq!((answer.outcome, answer.step, answer.reason), (Outcome::Failed, Step::Search, Some(reason)));
        assert_eq!((answer.user, answer.similarity), (None, None), "{reason:?}: a no tells nothing of anybody");
        let refusal = format!("authentication failed search {reason}");
        assert_eq!(counted, ["failed", refusal.as_str()], "{user:?} {words}");
    }
}

#[tokio::test]
async fn someone_below_the_threshold_of_the_collections_own_model_version_is_no_match() {
    let world = World::of_users();
    world.has_version(1, "6.0");
    world.knows("demo", "user-ada", 0, "ada similarity=94");
    world.knows("demo", "user-ben", 1, "ben similarity=94");
    let mut settings = settings();
    let older = MatchThresholds { compare: percent(95.0), search: percent(90.0) };
    settings.matching.by_model_version.insert(ModelVersion::new("6.0").unwrap(), older);
    for (user, words, approved, threshold) in [("user-ada", "ada", false, 95.0), ("user-ben", "ben", true, 90.0)] {
        for user in [Some(user), None] {
            let answer = authenticate_with(&world, &settings, attempt(user, words)).await.0.unwrap();
            assert_eq!(answer.reason.is_none(), approved, "{user:?}");
            let known = user.is_some() || approved;
            assert_eq!(answer.threshold, known.then_some(percent(threshold)), "{user:?}");
        }
    }
}

#[tokio::test]
async fn the_faces_of_others_leave_room_for_the_one_that_counts() {
    let world = World::of_users();
    for number in 0..120 {
        world.knows("other", &format!("user-{number}"), 0, "ada");
    }
    world.knows("demo", "user-ada", 0, "ada similarity=96");
    for user in [Some("user-ada"), None] {
        let answer = authenticate(&world, attempt(user, "ada")).await.0.unwrap();
        assert_eq!(answer.user, Some(user_id("user-ada")), "{user:?}");
    }
}

#[tokio::test]
async fn faces_that_are_no_users_are_nobodys() {
    let world = world();
    world.holds(&registered(1), "7.0", &[("ada", 7)]);
    // One face belongs to no user, as during a registration: Ada is still found alone.
    assert_eq!(authenticate(&world, attempt(None, "ada")).await.0.unwrap().reason, None);
    let leaving = PhotoChange::Erasing { since: Timestamp::now() };
    world.state().users.get_mut(&user_id("user-ada")).unwrap().change = Some(leaving);
    assert_eq!(authenticate(&world, attempt(None, "ada")).await.0.unwrap().reason, Some(Reason::NoMatch));
    let known = authenticate(&world, attempt(Some("user-ada"), "ada")).await.0.unwrap();
    assert_eq!(known.reason, Some(Reason::UnknownUser));
}

#[tokio::test]
async fn pictures_that_cannot_be_judged_are_refused_and_counted_once() {
    let upload = |key: &str| Attempt { selfie: Some(Given::Upload(key.to_owned())), ..attempt(None, "") };
    let world = world();
    world.state().images.insert("uploads/demo/text".to_owned(), b"text".to_vec());
    world.state().images.insert("uploads/demo/ada".to_owned(), picture_bytes("ada"));
    let cases = [
        (attempt(None, "nobody"), "quality no_face_detected"),
        (attempt(None, "ada faces=2"), "quality multiple_faces"),
        (attempt(None, "ada yaw=60"), "quality quality_rejected"),
        (upload("uploads/demo/text"), "intake invalid_image"),
        (upload("uploads/demo/nothing"), "intake invalid_image"),
        (Attempt { selfie: None, ..attempt(None, "") }, "intake invalid_image"),
    ];
    for (attempt, why) in cases {
        let (result, counted) = authenticate(&world, attempt).await;
        assert!(matches!(result, Err(IdentityError::Refused(_))), "{result:?}");
        let refusal = format!("authentication incomplete {why}");
        assert_eq!(counted, ["incomplete", refusal.as_str()]);
    }
    let gone = authenticate(&world, upload("uploads/demo/nothing")).await.0;
    assert_eq!(gone, Err(IdentityError::Refused(Refusal::NotUploaded)));
    assert!(authenticate(&world, upload("uploads/demo/ada")).await.0.is_ok());
}

#[tokio::test]
async fn what_it_depends_on_fails_the_attempt_at_its_step() {
    let cases = [("find_user", "search"), ("detect", "quality"), ("search", "search")];
    for (call, step) in cases {
        for (kind, reason) in [(ServiceErrorKind::Throttled, "throttled"), (ServiceErrorKind::Unavailable, "internal")]
        {
            let world = world();
            world.fails(call, kind);
            let (result, counted) = authenticate(&world, attempt(Some("user-ada"), "ada")).await;
            assert_eq!(result == Err(IdentityError::Throttled), reason == "throttled", "{result:?}");
            let refusal = format!("authentication incomplete {step} {reason}");
            assert_eq!(counted, ["incomplete", refusal.as_str()], "{call}");
        }
    }
}

#[tokio::test]
async fn a_recognition_is_written_down_once_a_day_and_does_not_fail_for_it() {
    let world = world();
    authenticate(&world, attempt(Some("user-ada"), "ada")).await.0.unwrap();
    assert!(!world.state().calls.contains(&"seen"), "seen a moment ago");
    let two_days_ago = Timestamp::now().before(SEEN_TO_THE * 2);
    world.state().users.get_mut(&user_id("user-ada")).unwrap().seen_at = two_days_ago;

    world.fails("seen", ServiceErrorKind::Throttled);
    let answer = authenticate(&world, attempt(Some("user-ada"), "ada")).await.0.unwrap();
    assert_eq!((answer.outcome, answer.left_over.unwrap().message.as_str()), (Outcome::Approved, "seen fails"));
    world.works("seen");
    authenticate(&world, attempt(None, "ada")).await.0.unwrap();
    assert!(world.state().users[&user_id("user-ada")].seen_at > two_days_ago);
}

fn session(world: &World, user: Option<&str>) -> LivenessSessionId {
    let id = LivenessSessionId::new(face_id(77).to_string()).unwrap();
    let record = LivenessRecord {
        id: id.clone(),
        tenant: tenant("demo"),
        user: user.map(user_id),
        purpose: LivenessPurpose::Authentication,
        created_at: Timestamp::now(),
        state: LivenessState::Open,
    };
    world.state().sessions.insert(id.clone(), record);
    id
}

#[tokio::test]
async fn a_liveness_session_is_used_instead_of_the_selfie() {
    let world = world();
    let id = session(&world, None);
    world.shows(&id, "ada", LivenessStatus::Succeeded, 99.0);
    // Ben's photo beside Ada's session: Ada is who lives.
    let with_session = Attempt { liveness: Some(id), ..attempt(None, "ben") };
    let (result, counted) = authenticate(&world, with_session.clone()).await;
    assert_eq!(result.unwrap().user, Some(user_id("user-ada")));
    assert_eq!(counted, ["approved", "approved", "search"]);

    let (again, counted) = authenticate(&world, with_session).await;
    assert_eq!(again, Ok(Authenticated::failed(Step::Liveness, Reason::LivenessReused)));
    assert_eq!(counted, ["failed", "authentication failed liveness liveness_reused"]);
}

#[tokio::test]
async fn where_a_session_is_required_a_selfie_is_not_enough() {
    let mut settings = settings();
    settings.liveness.required = true;
    let world = world();
    let (result, counted) = authenticate_with(&world, &settings, attempt(Some("user-ada"), "ada")).await;
    assert_eq!(result, Ok(Authenticated::failed(Step::Liveness, Reason::LivenessRequired)));
    assert_eq!(counted, ["failed", "authentication failed liveness liveness_required"]);
}

#[tokio::test]
async fn an_unknown_user_uses_no_session_up() {
    let world = world();
    let id = session(&world, Some("user-dan"));
    world.shows(&id, "dan", LivenessStatus::Succeeded, 99.0);
    let unknown = Attempt { liveness: Some(id.clone()), ..attempt(Some("user-dan"), "dan") };
    let answer = authenticate(&world, unknown).await.0.unwrap();
    assert_eq!(answer.reason, Some(Reason::UnknownUser));
    assert_eq!(world.state().sessions[&id].state, LivenessState::Open);
}
