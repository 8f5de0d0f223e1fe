//! Encryption, transport and recovery of each store, as the cloud answers.

use super::judge::refuses_plain_transport;
use crate::aws::dynamodb::TablePosture;
use crate::aws::s3::BucketPosture;
use crate::aws::sqs::{QueuePosture, QueueProtection};
use crate::aws::{Cloud, CloudError};
use crate::model::{Control, Environment, Evidence, Requirement, StoreKind, Verdict};

/// The tables that hold data about persons, or the proof of its erasure.
const TABLES: [&str; 6] = ["faces", "users", "registrations", "liveness", "routing", "ledger"];
/// The queues that a request may pass through.
const QUEUES: [&str; 2] = ["index", "index-dlq"];
/// The buckets that must exist, and be encrypted with a key of ours: pictures, programs and the trail, which is evidence.
const BUCKETS: [&str; 3] = ["images", "artifacts", "trail"];

/// Every control of every store: buckets, tables, queues.
pub(super) async fn controls(cloud: &Cloud, environment: &Environment) -> Vec<Control> {
    let prefix = environment.prefix();
    let (buckets, tables, queues) = (BucketPosture::new(cloud), TablePosture::new(cloud), QueuePosture::new(cloud));
    let (buckets, tables, queues) = tokio::join!(
        bucket_controls(&buckets, &prefix),
        table_controls(&tables, &prefix),
        queue_controls(&queues, &prefix),
    );
    [buckets, tables, queues].concat()
}

async fn bucket_controls(posture: &BucketPosture, prefix: &str) -> Vec<Control> {
    let requirements = [Requirement::EncryptionAtRest, Requirement::TlsOnly, Requirement::NoPublicAccess];
    let mut controls = Vec::new();
    for purpose in BUCKETS {
        // The name goes on with account and region, which the bucket itself knows best.
        let stem = format!("{prefix}-{purpose}-");
        let found = posture.buckets(&stem).await;
        let names = match &found {
            Ok(names) => names.as_slice(),
            Err(_) => &[],
        };
        for name in names {
            controls.extend(bucket(posture, name).await);
        }
        if names.is_empty() {
            let why = found.as_ref().map_or_else(ToString::to_string, |_| "there is no such bucket".to_owned());
            let about = |requirement| {
                Subject { requirement, kind: StoreKind::Bucket, store: &format!("{stem}*") }
                    .unknown("s3:ListBuckets", &why)
            };
            controls.extend(requirements.map(about));
        }
    }
    controls
}

async fn bucket(posture: &BucketPosture, name: &str) -> [Control; 3] {
    let subject = |requirement| Subject { requirement, kind: StoreKind::Bucket, store: name };
    let (encryption, policy, block) =
        tokio::join!(posture.encryption(name), posture.policy(name), posture.public_access_block(name));

    let encryption = encryption.map(|found| match found {
        Some(found) => {
            let own = found.algorithm.starts_with("aws:kms") && found.key.is_some();
            (own, format!("{} with {}", found.algorithm, found.key.as_deref().unwrap_or("AWS's key")))
        }
        None => (false, "none".to_owned()),
    });
    // Without the partition, which differs between commercial regions, GovCloud and China.
    let arn = format!(":s3:::{name}");
    let policy = policy.map(|found| transport(found.as_deref(), "s3", &[&arn, &format!("{arn}/*")]));
    let block = block.map(|found| match found {
        Some(block) => {
            let switches = [block.block_acls, block.block_policy, block.ignore_acls, block.restrict_buckets];
            let on = switches.iter().filter(|on| **on).count();
            (on == switches.len(), format!("{on} of {} switches on", switches.len()))
        }
        None => (false, "none".to_owned()),
    });
    [
        subject(Requirement::EncryptionAtRest).judge("s3:GetBucketEncryption", encryption),
        subject(Requirement::TlsOnly).judge("s3:GetBucketPolicy", policy),
        subject(Requirement::NoPublicAccess).judge("s3:GetPublicAccessBlock", block),
    ]
}

