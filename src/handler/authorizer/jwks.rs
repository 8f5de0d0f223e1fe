//! The issuer's public keys, found through its discovery document and remembered.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use http::Uri;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use crate::aws::Web;

/// Keys older than this are fetched again, so that a withdrawn key does not live on in a busy instance.
const MAX_AGE: Duration = Duration::from_hours(1);
/// Least time between two fetches: made-up key ids must not turn into load on the issuer.
const REFETCH_AFTER: Duration = Duration::from_secs(30);
/// Longest wait for one document. The function has ten seconds, and there are two documents.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Most bytes of a document.
const MAX_BYTES: usize = 256 * 1024;

/// The keys of one issuer.
#[derive(Debug)]
pub(super) struct Keyring {
    issuer: String,
    web: Web,
    cache: Mutex<Cache>,
    refetch_after: Duration,
}

#[derive(Debug, Default)]
struct Cache {
    keys: Option<JwkSet>,
    fetched: Option<Instant>,
    tried: Option<Instant>,
}

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyError {
    /// The issuer has no such key.
    Unknown,
    /// The issuer could not be asked.
    Unavailable(String),
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl Keyring {
    pub(super) fn new(issuer: String) -> Self {
        Self { issuer, web: Web::new(TIMEOUT), cache: Mutex::default(), refetch_after: REFETCH_AFTER }
    }

    /// The same with another least time between two fetches.
    #[cfg(test)]
    pub(super) fn refetching_after(mut self, least: Duration) -> Self {
        self.refetch_after = least;
        self
    }

    /// The key with an id, fetched if need be. Keys that were fetched once are used on when the issuer does not answer:
    /// its outage must not become ours.
    pub(super) async fn key(&self, id: &str) -> Result<Jwk, KeyError> {
        let mut cache = self.cache.lock().await;
        let fresh = cache.fetched.is_some_and(|fetched| fetched.elapsed() < MAX_AGE);
        if fresh && let Some(key) = cache.find(id) {
            return Ok(key);
        }
        let may_try = cache.tried.is_none_or(|tried| tried.elapsed() >= self.refetch_after);
        let mut failure = "it was asked a moment ago".to_owned();
        if may_try {
            cache.tried = Some(Instant::now());
            match self.fetch().await {
                Ok(keys) => {
                    cache.keys = Some(keys);
                    cache.fetched = Some(Instant::now());
                }
                Err(error) => failure = error,
            }
        }
        match cache.find(id) {
            Some(key) => Ok(key),
            None if cache.keys.is_some() => Err(KeyError::Unknown),
            None => Err(KeyError::Unavailable(format!("issuer {} has given no keys: {failure}", self.issuer))),
        }
    }

    async fn fetch(&self) -> Result<JwkSet, String> {
        let address = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let discovery: Discovery = self.read(&address).await?;
        if discovery.issuer != self.issuer {
            return Err(format!("{address} speaks for the issuer {}", discovery.issuer));
        }
        self.read(&discovery.jwks_uri).await
    }

    async fn read<T: DeserializeOwned>(&self, address: &str) -> Result<T, String> {
        if !is_trustworthy(address) {
            return Err(format!("{address} is neither HTTPS nor on this machine"));
        }
        let document = self.web.get(address, MAX_BYTES).await.map_err(|error| format!("{address}: {error}"))?;
        serde_json::from_slice(&document).map_err(|error| format!("{address}: {error}"))
    }
}

impl Cache {
    fn find(&self, id: &str) -> Option<Jwk> {
        self.keys.as_ref()?.find(id).cloned()
    }
}

/// Keys may come over HTTPS, or from a loopback address, where nobody can stand in between.
fn is_trustworthy(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let is_loopback = |host: &str| host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => uri.host().is_some_and(is_loopback),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_over_https_or_from_this_machine() {
        for good in ["https://login.example.com/jwks", "http://127.0.0.1:4000/oidc/jwks"] {
            assert!(is_trustworthy(good), "{good}");
        }
        for bad in ["http://login.example.com/jwks", "http://127.0.0.1.example.com/", "file:///etc/passwd", "", "//x"] {
            assert!(!is_trustworthy(bad), "{bad}");
        }
    }
}
