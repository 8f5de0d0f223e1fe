//! Every key of `idv.yaml`: what it means, which rule its value obeys, what holds when it is left out. The only place
//! where a default is written down.

use serde_json::{Value, json};

use super::rule::Rule;

/// The key under which the environments stand.
pub(super) const ENVIRONMENTS: &str = "environments";

/// The keys of one mapping, in groups that are shared between mappings.
pub(super) type Shape = &'static [&'static [Field]];

/// One key.
pub(super) struct Field {
    pub key: &'static str,
    /// What it means: a comment of the sample file, a description of the schema.
    pub about: &'static str,
    pub kind: Kind,
}

/// What stands under a key.
pub(super) enum Kind {
    /// One value.
    Value(Rule, Preset),
    /// A mapping with known keys.
    Section(Shape),
    /// A mapping whose keys are names that the user chooses.
    Named { name: Rule, entry: Shape },
}

/// What holds when a key is left out.
#[derive(Clone, Copy)]
pub(super) enum Preset {
    Unset,
    Flag(bool),
    Whole(u32),
    Decimal(f64),
    Text(&'static str),
    Pair(f64, f64),
}

impl Preset {
    pub(super) fn value(self) -> Value {
        match self {
            Self::Unset => Value::Null,
            Self::Flag(flag) => json!(flag),
            Self::Whole(number) => json!(number),
            Self::Decimal(number) => json!(number),
            Self::Text(text) => json!(text),
            Self::Pair(least, most) => json!([whole_if_possible(least), whole_if_possible(most)]),
        }
    }

