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
    /// Lines and words in an image.
    DetectText,
    /// Begins a liveness check.
    CreateFaceLivenessSession,
    /// Ends a liveness check.
    GetFaceLivenessSessionResults,
}

impl Operation {
    /// Every operation that the handler measures.
    pub const ALL: [Self; 11] = [
        Self::DetectFaces,
        Self::CompareFaces,
        Self::IndexFaces,
        Self::SearchFacesByImage,
        Self::SearchFaces,
        Self::ListFaces,
        Self::DeleteFaces,
        Self::DescribeCollection,
        Self::DetectText,
        Self::CreateFaceLivenessSession,
        Self::GetFaceLivenessSessionResults,
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
            Self::DetectText => "DetectText",
            Self::CreateFaceLivenessSession => "CreateFaceLivenessSession",
            Self::GetFaceLivenessSessionResults => "GetFaceLivenessSessionResults",
        }
    }

    /// The default quota of a region in calls per second and account (Rekognition developer guide, "Guidelines and
    /// quotas"). Three regions are large for images; only two of them for liveness.
    #[must_use]
    pub fn default_quota(self, region: &str) -> u32 {
        let both = matches!(region, "us-east-1" | "us-west-2");
        let images = both || region == "eu-west-1";
        let (is_large, large, small) = match self {
            Self::DetectFaces | Self::CompareFaces => (images, 100, 25),
            Self::IndexFaces | Self::SearchFacesByImage | Self::SearchFaces | Self::ListFaces | Self::DetectText => {
                (images, 50, 5)
            }
            Self::DeleteFaces | Self::DescribeCollection => (images, 5, 5),
            Self::CreateFaceLivenessSession | Self::GetFaceLivenessSessionResults => (both, 25, 5),
        };
        if is_large { large } else { small }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
