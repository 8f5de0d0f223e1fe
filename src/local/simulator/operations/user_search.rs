//! SearchUsers and SearchUsersByImage.

use std::collections::BTreeMap;

use super::Answer;
use crate::local::simulator::analysis::{Face, QualityFilter, Reason, Signature, analyse, detail};
use crate::local::simulator::store::{Shelf, UserId};
use crate::local::simulator::{ApiError, ErrorKind, Simulator, check, picture, wire};

/// Similarity that makes a match when nothing else is asked for, in percent.
const THRESHOLD: f32 = 80.0;
/// Most matches of a search, also when nothing else is asked for.
const MOST_MATCHES: usize = 500;

pub fn by_id(simulator: &Simulator, request: wire::SearchUsers) -> Result<Answer, ApiError> {
    let collection = check::collection_id(request.collection_id)?;
    let wanted = Wanted::of(request.user_match_threshold, request.max_users)?;
    let memory = simulator.store().read();
    let shelf = memory.shelf(&collection)?;
    let (user_matches, searched_face, searched_user) = match (request.user_id, request.face_id) {
        (Some(user), None) => {
            let user = check::user_id(Some(user))?;
            shelf.expect_user(&user)?;
            let own: Vec<_> = shelf.faces_of(&user).map(|face| &face.signature).collect();
            let searched = wire::SearchedUser { user_id: user.to_string() };
            (wanted.matches(shelf, &own, Some(&user)), None, Some(searched))
        }
        (None, Some(face)) => {
            let id = check::face_id(face, "faceId")?;
            let face = shelf.faces.get(id.as_str()).ok_or_else(|| {
                ApiError::new(ErrorKind::ResourceNotFound, format!("The face id: {id} was not found in the collection"))
            })?;
            let searched = wire::NamedFace { face_id: id.to_string() };
            (wanted.matches(shelf, &[&face.signature], None), Some(searched), None)
        }
        _ => return Err(ErrorKind::InvalidParameter.into()),
    };
    let face_model_version = shelf.record.model_version.to_string();
    let searched = wire::UsersSearched { user_matches, face_model_version, searched_face, searched_user };
    Ok(Answer::of(&searched)?.on(collection))
}

pub fn by_image(simulator: &Simulator, request: wire::SearchUsersByImage) -> Result<Answer, ApiError> {
    let collection = check::collection_id(request.collection_id)?;
    let wanted = Wanted::of(request.user_match_threshold, request.max_users)?;
    let filter = check::quality_filter(request.quality_filter.as_deref(), QualityFilter::None)?;
    simulator.store().read().shelf(&collection)?;
    let faces = analyse(&picture::load(simulator, request.image, "image")?);
    // Only the largest face is searched for; when it is not good enough, no other takes its place. Unlike in
    // SearchFacesByImage, a picture without a face is no error.
    let largest = faces.first().filter(|face| filter.passes(face));
    let unsearched = faces.iter().enumerate().filter_map(|(rank, face)| {
        let reasons = if rank == 0 { names(&filter.reasons(face)) } else { vec!["FACE_NOT_LARGEST"] };
        (!reasons.is_empty()).then(|| wire::UnsearchedFace { face_details: detail(face, &[]), reasons })
    });
    let memory = simulator.store().read();
    let shelf = memory.shelf(&collection)?;
    let found = |face: &Face| wanted.matches(shelf, &[&face.signature], None);
    let searched = wire::UsersSearchedByImage {
        user_matches: largest.map(found).unwrap_or_default(),
        face_model_version: shelf.record.model_version.to_string(),
        searched_face: largest.map(|face| wire::SearchedFace { face_detail: detail(face, &[]) }),
        unsearched_faces: unsearched.collect(),
    };
    Ok(Answer::of(&searched)?.on(collection))
}

fn names(reasons: &[Reason]) -> Vec<&'static str> {
    reasons.iter().map(|reason| reason.name()).collect()
}

/// Which matches are asked for.
struct Wanted {
    /// In percent.
    threshold: f32,
    most: usize,
}

impl Wanted {
    fn of(threshold: Option<f32>, most: Option<i64>) -> Result<Self, ApiError> {
        Ok(Self {
            threshold: check::percent(threshold, "userMatchThreshold", THRESHOLD)?,
            most: check::count(most, "maxUsers", 1..=500, MOST_MATCHES)?,
        })
    }

    /// The users that are alike enough, most alike first, without the one that is searched for. A user is as alike as
    /// the most alike of its faces; one without faces is never found.
    fn matches(&self, among: &Shelf, probes: &[&Signature], without: Option<&UserId>) -> Vec<wire::UserMatch> {
        let mut alike: BTreeMap<&UserId, f32> = BTreeMap::new();
        for face in among.faces.values() {
            let Some(user) = face.user.as_ref().filter(|user| Some(*user) != without) else { continue };
            let similarities = probes.iter().map(|probe| probe.similarity(&face.signature));
            if let Some(similarity) = similarities.reduce(f32::max) {
                let best = alike.entry(user).or_default();
                *best = best.max(similarity);
            }
        }
        let mut found: Vec<_> = alike.into_iter().filter(|(_, similarity)| *similarity >= self.threshold).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found.truncate(self.most);
        let user = |user: &UserId| wire::User { user_id: user.to_string(), user_status: "ACTIVE" };
        found.into_iter().map(|(id, similarity)| wire::UserMatch { similarity, user: user(id) }).collect()
    }
}
