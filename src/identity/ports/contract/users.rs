//! Users and the changes of their photos.

use std::sync::Arc;

use super::registrations::{approval, indexed, started};
use super::{collection, conflict, face, later, moment, winners};
use crate::identity::user::{PhotoChange, User, UserFace};
use crate::identity::{Indexed, Ports, RegistrationRecords, Reserved, UserRecords};
use crate::model::UserId;

pub async fn contract<P: Ports + 'static>(ports: &Arc<P>) {
    a_photo_is_changed_in_three_steps(ports.as_ref()).await;
    of_those_who_change_one_photo_one_wins(ports).await;
    only_users_are_removed(ports.as_ref()).await;
}

async fn registered(ports: &impl Ports, name: &str) -> User {
    let registration = started(name, 1);
    let user = indexed(ports, &registration).await;
    assert_eq!(ports.registrations().approve(&registration.id, &approval(), &user).await, Ok(()));
    user
}

async fn a_photo_is_changed_in_three_steps(ports: &impl Ports) {
    let users = ports.users();
    let nobody = UserId::new("nobody").unwrap();
    let user = registered(ports, "changing").await;
    conflict(users.seen(&nobody, moment(5)).await);
    assert_eq!(users.seen(&user.id, moment(5)).await, Ok(()));
    let user = User { seen_at: moment(5), ..user };
    assert_eq!(users.find(&user.id).await, Ok(Some(user.clone())));

    let adding = PhotoChange::Adding { image: "users/photos/new".to_owned(), since: moment(6) };
    let other = PhotoChange::Adding { image: "users/photos/other".to_owned(), since: moment(6) };
    conflict(users.begin_change(&nobody, &adding).await);
    assert_eq!(users.begin_change(&user.id, &adding).await, Ok(()));
    conflict(users.begin_change(&user.id, &other).await);
    assert_eq!(users.unsettled(moment(7), 10).await, Ok(vec![user.id.clone()]));
    assert_eq!(users.unsettled(moment(6), 10).await, Ok(Vec::new()), "it is not older than that");
    let changing = users.find(&user.id).await.unwrap().unwrap();
    assert_eq!(changing, User { change: Some(adding.clone()), ..user.clone() });

    let photo = UserFace {
        indexed: Indexed { engine_face: face(), model_version: None },
        image: "users/photos/new".to_owned(),
    };
    conflict(users.switch_face(&user, &photo, moment(8)).await);
    conflict(users.switch_face(&User { change: Some(other.clone()), ..user.clone() }, &photo, moment(8)).await);
    assert_eq!(users.switch_face(&changing, &photo, moment(8)).await, Ok(()));
    conflict(users.switch_face(&changing, &photo, moment(8)).await);
    let retiring = PhotoChange::Retiring { old: user.selfie.clone(), since: moment(6) };
    let switched = User { selfie: photo, seen_at: moment(8), change: Some(retiring.clone()), ..user.clone() };
    assert_eq!(users.find(&user.id).await, Ok(Some(switched.clone())));
    assert_eq!(users.unsettled(later(), 10).await, Ok(vec![user.id.clone()]));

    conflict(users.end_change(&user.id, &adding).await);
    assert_eq!(users.end_change(&user.id, &retiring).await, Ok(()));
    conflict(users.end_change(&user.id, &retiring).await);
    assert_eq!(users.find(&user.id).await, Ok(Some(User { change: None, ..switched })));
    assert_eq!(users.unsettled(later(), 10).await, Ok(Vec::new()));
}

async fn of_those_who_change_one_photo_one_wins<P: Ports + 'static>(ports: &Arc<P>) {
    let user = registered(ports.as_ref(), "contested-photo").await;
    let changes = (0..8).map(|number| {
        let (ports, id) = (Arc::clone(ports), user.id.clone());
        let adding = PhotoChange::Adding { image: format!("users/photos/{number}"), since: moment(number) };
        async move { ports.users().begin_change(&id, &adding).await }
    });
    assert_eq!(winners(changes.collect()).await, 1);
    let change = ports.users().find(&user.id).await.unwrap().unwrap().change.unwrap();
    assert_eq!(ports.users().end_change(&user.id, &change).await, Ok(()));
}

async fn only_users_are_removed(ports: &impl Ports) {
    let users = ports.users();
    let user = registered(ports, "leaving").await;
    assert_eq!(users.remove(&user.id).await, Ok(()));
    assert_eq!(users.find(&user.id).await, Ok(None));
    assert_eq!(users.holder(&user.id).await, Ok(None));
    assert_eq!(users.remove(&user.id).await, Ok(()), "a second time does no harm");

    let open = started("leaving", 1);
    assert_eq!(ports.registrations().begin(&open).await, Ok(()));
    assert_eq!(ports.registrations().reserve(&open, &collection()).await, Ok(Reserved::Done));
    assert_eq!(users.remove(&open.user).await, Ok(()));
    assert_eq!(users.holder(&open.user).await, Ok(Some(open.id)), "a reserved id is no user");
}
