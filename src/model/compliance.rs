//! What is known about an environment's duties: opt-out, protection of each store, deletions on record.
//!
//! Every answer carries its evidence. A call that failed proves nothing, so its answer is UNKNOWN, never PASS.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{EnvironmentName, ProjectName, Reading, Timestamp};

/// Why the ledger of erasures is empty: said wherever its zero is, which would otherwise read like diligence.
pub const NOTHING_DELETES: &str = "no route of the API deletes yet, so there is nothing to record";

/// The compliance of one environment at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComplianceStatus {
    /// The deployment family.
    pub project: ProjectName,
    /// The environment.
    pub environment: EnvironmentName,
    /// Read from the local cloud: true in form, proof of nothing.
    pub simulated: bool,
    /// When it was read.
    pub generated_at: Timestamp,
    /// Whether AWS may keep and use the account's images to improve its services.
    pub opt_out: OptOut,
    /// Encryption, transport and recovery of each store, in a fixed order.
    pub controls: Vec<Control>,
    /// Deletions that the ledger of erasures records.
    #[serde(serialize_with = "null_with_why")]
    pub deletions: Reading<u64>,
}

/// Whether the account has opted out of AI services keeping its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptOut {
    /// The answer.
    pub answer: OptOutAnswer,
    /// Why it is the answer, in one sentence.
    pub reason: String,
    /// What it was concluded from.
    pub evidence: Vec<Evidence>,
}

/// The three answers to "has the account opted out?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum OptOutAnswer {
    /// A policy in force says `optOut` for Rekognition.
    Yes,
    /// No such policy is in force: content may be kept and used.
    No,
    /// It could not be determined.
    Unknown,
}

/// One requirement on one store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Control {
    /// What is required.
    pub requirement: Requirement,
    /// Which kind of store it is required of.
    pub kind: StoreKind,
    /// The name of the store, as the cloud knows it.
    pub store: String,
    /// What the evidence says.
    pub verdict: Verdict,
    /// What was asked and what was answered.
    pub evidence: Evidence,
    /// What to do where the verdict is not PASS; empty otherwise.
    pub remedy: String,
}

/// What a store has to fulfil.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// Encrypted at rest (buckets and tables with a key of ours).
    EncryptionAtRest,
    /// Requests without TLS are refused.
    TlsOnly,
    /// Nothing can be made public.
    NoPublicAccess,
    /// Can be restored to any second of the backup window.
    PointInTimeRecovery,
}

/// The kinds of store that are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreKind {
    /// An S3 bucket.
    Bucket,
    /// A DynamoDB table.
    Table,
    /// An SQS queue.
    Queue,
}

/// What the evidence says about a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verdict {
    /// The requirement is broken.
    Fail,
    /// It could not be read.
    Unknown,
    /// The requirement is met.
    Pass,
}

/// One thing that was asked of the cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The call, for example `s3:GetBucketEncryption`.
    pub call: String,
    /// The part of the answer that decides, or the error.
    pub value: String,
}

impl Evidence {
    /// What `call` answered.
    pub fn new(call: impl Into<String>, value: impl Into<String>) -> Self {
        Self { call: call.into(), value: value.into() }
    }
}

impl ComplianceStatus {
    /// How many controls have a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.controls.iter().filter(|control| control.verdict == verdict).count()
    }
}

impl fmt::Display for OptOutAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Yes => "YES",
            Self::No => "NO",
            Self::Unknown => "UNKNOWN",
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Unknown => "UNKNOWN",
        })
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::EncryptionAtRest => "encryption at rest",
            Self::TlsOnly => "TLS only",
            Self::NoPublicAccess => "no public access",
            Self::PointInTimeRecovery => "point-in-time recovery",
        })
    }
}

impl fmt::Display for StoreKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Bucket => "bucket",
            Self::Table => "table",
            Self::Queue => "queue",
        })
    }
}

/// The machine form of a reading: `{"value": 3}`, or `{"value": null, "why": "…"}`; a zero carries its `note`.
fn null_with_why<S: Serializer>(reading: &Reading<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Written<'a> {
        value: Option<&'a u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<&'static str>,
    }
    let note = (*reading == Reading::Known(0)).then_some(NOTHING_DELETES);
    Written { value: reading.known(), why: reading.why(), note }.serialize(serializer)
}
