//! The rules that values obey: one `validate_*` function each.

mod number;
mod text;

use serde_json::Value;

pub(super) use number::LOG_DAYS;
pub(super) use text::{FIPS_REGIONS, REKOGNITION_REGIONS, unquoted_account};

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    ProjectName,
    EnvironmentName,
    TenantName,
    ModelVersion,
    Account,
    Region,
    Email,
    Issuer,
    /// Any text but an empty one.
    Word,
    OneOf(&'static [&'static str]),
    /// Some of these words, none twice.
    ListOf(&'static [&'static str]),
    Flag,
    Threshold,
    Gate,
    Ratio,
    Angles,
    /// A whole number: smallest, largest, unit.
    Whole(u64, u64, &'static str),
    WholePercent,
    LogDays,
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
            Self::Account => text::validate_account(value),
            Self::Region => text::validate_region(value),
            Self::Email => text::validate_email(value),
            Self::Issuer => text::validate_issuer(value),
            Self::Word => text::validate_word(value),
            Self::OneOf(choices) => text::validate_choice(value, choices),
            Self::ListOf(choices) => text::validate_choices(value, choices),
            Self::Flag => text::validate_flag(value),
            Self::Threshold => number::validate_threshold(value),
            Self::Gate => number::validate_gate(value),
            Self::Ratio => number::validate_ratio(value),
            Self::Angles => number::validate_angles(value),
            Self::Whole(least, most, unit) => number::validate_whole(value, least, most, unit),
            Self::WholePercent => number::validate_whole_percent(value),
            Self::LogDays => number::validate_log_days(value),
        }
    }
}