async fn table_controls(posture: &TablePosture, prefix: &str) -> Vec<Control> {
    let mut controls = Vec::new();
    for purpose in TABLES {
        let name = format!("{prefix}-{purpose}");
        let subject = |requirement| Subject { requirement, kind: StoreKind::Table, store: &name };
        let (encryption, recovery) = tokio::join!(posture.encryption(&name), posture.point_in_time_recovery(&name));
        let encryption =
            encryption.map(|found| (found.key.is_some(), found.key.unwrap_or_else(|| "AWS's own key".to_owned())));
        let recovery = recovery.map(|on| (on, if on { "ENABLED" } else { "DISABLED" }.to_owned()));
        controls.push(subject(Requirement::EncryptionAtRest).judge("dynamodb:DescribeTable", encryption));
        controls.push(subject(Requirement::PointInTimeRecovery).judge("dynamodb:DescribeContinuousBackups", recovery));
    }
    controls
}

async fn queue_controls(posture: &QueuePosture, prefix: &str) -> Vec<Control> {
    let call = "sqs:GetQueueAttributes";
    let mut controls = Vec::new();
    for purpose in QUEUES {
        let name = format!("{prefix}-{purpose}");
        let subject = |requirement| Subject { requirement, kind: StoreKind::Queue, store: &name };
        let protection = posture.protection(&name).await;
        let encryption = protection.clone().map(|found| queue_encryption(&found));
        let policy = protection.map(|found| queue_transport(&found));
        controls.push(subject(Requirement::EncryptionAtRest).judge(call, encryption));
        controls.push(subject(Requirement::TlsOnly).judge(call, policy));
    }
    controls
}

fn queue_encryption(queue: &QueueProtection) -> (bool, String) {
    match &queue.key {
        Some(key) => (true, format!("KMS key {key}")),
        None if queue.managed_encryption => (true, "SQS-managed key".to_owned()),
        None => (false, "none".to_owned()),
    }
}

/// A queue policy can only speak of its own queue, so any resource in the deny is that queue.
fn queue_transport(queue: &QueueProtection) -> (bool, String) {
    transport(queue.policy.as_deref(), "sqs", &[])
}

fn transport(policy: Option<&str>, service: &str, resources: &[&str]) -> (bool, String) {
    match policy.map(|policy| refuses_plain_transport(policy, service, resources)) {
        Some(Ok(true)) => (true, "denies aws:SecureTransport = false".to_owned()),
        Some(Ok(false)) => (false, "does not deny aws:SecureTransport = false to everybody".to_owned()),
        Some(Err(why)) => (false, why),
        None => (false, "no policy".to_owned()),
    }
}

/// What is asked of which store.
struct Subject<'a> {
    requirement: Requirement,
    kind: StoreKind,
    store: &'a str,
}

impl Subject<'_> {
    /// PASS or FAIL by the answer; a call that failed proves nothing.
    fn judge(&self, call: &str, answer: Result<(bool, String), CloudError>) -> Control {
        match answer {
            Ok((true, value)) => self.control(Verdict::Pass, Evidence::new(call, value), String::new()),
            Ok((false, value)) => {
                let remedy = "run `idvctl deploy`; where it changes nothing, the store was changed by hand, and drift \
                              detection in the CloudFormation console shows how";
                self.control(Verdict::Fail, Evidence::new(call, value), remedy.to_owned())
            }
            Err(error) => {
                self.control(Verdict::Unknown, Evidence::new(call, error.to_string()), error.remedy().to_owned())
            }
        }
    }

    fn unknown(&self, call: &str, why: &str) -> Control {
        let remedy = "deploy the environment first with `idvctl up`, or check its name";
        self.control(Verdict::Unknown, Evidence::new(call, why), remedy.to_owned())
    }

    fn control(&self, verdict: Verdict, evidence: Evidence, remedy: String) -> Control {
        let Self { requirement, kind, store } = *self;
        Control { requirement, kind, store: store.to_owned(), verdict, evidence, remedy }
    }
}
