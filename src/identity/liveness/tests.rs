use super::*;
use crate::identity::fakes::{World, counted, tenant, user_id};
use crate::identity::{Deadline, IdentityError, LivenessResult, LivenessStatus, Tally};
use crate::model::{Environment, HandlerSettings, LivenessSessionId, Metric, Percent, Reason, Timestamp, UserId};

const PURPOSE: LivenessPurpose = LivenessPurpose::Authentication;

/// Runs one call, and gives what was counted of sessions and flows with it.
macro_rules! with_liveness {
    ($world:expr, |$liveness:ident| $call:expr) => {{
        let (tally, settings) = (Tally::default(), HandlerSettings::from(&Environment::fixture()));
        let (engine, ports) = ($world, $world);
        let $liveness = Liveness { engine, ports, tally: &tally, settings: &settings, deadline: Deadline::NEVER };
        let result = $call.await;
        let points = tally.take();
        let metrics = [Metric::LivenessChecks, Metric::Authentications, Metric::Refusals];
        (result, metrics.into_iter().flat_map(|metric| counted(&points, metric)).collect::<Vec<String>>())
    }};
}

/// A new session of Demo's Ada.
async fn begun(world: &World) -> LivenessSessionId {
    let begun = with_liveness!(world, |liveness| liveness.begin(&tenant("demo"), Some(user_id("ada")), PURPOSE)).0;
    begun.unwrap().id
}

type Redeemed = Result<Result<LivenessVerdict, Reason>, IdentityError>;

async fn redeem(world: &World, id: &LivenessSessionId) -> (Redeemed, Vec<String>) {
    let ada = user_id("ada");
    with_liveness!(world, |liveness| liveness.redeem(id, &tenant("demo"), Some(&ada), PURPOSE))
}

fn refusal(redeemed: Redeemed) -> Option<Reason> {
    redeemed.unwrap().err()
}

fn calls(world: &World, name: &str) -> usize {
    world.state().calls.iter().filter(|call| **call == name).count()
}

/// The session began longer ago than it can be completed.
fn is_late(world: &World, id: &LivenessSessionId) {
    let long_ago = Timestamp::now().before(std::time::Duration::from_secs(181));
    world.state().sessions.get_mut(id).unwrap().created_at = long_ago;
}

#[tokio::test]
async fn a_session_is_used_once_and_asked_for_once() {
    let world = World::default();
    let id = begun(&world).await;
    world.shows(&id, "ada", LivenessStatus::Succeeded, 90.0);
    for _ in 0..2 {
        let looked = with_liveness!(&world, |liveness| liveness.look(&tenant("demo"), &id)).0.unwrap().unwrap();
        assert!(matches!(looked.state, LivenessState::Judged(LivenessVerdict { refusal: None, .. })));
    }
    let verdict = redeem(&world, &id).await.0.unwrap().unwrap();
    assert_eq!(verdict.confidence, Percent::new(90.0).ok());
    assert!(verdict.reference.is_some() && verdict.audit.len() == 1);
    assert_eq!(refusal(redeem(&world, &id).await.0), Some(Reason::LivenessReused));
    assert_eq!(calls(&world, "session_result"), 1);
    // What the decision rested on stays.
    assert_eq!(world.state().images.len(), 2);
}

#[tokio::test]
async fn tokens_and_prefixes_are_ones_own_and_random() {
    let world = World::default();
    assert_ne!(begun(&world).await, begun(&world).await);
    let asked = world.state().session_requests.clone();
    assert_ne!(asked[0].0, asked[1].0, "the token");
    assert_ne!(asked[0].1, asked[1].1, "the prefix");
    for (token, prefix) in asked {
        let random = prefix.strip_prefix("liveness/").unwrap().strip_suffix('/').unwrap();
        assert!(random.len() == 36 && !prefix.contains(&token), "{prefix} {token}");
    }
}

