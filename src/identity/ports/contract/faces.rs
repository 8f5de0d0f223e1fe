//! Faces of tenants, and the places of their sessions.

use std::sync::Arc;

use super::{conflict, face, later, moment, tenant, uuid, winners};
use crate::identity::faces::{Blacklisting, FaceRecord, RecordState, SessionId};
use crate::identity::{FaceRecords, Indexed, Ports};
use crate::model::{CollectionId, FaceId, ModelVersion, TenantId};

pub async fn contract<P: Ports + 'static>(ports: &Arc<P>) {
    a_face_goes_from_pending_to_active_to_deleting(ports.records()).await;
    faces_are_their_tenants(ports.records()).await;
    many_are_found_at_once(ports.records()).await;
    a_session_has_its_places_and_no_more(ports).await;
    assert_eq!(ports.records().unsettled(later(), 100).await, Ok(Vec::new()));
}

fn record(session: &str, began: i64) -> FaceRecord {
    FaceRecord {
        tenant: tenant(),
        face: face(),
        session: SessionId::new(session).unwrap(),
        collection: CollectionId::new("idv-local-tenant-demo-00").unwrap(),
        image_key: "tenants/demo/faces/1.png".to_owned(),
        metadata: serde_json::from_str(r#"{"order": {"number": 7}}"#).unwrap(),
        blacklisted: None,
        created_at: moment(began),
        state: RecordState::Pending,
    }
}

fn indexed() -> Indexed {
    Indexed { engine_face: face(), model_version: ModelVersion::new("7.0").ok() }
}

async fn a_face_goes_from_pending_to_active_to_deleting(records: &impl FaceRecords) {
    let pending = record("states", 1);
    let (tenant, id) = (pending.tenant.clone(), pending.face.clone());
    let judged = Blacklisting { reason: "chargeback".to_owned(), reviewer: Some("r-7".to_owned()), at: moment(3) };
    let again = Blacklisting { reviewer: None, ..judged.clone() };
    let indexed = indexed();

    conflict(records.activate(&tenant, &id, &indexed).await);
    conflict(records.begin_deletion(&tenant, &id).await);
    assert_eq!(records.add(&pending, 5).await, Ok(true));
    conflict(records.add(&pending, 5).await);
    assert_eq!(records.find(&tenant, &id).await, Ok(Some(pending.clone())));
    conflict(records.blacklist(&tenant, &id, &judged).await);
    assert_eq!(records.unsettled(moment(2), 10).await, Ok(vec![(tenant.clone(), id.clone())]));
    assert_eq!(records.unsettled(moment(1), 10).await, Ok(Vec::new()), "it is not older than that");

    assert_eq!(records.activate(&tenant, &id, &indexed).await, Ok(()));
    conflict(records.activate(&tenant, &id, &indexed).await);
    assert_eq!(records.unsettled(later(), 10).await, Ok(Vec::new()));
    for blacklisting in [judged, again] {
        assert_eq!(records.blacklist(&tenant, &id, &blacklisting).await, Ok(()));
        let active = RecordState::Active(indexed.clone());
        let expected = FaceRecord { state: active, blacklisted: Some(blacklisting), ..pending.clone() };
        assert_eq!(records.find(&tenant, &id).await, Ok(Some(expected)));
    }

    assert_eq!(records.begin_deletion(&tenant, &id).await, Ok(()));
    assert_eq!(records.begin_deletion(&tenant, &id).await, Ok(()), "a second time does no harm");
    let found = records.find(&tenant, &id).await.unwrap().unwrap();
    assert_eq!(found.state, RecordState::Deleting);
    conflict(records.activate(&tenant, &id, &indexed).await);
    assert_eq!(records.unsettled(later(), 10).await, Ok(vec![(tenant.clone(), id.clone())]));
    assert_eq!(records.remove(&found).await, Ok(()));
    assert_eq!(records.find(&tenant, &id).await, Ok(None));
}

async fn faces_are_their_tenants(records: &impl FaceRecords) {
    let own = record("tenants", 1);
    let stranger = TenantId::new("stranger").unwrap();
    assert_eq!(records.add(&own, 5).await, Ok(true));
    assert_eq!(records.find(&stranger, &own.face).await, Ok(None));
    assert_eq!(records.find_all(&stranger, std::slice::from_ref(&own.face)).await, Ok(Vec::new()));
    conflict(records.activate(&stranger, &own.face, &indexed()).await);
    conflict(records.begin_deletion(&stranger, &own.face).await);
    assert_eq!(records.remove(&own).await, Ok(()));
}

async fn many_are_found_at_once(records: &impl FaceRecords) {
    let known = [record("many", 1), record("many", 2), record("many", 3)];
    for record in &known {
        assert_eq!(records.add(record, 5).await, Ok(true));
    }
    let unknown: Vec<FaceId> = (0..150).map(|_| face()).collect();
    let mut asked: Vec<FaceId> = known.iter().map(|record| record.face.clone()).chain(unknown).collect();
    asked.push(known[0].face.clone());
    let mut found = records.find_all(&tenant(), &asked).await.unwrap();
    found.sort_by_key(|record| record.created_at);
    assert_eq!(found, known);
    assert_eq!(records.find_all(&tenant(), &[]).await, Ok(Vec::new()));
    let oldest: Vec<FaceId> = records.unsettled(later(), 2).await.unwrap().into_iter().map(|(_, face)| face).collect();
    assert_eq!(oldest, [known[0].face.clone(), known[1].face.clone()]);
    for record in &known {
        assert_eq!(records.remove(record).await, Ok(()));
    }
}

async fn a_session_has_its_places_and_no_more<P: Ports + 'static>(ports: &Arc<P>) {
    const PLACES: u32 = 3;
    let session = uuid();
    let records: Vec<FaceRecord> = (0..20).map(|number| record(&session, number)).collect();
    let adding = records.iter().cloned().map(|record| {
        let ports = Arc::clone(ports);
        tokio::spawn(async move { ports.records().add(&record, PLACES).await })
    });
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    for (record, added) in records.iter().zip(adding.collect::<Vec<_>>()) {
        if added.await.unwrap().unwrap() { inside.push(record) } else { outside.push(record) }
    }
    assert_eq!(inside.len(), PLACES as usize);
    let records = ports.records();
    assert_eq!(records.find(&tenant(), &outside[0].face).await, Ok(None));
    assert_eq!(records.add(outside[0], 0).await, Ok(false), "a session may have no places at all");

    // A place that is given back twice is one place.
    assert_eq!(records.remove(inside[0]).await, Ok(()));
    assert_eq!(records.remove(inside[0]).await, Ok(()));
    assert_eq!(records.add(outside[0], PLACES).await, Ok(true));
    assert_eq!(records.add(outside[1], PLACES).await, Ok(false));
    assert_eq!(records.add(outside[1], PLACES + 1).await, Ok(true), "the limit is the caller's");

    let left = [inside[1], inside[2], outside[0], outside[1]].map(|record| {
        let (ports, record) = (Arc::clone(ports), record.clone());
        async move { ports.records().remove(&record).await }
    });
    assert_eq!(winners(left.into()).await, 4);
    assert_eq!(records.unsettled(later(), 100).await, Ok(Vec::new()));
}
