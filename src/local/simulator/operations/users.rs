//! CreateUser, DeleteUser, ListUsers, AssociateFaces, DisassociateFaces.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::time::Instant;

use serde::Serialize;

use super::Answer;
use crate::local::simulator::store::{Binding, Shelf, StoredFace, UserId};
use crate::local::simulator::tokens::Request;
use crate::local::simulator::{ApiError, ErrorKind, Simulator, check, pages, wire};
use crate::model::{CollectionId, FaceId};

/// Users on a page when nothing else is asked for; AWS does not document its own number.
const PAGE: usize = 500;
/// Most faces of one user, and of one request.
const MOST_FACES: usize = 100;
/// Similarity to a user that a further face of it needs when nothing else is asked for, in percent.
const THRESHOLD: f32 = 75.0;
/// The status that both changes of faces answer with: on AWS the user vector follows a little later.
const CHANGING: &str = "UPDATING";

pub fn create(simulator: &Simulator, request: wire::OneUser) -> Result<Answer, ApiError> {
    let target = Target::of("CreateUser", request.collection_id, request.user_id, request.client_request_token)?;
    target.answer(simulator, "", || {
        simulator.store().create_user(&target.collection, target.user.clone())?;
        Ok(wire::Empty {})
    })
}

pub fn delete(simulator: &Simulator, request: wire::OneUser) -> Result<Answer, ApiError> {
    let target = Target::of("DeleteUser", request.collection_id, request.user_id, request.client_request_token)?;
    target.answer(simulator, "", || {
        simulator.store().delete_user(&target.collection, &target.user)?;
        Ok(wire::Empty {})
    })
}

pub fn list(simulator: &Simulator, request: wire::ListUsers) -> Result<Answer, ApiError> {
    let collection = check::collection_id(request.collection_id)?;
    let size = check::count(request.max_results, "maxResults", 1..=500, PAGE)?;
    let scope = format!("users/{collection}");
    let from = pages::resume(&scope, request.next_token.as_deref())?.map_or(Bound::Unbounded, Bound::Excluded);
    let memory = simulator.store().read();
    let shelf = memory.shelf(&collection)?;
    let active: BTreeSet<_> = shelf.faces.values().filter_map(|face| face.user.as_ref()).collect();
    let mut rest = shelf.users.range::<str, _>((from, Bound::Unbounded));
    let page: Vec<_> = rest.by_ref().take(size).collect();
    let more = rest.next().is_some();
    let user = |user: &&UserId| wire::User {
        user_id: user.to_string(),
        user_status: if active.contains(user) { "ACTIVE" } else { "CREATED" },
    };
    let listed = wire::UsersListed {
        users: page.iter().map(user).collect(),
        next_token: page.last().filter(|_| more).map(|user| pages::token_after(&scope, user.as_str())),
    };
    Ok(Answer::of(&listed)?.on(collection))
}

pub fn associate(simulator: &Simulator, request: wire::FacesOfUser) -> Result<Answer, ApiError> {
    let target = Target::of("AssociateFaces", request.collection_id, request.user_id, request.client_request_token)?;
    let faces = face_ids(request.face_ids)?;
    let threshold = check::percent(request.user_match_threshold, "userMatchThreshold", THRESHOLD)?;
    target.answer(simulator, &format!("{faces:?} at {threshold}"), || {
        simulator.store().bind(&target.collection, |shelf| {
            shelf.expect_user(&target.user)?;
            let known: Vec<_> = shelf.faces_of(&target.user).collect();
            let (joining, unsuccessful) = target.joining(shelf, &known, faces, threshold);
            if known.len() + joining.len() > MOST_FACES {
                let message = format!("A user cannot have more than {MOST_FACES} faces");
                return Err(ApiError::new(ErrorKind::ServiceQuotaExceeded, message));
            }
            let answer = wire::FacesAssociated {
                associated_faces: named(&joining),
                unsuccessful_face_associations: unsuccessful,
                user_status: CHANGING,
            };
            Ok((bindings(joining, Some(&target.user)), answer))
        })
    })
}

