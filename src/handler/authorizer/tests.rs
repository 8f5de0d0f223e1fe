use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, get_current_timestamp};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};

use super::*;

/// A signing key made for one test.
struct Key {
    id: &'static str,
    algorithm: Algorithm,
    /// PKCS #8.
    private: Vec<u8>,
}

impl Key {
    fn new(id: &'static str, algorithm: Algorithm) -> Self {
        let random = SystemRandom::new();
        let private = match algorithm {
            Algorithm::EdDSA => Ed25519KeyPair::generate_pkcs8(&random),
            Algorithm::ES256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random),
            other => panic!("no key for {other:?}"),
        };
        Self { id, algorithm, private: private.unwrap().as_ref().to_vec() }
    }

    fn ed25519(&self) -> Ed25519KeyPair {
        Ed25519KeyPair::from_pkcs8(&self.private).unwrap()
    }

    fn p256(&self) -> EcdsaKeyPair {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.private, &SystemRandom::new()).unwrap()
    }

    /// A JSON Web Key.
    fn public(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        if self.algorithm == Algorithm::EdDSA {
            return json!({ "kid": self.id, "kty": "OKP", "crv": "Ed25519", "x": text(self.ed25519().public_key().as_ref()) });
        }
        let pair = self.p256();
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        json!({ "kid": self.id, "kty": "EC", "crv": "P-256", "alg": "ES256", "x": text(x), "y": text(y) })
    }

    fn sign(&self, claims: &Value) -> String {
        compact(&json!({ "alg": format!("{:?}", self.algorithm), "kid": self.id }), claims, |message| {
            if self.algorithm == Algorithm::EdDSA {
                return self.ed25519().sign(message).as_ref().to_vec();
            }
            self.p256().sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
        })
    }
}

/// A JWT in compact form.
fn compact(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let signature = URL_SAFE_NO_PAD.encode(sign(message.as_bytes()));
    format!("{message}.{signature}")
}

/// An issuer on this machine: discovery document and keys over real HTTP.
struct Issuer {
    url: String,
    keys: Arc<Mutex<Vec<Value>>>,
    requests: Arc<AtomicUsize>,
}

impl Issuer {
    fn start(keys: Vec<Value>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/oidc", listener.local_addr().unwrap());
        let issuer = Self { url: url.clone(), keys: Arc::new(Mutex::new(keys)), requests: Arc::default() };
        let (keys, requests) = (Arc::clone(&issuer.keys), Arc::clone(&issuer.requests));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                requests.fetch_add(1, Ordering::SeqCst);
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let request = lines.next().unwrap_or_default();
                lines.take_while(|line| !line.is_empty()).for_each(drop);
                let body = if request.contains("/.well-known/openid-configuration") {
                    json!({ "issuer": url, "jwks_uri": format!("{url}/jwks") })
                } else {
                    json!({ "keys": *keys.lock().unwrap() })
                };
                let body = body.to_string();
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                stream.write_all((head + &body).as_bytes()).unwrap();
            }
        });
        issuer
    }

    fn authorizer(&self) -> Authorizer {
        let mut authorizer = Authorizer::new(AuthorizerSettings {
            issuer: self.url.clone(),
            audience: "idv-api".to_owned(),
            tenant_claim: "tenant".to_owned(),
        });
        authorizer.keys = Keyring::new(self.url.clone()).refetching_after(Duration::ZERO);
        authorizer
    }

    fn claims(&self) -> Value {
        json!({
            "iss": self.url,
            "aud": "idv-api",
            "sub": "tester",
            "exp": get_current_timestamp() + 600,
            "scope": "kyc:read kyc:create",
            "tenant": "demo",
        })
    }
}

fn event(token: &str) -> TokenEvent {
    TokenEvent {
        authorization_token: format!("Bearer {token}"),
        method_arn: "arn:aws:execute-api:us-east-1:000000000000:abc123/v1/POST/kyc/facematch/verify".to_owned(),
    }
}