    /// Whether the key may be left empty.
    pub(super) const fn is_unset(self) -> bool {
        matches!(self, Self::Unset)
    }
}

/// -45.0 is written as -45.
fn whole_if_possible(number: f64) -> Value {
    let whole = format!("{number:.0}");
    match whole.parse::<i64>() {
        Ok(parsed) if number.fract() == 0.0 => json!(parsed),
        _ => json!(number),
    }
}

/// What exists without a file, besides the defaults of the keys: the environment `local` with one tenant, so that the
/// first `idvctl up` has somebody to serve, and the face model version that Rekognition gives to new collections.
pub(super) fn built_in() -> Value {
    json!({
        "environments": { "local": { "tenants": { "demo": { "enabled": true } } } },
        "matching": { "model_versions": { "7.0": {} } },
    })
}

/// The whole file.
pub(super) const ROOT: Shape = &[PROJECT, ENVIRONMENT_LIST, SECTIONS];

/// One entry of `environments`.
pub(super) const ENVIRONMENT: Shape = &[TARGET, SECTIONS];

/// What an environment consists of once its layers lie on each other.
pub(super) const LAYERED: Shape = &[PROJECT, TARGET, SECTIONS];

const PROJECT: &[Field] = &[value(
    "project",
    "Prefix of every resource name. Renaming it later means new resources.",
    Rule::ProjectName,
    Preset::Text("idv"),
)];

const ENVIRONMENT_LIST: &[Field] = &[named(
    ENVIRONMENTS,
    "Where the architecture runs. An environment may repeat any section below to override it.",
    Rule::EnvironmentName,
    ENVIRONMENT,
)];

const TARGET: &[Field] = &[
    value("target", "`local`: simulated on this machine. `aws`: an AWS account.", Rule::Target, Preset::Text("local")),
    value(
        "account",
        "The only account that the environment may touch: 12 digits in quotes.",
        Rule::Account,
        Preset::Unset,
    ),
    value("region", "The region of every resource.", Rule::Region, Preset::Unset),
    value(
        "profile",
        "Profile of the AWS configuration files; the default credential chain without it.",
        Rule::Profile,
        Preset::Unset,
    ),
    value("fips", "Use FIPS 140 endpoints.", Rule::Flag, Preset::Flag(false)),
    value("protect", "Ask for the environment's name before any change.", Rule::Flag, Preset::Flag(false)),
];

const SECTIONS: &[Field] = &[
    section("collections", "Where face vectors are kept; 20 million fit into one shard.", &[COLLECTIONS]),
    section("matching", "When two faces count as one person.", &[THRESHOLDS, MATCHING]),
    named("tenants", "Customers of the Face Matching API, by tenant id.", Rule::TenantName, &[TENANT]),
    section("alarms", "When somebody is called.", &[ALARMS]),
    section("retention", "How long things are kept, in days.", &[RETENTION]),
    section("auth", "Whose tokens open the API (OpenID Connect).", &[AUTH]),
    value("architecture", "Processor of the functions.", Rule::Architecture, Preset::Text("arm64")),
];

const COLLECTIONS: &[Field] = &[
    section("registered", "Verified users.", &[SHARDS, STRATEGY]),
    section("fraudulent", "Known fraudsters; a match ends a registration.", &[SHARDS]),
];

const SHARDS: &[Field] = &[value("shards", "Number of collections, 1–100.", Rule::Shards, Preset::Whole(1))];

const STRATEGY: &[Field] = &[value(
    "strategy",
    "How a user finds a shard: `hash` or `last_digit` of the user id, or an `attribute` that the caller sends.",
    Rule::Strategy,
    Preset::Text("hash"),
)];

const THRESHOLDS: &[Field] = &[
    value("compare", "Least similarity of selfie and identity document, percent.", Rule::Threshold, Preset::Whole(99)),
    value(
        "search",
        "Least similarity of selfie and a face in a collection, percent.",
        Rule::Threshold,
        Preset::Whole(95),
    ),
];

const MATCHING: &[Field] = &[
    named(
        "model_versions",
        "Thresholds by face model version, whose scores do not compare; what is left out is as above.",
        Rule::ModelVersion,
        &[VERSION_THRESHOLDS],
    ),
    section("quality", "Which pictures are good enough.", &[QUALITY]),
];

const VERSION_THRESHOLDS: &[Field] = &[
    value("compare", "Least similarity of selfie and identity document, percent.", Rule::Threshold, Preset::Unset),
    value("search", "Least similarity of selfie and a face in a collection, percent.", Rule::Threshold, Preset::Unset),
];

const QUALITY: &[Field] = &[
    value("yaw", "Head turned left or right, degrees: smallest and largest.", Rule::Angles, Preset::Pair(-45.0, 45.0)),
    value("pitch", "Head down or up, degrees: smallest and largest.", Rule::Angles, Preset::Pair(-30.0, 45.0)),
    value("sharpness", "Sharpness must be above this, 0–100.", Rule::Gate, Preset::Whole(15)),
    value("brightness", "Brightness must be above this, 0–100.", Rule::Gate, Preset::Whole(15)),
    value("eyes_open", "Both eyes must be open.", Rule::Flag, Preset::Flag(true)),
    value("no_sunglasses", "Sunglasses are refused.", Rule::Flag, Preset::Flag(true)),
    value("not_occluded", "A covered face is refused.", Rule::Flag, Preset::Flag(true)),
    value(
        "min_face_pixels",
        "The face must be larger than this in both directions, pixels.",
        Rule::Pixels,
        Preset::Whole(50),
    ),
];

const TENANT: &[Field] = &[
    value("enabled", "Whether the tenant may use face matching at all.", Rule::Flag, Preset::Flag(false)),
    value("verification_threshold", "Least similarity of a 1:1 verification, 0–1.", Rule::Ratio, Preset::Decimal(0.6)),
    value("search_threshold", "Least similarity of a 1:N search, 0–1.", Rule::Ratio, Preset::Decimal(0.8)),
    value("max_faces_per_user", "Faces that one session may register.", Rule::Faces, Preset::Whole(5)),
    value("enable_blacklist", "Whether faces can be blacklisted.", Rule::Flag, Preset::Flag(true)),
    value("shards", "Number of collections of the tenant's own, 1–100.", Rule::Shards, Preset::Whole(1)),
];

const ALARMS: &[Field] = &[
    value("email", "Where alarms are mailed to; nobody without it.", Rule::Email, Preset::Unset),
    value(
        "rekognition_p99_ms",
        "p99 of a Rekognition operation, milliseconds.",
        Rule::Milliseconds,
        Preset::Whole(1_500),
    ),
    value("api_p99_ms", "p99 of an API route, milliseconds.", Rule::Milliseconds, Preset::Whole(3_000)),
    value("error_percent", "Share of API answers that are 5xx, whole percent.", Rule::WholePercent, Preset::Whole(1)),
    value("throttles_per_minute", "Throttled Rekognition calls per minute.", Rule::PerMinute, Preset::Whole(10)),
    value("queue_age_seconds", "Age of the oldest waiting message, seconds.", Rule::QueueAge, Preset::Whole(300)),
];

const RETENTION: &[Field] = &[
    value("logs_days", "Log groups; one of the values that CloudWatch Logs allows.", Rule::LogDays, Preset::Whole(30)),
    value("uploads_days", "Uploaded images that were never registered.", Rule::Days, Preset::Whole(1)),
    value(
        "images_days",
        "Images of registered faces; inactive users are erased after three years.",
        Rule::Days,
        Preset::Whole(1_095),
    ),
    value("backup_days", "Point-in-time recovery of the tables, 1–35.", Rule::BackupDays, Preset::Whole(35)),
];

const AUTH: &[Field] = &[
    value("issuer", "Issuer whose tokens are accepted; the local cloud has its own.", Rule::Issuer, Preset::Unset),
    value("audience", "Audience that a token must name.", Rule::Audience, Preset::Text("idv-api")),
    value("tenant_claim", "Claim that holds the tenant id.", Rule::Claim, Preset::Text("tenant")),
];

const fn value(key: &'static str, about: &'static str, rule: Rule, preset: Preset) -> Field {
    Field { key, about, kind: Kind::Value(rule, preset) }
}

const fn section(key: &'static str, about: &'static str, shape: Shape) -> Field {
    Field { key, about, kind: Kind::Section(shape) }
}

const fn named(key: &'static str, about: &'static str, name: Rule, entry: Shape) -> Field {
    Field { key, about, kind: Kind::Named { name, entry } }
}

/// The field of a key.
pub(super) fn field(shape: Shape, key: &str) -> Option<&'static Field> {
    fields(shape).find(|field| field.key == key)
}

/// All fields of a mapping, in the order in which they are written.
pub(super) fn fields(shape: Shape) -> impl Iterator<Item = &'static Field> {
    shape.iter().copied().flatten()
}
