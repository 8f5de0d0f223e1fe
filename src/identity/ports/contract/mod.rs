//! What every implementation of the ports keeps to: the flows' tests run on fakes, and what they show is worth as much as
//! the fakes are like the real thing. The same functions run on both: in `fakes/tests.rs` and in `tests/ports.rs`.

// In `tests/` this is no test module, and its helpers are no tests.
#![allow(clippy::unwrap_used, clippy::panic)]

mod faces;
mod images;
mod liveness;
mod registrations;
mod users;

use std::sync::Arc;

use crate::identity::{Ports, RoutingRecords, ServiceError, ServiceErrorKind};
use crate::model::{CollectionId, CollectionRole, FaceId, TenantId, Timestamp};

/// Everything. The stores are empty before, and hold no face record after.
pub async fn contract<P: Ports + 'static>(ports: &Arc<P>) {
    faces::contract(ports).await;
    registrations::contract(ports).await;
    users::contract(ports).await;
    liveness::contract(ports).await;
    images::contract(ports).await;
    let unknown = CollectionRole::Tenant(TenantId::new("nobody-here").unwrap());
    assert_eq!(ports.routing().routing(&unknown).await, Ok(None));
}

/// A moment before everything, when the n-th thing of a test began.
fn moment(number: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + number)
}

/// A moment after everything.
fn later() -> Timestamp {
    Timestamp::from_millis(4_000_000_000_000)
}

fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

fn face() -> FaceId {
    FaceId::new(uuid()).unwrap()
}

fn tenant() -> TenantId {
    TenantId::new("demo").unwrap()
}

fn collection() -> CollectionId {
    CollectionId::new("idv-local-registered-00").unwrap()
}

/// The call found another state than the one that it starts from.
#[track_caller]
fn conflict<T: std::fmt::Debug>(result: Result<T, ServiceError>) {
    match result {
        Err(error) if error.kind == ServiceErrorKind::Conflict => {}
        other => panic!("not a conflict: {other:?}"),
    }
}

/// Runs several calls at the same time; every one must succeed or find a conflict. How many succeeded?
async fn winners<T>(calls: Vec<impl Future<Output = Result<T, ServiceError>> + Send + 'static>) -> usize
where
    T: std::fmt::Debug + Send + 'static,
{
    let running: Vec<_> = calls.into_iter().map(tokio::spawn).collect();
    let mut won = 0;
    for call in running {
        match call.await.unwrap() {
            Ok(_) => won += 1,
            lost => conflict(lost),
        }
    }
    won
}
