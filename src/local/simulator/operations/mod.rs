//! The operations, one file per family, and the table that finds them by name.

mod collections;
mod compare;
mod detect;
mod faces;
mod index;
mod liveness;
mod search;
mod tags;
mod text;
mod user_search;
mod users;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{ApiError, ErrorKind, Simulator};
use crate::model::CollectionId;

/// One operation.
pub struct Entry {
    /// Its name on the wire.
    pub name: &'static str,
    /// How often it may be called.
    pub quota: Quota,
    /// Answers a request body. Blocks: decodes pictures, waits for S3, writes to disk.
    pub run: fn(&Simulator, &[u8]) -> Result<Answer, ApiError>,
}

/// Calls per second and account: in large regions and elsewhere (Rekognition developer guide, "Guidelines and
/// quotas").
#[derive(Debug, Clone, Copy)]
pub struct Quota {
    large: u32,
    small: u32,
    large_regions: &'static [&'static str],
}

impl Quota {
    const fn new(large: u32, small: u32) -> Self {
        Self { large, small, large_regions: &["us-east-1", "us-west-2", "eu-west-1"] }
    }

    /// Calls per second in a region.
    #[must_use]
    pub fn in_region(self, region: &str) -> u32 {
        if self.large_regions.contains(&region) { self.large } else { self.small }
    }
}

const IMAGE: Quota = Quota::new(50, 5);
const STATELESS: Quota = Quota::new(100, 25);
const ADMINISTRATION: Quota = Quota::new(5, 5);
const TAGS: Quota = Quota::new(10, 10);
/// eu-west-1 is large for images and small for liveness.
const LIVENESS: Quota = Quota { large: 25, small: 5, large_regions: super::liveness::LARGE_REGIONS };

/// Every operation that is offered.
pub const TABLE: &[Entry] = &[
    Entry { name: "CreateCollection", quota: ADMINISTRATION, run: |s, b| collections::create(s, parse(b)?) },
    Entry { name: "DescribeCollection", quota: ADMINISTRATION, run: |s, b| collections::describe(s, parse(b)?) },
    Entry { name: "ListCollections", quota: ADMINISTRATION, run: |s, b| collections::list(s, &parse(b)?) },
    Entry { name: "DeleteCollection", quota: ADMINISTRATION, run: |s, b| collections::delete(s, parse(b)?) },
    Entry { name: "DetectFaces", quota: STATELESS, run: |s, b| detect::detect_faces(s, parse(b)?) },
    Entry { name: "CompareFaces", quota: STATELESS, run: |s, b| compare::compare_faces(s, parse(b)?) },
    Entry { name: "DetectText", quota: IMAGE, run: |s, b| text::detect_text(s, parse(b)?) },
    Entry { name: "IndexFaces", quota: IMAGE, run: |s, b| index::index_faces(s, parse(b)?) },
    Entry { name: "SearchFacesByImage", quota: IMAGE, run: |s, b| search::by_image(s, parse(b)?) },
    Entry { name: "SearchFaces", quota: IMAGE, run: |s, b| search::by_face(s, parse(b)?) },
    Entry { name: "ListFaces", quota: IMAGE, run: |s, b| faces::list(s, parse(b)?) },
    Entry { name: "DeleteFaces", quota: ADMINISTRATION, run: |s, b| faces::delete(s, parse(b)?) },
    Entry { name: "CreateUser", quota: ADMINISTRATION, run: |s, b| users::create(s, parse(b)?) },
    Entry { name: "DeleteUser", quota: ADMINISTRATION, run: |s, b| users::delete(s, parse(b)?) },
    Entry { name: "ListUsers", quota: ADMINISTRATION, run: |s, b| users::list(s, parse(b)?) },
    Entry { name: "AssociateFaces", quota: ADMINISTRATION, run: |s, b| users::associate(s, parse(b)?) },
    Entry { name: "DisassociateFaces", quota: ADMINISTRATION, run: |s, b| users::disassociate(s, parse(b)?) },
    Entry { name: "SearchUsers", quota: IMAGE, run: |s, b| user_search::by_id(s, parse(b)?) },
    Entry { name: "SearchUsersByImage", quota: IMAGE, run: |s, b| user_search::by_image(s, parse(b)?) },
    Entry { name: "CreateFaceLivenessSession", quota: LIVENESS, run: |s, b| liveness::create(s, parse(b)?) },
    Entry { name: "GetFaceLivenessSessionResults", quota: LIVENESS, run: |s, b| liveness::results(s, parse(b)?) },
    Entry { name: "TagResource", quota: TAGS, run: |s, b| tags::tag(s, parse(b)?) },
    Entry { name: "UntagResource", quota: TAGS, run: |s, b| tags::untag(s, parse(b)?) },
    Entry { name: "ListTagsForResource", quota: TAGS, run: |s, b| tags::list(s, parse(b)?) },
];

/// The operation of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.name == name)
}

/// A successful answer.
#[derive(Debug)]
pub struct Answer {
    /// JSON.
    pub body: Vec<u8>,
    /// Faces found in the image, where AWS counts them.
    pub faces_detected: Option<u32>,
    /// The collection that was worked on.
    pub collection: Option<CollectionId>,
}

impl Answer {
    fn of(value: &impl Serialize) -> Result<Self, ApiError> {
        let body =
            serde_json::to_vec(value).map_err(|error| ApiError::new(ErrorKind::InternalServer, error.to_string()))?;
        Ok(Self { body, faces_detected: None, collection: None })
    }

    fn on(mut self, collection: CollectionId) -> Self {
        self.collection = Some(collection);
        self
    }

    fn counting(mut self, faces: usize) -> Self {
        self.faces_detected = u32::try_from(faces).ok();
        self
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let body = if body.is_empty() { b"{}" } else { body };
    // The position is told, the text is not: it may hold an image.
    serde_json::from_slice(body).map_err(|error| {
        let place = format!("line {} column {}", error.line(), error.column());
        ApiError::new(ErrorKind::Serialization, format!("The request body is no JSON of this operation: {place}"))
    })
}
