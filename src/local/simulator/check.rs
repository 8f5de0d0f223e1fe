//! The rules that parameters must keep, and AWS's words for breaking one.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;

use super::ApiError;
use super::analysis::{Attribute, QualityFilter};
use super::store::UserId;
use crate::model::{CollectionId, ExternalImageId, FaceId};

/// How many tags a resource may have.
pub const MOST_TAGS: usize = 200;
/// How many faces a request may name that is about no user.
pub const MOST_FACE_IDS: usize = 4096;
/// How much of an offending value is repeated in the message.
const LONGEST_ECHO: usize = 64;

/// A member that must be there.
pub fn required<T>(value: Option<T>, at: &str) -> Result<T, ApiError> {
    value.ok_or_else(|| broken("null", at, "Member must not be null"))
}

/// `CollectionId`.
pub fn collection_id(value: Option<String>) -> Result<CollectionId, ApiError> {
    let value = required(value, "collectionId")?;
    CollectionId::new(value).map_err(|error| pattern(&error.value, "collectionId", 255, r"[a-zA-Z0-9_.\-]+"))
}

/// `ExternalImageId`, when there is one.
pub fn external_image_id(value: Option<String>) -> Result<Option<ExternalImageId>, ApiError> {
    value
        .map(ExternalImageId::new)
        .transpose()
        .map_err(|error| pattern(&error.value, "externalImageId", 255, r"[a-zA-Z0-9_.\-:]+"))
}

/// `FaceId`.
pub fn face_id(value: String, at: &str) -> Result<FaceId, ApiError> {
    FaceId::new(value)
        .map_err(|error| pattern(&error.value, at, 36, "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"))
}

/// A list of 1 to `most` face ids.
pub fn face_ids(values: Vec<String>, most: usize) -> Result<Vec<FaceId>, ApiError> {
    if !(1..=most).contains(&values.len()) {
        let rule = format!("Member must have length between 1 and {most}");
        return Err(broken(format!("{} face ids", values.len()), "faceIds", &rule));
    }
    values.into_iter().map(|value| face_id(value, "faceIds")).collect()
}

/// `UserId`.
pub fn user_id(value: Option<String>) -> Result<UserId, ApiError> {
    let value = required(value, "userId")?;
    UserId::new(value.clone()).ok_or_else(|| pattern(&value, "userId", 128, r"[a-zA-Z0-9_.\-:]+"))
}

/// `ClientRequestToken`, when there is one.
pub fn client_request_token(value: Option<String>) -> Result<Option<String>, ApiError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    match value {
        Some(value) if !(1..=64).contains(&value.len()) || !value.chars().all(allowed) => {
            Err(pattern(&value, "clientRequestToken", 64, "^[a-zA-Z0-9-_]+$"))
        }
        value => Ok(value),
    }
}

/// A part of a whole, 0–1, when one is asked for.
pub fn ratio(value: Option<f32>, at: &str) -> Result<f32, ApiError> {
    match value.unwrap_or(0.0) {
        value if (0.0..=1.0).contains(&value) => Ok(value),
        value => Err(broken(value, at, "Member must have value between 0 and 1")),
    }
}

/// A text of so many bytes.
pub fn within(value: Option<String>, at: &str, shortest: usize, longest: usize) -> Result<String, ApiError> {
    let value = required(value, at)?;
    if (shortest..=longest).contains(&value.len()) {
        return Ok(value);
    }
    Err(broken(value, at, &format!("Member must have length between {shortest} and {longest}")))
}

/// A threshold in percent.
pub fn percent(value: Option<f32>, at: &str, default: f32) -> Result<f32, ApiError> {
    let value = value.unwrap_or(default);
    if value < 0.0 {
        Err(broken(value, at, "Member must have value greater than or equal to 0"))
    } else if value <= 100.0 {
        Ok(value)
    } else {
        Err(broken(value, at, "Member must have value less than or equal to 100"))
    }
}

/// A whole number in a range.
pub fn count(value: Option<i64>, at: &str, range: RangeInclusive<i64>, default: usize) -> Result<usize, ApiError> {
    let Some(value) = value else { return Ok(default) };
    if value < *range.start() {
        Err(broken(value, at, &format!("Member must have value greater than or equal to {}", range.start())))
    } else if value > *range.end() {
        Err(broken(value, at, &format!("Member must have value less than or equal to {}", range.end())))
    } else {
        Ok(usize::try_from(value).unwrap_or(default))
    }
}

