//! One environment, complete: what `idv.yaml` says after every default was filled in and every value was checked.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    AccountId, Collection, EnvironmentName, ModelVersion, Percent, ProjectName, Ratio, Region, ShardStrategy, TenantId,
};

/// An environment as every room sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// The deployment family.
    pub project: ProjectName,
    /// This environment's name.
    pub name: EnvironmentName,
    /// Where it runs.
    pub target: Target,
    /// Every collection: registered, fraudulent and each tenant's, in that order.
    pub collections: Vec<Collection>,
    /// How a registered user's face finds its shard.
    pub strategy: ShardStrategy,
    /// Thresholds and quality gates.
    pub matching: Matching,
    /// The customers of the Face Matching API.
    pub tenants: BTreeMap<TenantId, TenantSettings>,
    /// How a registration goes.
    pub registration: RegistrationSettings,
    /// When a person counts as living.
    pub liveness: LivenessSettings,
    /// When an alarm is raised.
    pub alarms: AlarmSettings,
    /// How long things are kept.
    pub retention: Retention,
    /// Who may call the API.
    pub auth: AuthSettings,
    /// How the Lambda program is built.
    pub architecture: Architecture,
}

/// Where an environment runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "target", rename_all = "snake_case")]
pub enum Target {
    /// The local cloud on this machine.
    Local,
    /// An AWS account.
    Aws(AwsTarget),
}

/// An AWS account and how to reach it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwsTarget {
    /// The only account that this environment may touch; verified before anything is changed.
    pub account: AccountId,
    /// The region of every resource.
    pub region: Region,
    /// A named profile of the AWS configuration files; `None` uses the default credential chain.
    pub profile: Option<String>,
    /// Use FIPS 140 endpoints.
    pub fips: bool,
    /// Ask for the environment's name before any change.
    pub protect: bool,
}

/// A running local cloud: where its parts listen and which credentials they accept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalCloud {
    /// Endpoint of every AWS service but Rekognition, for example `http://127.0.0.1:45661`.
    pub endpoint: String,
    /// Endpoint of the Rekognition simulator.
    pub rekognition_endpoint: String,
    /// The simulated account.
    pub account: AccountId,
    /// The simulated region.
    pub region: Region,
    /// Access key id that the local cloud accepts.
    pub access_key_id: String,
    /// Its secret; local, worthless elsewhere, still kept out of `Debug`.
    pub secret_access_key: String,
}

impl std::fmt::Debug for LocalCloud {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalCloud")
            .field("endpoint", &self.endpoint)
            .field("rekognition_endpoint", &self.rekognition_endpoint)
            .field("account", &self.account)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

/// When two faces count as the same person, and which pictures are good enough to ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Matching {
    /// Thresholds where the face model version has none of its own.
    pub default: MatchThresholds,
    /// Thresholds by face model version, because scores of different versions do not compare.
    pub by_model_version: BTreeMap<ModelVersion, MatchThresholds>,
    /// What a face picture must fulfil.
    pub quality: QualityGates,
}

/// The least similarity that counts as the same person.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MatchThresholds {
    /// `CompareFaces`: the selfie against the identity document.
    pub compare: Percent,
    /// `SearchFacesByImage`: the selfie against a collection.
    pub search: Percent,
}

/// The limits of a usable face picture (whitepaper, "New user registration").
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityGates {
    /// Head turned left or right, degrees: smallest and largest.
    pub yaw: (f64, f64),
    /// Head down or up, degrees: smallest and largest.
    pub pitch: (f64, f64),
    /// Sharpness must be above this (0–100).
    pub sharpness: Percent,
    /// Brightness must be above this (0–100).
    pub brightness: Percent,
    /// Both eyes must be open.
    pub eyes_open: bool,
    /// Sunglasses are refused.
    pub no_sunglasses: bool,
    /// A covered face is refused.
    pub not_occluded: bool,
    /// The face must be larger than this in both directions, pixels.
    pub min_face_pixels: u32,
}

