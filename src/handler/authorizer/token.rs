//! Judging one token.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::jwks::{KeyError, Keyring};
use super::{AuthorizerSettings, Refused};

/// The signatures that are accepted: all asymmetric, so that no public key can be used as a shared secret.
pub(super) const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];
/// How far the clocks of issuer and function may differ, seconds.
const LEEWAY_SECONDS: u64 = 60;

/// Whom a token stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// For which tenant; empty when the token names none.
    pub(super) tenant: String,
    /// What they may do, separated by spaces.
    pub(super) scope: String,
}

#[derive(Deserialize)]
struct Claims {
    #[serde(default)]
    scope: Value,
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// Checks signature, issuer, audience and times.
pub(super) async fn verify(token: &str, settings: &AuthorizerSettings, keys: &Keyring) -> Result<Identity, Refused> {
    let header = decode_header(token).map_err(|_| Refused::Unauthorized("not a JWT"))?;
    // Before the key is asked for: a token that can never be good causes no call.
    if !ALGORITHMS.contains(&header.alg) {
        return Err(Refused::Unauthorized("signed in a way that is not accepted"));
    }
    let id = header.kid.ok_or(Refused::Unauthorized("no key id"))?;
    let key = keys.key(&id).await.map_err(|error| match error {
        KeyError::Unknown => Refused::Unauthorized("signed by a key that the issuer does not have"),
        KeyError::Unavailable(reason) => Refused::Unavailable(reason),
    })?;
    let key =
        decoding_key(&key, header.alg).ok_or(Refused::Unauthorized("key and signature do not belong together"))?;
    let claims = decode::<Claims>(token, &key, &validation(settings, header.alg))
        .map_err(|error| Refused::Unauthorized(reason(&error)))?
        .claims;
    Ok(Identity { tenant: tenant(&claims, settings), scope: scope(&claims.scope) })
}

/// The key, if it is meant for this algorithm.
fn decoding_key(key: &Jwk, algorithm: Algorithm) -> Option<DecodingKey> {
    let named = key.common.key_algorithm.map(|own| own.to_string());
    if named.is_some_and(|own| own != format!("{algorithm:?}")) {
        return None;
    }
    DecodingKey::from_jwk(key).ok().filter(|key| key.family().algorithms().contains(&algorithm))
}

fn validation(settings: &AuthorizerSettings, algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.leeway = LEEWAY_SECONDS;
    validation.validate_nbf = true;
    validation.set_issuer(&[&settings.issuer]);
    validation.set_audience(&[&settings.audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation
}

fn tenant(claims: &Claims, settings: &AuthorizerSettings) -> String {
    claims.others.get(&settings.tenant_claim).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Issuers write scopes as one text or as a list.
fn scope(claim: &Value) -> String {
    match claim {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<&str>>().join(" "),
        _ => String::new(),
    }
}

fn reason(error: &jsonwebtoken::errors::Error) -> &'static str {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::ExpiredSignature => "expired",
        ErrorKind::ImmatureSignature => "not valid yet",
        ErrorKind::InvalidIssuer => "of another issuer",
        ErrorKind::InvalidAudience => "for another audience",
        ErrorKind::InvalidSignature => "signature does not fit",
        ErrorKind::MissingRequiredClaim(_) => "lacks a required claim",
        _ => "not a readable token",
    }
}
