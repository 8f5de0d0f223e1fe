//! Registrations, and the user ids that they reserve.

use std::sync::Arc;

use super::{collection, conflict, face, later, moment, tenant, uuid, winners};
use crate::identity::registration::{Conclusion, IndexedFaces, Pictures, Registration, RegistrationState};
use crate::identity::user::{User, UserFace};
use crate::identity::{
    Indexed, Ports, QualityFailure, QualityRule, RegistrationRecords, Reserved, ServiceError, Subject, UserRecords,
};
use crate::model::{LivenessSessionId, Outcome, Percent, Reason, RegistrationId, Step, UserId};

pub async fn contract<P: Ports + 'static>(ports: &Arc<P>) {
    the_way_to_an_approval(ports.as_ref()).await;
    the_way_to_anything_else(ports.as_ref()).await;
    a_user_id_is_one_registrations(ports.as_ref()).await;
    of_those_who_want_a_user_id_one_gets_it(ports).await;
    of_approval_and_defeat_one_wins(ports).await;
}

/// A registration that has just begun.
pub fn started(user: &str, began: i64) -> Registration {
    let id = RegistrationId::new(uuid()).unwrap();
    Registration {
        tenant: tenant(),
        user: UserId::new(user).unwrap(),
        attribute: Some("DE".to_owned()),
        pictures: Pictures::of(&id),
        liveness: LivenessSessionId::new(uuid()).ok(),
        uploads: vec!["uploads/demo/1".to_owned(), "uploads/demo/2".to_owned()],
        created_at: moment(began),
        state: RegistrationState::Started,
        id,
    }
}

/// The faces of a registration.
pub fn faces() -> IndexedFaces {
    IndexedFaces { selfie: Indexed { engine_face: face(), model_version: None }, document: None }
}

/// How a registration of somebody who is welcome ends.
pub fn approval() -> Conclusion {
    Conclusion {
        outcome: Outcome::Approved,
        step: Step::Settle,
        reason: None,
        similarity: Percent::new(98.7).ok(),
        existing: None,
        failures: Vec::new(),
        at: moment(9),
    }
}

fn refusal() -> Conclusion {
    let rule = QualityRule::Yaw;
    let measured = "50.0°".to_owned();
    Conclusion {
        outcome: Outcome::Duplicate,
        step: Step::DuplicateSearch,
        reason: Some(Reason::AlreadyRegistered),
        existing: UserId::new("somebody").ok(),
        failures: vec![QualityFailure::new(Subject::Person, rule, measured, "-45° to 45°".to_owned())],
        ..approval()
    }
}

/// The user whom a registration makes.
pub fn user(registration: &Registration, faces: &IndexedFaces) -> User {
    User {
        id: registration.user.clone(),
        tenant: registration.tenant.clone(),
        registration: registration.id.clone(),
        collection: collection(),
        selfie: UserFace { indexed: faces.selfie.clone(), image: registration.pictures.selfie.clone() },
        document: None,
        document_image: registration.pictures.document.clone(),
        created_at: registration.created_at,
        seen_at: registration.created_at,
        change: None,
    }
}

/// Brings a registration to the point where it waits for the last look.
pub async fn indexed(ports: &impl Ports, registration: &Registration) -> User {
    let (records, faces) = (ports.registrations(), faces());
    assert_eq!(records.begin(registration).await, Ok(()));
    assert_eq!(records.reserve(registration, &collection()).await, Ok(Reserved::Done));
    assert_eq!(records.index(&registration.id, &faces).await, Ok(()));
    user(registration, &faces)
}

async fn state(ports: &impl Ports, id: &RegistrationId) -> RegistrationState {
    ports.registrations().find(id).await.unwrap().unwrap().state
}

async fn the_way_to_an_approval(ports: &impl Ports) {
    let records = ports.registrations();
    let new = started("welcome", 1);
    let (id, faces) = (new.id.clone(), faces());
    let user = user(&new, &faces);

    conflict(records.reserve(&new, &collection()).await);
    assert_eq!(records.begin(&new).await, Ok(()));
    conflict(records.begin(&new).await);
    assert_eq!(records.find(&id).await, Ok(Some(new.clone())));
    assert_eq!(records.unsettled(moment(2), 10).await, Ok(vec![id.clone()]));
    assert_eq!(records.unsettled(moment(1), 10).await, Ok(Vec::new()), "it is not older than that");
    conflict(records.index(&id, &faces).await);
    conflict(records.approve(&id, &approval(), &user).await);

    assert_eq!(records.reserve(&new, &collection()).await, Ok(Reserved::Done));
    assert_eq!(state(ports, &id).await, RegistrationState::Pending { collection: collection() });
    assert_eq!(ports.users().holder(&new.user).await, Ok(Some(id.clone())));
    assert_eq!(ports.users().find(&new.user).await, Ok(None), "a reserved id is no user");
    conflict(records.reserve(&new, &collection()).await);
    conflict(records.approve(&id, &approval(), &user).await);

    assert_eq!(records.index(&id, &faces).await, Ok(()));
    let indexed = RegistrationState::Indexed { collection: collection(), faces: faces.clone() };
    assert_eq!(state(ports, &id).await, indexed);
    conflict(records.index(&id, &faces).await);

    assert_eq!(records.approve(&id, &approval(), &user).await, Ok(()));
    assert_eq!(state(ports, &id).await, RegistrationState::Concluded(approval()));
    assert_eq!(ports.users().find(&new.user).await, Ok(Some(user.clone())));
    assert_eq!(ports.users().holder(&new.user).await, Ok(Some(id.clone())));
    conflict(records.approve(&id, &approval(), &user).await);
    conflict(records.begin_undoing(&id, &refusal()).await);
    assert_eq!(records.unsettled(later(), 10).await, Ok(Vec::new()));
}

