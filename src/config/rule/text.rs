//! Rules for names, choices and switches.

use serde_json::Value;

use super::Fault;
use crate::config::suggest::nearest;
use crate::model::{AccountId, EnvironmentName, InvalidId, ModelVersion, ProjectName, TenantId};

/// Regions in which `AWS::Rekognition::Collection` exists.
pub(in crate::config) const REKOGNITION_REGIONS: [&str; 19] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-west-1",
    "eu-west-2",
    "eu-central-1",
    "eu-south-2",
    "il-central-1",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-5",
    "ap-southeast-7",
    "us-gov-west-1",
];

/// Regions in which Rekognition has a FIPS endpoint. The SDK would build a name for any region, and fail at DNS.
pub(in crate::config) const FIPS_REGIONS: [&str; 6] =
    ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "us-gov-west-1"];

pub(super) fn validate_project_name(value: &Value) -> Result<(), Fault> {
    named(value, ProjectName::new, "idv")
}

pub(super) fn validate_environment_name(value: &Value) -> Result<(), Fault> {
    named(value, EnvironmentName::new, "prod")
}

pub(super) fn validate_tenant_name(value: &Value) -> Result<(), Fault> {
    named(value, TenantId::new, "acme")
}

pub(super) fn validate_model_version(value: &Value) -> Result<(), Fault> {
    named(value, ModelVersion::new, "\"7.0\"")
}

pub(super) fn validate_account(value: &Value) -> Result<(), Fault> {
    if value.is_number() {
        return Err(unquoted_account(&value.to_string()));
    }
    let digits: String = text(value)?.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    match (AccountId::new(text(value)?), AccountId::new(digits)) {
        (Ok(_), _) => Ok(()),
        (Err(_), Ok(plain)) => Err(Fault::new("must be 12 digits and nothing else", format!("write \"{plain}\""))),
        (Err(_), Err(_)) => Err(Fault::new(
            "must be exactly 12 digits, in quotes",
            "copy it from the AWS console, or run `aws sts get-caller-identity`",
        )),
    }
}

/// An account id without quotes. Some readers drop its leading zeros, some take it for an octal number.
pub(in crate::config) fn unquoted_account(written: &str) -> Fault {
    let fix = match written.len() {
        // Few digits missing are zeros that were lost; many are a slip.
        9..=12 => format!("write it in quotes, with all 12 digits: \"{written:0>12}\""),
        _ => "write its 12 digits in quotes".to_owned(),
    };
    Fault::new("an account id is text of 12 digits; as a number it would lose its leading zeros", fix)
}

pub(super) fn validate_region(value: &Value) -> Result<(), Fault> {
    let region = text(value)?;
    if REKOGNITION_REGIONS.contains(&region) {
        return Ok(());
    }
    // Regions resemble each other: only a slip of the fingers is a hint.
    let fix = match REKOGNITION_REGIONS.iter().find(|known| strsim::damerau_levenshtein(region, known) == 1) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write one of {}", REKOGNITION_REGIONS.join(", ")),
    };
    Err(Fault::new("Rekognition has no face collections in this region", fix))
}

pub(super) fn validate_email(value: &Value) -> Result<(), Fault> {
    let fault = || Fault::new("must be a mail address", "write one, for example oncall@example.com");
    let (user, host) = text(value)?.split_once('@').ok_or_else(fault)?;
    let is_address = !user.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !value.to_string().contains(char::is_whitespace)
        && !host.contains('@');
    if is_address { Ok(()) } else { Err(fault()) }
}

/// Tokens say `iss` to the byte, keys are fetched over TLS, and `/.well-known/…` is appended.
pub(super) fn validate_issuer(value: &Value) -> Result<(), Fault> {
    let issuer = text(value)?;
    let rule = "must be the https URL of an OpenID Connect issuer, without query or fragment";
    let Some(rest) = issuer.strip_prefix("https://") else {
        let host = issuer.strip_prefix("http://").unwrap_or(issuer);
        return Err(Fault::new(rule, format!("write https://{host}")));
    };
    if rest.is_empty() || rest.starts_with('/') || rest.contains(['?', '#', ' ']) {
        return Err(Fault::new(rule, "write it as the `iss` claim of its tokens says it"));
    }
    Ok(())
}

pub(super) fn validate_word(value: &Value) -> Result<(), Fault> {
    if text(value)?.trim().is_empty() {
        return Err(Fault::new("must not be empty", "write a text, or remove the key for its default"));
    }
    Ok(())
}

pub(super) fn validate_flag(value: &Value) -> Result<(), Fault> {
    let fix = match value.as_str().map(str::to_lowercase).as_deref() {
        // Booleans in YAML 1.1, plain text in YAML 1.2.
        Some("yes" | "on" | "true") => "write true",
        Some("no" | "off" | "false") => "write false",
        _ => "write true or false",
    };
    if value.is_boolean() { Ok(()) } else { Err(Fault::new("must be true or false", fix)) }
}

pub(super) fn validate_choice(value: &Value, choices: &[&str]) -> Result<(), Fault> {
    let choice = text(value)?;
    if choices.contains(&choice) {
        return Ok(());
    }
    let rule = format!("must be one of {}", choices.join(", "));
    Err(match nearest(choice, choices.iter().copied()) {
        Some(near) => Fault::new(rule, format!("did you mean `{near}`?")),
        None => Fault::new(rule, format!("write {}", choices.join(" or "))),
    })
}

pub(super) fn validate_choices(value: &Value, choices: &[&str]) -> Result<(), Fault> {
    let Some(list) = value.as_array() else {
        let rule = format!("must be a list of {}", choices.join(", "));
        return Err(Fault::new(rule, format!("write [{}], or [] for none", choices.join(", "))));
    };
    for (position, one) in list.iter().enumerate() {
        validate_choice(one, choices)?;
        if list[..position].contains(one) {
            return Err(Fault::new("names one twice", format!("write {one} once")));
        }
    }
    Ok(())
}

fn text(value: &Value) -> Result<&str, Fault> {
    value.as_str().ok_or_else(|| match value {
        Value::Number(_) | Value::Bool(_) => Fault::new("must be text", format!("write it in quotes: \"{value}\"")),
        _ => Fault::new("must be text", "write one word or a quoted text"),
    })
}

fn named<T>(value: &Value, new: fn(String) -> Result<T, InvalidId>, example: &str) -> Result<(), Fault> {
    match new(text(value)?.to_owned()) {
        Ok(_) => Ok(()),
        Err(InvalidId { rule, .. }) => Err(Fault::new(format!("must be {rule}"), format!("for example {example}"))),
    }
}