async fn judge(authorizer: &Authorizer, token: &str) -> Result<Value, Refused> {
    authorizer.authorize(event(token)).await
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

#[tokio::test]
async fn a_good_token_allows_the_whole_api_and_says_for_whom() {
    for algorithm in [Algorithm::ES256, Algorithm::EdDSA] {
        let key = Key::new("one", algorithm);
        let issuer = Issuer::start(vec![key.public()]);
        let policy = judge(&issuer.authorizer(), &key.sign(&issuer.claims())).await.unwrap();
        assert_eq!(
            policy["policyDocument"]["Statement"][0]["Resource"],
            "arn:aws:execute-api:us-east-1:000000000000:abc123/v1/*"
        );
        let context = json!({ "tenant": "demo", "scope": "kyc:read kyc:create" });
        assert!(!policy.to_string().contains("tester"), "the person is nobody's business");
        assert_eq!(policy["context"], context);
    }
}

#[tokio::test]
async fn every_other_token_is_unauthorized() {
    let key = Key::new("one", Algorithm::ES256);
    let issuer = Issuer::start(vec![key.public()]);
    let authorizer = issuer.authorizer();
    let (claims, now) = (issuer.claims(), get_current_timestamp());
    let good = key.sign(&claims);
    let (head, _) = good.rsplit_once('.').unwrap();
    let somebody_else = key.sign(&with(claims.clone(), "sub", json!("somebody else")));
    let (_, signature) = somebody_else.rsplit_once('.').unwrap();
    let forged = Key::new("one", Algorithm::ES256).sign(&claims);
    let shared = compact(&json!({ "alg": "HS256", "kid": "one" }), &claims, |message| {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"secret"), message).as_ref().to_vec()
    });
    let unsigned = compact(&json!({ "alg": "none", "kid": "one" }), &claims, |_| Vec::new());
    let mut without_subject = claims.clone();
    without_subject.as_object_mut().unwrap().remove("sub");
    for (token, reason) in [
        (String::new(), "no bearer token"),
        ("a.b.c".to_owned(), "not a JWT"),
        (head.to_owned(), "not a JWT"),
        (format!("{head}.{signature}"), "signature does not fit"),
        (forged, "signature does not fit"),
        (shared, "signed in a way that is not accepted"),
        (unsigned, "not a JWT"),
        (key.sign(&with(claims.clone(), "exp", json!(now - 61))), "expired"),
        (key.sign(&with(claims.clone(), "nbf", json!(now + 120))), "not valid yet"),
        (key.sign(&with(claims.clone(), "iss", json!("https://other.example"))), "of another issuer"),
        (key.sign(&with(claims.clone(), "aud", json!("other-api"))), "for another audience"),
        (key.sign(&without_subject), "lacks a required claim"),
        (Key::new("two", Algorithm::ES256).sign(&claims), "signed by a key that the issuer does not have"),
        (Key::new("one", Algorithm::EdDSA).sign(&claims), "key and signature do not belong together"),
    ] {
        assert_eq!(judge(&authorizer, &token).await, Err(Refused::Unauthorized(reason)), "{token}");
    }
    assert!(judge(&authorizer, &good).await.is_ok());
}

#[tokio::test]
async fn clocks_may_differ_by_a_minute() {
    let key = Key::new("one", Algorithm::EdDSA);
    let issuer = Issuer::start(vec![key.public()]);
    let authorizer = issuer.authorizer();
    let now = get_current_timestamp();
    for claims in [with(issuer.claims(), "exp", json!(now - 30)), with(issuer.claims(), "nbf", json!(now + 30))] {
        assert!(judge(&authorizer, &key.sign(&claims)).await.is_ok());
    }
}

#[tokio::test]
async fn keys_are_remembered_and_a_new_one_is_found() {
    let (old, new) = (Key::new("old", Algorithm::EdDSA), Key::new("new", Algorithm::EdDSA));
    let issuer = Issuer::start(vec![old.public()]);
    let authorizer = issuer.authorizer();
    for _ in 0..3 {
        assert!(judge(&authorizer, &old.sign(&issuer.claims())).await.is_ok());
    }
    assert_eq!(issuer.requests.load(Ordering::SeqCst), 2, "discovery and keys, once");
    *issuer.keys.lock().unwrap() = vec![new.public()];
    assert!(judge(&authorizer, &new.sign(&issuer.claims())).await.is_ok());
    assert!(judge(&authorizer, &old.sign(&issuer.claims())).await.is_err());
}

#[tokio::test]
async fn made_up_key_ids_do_not_become_load_on_the_issuer() {
    let key = Key::new("one", Algorithm::EdDSA);
    let issuer = Issuer::start(vec![key.public()]);
    let mut authorizer = issuer.authorizer();
    authorizer.keys = Keyring::new(issuer.url.clone());
    for id in ["a", "b", "c"] {
        assert!(judge(&authorizer, &Key::new(id, Algorithm::EdDSA).sign(&issuer.claims())).await.is_err());
    }
    assert_eq!(issuer.requests.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_is_not_the_callers_fault() {
    let key = Key::new("one", Algorithm::EdDSA);
    let issuer = Issuer::start(vec![key.public()]);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let authorizer = Authorizer::new(AuthorizerSettings {
        issuer: format!("http://{closed}"),
        audience: "idv-api".to_owned(),
        tenant_claim: "tenant".to_owned(),
    });
    let refused = judge(&authorizer, &key.sign(&issuer.claims())).await.unwrap_err();
    assert!(matches!(refused, Refused::Unavailable(_)), "{refused:?}");
    assert_ne!(Diagnostic::from(refused).error_message, "Unauthorized");
}

#[test]
fn the_gateway_is_told_unauthorized_in_exactly_that_word() {
    assert_eq!(Diagnostic::from(Refused::Unauthorized("expired")).error_message, "Unauthorized");
}
