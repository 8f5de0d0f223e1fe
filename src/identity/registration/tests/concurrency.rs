//! Many registrations at the same time, interleaved in many ways.

use super::*;
use crate::identity::concurrently;

/// Runs all at once, each call taking its own time.
async fn at_once(scene: &Scene, pace: u64, all: Vec<NewRegistration>) -> Vec<Conclusion> {
    scene.world.state().pace = pace;
    let answers = concurrently(all.into_iter().map(|new| scene.register(new))).await;
    scene.work().await;
    assert_eq!(scene.disorder(), [""; 0], "pace {pace}");
    answers
        .into_iter()
        .map(|answer| answer.unwrap())
        .enumerate()
        .map(|(number, answer)| answer.unwrap_or_else(|| scene.conclusion(u32::try_from(number).unwrap())))
        .collect()
}

fn approved(conclusions: &[Conclusion]) -> usize {
    conclusions.iter().filter(|conclusion| conclusion.is_approval()).count()
}

#[tokio::test]
async fn of_fifty_registrations_of_one_person_exactly_one_is_approved() {
    for pace in 0..12 {
        let scene = Scene::new();
        let all = (0..50).map(|n| person(n, &format!("user-{n}"), &format!("ada {n}"), &format!("ada card {n}")));
        let conclusions = at_once(&scene, pace * 7_919, all.collect()).await;
        assert_eq!(approved(&conclusions), 1, "pace {pace}");
        let others = conclusions.iter().filter(|conclusion| !conclusion.is_approval());
        assert!(others.into_iter().all(|conclusion| conclusion.outcome == Outcome::Duplicate), "pace {pace}");
        assert_eq!(scene.world.state().users.len(), 1, "pace {pace}");
    }
}

#[tokio::test]
async fn few_rivals_are_interleaved_in_many_ways() {
    for pace in 1..400 {
        let scene = Scene::new();
        // The higher ids first, so that the lower ones come to a started race.
        let all = (0..4).rev().map(|n| person(n, &format!("user-{n}"), &format!("ada {n}"), &format!("ada card {n}")));
        let answers = at_once(&scene, pace * 104_729, all.collect()).await;
        assert_eq!(approved(&answers), 1, "pace {pace}");
    }
}

#[tokio::test]
async fn of_ten_registrations_of_one_user_id_exactly_one_is_approved() {
    for pace in 1..40 {
        for one_person in [true, false] {
            let scene = Scene::new();
            let all = (0..10).map(|n| {
                let name = if one_person { "ada".to_owned() } else { format!("person-{n}") };
                person(n, "user-ada", &format!("{name} {n}"), &format!("{name} card {n}"))
            });
            let conclusions = at_once(&scene, pace * 15_485_863, all.collect()).await;
            assert_eq!(approved(&conclusions), 1, "pace {pace}, one person: {one_person}");
        }
    }
}

#[tokio::test]
async fn one_registration_worked_on_by_two_is_approved_once() {
    for pace in 1..200 {
        let scene = Scene::with(&[DeferrableStep::DuplicateSearch, DeferrableStep::Index]);
        scene.register(ada(1)).await.unwrap();
        scene.world.state().pace = pace * 32_452_843;
        let registering = scene.registering();
        let both =
            concurrently([registering.finish(&registration_id(1)), registering.finish(&registration_id(1))]).await;
        assert!(both.iter().flatten().all(|end| end.outcome == Outcome::Approved), "pace {pace}: {both:?}");
        scene.world.state().queue.clear();
        assert_eq!(scene.disorder(), [""; 0], "pace {pace}");
        assert_eq!(scene.conclusion(1).outcome, Outcome::Approved, "pace {pace}");
    }
}

#[tokio::test]
async fn the_sweep_may_come_by_while_any_call_is_on_its_way() {
    let whole = Scene::new();
    let begun = whole.registering().begin(ada(1)).await.unwrap();
    whole.world.strike(None);
    whole.go_on(&begun).await.unwrap();
    let calls = whole.world.state().calls.len();
    for call in 0..calls {
        let scene = Scene::new();
        let begun = scene.registering().begin(ada(1)).await.unwrap();
        scene.world.strike(None);
        scene.world.state().stalled = Some(call);
        let swept = async {
            while scene.world.state().calls.len() <= call {
                tokio::task::yield_now().await;
            }
            scene.sweep().await
        };
        let (answer, _) = tokio::join!(scene.go_on(&begun), swept);
        // Nothing is left for another sweep: what was indexed behind the back of this one is taken out again.
        let at = whole.world.state().calls[call];
        assert_eq!(scene.disorder(), [""; 0], "{at}: {answer:?}");
        assert_eq!(answer.unwrap().unwrap(), scene.conclusion(1), "{at}");
    }
}
