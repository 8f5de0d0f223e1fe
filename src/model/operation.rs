//! The Rekognition operations that the architecture calls.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A Rekognition operation, by its name on the wire. The handler labels its metrics with it, the templates raise
/// alarms on it and the dashboard draws it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Operation {
    /// Faces in an image, with quality and pose.
    DetectFaces,
    /// One face against another image.
    CompareFaces,
    /// Adds faces to a collection.
    IndexFaces,
    /// An image against a collection.
    SearchFacesByImage,
    /// An indexed face against its collection.
    SearchFaces,
    /// Faces of a collection.
    ListFaces,
    /// Removes faces from a collection.
    DeleteFaces,
    /// Face count and model version of a collection.
    DescribeCollection,
}

impl Operation {
    /// Every operation that the handler measures.
    pub const ALL: [Self; 8] = [
        Self::DetectFaces,
        Self::CompareFaces,
        Self::IndexFaces,
        Self::SearchFacesByImage,
        Self::SearchFaces,
        Self::ListFaces,
        Self::DeleteFaces,
        Self::DescribeCollection,
    ];

    /// The operation's name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DetectFaces => "DetectFaces",
            Self::CompareFaces => "CompareFaces",
            Self::IndexFaces => "IndexFaces",
            Self::SearchFacesByImage => "SearchFacesByImage",
            Self::SearchFaces => "SearchFaces",
            Self::ListFaces => "ListFaces",
            Self::DeleteFaces => "DeleteFaces",
            Self::DescribeCollection => "DescribeCollection",
        }
    }

    /// Whether a region has the larger of the two default quotas.
    #[must_use]
    pub fn has_large_quotas(region: &str) -> bool {
        matches!(region, "us-east-1" | "us-west-2" | "eu-west-1")
    }

    /// The default quota in calls per second and account: in the three large regions (us-east-1, us-west-2,
    /// eu-west-1) and in all others (Rekognition developer guide, "Guidelines and quotas").
    #[must_use]
    pub const fn default_quota(self) -> (u32, u32) {
        match self {
            Self::DetectFaces | Self::CompareFaces => (100, 25),
            Self::IndexFaces | Self::SearchFacesByImage | Self::SearchFaces | Self::ListFaces => (50, 5),
            Self::DeleteFaces | Self::DescribeCollection => (5, 5),
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
