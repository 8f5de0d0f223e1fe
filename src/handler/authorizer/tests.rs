use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp};

use super::*;

/// A signing key made for one test.
struct Key {
    id: &'static str,
    algorithm: Algorithm,
    private: EncodingKey,
}

impl Key {
    /// PKCS #8 around 32 random bytes.
    fn new(id: &'static str, algorithm: Algorithm) -> Self {
        let random = [*uuid::Uuid::new_v4().as_bytes(), *uuid::Uuid::new_v4().as_bytes()].concat();
        let private = match algorithm {
            Algorithm::EdDSA => {
                let header = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
                EncodingKey::from_ed_der(&[&header[..], &random].concat())
            }
            Algorithm::ES256 => {
                let header = [
                    0x30, 0x41, 2, 1, 0, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48,
                    0xce, 0x3d, 3, 1, 7, 4, 0x27, 0x30, 0x25, 2, 1, 1, 4, 0x20,
                ];
                EncodingKey::from_ec_der(&[&header[..], &random].concat())
            }
            other => panic!("no key for {other:?}"),
        };
        Self { id, algorithm, private }
    }

    fn public(&self) -> Jwk {
        let mut key = Jwk::from_encoding_key(&self.private, self.algorithm).unwrap();
        key.common.key_id = Some(self.id.to_owned());
        key
    }

    fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.id.to_owned()), ..Header::new(self.algorithm) };
        encode(&header, claims, &self.private).unwrap()
    }
}

/// An issuer on this machine: discovery document and keys over real HTTP.
struct Issuer {
    url: String,
    keys: Arc<Mutex<Vec<Jwk>>>,
    requests: Arc<AtomicUsize>,
}

impl Issuer {
    fn start(keys: Vec<Jwk>) -> Self {
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
        authorizer.keys = Arc::new(Keyring::new(self.url.clone()).refetching_after(Duration::ZERO));
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
    let shared = encode(
        &Header { kid: Some("one".to_owned()), ..Header::new(Algorithm::HS256) },
        &claims,
        &EncodingKey::from_secret(b"secret"),
    );
    let mut without_subject = claims.clone();
    without_subject.as_object_mut().unwrap().remove("sub");
    for (token, reason) in [
        (String::new(), "no bearer token"),
        ("a.b.c".to_owned(), "not a JWT"),
        (head.to_owned(), "not a JWT"),
        (format!("{head}.{signature}"), "signature does not fit"),
        (forged, "signature does not fit"),
        (shared.unwrap(), "signed in a way that is not accepted"),
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
    authorizer.keys = Arc::new(Keyring::new(issuer.url.clone()));
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