#[tokio::test]
async fn of_two_who_use_it_at_the_same_time_one_passes() {
    for judged in [false, true] {
        let world = World::default();
        let id = begun(&world).await;
        world.shows(&id, "ada", LivenessStatus::Succeeded, 99.0);
        if judged {
            with_liveness!(&world, |liveness| liveness.look(&tenant("demo"), &id)).0.unwrap();
        }
        let (one, other) = tokio::join!(redeem(&world, &id), redeem(&world, &id));
        let passed = [&one.0, &other.0].into_iter().filter(|redeemed| matches!(redeemed, Ok(Ok(_)))).count();
        let reused = [&one.0, &other.0].into_iter().filter(|redeemed| **redeemed == Ok(Err(Reason::LivenessReused)));
        assert_eq!((passed, reused.count()), (1, 1), "judged before: {judged}");
        let checks = [one.1, other.1].concat();
        assert_eq!(checks.len(), usize::from(!judged), "judged and counted once: {checks:?}");
    }
}

#[tokio::test]
async fn a_session_is_good_for_its_tenant_user_and_purpose_only() {
    let world = World::default();
    let id = begun(&world).await;
    world.shows(&id, "ada", LivenessStatus::Succeeded, 99.0);
    let (ada, ben) = (user_id("ada"), user_id("ben"));
    let cases: [(&str, Option<&UserId>, LivenessPurpose); 4] = [
        ("other", Some(&ada), PURPOSE),
        ("demo", Some(&ben), PURPOSE),
        ("demo", None, PURPOSE),
        ("demo", Some(&ada), LivenessPurpose::PhotoUpdate),
    ];
    for (of, user, purpose) in cases {
        let redeemed = with_liveness!(&world, |liveness| liveness.redeem(&id, &tenant(of), user, purpose)).0;
        assert_eq!(refusal(redeemed), Some(Reason::LivenessForeign), "{of} {user:?} {purpose:?}");
    }
    let looked = with_liveness!(&world, |liveness| liveness.look(&tenant("other"), &id)).0;
    assert_eq!(looked, Ok(None));
    assert_eq!(calls(&world, "session_result"), 0, "nobody asks for somebody else's result");
    assert_eq!(refusal(redeem(&world, &id).await.0), None, "it is as good as before");

    let unknown = LivenessSessionId::new("00000000-0000-4000-8000-000000000009").unwrap();
    assert_eq!(refusal(redeem(&world, &unknown).await.0), Some(Reason::LivenessForeign));
}

#[tokio::test]
async fn a_session_of_nobody_in_particular_is_good_for_any_user() {
    let world = World::default();
    let begun = with_liveness!(&world, |liveness| liveness.begin(&tenant("demo"), None, PURPOSE)).0;
    let id = begun.unwrap().id;
    world.shows(&id, "ada", LivenessStatus::Succeeded, 99.0);
    assert_eq!(refusal(redeem(&world, &id).await.0), None);
}

#[tokio::test]
async fn what_a_session_shows_decides() {
    let succeeded = |confidence: f64| LivenessResult {
        status: LivenessStatus::Succeeded,
        confidence: Percent::new(confidence).ok(),
        reference: Some("liveness/reference".to_owned()),
        audit: Vec::new(),
    };
    let cases = [
        (Some(succeeded(90.0)), None, "approved"),
        (Some(succeeded(89.9)), Some(Reason::NotLive), "failed"),
        (Some(LivenessResult { confidence: None, ..succeeded(0.0) }), Some(Reason::NotLive), "failed"),
        (Some(LivenessResult { reference: None, ..succeeded(99.0) }), Some(Reason::LivenessIncomplete), "incomplete"),
        (
            Some(LivenessResult { status: LivenessStatus::Failed, ..succeeded(99.0) }),
            Some(Reason::LivenessIncomplete),
            "incomplete",
        ),
        (
            Some(LivenessResult { status: LivenessStatus::Expired, ..succeeded(99.0) }),
            Some(Reason::LivenessExpired),
            "abandoned",
        ),
        (None, Some(Reason::LivenessExpired), "abandoned"),
    ];
    for (result, expected, outcome) in cases {
        let world = World::default();
        let id = begun(&world).await;
        let told = format!("{result:?}");
        if let Some(result) = result {
            world.state().session_results.insert(id.clone(), result);
        }
        let (redeemed, counted) = redeem(&world, &id).await;
        assert_eq!(refusal(redeemed), expected, "{told}");
        assert_eq!(counted, [outcome], "{told}");
        // A no is used up as well as a yes.
        assert_eq!(refusal(redeem(&world, &id).await.0), Some(Reason::LivenessReused), "{told}");
    }
}

