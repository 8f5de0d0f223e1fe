//! CreateFaceLivenessSession and GetFaceLivenessSessionResults.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Answer;
use crate::local::simulator::analysis::wire_box;
use crate::local::simulator::liveness::{Challenge, Content, Findings, Frame, Output, Settings, State};
use crate::local::simulator::{ApiError, Simulator, check, wire};
use crate::model::Timestamp;

/// Most audit images of a session.
const MOST_AUDIT_IMAGES: i64 = 4;
/// The challenges with their newest versions; the first one is the default.
const CHALLENGES: [(&str, &str); 2] = [("FaceMovementAndLightChallenge", "2.0.0"), ("FaceMovementChallenge", "1.0.0")];
/// What the results name as the client's software.
const SDK: &str = "idvctl-simulator";

pub fn create(simulator: &Simulator, request: wire::CreateFaceLivenessSession) -> Result<Answer, ApiError> {
    let token = check::client_request_token(request.client_request_token)?;
    let kms_key = request.kms_key_id.map(|key| check::within(Some(key), "kmsKeyId", 1, 2048)).transpose()?;
    let settings = request.settings.unwrap_or_default();
    let audit_images =
        check::count(settings.audit_images_limit, "settings.auditImagesLimit", 0..=MOST_AUDIT_IMAGES, 0)?;
    let settings = Settings {
        output: settings.output_config.map(|output| destination(output, kms_key)).transpose()?,
        audit_images,
        challenge: challenge(settings.challenge_preferences.unwrap_or_default())?,
    };
    let session_id = simulator.sessions().create(settings, token, Timestamp::now());
    Answer::of(&wire::LivenessSessionCreated { session_id })
}

pub fn results(simulator: &Simulator, request: wire::GetFaceLivenessSessionResults) -> Result<Answer, ApiError> {
    let id = check::required(request.session_id, "sessionId")?;
    // A session id has the form of a face id.
    let id = check::face_id(id, "sessionId")?.to_string();
    let (state, challenge) = simulator.sessions().results(&id, Timestamp::now())?;
    let mut results = wire::LivenessResults {
        session_id: id,
        status: state.name(),
        confidence: None,
        reference_image: None,
        audit_images: Vec::new(),
        challenge: None,
        metadata: None,
    };
    if let State::Succeeded(Findings { confidence, reference, audit }) = &state {
        results.confidence = Some(*confidence);
        results.reference_image = Some(image(reference));
        results.audit_images = audit.iter().map(image).collect();
    }
    if matches!(state, State::Succeeded(_) | State::Failed) {
        results.challenge = Some(wire::Challenge { r#type: challenge.kind, version: challenge.version });
        results.metadata = Some(wire::Metadata { sdk_type: SDK });
    }
    Answer::of(&results)
}

fn destination(output: wire::LivenessOutput, kms_key: Option<String>) -> Result<Output, ApiError> {
    let at = |member: &str| format!("settings.outputConfig.{member}");
    let bucket = check::bucket(output.bucket, &at("s3Bucket"))?;
    let prefix = check::within(Some(output.prefix.unwrap_or_default()), &at("s3KeyPrefix"), 0, 950)?;
    if prefix.contains(char::is_whitespace) {
        return Err(check::pattern(&prefix, &at("s3KeyPrefix"), 950, r"\S*"));
    }
    Ok(Output { bucket, prefix, kms_key })
}

/// The first preference that can be met, or the default without any.
fn challenge(preferences: Vec<wire::ChallengePreference>) -> Result<Challenge, ApiError> {
    let at = "settings.challengePreferences";
    let mut challenges = Vec::new();
    for preference in preferences {
        let kind = check::required(preference.r#type, &format!("{at}.type"))?;
        let known = CHALLENGES.iter().find(|(name, _)| *name == kind);
        let (kind, newest) = *known.ok_or_else(|| check::enumerated(&kind, at, &CHALLENGES.map(|(name, _)| name)))?;
        let versions = preference.versions.unwrap_or_default();
        let (minimum, maximum) = (version(versions.minimum)?, version(versions.maximum)?);
        let newest = version(Some(newest.to_owned()))?.unwrap_or_default();
        let low = minimum.unwrap_or_default();
        let high = maximum.unwrap_or(newest);
        if low > newest || high < low {
            continue;
        }
        let [major, minor, patch] = newest.min(high);
        challenges.push(Challenge { kind, version: format!("{major}.{minor}.{patch}") });
    }
    let [(kind, version), _] = CHALLENGES;
    Ok(challenges.into_iter().next().unwrap_or_else(|| Challenge { kind, version: version.to_owned() }))
}

/// A version's numbers, when one is named.
fn version(text: Option<String>) -> Result<Option<[u16; 3]>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    let number = |part: &str| {
        let plain = part == "0" || !part.starts_with('0');
        part.parse().ok().filter(|number| *number <= 999 && plain && !part.starts_with('+'))
    };
    let numbers: Option<Vec<u16>> = text.split('.').map(number).collect();
    match numbers.and_then(|numbers| <[u16; 3]>::try_from(numbers).ok()) {
        Some(numbers) => Ok(Some(numbers)),
        None => Err(check::broken(text, "settings.challengePreferences.versions", "Member must be a version x.y.z")),
    }
}

fn image(frame: &Frame) -> wire::LivenessImage {
    let (bytes, s3_object) = match &frame.content {
        Content::Bytes(bytes) => (Some(STANDARD.encode(bytes)), None),
        Content::Stored(bucket, key) => (None, Some(wire::WrittenObject { bucket: bucket.clone(), name: key.clone() })),
    };
    wire::LivenessImage { bytes, s3_object, bounding_box: frame.bounds.as_ref().map(wire_box) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preference(kind: &str, minimum: Option<&str>, maximum: Option<&str>) -> wire::ChallengePreference {
        let versions = wire::Versions { minimum: minimum.map(str::to_owned), maximum: maximum.map(str::to_owned) };
        wire::ChallengePreference { r#type: Some(kind.to_owned()), versions: Some(versions) }
    }

    #[test]
    fn the_first_preference_that_can_be_met_is_the_challenge() {
        let (light, plain) = ("FaceMovementAndLightChallenge", "FaceMovementChallenge");
        for (preferences, expected) in [
            (vec![], (light, "2.0.0")),
            (vec![preference(plain, None, None), preference(light, None, None)], (plain, "1.0.0")),
            (vec![preference(light, Some("1.0.0"), Some("1.5.0"))], (light, "1.5.0")),
            (vec![preference(light, Some("9.0.0"), None), preference(plain, None, None)], (plain, "1.0.0")),
        ] {
            let found = challenge(preferences).unwrap();
            assert_eq!((found.kind, found.version.as_str()), expected);
        }
        assert!(challenge(vec![preference("Dance", None, None)]).is_err());
        for bad in ["1.0", "1.0.0.0", "01.0.0", "+1.0.0", "1.0.1000", "a.b.c"] {
            assert!(challenge(vec![preference(light, Some(bad), None)]).is_err(), "{bad}");
        }
    }
}