async fn the_way_to_anything_else(ports: &impl Ports) {
    let records = ports.registrations();
    let (early, middle, late) = (started("early", 1), started("middle", 2), started("late", 3));
    conflict(records.begin_undoing(&early.id, &refusal()).await);
    // Begun in another order than they are found in.
    indexed(ports, &late).await;
    for registration in [&early, &middle] {
        assert_eq!(records.begin(registration).await, Ok(()));
    }
    assert_eq!(records.reserve(&middle, &collection()).await, Ok(Reserved::Done));
    let all: Vec<_> = [&early, &middle, &late].map(|registration| registration.id.clone()).into();
    assert_eq!(records.unsettled(later(), 10).await, Ok(all.clone()));
    assert_eq!(records.unsettled(later(), 2).await, Ok(all[..2].to_vec()), "the oldest first");

    for (registration, placed) in [(&early, false), (&middle, true), (&late, true)] {
        conflict(records.conclude(registration).await);
        assert_eq!(records.begin_undoing(&registration.id, &refusal()).await, Ok(()));
        conflict(records.begin_undoing(&registration.id, &approval()).await);
        conflict(records.index(&registration.id, &faces()).await);
        let undoing = records.find(&registration.id).await.unwrap().unwrap();
        let collection = placed.then(collection);
        assert_eq!(undoing.state, RegistrationState::Undoing { collection, verdict: refusal() });
        let held = placed.then(|| registration.id.clone());
        assert_eq!(ports.users().holder(&registration.user).await, Ok(held), "only the end gives it free");

        assert_eq!(records.conclude(&undoing).await, Ok(()));
        assert_eq!(state(ports, &registration.id).await, RegistrationState::Concluded(refusal()));
        assert_eq!(ports.users().holder(&registration.user).await, Ok(None));
        conflict(records.conclude(&undoing).await);
    }
    assert_eq!(records.unsettled(later(), 10).await, Ok(Vec::new()));
}

async fn a_user_id_is_one_registrations(ports: &impl Ports) {
    let records = ports.registrations();
    let (first, second) = (started("wanted", 1), started("wanted", 2));
    for registration in [&first, &second] {
        assert_eq!(records.begin(registration).await, Ok(()));
    }
    assert_eq!(records.reserve(&first, &collection()).await, Ok(Reserved::Done));
    assert_eq!(records.reserve(&second, &collection()).await, Ok(Reserved::UserExists));
    assert_eq!(state(ports, &second.id).await, RegistrationState::Started, "both or neither");
    undo(ports, &second).await;
    assert_eq!(ports.users().holder(&first.user).await, Ok(Some(first.id.clone())), "it was never the second's");
    undo(ports, &first).await;

    let third = started("wanted", 3);
    assert_eq!(records.begin(&third).await, Ok(()));
    assert_eq!(records.reserve(&third, &collection()).await, Ok(Reserved::Done), "free again");
    undo(ports, &third).await;
}

async fn undo(ports: &impl Ports, registration: &Registration) {
    let records = ports.registrations();
    assert_eq!(records.begin_undoing(&registration.id, &refusal()).await, Ok(()));
    let undoing = records.find(&registration.id).await.unwrap().unwrap();
    assert_eq!(records.conclude(&undoing).await, Ok(()));
}

async fn of_those_who_want_a_user_id_one_gets_it<P: Ports + 'static>(ports: &Arc<P>) {
    let racing: Vec<Registration> = (0..8).map(|began| started("racing", began)).collect();
    for registration in &racing {
        assert_eq!(ports.registrations().begin(registration).await, Ok(()));
    }
    let reserving = racing.iter().cloned().map(|registration| {
        let ports = Arc::clone(ports);
        tokio::spawn(async move { ports.registrations().reserve(&registration, &collection()).await })
    });
    let mut reserved = 0;
    for call in reserving.collect::<Vec<_>>() {
        reserved += usize::from(call.await.unwrap() == Ok(Reserved::Done));
    }
    assert_eq!(reserved, 1);
    for registration in &racing {
        undo(ports.as_ref(), registration).await;
    }
}

async fn of_approval_and_defeat_one_wins<P: Ports + 'static>(ports: &Arc<P>) {
    for round in 0..10 {
        let registration = started(&format!("contested-{round}"), 1);
        let user = indexed(ports.as_ref(), &registration).await;
        let call = |approve: bool| {
            let (ports, id, user) = (Arc::clone(ports), registration.id.clone(), user.clone());
            async move {
                let records = ports.registrations();
                if approve {
                    records.approve(&id, &approval(), &user).await?;
                } else {
                    records.begin_undoing(&id, &refusal()).await?;
                }
                Ok::<_, ServiceError>(())
            }
        };
        assert_eq!(winners(vec![call(true), call(false), call(false), call(true)]).await, 1);
        let approved = ports.users().find(&registration.user).await.unwrap().is_some();
        match state(ports.as_ref(), &registration.id).await {
            RegistrationState::Concluded(conclusion) => assert!(approved && conclusion == approval()),
            RegistrationState::Undoing { verdict, .. } => {
                assert!(!approved && verdict == refusal());
                let undoing = ports.registrations().find(&registration.id).await.unwrap().unwrap();
                assert_eq!(ports.registrations().conclude(&undoing).await, Ok(()));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(ports.registrations().unsettled(later(), 100).await, Ok(Vec::new()));
}
