//! A small world for tests: one struct that is face engine, store, records and queue at once.
//!
//! A test picture is a PNG header followed by words: `ada similarity=97 yaw=50 faces=2`. The first word is the person;
//! `nobody` is a picture without a face. Two pictures of one person are 100 % similar, or as much as `similarity=`
//! says; two persons are 5 % similar.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use super::*;
use crate::model::{CollectionId, ExternalImageId, FaceId, ModelVersion, Percent, TenantId};

/// What the world holds, and what it is told to do wrong.
#[derive(Default)]
pub(crate) struct World {
    state: Mutex<State>,
}

/// See [`World`].
#[derive(Default)]
pub(crate) struct State {
    pub(crate) collections: BTreeMap<CollectionId, (ModelVersion, Vec<StoredFace>)>,
    pub(crate) images: BTreeMap<String, Vec<u8>>,
    pub(crate) records: BTreeMap<FaceId, FaceRecord>,
    pub(crate) queue: Vec<(TenantId, FaceId)>,
    /// Calls that fail, by name: `index`, `activate` …
    pub(crate) failing: BTreeMap<&'static str, ServiceErrorKind>,
    /// Reasons for which the engine refuses to index.
    pub(crate) rejects: Option<Vec<String>>,
}

/// A face in a collection: its words, its reference, its engine id.
#[derive(Clone)]
pub(crate) struct StoredFace {
    pub(crate) words: String,
    pub(crate) reference: String,
    pub(crate) engine_face: FaceId,
}

/// A picture of 640 x 480 pixels with these words.
pub(crate) fn picture(words: &str) -> Picture {
    Picture::new(picture_bytes(words)).unwrap()
}

/// See [`picture`].
pub(crate) fn picture_bytes(words: &str) -> Vec<u8> {
    let (width, height) = (640u32.to_be_bytes(), 480u32.to_be_bytes());
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", &width[..], &height, &[8, 2, 0, 0, 0], words.as_bytes()].concat()
}

/// A face that passes every gate.
pub(crate) fn face() -> DetectedFace {
    DetectedFace {
        confidence: Percent::FULL,
        place: BoundingBox { width: 0.4, height: 0.5 },
        yaw: Some(0.0),
        pitch: Some(0.0),
        sharpness: Percent::new(80.0).ok(),
        brightness: Percent::new(70.0).ok(),
        eyes_open: Some(true),
        sunglasses: Some(false),
        occluded: Some(false),
    }
}

/// A collection's id.
pub(crate) fn collection(shard: u16) -> CollectionId {
    CollectionId::new(format!("idv-local-tenant-demo-{shard:02}")).unwrap()
}

/// A face id that ends in a number.
pub(crate) fn face_id(number: u32) -> FaceId {
    FaceId::new(format!("00000000-0000-4000-8000-{number:012}")).unwrap()
}

impl World {
    /// Everything, for looking and for changing.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Makes a collection with faces in it.
    pub(crate) fn holds(&self, collection: &CollectionId, version: &str, faces: &[(&str, u32)]) {
        let faces = faces.iter().map(|(words, number)| StoredFace {
            words: (*words).to_owned(),
            reference: face_id(*number).to_string(),
            engine_face: face_id(1_000 + number),
        });
        let version = ModelVersion::new(version).unwrap();
        self.state().collections.insert(collection.clone(), (version, faces.collect()));
    }

    /// Makes a call fail from now on.
    pub(crate) fn fails(&self, call: &'static str, kind: ServiceErrorKind) {
        self.state().failing.insert(call, kind);
    }

    /// Lets a call work again.
    pub(crate) fn works(&self, call: &str) {
        self.state().failing.remove(call);
    }

    fn check(&self, call: &'static str) -> Result<(), ServiceError> {
        match self.state().failing.get(call) {
            None => Ok(()),
            Some(kind) => Err(ServiceError::new(*kind, format!("{call} fails"))),
        }
    }

    fn check_engine(&self, call: &'static str) -> Result<(), EngineError> {
        self.check(call).map_err(|error| match error.kind {
            ServiceErrorKind::Throttled => EngineError::Throttled,
            _ => EngineError::Failed(error),
        })
    }
}

fn words(picture: &Picture) -> String {
    String::from_utf8(picture.bytes()[29..].to_vec()).unwrap()
}

fn person(words: &str) -> &str {
    words.split(' ').next().unwrap()
}