pub fn disassociate(simulator: &Simulator, request: wire::FacesOfUser) -> Result<Answer, ApiError> {
    let target = Target::of("DisassociateFaces", request.collection_id, request.user_id, request.client_request_token)?;
    let faces = face_ids(request.face_ids)?;
    target.answer(simulator, &format!("{faces:?}"), || {
        simulator.store().bind(&target.collection, |shelf| {
            shelf.expect_user(&target.user)?;
            let (mut leaving, mut unsuccessful) = (Vec::new(), Vec::new());
            for face in faces {
                match shelf.faces.get(face.as_str()).and_then(|known| known.user.as_ref()) {
                    Some(user) if *user == target.user => leaving.push(face),
                    Some(other) => unsuccessful.push(of_another(&face, other)),
                    None => unsuccessful.push(not_found(&face)),
                }
            }
            let answer = wire::FacesDisassociated {
                disassociated_faces: named(&leaving),
                unsuccessful_face_disassociations: unsuccessful,
                user_status: CHANGING,
            };
            Ok((bindings(leaving, None), answer))
        })
    })
}

/// Which user a request is about, and by which token it can be known again.
struct Target {
    operation: &'static str,
    collection: CollectionId,
    user: UserId,
    token: Option<String>,
}

impl Target {
    fn of(
        operation: &'static str,
        collection: Option<String>,
        user: Option<String>,
        token: Option<String>,
    ) -> Result<Self, ApiError> {
        Ok(Self {
            operation,
            collection: check::collection_id(collection)?,
            user: check::user_id(user)?,
            token: check::client_request_token(token)?,
        })
    }

    /// Does the work, unless it was done for the same request before.
    fn answer<T: Serialize>(
        &self,
        simulator: &Simulator,
        parameters: &str,
        work: impl FnOnce() -> Result<T, ApiError>,
    ) -> Result<Answer, ApiError> {
        let work = || Answer::of(&work()?).map(|answer| answer.body);
        let body = match &self.token {
            None => work()?,
            Some(token) => {
                let (operation, collection) = (self.operation, &self.collection);
                let parameters = format!("{} {parameters}", self.user);
                simulator.tokens().once(Request { operation, token, collection, parameters }, Instant::now(), work)?
            }
        };
        Ok(Answer { body, faces_detected: None, collection: Some(self.collection.clone()) })
    }

    /// Which faces become the user's, and which do not. Those that are already are in neither list.
    fn joining(
        &self,
        among: &Shelf,
        known: &[&StoredFace],
        faces: BTreeSet<FaceId>,
        threshold: f32,
    ) -> (Vec<FaceId>, Vec<wire::Unbound>) {
        let (mut joining, mut unsuccessful) = (Vec::new(), Vec::new());
        for id in faces {
            let Some(face) = among.faces.get(id.as_str()) else {
                unsuccessful.push(not_found(&id));
                continue;
            };
            match &face.user {
                Some(user) if *user == self.user => {}
                Some(other) => unsuccessful.push(of_another(&id, other)),
                None => {
                    let similarities = known.iter().map(|known| known.signature.similarity(&face.signature));
                    // A user without faces resembles nobody yet, and takes the first ones as they are.
                    match similarities.reduce(f32::max).filter(|similarity| *similarity < threshold) {
                        Some(similarity) => unsuccessful.push(self.unlike(&id, similarity)),
                        None => joining.push(id),
                    }
                }
            }
        }
        (joining, unsuccessful)
    }

    fn unlike(&self, face: &FaceId, similarity: f32) -> wire::Unbound {
        wire::Unbound {
            face_id: face.to_string(),
            user_id: Some(self.user.to_string()),
            confidence: Some(similarity),
            reasons: vec!["LOW_MATCH_CONFIDENCE"],
        }
    }
}

fn face_ids(values: Option<Vec<String>>) -> Result<BTreeSet<FaceId>, ApiError> {
    let values = check::required(values, "faceIds")?;
    Ok(check::face_ids(values, MOST_FACES)?.into_iter().collect())
}

fn not_found(face: &FaceId) -> wire::Unbound {
    wire::Unbound { face_id: face.to_string(), user_id: None, confidence: None, reasons: vec!["FACE_NOT_FOUND"] }
}

fn of_another(face: &FaceId, user: &UserId) -> wire::Unbound {
    wire::Unbound {
        face_id: face.to_string(),
        user_id: Some(user.to_string()),
        confidence: None,
        reasons: vec!["ASSOCIATED_TO_A_DIFFERENT_USER"],
    }
}

fn named(faces: &[FaceId]) -> Vec<wire::NamedFace> {
    faces.iter().map(|face| wire::NamedFace { face_id: face.to_string() }).collect()
}

fn bindings(faces: Vec<FaceId>, user: Option<&UserId>) -> Vec<Binding> {
    faces.into_iter().map(|face| (face, user.cloned())).collect()
}
