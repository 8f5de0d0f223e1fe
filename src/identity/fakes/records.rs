//! The world as the tables of records.

use super::{BTreeSet, State, World, conflict};
use crate::identity::faces::{Blacklisting, FaceRecord, RecordState, SessionId};
use crate::identity::liveness::{LivenessRecord, LivenessState, LivenessVerdict};
use crate::identity::registration::{Conclusion, IndexedFaces, Registration, RegistrationState};
use crate::identity::user::{PhotoChange, User, UserFace};
use crate::identity::*;
use crate::model::{CollectionId, FaceId, LivenessSessionId, RegistrationId, TenantId, Timestamp, UserId};

impl FaceRecords for World {
    async fn add(&self, record: &FaceRecord, places: u32) -> Result<bool, ServiceError> {
        self.call("add", |state| {
            if state.records.contains_key(&record.face) {
                return Err(conflict("not new"));
            }
            let taken = state.in_session(&record.tenant, &record.session);
            if taken >= places as usize {
                return Ok(false);
            }
            state.records.insert(record.face.clone(), record.clone());
            Ok(true)
        })
        .await
    }

    async fn activate(&self, tenant: &TenantId, face: &FaceId, indexed: &Indexed) -> Result<(), ServiceError> {
        self.call("activate", |state| match state.records.get_mut(face) {
            Some(record) if record.tenant == *tenant && record.state == RecordState::Pending => {
                record.state = RecordState::Active(indexed.clone());
                Ok(())
            }
            _ => Err(conflict("not pending")),
        })
        .await
    }

    async fn blacklist(
        &self,
        tenant: &TenantId,
        face: &FaceId,
        blacklisting: &Blacklisting,
    ) -> Result<(), ServiceError> {
        self.call("blacklist", |state| match state.records.get_mut(face) {
            Some(record) if record.tenant == *tenant && matches!(record.state, RecordState::Active(_)) => {
                record.blacklisted = Some(blacklisting.clone());
                Ok(())
            }
            _ => Err(conflict("not active")),
        })
        .await
    }

    async fn begin_deletion(&self, tenant: &TenantId, face: &FaceId) -> Result<(), ServiceError> {
        self.call("begin_deletion", |state| match state.records.get_mut(face) {
            Some(record) if record.tenant == *tenant => {
                record.state = RecordState::Deleting;
                Ok(())
            }
            _ => Err(conflict("not there")),
        })
        .await
    }

    async fn remove(&self, record: &FaceRecord) -> Result<(), ServiceError> {
        self.call("remove", |state| {
            state.records.remove(&record.face);
            Ok(())
        })
        .await
    }

    async fn find(&self, tenant: &TenantId, face: &FaceId) -> Result<Option<FaceRecord>, ServiceError> {
        let own = |state: &mut State| Ok(state.records.get(face).filter(|record| record.tenant == *tenant).cloned());
        self.call("find", own).await
    }

    async fn find_all(&self, tenant: &TenantId, faces: &[FaceId]) -> Result<Vec<FaceRecord>, ServiceError> {
        self.call("find_all", |state| {
            let known = faces.iter().collect::<BTreeSet<_>>().into_iter().filter_map(|face| state.records.get(face));
            Ok(known.filter(|record| record.tenant == *tenant).cloned().collect())
        })
        .await
    }

    async fn unsettled(&self, before: Timestamp, limit: u16) -> Result<Vec<(TenantId, FaceId)>, ServiceError> {
        self.call("unsettled_faces", |state| {
            let open = state.records.values().filter(|record| !matches!(record.state, RecordState::Active(_)));
            let open = open.map(|record| (record.created_at, (record.tenant.clone(), record.face.clone())));
            Ok(oldest(open, before, limit))
        })
        .await
    }
}

/// What began before a moment, oldest first.
fn oldest<T>(began: impl Iterator<Item = (Timestamp, T)>, before: Timestamp, limit: u16) -> Vec<T> {
    let mut old: Vec<_> = began.filter(|(since, _)| *since < before).collect();
    old.sort_by_key(|(since, _)| *since);
    old.into_iter().take(limit.into()).map(|(_, what)| what).collect()
}

impl State {
    fn in_session(&self, tenant: &TenantId, session: &SessionId) -> usize {
        self.records.values().filter(|record| record.tenant == *tenant && record.session == *session).count()
    }

    fn registration(&mut self, id: &RegistrationId) -> Result<&mut Registration, ServiceError> {
        self.registrations.get_mut(id).ok_or_else(|| conflict("no such registration"))
    }
}

