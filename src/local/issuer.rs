//! The local cloud's own OIDC issuer: one ES256 key, a discovery document, and tokens for whoever asks.

use std::time::Duration;

use axum::routing::get;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::SecretKey;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::folder::{read_if_present, write_private};
use super::{Folder, LocalError};
use crate::model::{LocalCloud, TenantId, Timestamp};

/// Where the issuer lives on the simulator's server.
const PATH: &str = "/oidc";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRequest {
    /// The customer of the Face Matching API.
    pub tenant: TenantId,
    /// The claim that holds the tenant (idv.yaml: `auth`).
    pub tenant_claim: String,
    /// The API that the token is for (idv.yaml: `auth`).
    pub audience: String,
    /// Scopes, separated by spaces.
    pub scope: String,
    /// How long it is valid.
    pub ttl: Duration,
}

/// The issuer's address, the `iss` of its tokens.
#[must_use]
pub fn url(cloud: &LocalCloud) -> String {
    format!("{}{PATH}", cloud.rekognition_endpoint)
}

/// A signed token of the local cloud at `folder`, whose address is `cloud`.
pub fn token(folder: &Folder, cloud: &LocalCloud, request: &TokenRequest) -> Result<String, LocalError> {
    let key = Key::load(folder)?;
    let now = Timestamp::now().millis() / 1_000;
    let mut claims = json!({
        "iss": url(cloud),
        "aud": request.audience,
        "sub": format!("local:{}", request.tenant),
        "iat": now,
        "nbf": now,
        "exp": now.saturating_add(i64::try_from(request.ttl.as_secs()).unwrap_or(i64::MAX)),
        "scope": request.scope,
    });
    claims[&request.tenant_claim] = json!(request.tenant);
    Ok(key.sign(&claims))
}

/// The discovery document and the key set, to be served below the issuer's address.
pub fn router(folder: &Folder, issuer: &str) -> Result<Router, LocalError> {
    let keys = json!({"keys": [Key::load(folder)?.public()]});
    let discovery = json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/jwks.json"),
        "id_token_signing_alg_values_supported": ["ES256"],
        "response_types_supported": ["token"],
        "subject_types_supported": ["public"],
    });
    Ok(Router::new()
        .route(&format!("{PATH}/.well-known/openid-configuration"), get(|| async { Json(discovery) }))
        .route(&format!("{PATH}/jwks.json"), get(|| async { Json(keys) })))
}

/// The issuer's key.
struct Key(SecretKey);

impl Key {
    /// Reads the key, or makes one that only its owner may read.
    fn load(folder: &Folder) -> Result<Self, LocalError> {
        let path = folder.issuer_key();
        if let Some(pem) = read_if_present(&path)? {
            let key = SecretKey::from_pkcs8_pem(&pem);
            return key.map(Self).map_err(|error| LocalError::file(&path, "be understood", error));
        }
        let key = Self::random()?;
        let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|error| LocalError::file(&path, "be written", error))?;
        write_private(&path, &pem)?;
        Ok(Self(key))
    }

    fn random() -> Result<SecretKey, LocalError> {
        // Version 4 UUIDs are 122 random bits of the operating system each; four of them hash to one scalar.
        let mut seed = Sha256::new();
        (0..4).for_each(|_| seed.update(uuid::Uuid::new_v4().as_bytes()));
        SecretKey::from_slice(&seed.finalize())
            .map_err(|error| LocalError::new(format!("no key could be made: {error}"), "run it again"))
    }

    /// A JWT (RFC 7519) in compact form.
    fn sign(&self, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&json!({"typ": "JWT", "alg": "ES256", "kid": self.id()})), part(claims));
        let signature: Signature = SigningKey::from(&self.0).sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    /// The public half as a JSON Web Key.
    fn public(&self) -> Value {
        let (x, y) = self.coordinates();
        json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": self.id(), "use": "sig", "alg": "ES256"})
    }

    /// The key's thumbprint (RFC 7638).
    fn id(&self) -> String {
        let (x, y) = self.coordinates();
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        URL_SAFE_NO_PAD.encode(Sha256::digest(canonical))
    }

    fn coordinates(&self) -> (String, String) {
        let point = self.0.public_key().to_encoded_point(false);
        let text = |coordinate: Option<&_>| coordinate.map(|c| URL_SAFE_NO_PAD.encode(c)).unwrap_or_default();
        (text(point.x()), text(point.y()))
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier;

    use super::*;
    use crate::local::settings::Settings;

    fn request() -> TokenRequest {
        TokenRequest {
            tenant: TenantId::new("demo").unwrap(),
            tenant_claim: "tenant".to_owned(),
            audience: "idv-api".to_owned(),
            scope: "kyc:read kyc:create".to_owned(),
            ttl: Duration::from_mins(1),
        }
    }

    #[test]
    fn a_token_is_verified_by_the_published_key() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path());
        let cloud = Settings::load(&folder).unwrap().cloud(4_566, 4_567).unwrap();
        let token = token(&folder, &cloud, &request()).unwrap();

        let published = Key::load(&folder).unwrap().public();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let json = |text: &str| serde_json::from_slice::<Value>(&bytes(text)).unwrap();
        let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("{token}") };
        assert_eq!(json(header), json!({"typ": "JWT", "alg": "ES256", "kid": published["kid"]}));

        let coordinate = |name: &str| bytes(published[name].as_str().unwrap());
        let point = [vec![4], coordinate("x"), coordinate("y")].concat();
        let key = VerifyingKey::from_sec1_bytes(&point).unwrap();
        let signature = Signature::from_slice(&bytes(signature)).unwrap();
        key.verify(format!("{header}.{claims}").as_bytes(), &signature).unwrap();

        let claims = json(claims);
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!("http://127.0.0.1:4567/oidc"), &json!("idv-api")));
        assert_eq!((&claims["tenant"], &claims["scope"]), (&json!("demo"), &json!("kyc:read kyc:create")));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 60);
    }

    #[test]
    fn another_folder_has_another_key() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let id = |place: &tempfile::TempDir| Key::load(&Folder::new(place.path())).unwrap().id();
        assert_eq!(id(&one), id(&one));
        assert_ne!(id(&one), id(&other));
    }
}