/// How face matching behaves for one tenant. The defaults are those of the Face Matching API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TenantSettings {
    /// Whether the tenant may use face matching at all.
    pub enabled: bool,
    /// Least similarity of a 1:1 verification.
    pub verification_threshold: Ratio,
    /// Least similarity of a 1:N search.
    pub search_threshold: Ratio,
    /// Faces that one session may register.
    pub max_faces_per_user: u32,
    /// Whether faces can be blacklisted.
    pub enable_blacklist: bool,
    /// Number of collections over which the tenant's faces are spread.
    pub shards: u16,
}

/// How a registration goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationSettings {
    /// The steps that the caller does not wait for: from the first of them on, the queue's worker goes on.
    #[serde(rename = "async")]
    pub deferred: BTreeSet<DeferrableStep>,
    /// Whether the document must hold text that can be read.
    pub document_text: bool,
    /// Minutes after which what is still open was abandoned or interrupted, and is cleaned up.
    pub abandoned_after_minutes: u32,
}

/// A step of a registration that may be done after the caller was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeferrableStep {
    /// Looking for the person among the registered users.
    DuplicateSearch,
    /// Adding the faces to their collection.
    Index,
}

/// When a person counts as living.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LivenessSettings {
    /// Whether registrations, authentications and photo updates need a liveness session.
    pub required: bool,
    /// Least confidence of a session. A session that succeeded says only that the check ran.
    pub confidence: Percent,
    /// Audit images kept of a session (0–4).
    pub audit_images: u8,
}

/// When an alarm is raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmSettings {
    /// Where alarms are mailed to; `None` leaves the topic without a subscriber.
    pub email: Option<String>,
    /// p99 of a Rekognition operation, milliseconds.
    pub rekognition_p99_ms: u32,
    /// p99 of an API route, milliseconds.
    pub api_p99_ms: u32,
    /// Share of API answers that are 5xx, whole percent.
    pub error_percent: u32,
    /// Throttled Rekognition calls per minute.
    pub throttles_per_minute: u32,
    /// Age of the oldest waiting message, seconds.
    pub queue_age_seconds: u32,
}

/// How long things are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Log groups, days; one of the values that CloudWatch Logs allows.
    pub logs_days: u32,
    /// Uploaded images that were not registered, days.
    pub uploads_days: u32,
    /// Images of registered faces, days; 1,095 is the three years after which inactive users are erased.
    pub images_days: u32,
    /// Point-in-time recovery of the tables, days (1–35).
    pub backup_days: u32,
    /// Records of concluded registrations, days.
    pub registrations_days: u32,
    /// Reference and audit images of liveness sessions, days.
    pub liveness_days: u32,
}

/// Who may call the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthSettings {
    /// The OIDC issuer whose tokens are accepted; `None` on the local target means the local cloud's own issuer.
    pub issuer: Option<String>,
    /// The audience that a token must name.
    pub audience: String,
    /// The claim that holds the tenant id.
    pub tenant_claim: String,
}

/// The processor that the Lambda program runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Architecture {
    /// AWS Graviton.
    Arm64,
    /// Intel and AMD.
    X86_64,
}

impl Environment {
    /// Whether it runs on this machine, so that everything shown from it is a simulation.
    #[must_use]
    pub const fn is_simulated(&self) -> bool {
        matches!(self.target, Target::Local)
    }

    /// `PROJECT-ENVIRONMENT`, the prefix of every resource name.
    #[must_use]
    pub fn prefix(&self) -> String {
        format!("{}-{}", self.project, self.name)
    }
}

impl Matching {
    /// The thresholds for faces of a model version. A version that is unknown or has no thresholds of its own is judged
    /// by the strictest ones configured, since nobody has measured its scores yet.
    #[must_use]
    pub fn thresholds(&self, version: Option<&ModelVersion>) -> MatchThresholds {
        version.and_then(|version| self.by_model_version.get(version)).copied().unwrap_or_else(|| self.strictest())
    }

    fn strictest(&self) -> MatchThresholds {
        let stricter = |a: Percent, b: Percent| if b > a { b } else { a };
        self.by_model_version.values().fold(self.default, |strictest, own| MatchThresholds {
            compare: stricter(strictest.compare, own.compare),
            search: stricter(strictest.search, own.search),
        })
    }
}
