//! Every key of `idv.yaml`: what it means, which rule its value obeys, what holds when it is left out. The only place
//! where a default is written down.

use serde_json::{Value, json};

use super::rule::Rule;
use super::shape::{Example, Field, Preset, Shape, named, section, value};

/// The key under which the environments stand.
pub(super) const ENVIRONMENTS: &str = "environments";

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

/// What every environment may override.
pub(super) const SECTIONS: &[Field] = &[
    section("collections", "Where face vectors are kept.", &[COLLECTIONS]),
    section("matching", "When two faces count as the same person.", &[THRESHOLDS, MATCHING]),
    named("tenants", "The customers of the Face Matching API.", Rule::TenantName, &[TENANT], ACME),
    section("registration", "How a registration goes.", &[REGISTRATION]),
    section("liveness", "When a person in front of the camera counts as living.", &[LIVENESS]),
    section("alarms", "When an alarm is raised.", &[ALARMS]),
    section("retention", "How long things are kept, in days.", &[RETENTION]),
    section("auth", "Whose tokens open the API (OpenID Connect).", &[AUTH]),
    value(
        "architecture",
        "Processor of the Lambda functions.",
        Rule::OneOf(&["arm64", "x86_64"]),
        Preset::Text("arm64"),
    ),
];

const PROJECT: &[Field] = &[value(
    "project",
    "Prefix of every resource name. Under another name everything is created anew.",
    Rule::ProjectName,
    Preset::Text("idv"),
)];

const ENVIRONMENT_LIST: &[Field] = &[named(
    ENVIRONMENTS,
    "Where it runs. An environment may repeat any section of this file; what it says there holds for it alone.",
    Rule::EnvironmentName,
    ENVIRONMENT,
    Example { name: "prod", values: &[("target", "aws"), ("protect", "true")] },
)];

const TARGET: &[Field] = &[
    value(
        "target",
        "The local cloud on this machine, or an AWS account.",
        Rule::OneOf(&["local", "aws"]),
        Preset::Text("local"),
    ),
    value(
        "account",
        "The only account that it may touch, in quotes.",
        Rule::Account,
        Preset::Unset("\"111111111111\""),
    ),
    value("region", "The region of every resource.", Rule::Region, Preset::Unset("us-east-1")),
    value(
        "profile",
        "Profile of the AWS configuration files; without it the default chain.",
        Rule::Word,
        Preset::Unset("prod"),
    ),
    value("fips", "Use FIPS 140 endpoints.", Rule::Flag, Preset::Flag(false)),
    value("protect", "Ask for the environment's name before any change.", Rule::Flag, Preset::Flag(false)),
];

const COLLECTIONS: &[Field] = &[
    section("registered", "Verified users.", &[SHARDS, STRATEGY]),
    section("fraudulent", "Known fraudsters: a match ends a registration.", &[SHARDS]),
];

const SHARDS: &[Field] =
    &[value("shards", "One for every 20 million faces.", Rule::Whole(1, 100, "collections"), Preset::Whole(1))];

const STRATEGY: &[Field] = &[value(
    "strategy",
    "How a user finds a shard.",
    Rule::OneOf(&["hash", "last_digit", "attribute"]),
    Preset::Text("hash"),
)];

const COMPARE: &str = "Least similarity of selfie and identity document.";
const SEARCH: &str = "Least similarity of selfie and a face in a collection.";

const THRESHOLDS: &[Field] = &[
    value("compare", COMPARE, Rule::Threshold, Preset::Whole(99)),
    value("search", SEARCH, Rule::Threshold, Preset::Whole(95)),
];

const MATCHING: &[Field] = &[
    named(
        "model_versions",
        "By face model version, whose scores do not compare. What one leaves out is as above.",
        Rule::ModelVersion,
        &[VERSION_THRESHOLDS],
        Example { name: "8.0", values: &[] },
    ),
    section("quality", "Which pictures of a face are good enough to ask.", &[QUALITY]),
];

const VERSION_THRESHOLDS: &[Field] = &[
    value("compare", COMPARE, Rule::Threshold, Preset::Unset("99.5")),
    value("search", SEARCH, Rule::Threshold, Preset::Unset("97")),
];

const QUALITY: &[Field] = &[
    value("yaw", "Head turned left or right, degrees.", Rule::Angles, Preset::Pair(-45, 45)),
    value("pitch", "Head down or up, degrees.", Rule::Angles, Preset::Pair(-30, 45)),
    value("sharpness", "Must be above this.", Rule::Gate, Preset::Whole(15)),
    value("brightness", "Must be above this.", Rule::Gate, Preset::Whole(15)),
    value("eyes_open", "Both eyes must be open.", Rule::Flag, Preset::Flag(true)),
    value("no_sunglasses", "Sunglasses are refused.", Rule::Flag, Preset::Flag(true)),
    value("not_occluded", "A covered face is refused.", Rule::Flag, Preset::Flag(true)),
    // Rekognition finds no face below 40 pixels (guidance: 50), and takes no picture above 4,096.
    value(
        "min_face_pixels",
        "Width and height must be above this.",
        Rule::Whole(40, 4_096, "pixels"),
        Preset::Whole(50),
    ),
];