/// `MaxResults` of a listing; 0 means the default.
pub fn page_size(value: Option<i64>, default: usize) -> Result<usize, ApiError> {
    count(value, "maxResults", 0..=4096, default).map(|size| if size == 0 { default } else { size })
}

/// `QualityFilter`.
pub fn quality_filter(value: Option<&str>, default: QualityFilter) -> Result<QualityFilter, ApiError> {
    let Some(value) = value else { return Ok(default) };
    QualityFilter::named(value)
        .ok_or_else(|| enumerated(value, "qualityFilter", &QualityFilter::ALL.map(QualityFilter::name)))
}

/// A list of attributes; none asked for is the default set.
pub fn attributes(values: Option<Vec<String>>, at: &str) -> Result<Vec<Attribute>, ApiError> {
    let attribute = |value: String| {
        Attribute::named(&value).ok_or_else(|| enumerated(&value, at, &Attribute::ALL.map(Attribute::name)))
    };
    values.unwrap_or_default().into_iter().map(attribute).collect()
}

/// Tags of a request: how many, how long, and none of AWS's own.
pub fn tags(tags: &BTreeMap<String, String>) -> Result<(), ApiError> {
    if tags.len() > MOST_TAGS {
        return Err(broken(
            format!("{} tags", tags.len()),
            "tags",
            "Member must have length less than or equal to 200",
        ));
    }
    for (key, value) in tags {
        if !(1..=128).contains(&key.chars().count()) {
            return Err(broken(key, "tags", "Map keys must have length between 1 and 128"));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(broken(key, "tags", "Map keys must not begin with aws:"));
        }
        if value.chars().count() > 256 {
            return Err(broken(value, "tags", "Map values must have length between 0 and 256"));
        }
    }
    Ok(())
}

/// The one way to say that a value breaks its rule.
pub fn broken(value: impl Display, at: &str, rule: &str) -> ApiError {
    let mut value = value.to_string();
    if let Some((cut, _)) = value.char_indices().nth(LONGEST_ECHO) {
        value.truncate(cut);
        value.push('…');
    }
    ApiError::parameter(format!(
        "1 validation error detected: Value '{value}' at '{at}' failed to satisfy constraint: {rule}"
    ))
}

/// The name of a bucket.
pub fn bucket(value: Option<String>, at: &str) -> Result<String, ApiError> {
    let value = within(value, at, 3, 255)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if value.chars().all(allowed) { Ok(value) } else { Err(pattern(&value, at, 255, r"[0-9A-Za-z\.\-_]*")) }
}

/// A value that is too short, too long or of other characters than its pattern.
pub fn pattern(value: &str, at: &str, longest: usize, pattern: &str) -> ApiError {
    if value.is_empty() {
        broken(value, at, "Member must have length greater than or equal to 1")
    } else if value.chars().count() > longest {
        broken(value, at, &format!("Member must have length less than or equal to {longest}"))
    } else {
        broken(value, at, &format!("Member must satisfy regular expression pattern: {pattern}"))
    }
}

/// A value that is none of its choices.
pub fn enumerated(value: &str, at: &str, choices: &[&str]) -> ApiError {
    broken(value, at, &format!("Member must satisfy enum value set: [{}]", choices.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_rule_is_told_in_the_words_of_aws() {
        let error = collection_id(Some("a b".to_owned())).unwrap_err();
        assert_eq!(
            error.message,
            "1 validation error detected: Value 'a b' at 'collectionId' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: [a-zA-Z0-9_.\\-]+"
        );
        assert!(collection_id(None).unwrap_err().message.ends_with("Member must not be null"));
        assert!(collection_id(Some("x".repeat(256))).unwrap_err().message.ends_with("less than or equal to 255"));
    }

    #[test]
    fn limits_are_inclusive() {
        assert!(percent(Some(100.0), "t", 80.0).is_ok());
        assert!(percent(Some(100.1), "t", 80.0).is_err());
        assert!(percent(Some(f32::NAN), "t", 80.0).is_err());
        assert_eq!(count(Some(4096), "m", 1..=4096, 10).unwrap(), 4096);
        assert!(count(Some(4097), "m", 1..=4096, 10).is_err());
        assert!(count(Some(0), "m", 1..=4096, 10).is_err());
        assert_eq!(page_size(Some(0), 10).unwrap(), 10);
    }
}
