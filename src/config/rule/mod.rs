//! The rules that values obey: one `validate_*` function each.

mod number;
mod text;

use serde_json::Value;

pub(super) use text::FIPS_REGIONS;

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    ProjectName,
    EnvironmentName,
    TenantName,
    ModelVersion,
    Target,
    Account,
    Region,
    Profile,
    Email,
    Issuer,
    Audience,
    Claim,
    Strategy,
    Architecture,
    Flag,
    Threshold,
    Gate,
    Ratio,
    Angles,
    Shards,
    Faces,
    Pixels,
    Milliseconds,
    WholePercent,
    PerMinute,
    QueueAge,
    LogDays,
    BackupDays,
    Days,
}

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The rule in words.
    pub rule: String,
    /// What to write instead.
    pub fix: String,
}

impl Fault {
    pub(super) fn new(rule: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { rule: rule.into(), fix: fix.into() }
    }
}

impl Rule {
    /// Whether a value obeys.
    pub(super) fn validate(self, value: &Value) -> Result<(), Fault> {
        match self {
            Self::ProjectName => text::validate_project_name(value),
            Self::EnvironmentName => text::validate_environment_name(value),
            Self::TenantName => text::validate_tenant_name(value),
            Self::ModelVersion => text::validate_model_version(value),
            Self::Target => text::validate_target(value),
            Self::Account => text::validate_account(value),
            Self::Region => text::validate_region(value),
            Self::Profile => text::validate_profile(value),
            Self::Email => text::validate_email(value),
            Self::Issuer => text::validate_issuer(value),
            Self::Audience => text::validate_audience(value),
            Self::Claim => text::validate_claim(value),
            Self::Strategy => text::validate_strategy(value),
            Self::Architecture => text::validate_architecture(value),
            Self::Flag => text::validate_flag(value),
            Self::Threshold => number::validate_threshold(value),
            Self::Gate => number::validate_gate(value),
            Self::Ratio => number::validate_ratio(value),
            Self::Angles => number::validate_angles(value),
            Self::Shards => number::validate_shards(value),
            Self::Faces => number::validate_faces(value),
            Self::Pixels => number::validate_pixels(value),
            Self::Milliseconds => number::validate_milliseconds(value),
            Self::WholePercent => number::validate_whole_percent(value),
            Self::PerMinute => number::validate_per_minute(value),
            Self::QueueAge => number::validate_queue_age(value),
            Self::LogDays => number::validate_log_days(value),
            Self::BackupDays => number::validate_backup_days(value),
            Self::Days => number::validate_days(value),
        }
    }
}
