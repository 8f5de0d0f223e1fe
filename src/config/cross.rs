//! Values together: what is only wrong because of what stands elsewhere, in this environment as it is after layering.

use serde_json::Value;

use super::Source;
use super::error::Problem;
use super::keys::ENVIRONMENTS;
use super::rule::{FIPS_REGIONS, Fault};
use crate::model::{AwsTarget, Environment, Target};

/// Longest name of an S3 bucket.
const BUCKET_NAME_LIMIT: usize = 63;
/// What a bucket's name has besides prefix and region: `-artifacts-`, the account id, `-`.
const BUCKET_NAME_EXTRA: usize = "-artifacts-".len() + 12 + 1;
/// The region of the local cloud.
const LOCAL_REGION: &str = "us-east-1";

/// What an AWS target cannot do without, and does not have.
pub(super) fn missing(layered: &Value) -> Vec<Fault> {
    if layered["target"] != "aws" {
        return Vec::new();
    }
    let needed = [("account", "account: \"111111111111\""), ("region", "region: us-east-1")];
    let missing = needed.into_iter().filter(|(key, _)| layered[*key].is_null());
    missing
        .map(|(key, example)| Fault::new(format!("target aws needs `{key}`"), format!("add it, for example {example}")))
        .collect()
}

/// Everything that does not fit together in one environment.
pub(super) fn check(environment: &Environment, file: &Value, source: &Source) -> Vec<Problem> {
    let entry = &file[ENVIRONMENTS][environment.name.as_str()];
    let faults = [
        validate_bucket_names(environment),
        validate_local_is_bare(environment, entry),
        validate_fips_region(environment),
        validate_issuer_is_known(environment),
    ];
    faults
        .into_iter()
        .filter_map(Result::err)
        .map(|(key, fault)| {
            let path = [ENVIRONMENTS, environment.name.as_str(), key];
            source.problem(if key.is_empty() { &path[..2] } else { &path }, entry.get(key), fault)
        })
        .collect()
}

/// A broken rule and the key of the environment that it is about; no key for the environment itself.
type Checked = Result<(), (&'static str, Fault)>;

/// The names of the buckets contain project, environment, account and region, and S3 stops at 63 characters.
fn validate_bucket_names(environment: &Environment) -> Checked {
    let region = match &environment.target {
        Target::Local => LOCAL_REGION,
        Target::Aws(aws) => aws.region.as_str(),
    };
    let prefix = environment.prefix();
    let limit = BUCKET_NAME_LIMIT - BUCKET_NAME_EXTRA - region.len();
    if prefix.len() <= limit {
        return Ok(());
    }
    let rule = format!("`{prefix}` has {} characters; bucket names in {region} leave room for {limit}", prefix.len());
    Err(("", Fault::new(rule, "shorten `project` or the name of the environment")))
}

/// Settings that only an AWS account has are a forgotten `target: aws`, not something to ignore.
fn validate_local_is_bare(environment: &Environment, entry: &Value) -> Checked {
    let only_aws = ["account", "region", "profile", "fips", "protect"];
    match only_aws.into_iter().find(|key| entry.get(key).is_some_and(|value| !value.is_null())) {
        Some(key) if environment.is_simulated() => {
            let fix = format!("add `target: aws` to `{}`, or remove the key", environment.name);
            Err((key, Fault::new("belongs to an AWS account, but the target is local", fix)))
        }
        _ => Ok(()),
    }
}

/// FIPS endpoints exist in few regions; elsewhere their names do not resolve.
fn validate_fips_region(environment: &Environment) -> Checked {
    match &environment.target {
        Target::Aws(AwsTarget { fips: true, region, .. }) if !FIPS_REGIONS.contains(&region.as_str()) => {
            let rule = format!("Rekognition has no FIPS endpoint in {region}");
            let fix = format!("write false, or choose one of {}", FIPS_REGIONS.join(", "));
            Err(("fips", Fault::new(rule, fix)))
        }
        _ => Ok(()),
    }
}

/// Without an issuer nobody could ever be let in; only the local cloud brings its own.
fn validate_issuer_is_known(environment: &Environment) -> Checked {
    if environment.is_simulated() || environment.auth.issuer.is_some() {
        return Ok(());
    }
    let fix = "add `auth.issuer` to the environment or to the file's top level, for example https://login.example.com";
    Err(("", Fault::new("an AWS environment needs the issuer of its callers' tokens", fix)))
}