/// The defaults are those that the Face Matching API documents.
const TENANT: &[Field] = &[
    value("enabled", "Whether the tenant may use face matching at all.", Rule::Flag, Preset::Flag(false)),
    value("verification_threshold", "Least similarity of a 1:1 verification.", Rule::Ratio, Preset::Decimal(0.6)),
    value("search_threshold", "Least similarity of a 1:N search.", Rule::Ratio, Preset::Decimal(0.8)),
    value("max_faces_per_user", "Faces that one session may register.", Rule::Whole(1, 100, "faces"), Preset::Whole(5)),
    value("enable_blacklist", "Whether faces can be blacklisted.", Rule::Flag, Preset::Flag(true)),
    value(
        "shards",
        "Of its own, one for every 20 million faces.",
        Rule::Whole(1, 100, "collections"),
        Preset::Whole(1),
    ),
];

const ACME: Example = Example { name: "acme", values: &[("enabled", "true")] };

const REGISTRATION: &[Field] = &[
    value(
        "async",
        "Steps that the caller does not wait for; what fails later is rolled back.",
        Rule::ListOf(&["duplicate_search", "index"]),
        Preset::EmptyList,
    ),
    value("document_text", "Whether the document must hold text that can be read.", Rule::Flag, Preset::Flag(false)),
    // No function and no workflow of ours runs longer than five minutes.
    value(
        "abandoned_after_minutes",
        "After this what is still open is cleaned up.",
        Rule::Whole(5, 1_440, "minutes"),
        Preset::Whole(15),
    ),
];

const LIVENESS: &[Field] = &[
    value("required", "Whether every flow needs a liveness session.", Rule::Flag, Preset::Flag(false)),
    value("confidence", "Least confidence of a session.", Rule::Threshold, Preset::Whole(90)),
    // At most four (Rekognition API model, `AuditImagesLimit`).
    value("audit_images", "Images kept of a session, for review.", Rule::Whole(0, 4, "images"), Preset::Whole(2)),
];

/// The API stops waiting for a function after 29 seconds.
const LATENCY: Rule = Rule::Whole(1, 29_000, "milliseconds");

const ALARMS: &[Field] = &[
    value("email", "Where alarms are mailed to.", Rule::Email, Preset::Unset("oncall@example.com")),
    value("rekognition_p99_ms", "p99 of a Rekognition operation.", LATENCY, Preset::Whole(1_500)),
    value("api_p99_ms", "p99 of an API route.", LATENCY, Preset::Whole(3_000)),
    value("error_percent", "Share of API answers that are 5xx.", Rule::WholePercent, Preset::Whole(1)),
    value(
        "throttles_per_minute",
        "Throttled Rekognition calls.",
        Rule::Whole(1, 1_000_000, "calls per minute"),
        Preset::Whole(10),
    ),
    // SQS keeps no message for more than 14 days.
    value(
        "queue_age_seconds",
        "Age of the oldest waiting message.",
        Rule::Whole(1, 1_209_600, "seconds"),
        Preset::Whole(300),
    ),
];

/// A hundred years are a slip.
const DAYS: Rule = Rule::Whole(1, 36_500, "days");

const RETENTION: &[Field] = &[
    value("logs_days", "Log groups.", Rule::LogDays, Preset::Whole(30)),
    value("uploads_days", "Uploaded images that were never registered.", DAYS, Preset::Whole(1)),
    value(
        "images_days",
        "Images of registered faces; after three years inactive users are erased.",
        DAYS,
        Preset::Whole(1_095),
    ),
    value("backup_days", "Point-in-time recovery of the tables.", Rule::Whole(1, 35, "days"), Preset::Whole(35)),
    value("registrations_days", "Records of concluded registrations.", DAYS, Preset::Whole(90)),
    value("liveness_days", "Reference and audit images of liveness sessions.", DAYS, Preset::Whole(30)),
];

const AUTH: &[Field] = &[
    value(
        "issuer",
        "Whose tokens are accepted; the local cloud brings its own.",
        Rule::Issuer,
        Preset::Unset("https://login.example.com"),
    ),
    value("audience", "The audience that a token must name.", Rule::Word, Preset::Text("idv-api")),
    value("tenant_claim", "The claim that holds the tenant id.", Rule::Word, Preset::Text("tenant")),
];