impl RegistrationRecords for World {
    async fn begin(&self, registration: &Registration) -> Result<(), ServiceError> {
        self.call("begin", |state| {
            if state.registrations.contains_key(&registration.id) {
                return Err(conflict("not new"));
            }
            state.registrations.insert(registration.id.clone(), registration.clone());
            Ok(())
        })
        .await
    }

    async fn find(&self, id: &RegistrationId) -> Result<Option<Registration>, ServiceError> {
        self.call("find_registration", |state| Ok(state.registrations.get(id).cloned())).await
    }

    async fn reserve(&self, own: &Registration, collection: &CollectionId) -> Result<Reserved, ServiceError> {
        self.call("reserve", |state| {
            let taken = state.users.contains_key(&own.user) || state.reserved.contains_key(&own.user);
            let registration = state.registration(&own.id)?;
            if registration.state != RegistrationState::Started {
                return Err(conflict("not started"));
            }
            if taken {
                return Ok(Reserved::UserExists);
            }
            registration.state = RegistrationState::Pending { collection: collection.clone() };
            state.reserved.insert(own.user.clone(), own.id.clone());
            Ok(Reserved::Done)
        })
        .await
    }

    async fn index(&self, id: &RegistrationId, faces: &IndexedFaces) -> Result<(), ServiceError> {
        self.call("index_registration", |state| {
            let registration = state.registration(id)?;
            let RegistrationState::Pending { collection } = &registration.state else {
                return Err(conflict("not pending"));
            };
            registration.state = RegistrationState::Indexed { collection: collection.clone(), faces: faces.clone() };
            Ok(())
        })
        .await
    }

    async fn approve(&self, id: &RegistrationId, conclusion: &Conclusion, user: &User) -> Result<(), ServiceError> {
        self.call("approve", |state| {
            let reserved = state.reserved.get(&user.id) == Some(id);
            let registration = state.registration(id)?;
            if !reserved || !matches!(registration.state, RegistrationState::Indexed { .. }) {
                return Err(conflict("not indexed, or the user id is not reserved for it"));
            }
            registration.state = RegistrationState::Concluded(conclusion.clone());
            state.reserved.remove(&user.id);
            state.users.insert(user.id.clone(), user.clone());
            Ok(())
        })
        .await
    }

    async fn begin_undoing(&self, id: &RegistrationId, verdict: &Conclusion) -> Result<(), ServiceError> {
        self.call("begin_undoing", |state| {
            let registration = state.registration(id)?;
            if matches!(registration.state, RegistrationState::Undoing { .. } | RegistrationState::Concluded(_)) {
                return Err(conflict("over already"));
            }
            let collection = registration.state.collection().cloned();
            registration.state = RegistrationState::Undoing { collection, verdict: verdict.clone() };
            Ok(())
        })
        .await
    }

    async fn conclude(&self, own: &Registration) -> Result<(), ServiceError> {
        self.call("conclude", |state| {
            let registration = state.registration(&own.id)?;
            let RegistrationState::Undoing { verdict, .. } = &registration.state else {
                return Err(conflict("not undoing"));
            };
            registration.state = RegistrationState::Concluded(verdict.clone());
            if state.reserved.get(&own.user) == Some(&own.id) {
                state.reserved.remove(&own.user);
            }
            Ok(())
        })
        .await
    }

    async fn unsettled(&self, before: Timestamp, limit: u16) -> Result<Vec<RegistrationId>, ServiceError> {
        self.call("unsettled_registrations", |state| {
            let open = state.registrations.values();
            let open = open.filter(|registration| !matches!(registration.state, RegistrationState::Concluded(_)));
            Ok(oldest(open.map(|registration| (registration.created_at, registration.id.clone())), before, limit))
        })
        .await
    }
}

impl UserRecords for World {
    async fn find(&self, user: &UserId) -> Result<Option<User>, ServiceError> {
        self.call("find_user", |state| Ok(state.users.get(user).cloned())).await
    }

    async fn holder(&self, user: &UserId) -> Result<Option<RegistrationId>, ServiceError> {
        self.call("holder", |state| {
            let approved = state.users.get(user).map(|user| user.registration.clone());
            Ok(approved.or_else(|| state.reserved.get(user).cloned()))
        })
        .await
    }

    async fn seen(&self, user: &UserId, at: Timestamp) -> Result<(), ServiceError> {
        self.change_user("seen", user, |user| {
            user.seen_at = at;
            Ok(())
        })
        .await
    }

