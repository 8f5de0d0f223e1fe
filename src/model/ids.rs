//! Names with a meaning. Each is a string that was checked once, so that it can be trusted everywhere.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A string that breaks the rule of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidId {
    /// What it was meant to be, for example `collection id`.
    pub kind: &'static str,
    /// The offending string.
    pub value: String,
    /// The rule in words.
    pub rule: &'static str,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a {}: {}", self.value, self.kind, self.rule)
    }
}

impl std::error::Error for InvalidId {}

macro_rules! checked_string {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $rule:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            #[doc = concat!("A ", $kind, ": ", $rule, ".")]
            pub fn new(value: impl Into<String>) -> Result<Self, InvalidId> {
                let value = value.into();
                let check: fn(&str) -> bool = $check;
                if check(&value) { Ok(Self(value)) } else { Err(InvalidId { kind: $kind, value, rule: $rule }) }
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(value: String) -> Result<Self, InvalidId> {
                Self::new(value)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

checked_string!(
    /// The name of the deployment family; prefix of every resource name.
    ProjectName, "project name", "2–20 lower-case letters, digits and single hyphens, beginning with a letter",
    |s| slug(s, 2, 20)
);
checked_string!(
    /// The name of one environment, for example `local` or `prod`.
    EnvironmentName, "environment name", "2–12 lower-case letters, digits and single hyphens, beginning with a letter",
    |s| slug(s, 2, 12)
);
checked_string!(
    /// A customer of the Face Matching API with collections of its own.
    TenantId, "tenant id", "2–24 lower-case letters, digits and single hyphens, beginning with a letter",
    |s| slug(s, 2, 24)
);
checked_string!(
    /// A Rekognition collection id (1–255 of `[a-zA-Z0-9_.-]`, case-sensitive; AWS API model `CollectionId`).
    CollectionId, "collection id", "1–255 letters, digits, `_`, `.` and `-`",
    |s| of_characters(s, 255, "_.-")
);
checked_string!(
    /// The caller's own reference of an indexed face (1–255 of `[a-zA-Z0-9_.:-]`; AWS API model `ExternalImageId`).
    ExternalImageId, "external image id", "1–255 letters, digits, `_`, `.`, `:` and `-`",
    |s| of_characters(s, 255, "_.:-")
);
checked_string!(
    /// A face in a collection: a lower-case UUID (AWS API model `FaceId`).
    FaceId, "face id", "a lower-case UUID such as 0f3a…-…",
    uuid
);
checked_string!(
    /// A person who is or wants to be registered: the caller's own opaque id, never a national number. Also the external
    /// image id of the person's faces, whose rule is wider (1–128 of `[a-zA-Z0-9_.:-]`; AWS API model `UserId`).
    UserId, "user id", "1–128 letters, digits, `_`, `.`, `:` and `-`",
    |s| of_characters(s, 128, "_.:-")
);
checked_string!(
    /// One attempt to be registered.
    RegistrationId, "registration id", "a lower-case UUID such as 0f3a…-…",
    uuid
);
checked_string!(
    /// A Face Liveness session (AWS API model `LivenessSessionId`).
    LivenessSessionId, "liveness session id", "a lower-case UUID such as 0f3a…-…",
    uuid
);
checked_string!(
    /// The face model version that a collection is pinned to for life, for example `7.0`.
    ModelVersion, "face model version", "digits and dots such as 7.0",
    |s| !s.is_empty() && s.len() <= 16 && s.bytes().all(|b| b.is_ascii_digit() || b == b'.')
);
checked_string!(
    /// A 12-digit AWS account id.
    AccountId, "account id", "exactly 12 digits, in quotes",
    |s| s.len() == 12 && s.bytes().all(|b| b.is_ascii_digit())
);
checked_string!(
    /// An AWS region, for example `us-east-1`.
    Region, "region", "a region name such as us-east-1",
    |s| {
        let parts: Vec<&str> = s.split('-').collect();
        parts.len() >= 3
            && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
            && parts.last().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()))
    }
);

impl UserId {
    /// Whether it looks like a national identity number: nine digits, whatever separates them, as in `078-05-1120`.
    /// Nobody's such number may become an id, because ids are kept in collections and records.
    #[must_use]
    pub fn is_like_national_number(&self) -> bool {
        let digits = self.0.bytes().filter(u8::is_ascii_digit).count();
        digits == 9 && self.0.bytes().all(|byte| byte.is_ascii_digit() || b"-._:".contains(&byte))
    }
}

impl ModelVersion {
    /// The version's numbers, for ordering: `10.1` is newer than `7.0`.
    #[must_use]
    pub fn numbers(&self) -> Vec<u32> {
        self.0.split('.').map(|part| part.parse().unwrap_or(0)).collect()
    }
}

fn slug(s: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&s.len())
        && s.starts_with(|c: char| c.is_ascii_lowercase())
        && !s.ends_with('-')
        && !s.contains("--")
        && s.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn uuid(s: &str) -> bool {
    let fits = |(i, b): (usize, u8)| match i {
        8 | 13 | 18 | 23 => b == b'-',
        _ => b.is_ascii_digit() || (b'a'..=b'f').contains(&b),
    };
    s.len() == 36 && s.bytes().enumerate().all(fits)
}

fn of_characters(s: &str, max: usize, also: &str) -> bool {
    (1..=max).contains(&s.len()) && s.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_where_they_are_made() {
        assert!(ProjectName::new("acme-idv").is_ok());
        for bad in ["", "A", "acme--idv", "acme-", "1acme", "a-name-that-is-far-too-long"] {
            assert!(ProjectName::new(bad).is_err(), "{bad}");
        }
        assert!(Region::new("us-gov-west-1").is_ok());
        for bad in ["us-east", "US-EAST-1", "us--1", "useast1"] {
            assert!(Region::new(bad).is_err(), "{bad}");
        }
        assert!(FaceId::new("0f3ae2b0-1111-4222-8333-9abcdef01234").is_ok());
        assert!(FaceId::new("0F3AE2B0-1111-4222-8333-9ABCDEF01234").is_err());
        assert!(AccountId::new("11111111111").is_err());
    }

    #[test]
    fn national_numbers_are_told_from_ids() {
        for number in ["078051120", "078-05-1120", "078.05.1120", "078_05_1120", "078-051-120"] {
            assert!(UserId::new(number).unwrap().is_like_national_number(), "{number}");
        }
        for id in
            ["07805112", "0780511200", "user-078051120", "078-05-112a", "1", "27c2ff71-4eb9-4cff-a835-bca4810c474b"]
        {
            assert!(!UserId::new(id).unwrap().is_like_national_number(), "{id}");
        }
    }

    #[test]
    fn model_versions_order_by_number() {
        let old = ModelVersion::new("7.0").unwrap();
        let new = ModelVersion::new("10.0").unwrap();
        assert!(new.numbers() > old.numbers());
    }
}
