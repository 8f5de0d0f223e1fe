//! Registered users in the world, and whether everything that is kept of them agrees.

use std::collections::BTreeSet;

use super::{StoredFace, World, face_id, picture_bytes, registration_id};
use crate::identity::user::{User, UserFace};
use crate::identity::*;
use crate::model::{
    Collection, CollectionId, CollectionRole, Dimension, Environment, LivenessSessionId, Metric, ModelVersion, Percent,
    TenantId, Timestamp, UserId,
};

/// A collection of registered users of [`Environment::fixture`], which has two.
pub(crate) fn registered(shard: u16) -> CollectionId {
    let Environment { project, name, .. } = Environment::fixture();
    Collection::named(&project, &name, CollectionRole::Registered, shard).unwrap().id
}

/// A tenant's id.
pub(crate) fn tenant(name: &str) -> TenantId {
    TenantId::new(name).unwrap()
}

/// A user's id.
pub(crate) fn user_id(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

impl World {
    /// A world with the collections of registered users, empty.
    pub(crate) fn of_users() -> Self {
        let world = Self::default();
        for shard in [0, 1] {
            world.holds(&registered(shard), "7.0", &[]);
        }
        world
    }

    /// A registered user `NAME` of a tenant, with the faces of a selfie with these words and of a document with the
    /// same person on it. `NAME` is not the first word: two users can look alike.
    pub(crate) fn knows(&self, of: &str, name: &str, shard: u16, words: &str) -> User {
        let mut state = self.state();
        let mut keep = |kind: &str, words: String| {
            let image = format!("registrations/{name}/{kind}");
            state.images.insert(image.clone(), picture_bytes(&words));
            state.indexed += 1;
            let engine_face = face_id(5_000 + state.indexed);
            let (version, faces) = state.collections.get_mut(&registered(shard)).unwrap();
            faces.push(StoredFace { words, reference: name.to_owned(), engine_face: engine_face.clone() });
            UserFace { indexed: Indexed { engine_face, model_version: Some(version.clone()) }, image }
        };
        let selfie = keep("selfie", words.to_owned());
        let document = keep("document", format!("{words} document"));
        let now = Timestamp::now();
        let user = User {
            id: user_id(name),
            tenant: tenant(of),
            registration: registration_id(1),
            collection: registered(shard),
            document_image: document.image.clone(),
            selfie,
            document: Some(document),
            created_at: now,
            seen_at: now,
            change: None,
        };
        state.users.insert(user.id.clone(), user.clone());
        user
    }

    /// A collection of registered users is of another model version.
    pub(crate) fn has_version(&self, shard: u16, version: &str) {
        self.state().collections.get_mut(&registered(shard)).unwrap().0 = ModelVersion::new(version).unwrap();
    }

    /// A person has gone through a liveness session: its pictures lie in the store, and the engine tells this of it.
    pub(crate) fn shows(&self, session: &LivenessSessionId, words: &str, status: LivenessStatus, confidence: f64) {
        let mut state = self.state();
        let [reference, audit] = ["reference", "audit"].map(|kind| format!("liveness/prefix/{session}/{kind}"));
        for key in [&reference, &audit] {
            state.images.insert(key.clone(), picture_bytes(words));
        }
        let result = LivenessResult {
            status,
            confidence: Percent::new(confidence).ok(),
            reference: Some(reference),
            audit: vec![audit],
        };
        state.session_results.insert(session.clone(), result);
    }

    /// Every user has a face that is in the record and in the collection: at any moment.
    pub(crate) fn assert_everybody_has_a_face(&self, when: &str) {
        let state = self.state();
        for user in state.users.values().filter(|user| !user.is_leaving()) {
            let (_, faces) = &state.collections[&user.collection];
            let is_there = |written: &UserFace| faces.iter().any(|f| f.engine_face == written.indexed.engine_face);
            assert!(is_there(&user.selfie), "{when}: the face that is written down is not in the collection");
        }
    }

    /// Records, collections and pictures of users say the same, and nothing is going on: once all is settled.
    pub(crate) fn assert_all_agree(&self, when: &str) {
        let state = self.state();
        let users = || state.users.values();
        assert!(users().all(|user| user.change.is_none()), "{when}: a change is going on");
        let written: BTreeSet<_> = users()
            .flat_map(|user| user.faces().map(|face| (user.id.to_string(), face.indexed.engine_face.clone())))
            .collect();
        let faces = state.collections.values().flat_map(|(_, faces)| faces);
        let indexed: BTreeSet<_> = faces.map(|face| (face.reference.clone(), face.engine_face.clone())).collect();
        assert_eq!(indexed, written, "{when}: vectors (left) and records (right) disagree");
        let pictures = |user: &User| -> Vec<String> {
            user.faces().map(|face| face.image.clone()).chain([user.document_image.clone()]).collect()
        };
        let named: BTreeSet<String> = users().flat_map(pictures).collect();
        // Those of liveness sessions have a lifetime of their own.
        let kept = state.images.keys().filter(|key| !key.starts_with("liveness/"));
        assert_eq!(kept.cloned().collect::<BTreeSet<_>>(), named, "{when}: pictures and records disagree");
    }
}

/// The labels of a metric's numbers, in the order in which they were counted: `approved`, `authentication search …`.
pub(crate) fn counted(points: &[Datapoint], metric: Metric) -> Vec<String> {
    let labels = |point: &Datapoint| {
        let values = point.labels.iter().filter(|(dimension, _)| *dimension != Dimension::Environment);
        values.map(|(_, value)| *value).collect::<Vec<_>>().join(" ")
    };
    points.iter().filter(|point| point.metric == metric).map(labels).collect()
}
