//! Liveness sessions.

use std::sync::Arc;

use super::{conflict, later, moment, tenant, uuid, winners};
use crate::identity::liveness::{LivenessPurpose, LivenessRecord, LivenessState, LivenessVerdict};
use crate::identity::{LivenessRecords, Ports};
use crate::model::{LivenessSessionId, Percent, UserId};

pub async fn contract<P: Ports + 'static>(ports: &Arc<P>) {
    let sessions = ports.liveness();
    let (used, left) = (session(1), session(2));
    let verdict = LivenessVerdict {
        refusal: None,
        confidence: Percent::new(99.25).ok(),
        reference: Some("liveness/1/reference.jpg".to_owned()),
        audit: vec!["liveness/1/audit.jpg".to_owned()],
    };

    conflict(sessions.judge(&used.id, &verdict).await);
    for record in [&left, &used] {
        assert_eq!(sessions.add(record).await, Ok(()));
        conflict(sessions.add(record).await);
    }
    assert_eq!(sessions.find(&used.id).await, Ok(Some(used.clone())));
    assert_eq!(sessions.unsettled(later(), 10).await, Ok(vec![used.id.clone(), left.id.clone()]), "the oldest first");
    assert_eq!(sessions.unsettled(moment(2), 10).await, Ok(vec![used.id.clone()]));

    conflict(sessions.consume(&used.id).await);
    assert_eq!(sessions.judge(&used.id, &verdict).await, Ok(()));
    conflict(sessions.judge(&used.id, &verdict).await);
    let judged = LivenessRecord { state: LivenessState::Judged(verdict.clone()), ..used.clone() };
    assert_eq!(sessions.find(&used.id).await, Ok(Some(judged)));

    let consuming = (0..8).map(|_| {
        let (ports, id) = (Arc::clone(ports), used.id.clone());
        async move { ports.liveness().consume(&id).await }
    });
    assert_eq!(winners(consuming.collect()).await, 1);
    conflict(sessions.abandon(&used.id).await);
    let gone = LivenessRecord { state: LivenessState::Used(verdict), ..used.clone() };
    assert_eq!(sessions.find(&used.id).await, Ok(Some(gone)));

    assert_eq!(sessions.abandon(&left.id).await, Ok(()));
    conflict(sessions.abandon(&left.id).await);
    let abandoned = LivenessRecord { state: LivenessState::Abandoned, ..left.clone() };
    assert_eq!(sessions.find(&left.id).await, Ok(Some(abandoned)));
    assert_eq!(sessions.unsettled(later(), 10).await, Ok(Vec::new()));
}

fn session(began: i64) -> LivenessRecord {
    LivenessRecord {
        id: LivenessSessionId::new(uuid()).unwrap(),
        tenant: tenant(),
        user: UserId::new("customer:7").ok(),
        purpose: LivenessPurpose::PhotoUpdate,
        created_at: moment(began),
        state: LivenessState::Open,
    }
}