#[tokio::test]
async fn one_that_is_not_over_yet_can_still_be_completed_until_it_is_late() {
    let world = World::default();
    let id = begun(&world).await;
    world.shows(&id, "ada", LivenessStatus::Open, 0.0);
    let (redeemed, counted) = redeem(&world, &id).await;
    assert_eq!((refusal(redeemed), counted.len()), (Some(Reason::LivenessIncomplete), 0));
    world.shows(&id, "ada", LivenessStatus::Succeeded, 99.0);
    assert_eq!(refusal(redeem(&world, &id).await.0), None);

    // Three minutes later whatever the engine tells comes too late.
    for status in [LivenessStatus::Open, LivenessStatus::Succeeded] {
        let world = World::default();
        let id = begun(&world).await;
        world.shows(&id, "ada", status, 99.0);
        is_late(&world, &id);
        assert_eq!(refusal(redeem(&world, &id).await.0), Some(Reason::LivenessExpired), "{status:?}");
    }
}

#[tokio::test]
async fn one_that_was_judged_in_time_is_good_later() {
    let world = World::default();
    let id = begun(&world).await;
    world.shows(&id, "ada", LivenessStatus::Succeeded, 99.0);
    with_liveness!(&world, |liveness| liveness.look(&tenant("demo"), &id)).0.unwrap();
    is_late(&world, &id);
    assert_eq!(refusal(redeem(&world, &id).await.0), None);
}

#[tokio::test]
async fn one_that_nobody_came_back_with_is_given_up_with_its_pictures() {
    for looked_at in [false, true] {
        let world = World::default();
        let id = begun(&world).await;
        world.shows(&id, "ada", LivenessStatus::Succeeded, 99.0);
        if looked_at {
            with_liveness!(&world, |liveness| liveness.look(&tenant("demo"), &id)).0.unwrap();
        }
        is_late(&world, &id);
        let (settled, counted) = with_liveness!(&world, |liveness| liveness.settle(&id));
        assert_eq!(settled, Ok(()));
        let check = (!looked_at).then_some("abandoned");
        let expected: Vec<&str> =
            check.into_iter().chain(["abandoned", "authentication abandoned liveness abandoned"]).collect();
        assert_eq!(counted, expected, "looked at: {looked_at}");
        assert!(world.state().images.is_empty());
        assert_eq!(world.state().sessions[&id].state, LivenessState::Abandoned);
        // Nothing is left to do, and nobody passes with it.
        assert_eq!(with_liveness!(&world, |liveness| liveness.settle(&id)), (Ok(()), Vec::new()));
        assert_eq!(refusal(redeem(&world, &id).await.0), Some(Reason::LivenessExpired));
    }
}

#[tokio::test]
async fn one_that_is_in_use_or_was_used_is_not_given_up() {
    let world = World::default();
    let id = begun(&world).await;
    world.shows(&id, "ada", LivenessStatus::Open, 0.0);
    assert_eq!(with_liveness!(&world, |liveness| liveness.settle(&id)), (Ok(()), Vec::new()));
    assert_eq!(world.state().sessions[&id].state, LivenessState::Open);

    world.shows(&id, "ada", LivenessStatus::Succeeded, 99.0);
    redeem(&world, &id).await.0.unwrap().unwrap();
    assert_eq!(with_liveness!(&world, |liveness| liveness.settle(&id)), (Ok(()), Vec::new()));
    assert_eq!(world.state().images.len(), 2, "its pictures stay as long as they may");
}
