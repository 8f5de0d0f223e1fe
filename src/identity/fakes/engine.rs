//! The world as a face engine.

use super::{StoredFace, World, face, face_id, person, similarity, word};
use crate::identity::*;
use crate::model::{CollectionId, ExternalImageId, FaceId, LivenessSessionId, Percent};

fn engine_error(error: ServiceError) -> EngineError {
    match error.kind {
        ServiceErrorKind::Throttled => EngineError::Throttled,
        _ => EngineError::Failed(error),
    }
}

impl World {
    fn words(&self, picture: PictureRef<'_>) -> Result<String, EngineError> {
        let bytes = match picture {
            PictureRef::Inline(picture) => picture.bytes().to_vec(),
            PictureRef::Stored(key) => {
                self.state().images.get(key).cloned().ok_or(EngineError::Picture(PictureError::Unreadable))?
            }
        };
        Ok(String::from_utf8(bytes[29..].to_vec()).unwrap())
    }
}

impl FaceEngine for World {
    async fn detect(&self, picture: PictureRef<'_>) -> Result<Vec<DetectedFace>, EngineError> {
        self.call("detect", |_| Ok(())).await.map_err(engine_error)?;
        let words = self.words(picture)?;
        if person(&words) == "nobody" {
            return Ok(Vec::new());
        }
        let face = DetectedFace {
            yaw: word(&words, "yaw").or(Some(0.0)),
            sunglasses: word(&words, "sunglasses").or(Some(false)),
            sharpness: word(&words, "sharpness").map(Percent::saturating).or(face().sharpness),
            ..face()
        };
        Ok(vec![face; word(&words, "faces").unwrap_or(1)])
    }

    async fn compare(&self, source: PictureRef<'_>, target: PictureRef<'_>) -> Result<Comparison, EngineError> {
        self.call("compare", |_| Ok(())).await.map_err(engine_error)?;
        let (source, target) = (self.words(source)?, self.words(target)?);
        if [&source, &target].into_iter().any(|words| person(words) == "nobody") {
            return Err(EngineError::NoFace);
        }
        Ok(Comparison { similarity: similarity(&source, &target), confidence: Percent::FULL, faces: 1 })
    }

    async fn index(
        &self,
        collection: &CollectionId,
        picture: PictureRef<'_>,
        reference: &ExternalImageId,
    ) -> Result<Indexing, EngineError> {
        let words = self.words(picture)?;
        let added = self.call("index", |state| {
            if let Some(reasons) = &state.rejects {
                return Ok(Some(Indexing::Rejected(reasons.clone())));
            }
            let Some((version, faces)) = state.collections.get_mut(collection) else { return Ok(None) };
            let same = |face: &&StoredFace| face.reference == reference.as_str() && face.words == words;
            let engine_face = if let Some(known) = faces.iter().find(same) {
                known.engine_face.clone()
            } else {
                state.indexed += 1;
                let engine_face = face_id(2_000 + state.indexed);
                let reference = reference.to_string();
                faces.push(StoredFace { words, reference, engine_face: engine_face.clone() });
                engine_face
            };
            Ok(Some(Indexing::Indexed(Indexed { engine_face, model_version: Some(version.clone()) })))
        });
        added.await.map_err(engine_error)?.ok_or_else(|| EngineError::NoCollection(collection.clone()))
    }

    async fn search(
        &self,
        collection: &CollectionId,
        picture: PictureRef<'_>,
        floor: Percent,
        limit: u16,
    ) -> Result<CollectionMatches, EngineError> {
        self.call("search", |_| Ok(())).await.map_err(engine_error)?;
        let words = self.words(picture)?;
        if person(&words) == "nobody" {
            return Err(EngineError::NoFace);
        }
        let state = self.state();
        let Some((version, faces)) = state.collections.get(collection) else {
            return Err(EngineError::NoCollection(collection.clone()));
        };
        let mut faces: Vec<MatchedFace> = faces
            .iter()
            .map(|face| MatchedFace {
                engine_face: face.engine_face.clone(),
                reference: ExternalImageId::new(face.reference.clone()).ok(),
                similarity: similarity(&face.words, &words),
            })
            .filter(|face| face.similarity >= floor)
            .collect();
        faces.sort_by(|a, b| b.similarity.value().total_cmp(&a.similarity.value()));
        faces.truncate(usize::from(limit));
        Ok(CollectionMatches { model_version: Some(version.clone()), faces })
    }

    async fn forget(&self, collection: &CollectionId, forgotten: &[FaceId]) -> Result<(), EngineError> {
        let forget = self.call("forget", |state| {
            if let Some((_, faces)) = state.collections.get_mut(collection) {
                faces.retain(|stored| !forgotten.contains(&stored.engine_face));
            }
            Ok(())
        });
        forget.await.map_err(engine_error)
    }

    async fn describe(&self, collection: &CollectionId) -> Result<CollectionFacts, EngineError> {
        self.call("describe", |_| Ok(())).await.map_err(engine_error)?;
        match self.state().collections.get(collection) {
            None => Err(EngineError::NoCollection(collection.clone())),
            Some((version, faces)) => {
                Ok(CollectionFacts { faces: faces.len() as u64, model_version: Some(version.clone()) })
            }
        }
    }

    async fn lines_of_text(&self, picture: PictureRef<'_>) -> Result<usize, EngineError> {
        self.call("lines_of_text", |_| Ok(())).await.map_err(engine_error)?;
        Ok(word(&self.words(picture)?, "lines").unwrap_or(3))
    }
}

impl LivenessEngine for World {
    async fn create_session(&self, token: &str, prefix: &str, _: u8) -> Result<LivenessSessionId, ServiceError> {
        self.call("create_session", |state| {
            state.session_requests.push((token.to_owned(), prefix.to_owned()));
            // The token is the session's id.
            Ok(LivenessSessionId::new(token).unwrap())
        })
        .await
    }

    async fn session_result(&self, session: &LivenessSessionId) -> Result<Option<LivenessResult>, ServiceError> {
        self.call("session_result", |state| Ok(state.session_results.get(session).cloned())).await
    }
}