    async fn begin_change(&self, user: &UserId, change: &PhotoChange) -> Result<(), ServiceError> {
        self.change_user("begin_change", user, |user| match user.change {
            None => {
                user.change = Some(change.clone());
                Ok(())
            }
            Some(_) => Err(conflict("a change is going on")),
        })
        .await
    }

    async fn switch_face(&self, from: &User, selfie: &UserFace, at: Timestamp) -> Result<(), ServiceError> {
        self.change_user("switch_face", &from.id, |user| {
            let Some(PhotoChange::Adding { since, .. }) = &user.change else { return Err(conflict("not adding")) };
            if user.change != from.change {
                return Err(conflict("another change"));
            }
            user.change = Some(PhotoChange::Retiring { old: user.selfie.clone(), since: *since });
            user.selfie = selfie.clone();
            user.seen_at = at;
            Ok(())
        })
        .await
    }

    async fn end_change(&self, user: &UserId, change: &PhotoChange) -> Result<(), ServiceError> {
        self.change_user("end_change", user, |user| {
            if user.change.as_ref() != Some(change) {
                return Err(conflict("another change"));
            }
            user.change = None;
            Ok(())
        })
        .await
    }

    async fn remove(&self, user: &UserId) -> Result<(), ServiceError> {
        self.call("remove_user", |state| {
            state.users.remove(user);
            Ok(())
        })
        .await
    }

    async fn unsettled(&self, before: Timestamp, limit: u16) -> Result<Vec<UserId>, ServiceError> {
        self.call("unsettled_users", |state| {
            let changing =
                state.users.values().filter_map(|user| Some((user.change.as_ref()?.since(), user.id.clone())));
            Ok(oldest(changing, before, limit))
        })
        .await
    }
}

impl World {
    async fn change_user(
        &self,
        call: &'static str,
        user: &UserId,
        change: impl FnOnce(&mut User) -> Result<(), ServiceError>,
    ) -> Result<(), ServiceError> {
        self.call(call, |state| change(state.users.get_mut(user).ok_or_else(|| conflict("no such user"))?)).await
    }

    async fn change_session(
        &self,
        call: &'static str,
        session: &LivenessSessionId,
        change: impl FnOnce(&LivenessState) -> Option<LivenessState>,
    ) -> Result<(), ServiceError> {
        self.call(call, |state| {
            let record = state.sessions.get_mut(session).ok_or_else(|| conflict("no such session"))?;
            record.state = change(&record.state).ok_or_else(|| conflict("not in that state"))?;
            Ok(())
        })
        .await
    }
}

impl LivenessRecords for World {
    async fn add(&self, record: &LivenessRecord) -> Result<(), ServiceError> {
        self.call("add_session", |state| {
            if state.sessions.contains_key(&record.id) {
                return Err(conflict("not new"));
            }
            state.sessions.insert(record.id.clone(), record.clone());
            Ok(())
        })
        .await
    }

    async fn find(&self, session: &LivenessSessionId) -> Result<Option<LivenessRecord>, ServiceError> {
        self.call("find_session", |state| Ok(state.sessions.get(session).cloned())).await
    }

    async fn judge(&self, session: &LivenessSessionId, verdict: &LivenessVerdict) -> Result<(), ServiceError> {
        let judged = LivenessState::Judged(verdict.clone());
        self.change_session("judge", session, |state| (*state == LivenessState::Open).then_some(judged)).await
    }

    async fn consume(&self, session: &LivenessSessionId) -> Result<(), ServiceError> {
        self.change_session("consume", session, |state| match state {
            LivenessState::Judged(verdict) => Some(LivenessState::Used(verdict.clone())),
            LivenessState::Open | LivenessState::Used(_) | LivenessState::Abandoned => None,
        })
        .await
    }

    async fn abandon(&self, session: &LivenessSessionId) -> Result<(), ServiceError> {
        self.change_session("abandon", session, |state| match state {
            LivenessState::Open | LivenessState::Judged(_) => Some(LivenessState::Abandoned),
            LivenessState::Used(_) | LivenessState::Abandoned => None,
        })
        .await
    }

    async fn unsettled(&self, before: Timestamp, limit: u16) -> Result<Vec<LivenessSessionId>, ServiceError> {
        self.call("unsettled_sessions", |state| {
            let open = state.sessions.values();
            let open = open.filter(|record| matches!(record.state, LivenessState::Open | LivenessState::Judged(_)));
            Ok(oldest(open.map(|record| (record.created_at, record.id.clone())), before, limit))
        })
        .await
    }
}