fn word<T: std::str::FromStr>(words: &str, name: &str) -> Option<T> {
    words.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

fn similarity(a: &str, b: &str) -> Percent {
    let same = word(a, "similarity").or_else(|| word(b, "similarity")).unwrap_or(100.0);
    Percent::new(if person(a) == person(b) { same } else { 5.0 }).unwrap()
}

impl FaceEngine for World {
    async fn detect(&self, picture: &Picture) -> Result<Vec<DetectedFace>, EngineError> {
        self.check_engine("detect")?;
        let words = words(picture);
        if person(&words) == "nobody" {
            return Ok(Vec::new());
        }
        let face = DetectedFace {
            yaw: word(&words, "yaw").or(Some(0.0)),
            sunglasses: word(&words, "sunglasses").or(Some(false)),
            ..face()
        };
        Ok(vec![face; word(&words, "faces").unwrap_or(1)])
    }

    async fn compare(&self, source: &Picture, target: &Picture) -> Result<Comparison, EngineError> {
        self.check_engine("compare")?;
        let (source, target) = (words(source), words(target));
        if [&source, &target].into_iter().any(|words| person(words) == "nobody") {
            return Err(EngineError::NoFace);
        }
        Ok(Comparison { similarity: similarity(&source, &target), confidence: Percent::FULL, faces: 1 })
    }

    async fn index(
        &self,
        collection: &CollectionId,
        picture: &Picture,
        reference: &ExternalImageId,
    ) -> Result<Indexing, EngineError> {
        self.check_engine("index")?;
        let mut state = self.state();
        if let Some(reasons) = &state.rejects {
            return Ok(Indexing::Rejected(reasons.clone()));
        }
        let Some((version, faces)) = state.collections.get_mut(collection) else {
            return Err(EngineError::NoCollection(collection.clone()));
        };
        let known = faces.iter().find(|face| face.reference == reference.as_str()).cloned();
        let number = u32::try_from(faces.len()).unwrap();
        let face = known.unwrap_or_else(|| {
            let reference = reference.to_string();
            let face = StoredFace { words: words(picture), reference, engine_face: face_id(2_000 + number) };
            faces.push(face.clone());
            face
        });
        Ok(Indexing::Indexed(Indexed { engine_face: face.engine_face, model_version: Some(version.clone()) }))
    }

    async fn search(
        &self,
        collection: &CollectionId,
        picture: &Picture,
        floor: Percent,
        limit: u16,
    ) -> Result<CollectionMatches, EngineError> {
        self.check_engine("search")?;
        let words = words(picture);
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
                face: FaceId::new(face.reference.clone()).ok(),
                similarity: similarity(&face.words, &words),
            })
            .filter(|face| face.similarity >= floor)
            .collect();
        faces.sort_by(|a, b| b.similarity.value().total_cmp(&a.similarity.value()));
        faces.truncate(usize::from(limit));
        Ok(CollectionMatches { model_version: Some(version.clone()), faces })
    }

    async fn forget(&self, collection: &CollectionId, face: &FaceId) -> Result<(), EngineError> {
        self.check_engine("forget")?;
        if let Some((_, faces)) = self.state().collections.get_mut(collection) {
            faces.retain(|stored| stored.engine_face != *face);
        }
        Ok(())
    }

    async fn describe(&self, collection: &CollectionId) -> Result<CollectionFacts, EngineError> {
        self.check_engine("describe")?;
        match self.state().collections.get(collection) {
            None => Err(EngineError::NoCollection(collection.clone())),
            Some((version, faces)) => {
                Ok(CollectionFacts { faces: faces.len() as u64, model_version: Some(version.clone()) })
            }
        }
    }
}

impl ImageStore for World {
    async fn store(&self, key: &str, picture: &Picture) -> Result<(), ServiceError> {
        self.check("store")?;
        self.state().images.insert(key.to_owned(), picture.bytes().to_vec());
        Ok(())
    }

    async fn load(&self, key: &str, limit: usize) -> Result<Stored, ServiceError> {
        self.check("load")?;
        Ok(match self.state().images.get(key) {
            None => Stored::Missing,
            Some(bytes) if bytes.len() > limit => Stored::TooLarge { bytes: bytes.len() },
            Some(bytes) => Stored::Bytes(bytes.clone()),
        })
    }

    async fn delete(&self, key: &str) -> Result<(), ServiceError> {
        self.check("delete")?;
        self.state().images.remove(key);
        Ok(())
    }
}

impl FaceRecords for World {
    async fn add(&self, record: &FaceRecord) -> Result<(), ServiceError> {
        self.check("add")?;
        self.state().records.insert(record.face.clone(), record.clone());
        Ok(())
    }

    async fn activate(&self, _: &TenantId, face: &FaceId, indexed: &Indexed) -> Result<(), ServiceError> {
        self.check("activate")?;
        match self.state().records.get_mut(face) {
            Some(record) if record.state == RecordState::Pending => {
                record.state = RecordState::Active(indexed.clone());
                Ok(())
            }
            _ => Err(ServiceError::new(ServiceErrorKind::Conflict, "not pending")),
        }
    }

    async fn find(&self, tenant: &TenantId, face: &FaceId) -> Result<Option<FaceRecord>, ServiceError> {
        self.check("find")?;
        Ok(self.state().records.get(face).filter(|record| record.tenant == *tenant).cloned())
    }

    async fn find_all(&self, tenant: &TenantId, faces: &[FaceId]) -> Result<Vec<FaceRecord>, ServiceError> {
        self.check("find_all")?;
        let state = self.state();
        let known = faces.iter().filter_map(|face| state.records.get(face));
        Ok(known.filter(|record| record.tenant == *tenant).cloned().collect())
    }

    async fn count(&self, tenant: &TenantId, session: &SessionId) -> Result<u32, ServiceError> {
        self.check("count")?;
        let state = self.state();
        let same = state.records.values().filter(|record| record.tenant == *tenant && record.session == *session);
        Ok(u32::try_from(same.count()).unwrap())
    }

    async fn remove(&self, _: &TenantId, face: &FaceId) -> Result<(), ServiceError> {
        self.check("remove")?;
        self.state().records.remove(face);
        Ok(())
    }
}

impl IndexQueue for World {
    async fn enqueue(&self, tenant: &TenantId, face: &FaceId) -> Result<(), ServiceError> {
        self.check("enqueue")?;
        self.state().queue.push((tenant.clone(), face.clone()));
        Ok(())
    }
}

impl Ports for World {
    type Engine = Self;
    type Images = Self;
    type Records = Self;
    type Queue = Self;

    fn engine(&self) -> &Self {
        self
    }
    fn images(&self) -> &Self {
        self
    }
    fn records(&self) -> &Self {
        self
    }
    fn queue(&self) -> &Self {
        self
    }
}
