//! HTTP beneath the SDK's clients, and beside them: one document from any address, over the same TLS and the same pool of
//! connections, so that a program needs no second HTTP library.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use aws_sdk_s3::config::http::HttpRequest;
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings, SharedHttpConnector};

use super::error::innermost;

/// How programs introduce themselves to servers that are not AWS.
const USER_AGENT: &str = concat!("idvctl/", env!("CARGO_PKG_VERSION"));

/// The TLS of every connection.
pub(super) const TLS: tls::Provider = Provider::Rustls(CryptoMode::Ring);

/// Whether servers must be recognised by a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    /// HTTPS; reads the system's certificate authorities, which takes some milliseconds and half a megabyte.
    Tls,
    /// HTTP only: for what listens on this machine.
    Plain,
}

impl Security {
    /// What an address needs.
    pub(super) fn of(address: &str) -> Self {
        if address.starts_with("http://") { Self::Plain } else { Self::Tls }
    }
}

/// A pool of connections.
pub(super) fn connector(security: Security, connect_timeout: Duration) -> SharedHttpConnector {
    let roots = TrustStore::empty().with_native_roots(security == Security::Tls);
    let builder = Connector::builder()
        .connector_settings(HttpConnectorSettings::builder().connect_timeout(connect_timeout).build())
        .tls_provider(TLS);
    // A trust store is checked when it is used, not here: there is nothing that could fail.
    let builder = match TlsContext::builder().with_trust_store(roots).build() {
        Ok(context) => builder.tls_context(context),
        Err(_) => builder,
    };
    SharedHttpConnector::new(builder.build())
}

/// Fetches documents. Follows no redirect: whoever names an address vouches for that one only.
#[derive(Debug)]
pub struct Web {
    timeout: Duration,
    plain: OnceLock<SharedHttpConnector>,
    secure: OnceLock<SharedHttpConnector>,
}

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebError {
    /// The address is none.
    NoAddress,
    /// No connection, or one that broke off; the innermost cause.
    Unreachable(String),
    /// No whole answer in time.
    TimedOut(Duration),
    /// An answer that is no success.
    Status(u16),
    /// More bytes than the limit.
    TooLarge(usize),
}

impl Web {
    /// Fetches that take at most `timeout` each. Nothing is connected yet.
    #[must_use]
    pub const fn new(timeout: Duration) -> Self {
        Self { timeout, plain: OnceLock::new(), secure: OnceLock::new() }
    }

    /// The document at an `http:` or `https:` address, of at most `limit` bytes.
    ///
    /// # Errors
    /// [`WebError`]; nothing is tried twice.
    pub async fn get(&self, address: &str, limit: usize) -> Result<Vec<u8>, WebError> {
        tokio::time::timeout(self.timeout, self.fetch(address, limit))
            .await
            .unwrap_or(Err(WebError::TimedOut(self.timeout)))
    }

    async fn fetch(&self, address: &str, limit: usize) -> Result<Vec<u8>, WebError> {
        let mut request = HttpRequest::get(address).map_err(|_| WebError::NoAddress)?;
        request.headers_mut().insert("accept", "application/json");
        request.headers_mut().insert("user-agent", USER_AGENT);
        let answer = self.connector(address).call(request).await;
        let answer = answer.map_err(|error| WebError::Unreachable(innermost(&error)))?;
        if !answer.status().is_success() {
            return Err(WebError::Status(answer.status().as_u16()));
        }
        let mut body = ByteStream::new(answer.into_body());
        let mut document = Vec::new();
        while let Some(part) = body.try_next().await.map_err(|error| WebError::Unreachable(innermost(&error)))? {
            if document.len() + part.len() > limit {
                return Err(WebError::TooLarge(limit));
            }
            document.extend_from_slice(&part);
        }
        Ok(document)
    }

    fn connector(&self, address: &str) -> &SharedHttpConnector {
        let security = Security::of(address);
        let made = match security {
            Security::Plain => &self.plain,
            Security::Tls => &self.secure,
        };
        made.get_or_init(|| connector(security, self.timeout))
    }
}

impl fmt::Display for WebError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAddress => f.write_str("not an address"),
            Self::Unreachable(cause) => f.write_str(cause),
            Self::TimedOut(after) => write!(f, "no answer within {} seconds", after.as_secs_f32()),
            Self::Status(status) => write!(f, "answered with status {status}"),
            Self::TooLarge(limit) => write!(f, "more than {limit} bytes"),
        }
    }
}

impl std::error::Error for WebError {}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    /// A server that answers every request with the same bytes and then waits until the client hangs up.
    fn server(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/document", listener.local_addr().unwrap());
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                thread::spawn(move || {
                    let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                    lines.take_while(|line| !line.is_empty()).for_each(drop);
                    stream.write_all(answer.as_bytes()).unwrap();
                    std::io::copy(&mut stream, &mut std::io::sink())
                });
            }
        });
        address
    }

    #[tokio::test]
    async fn a_document_within_the_limit_is_read_whole() {
        let address = server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        assert_eq!(Web::new(PATIENCE).get(&address, 5).await, Ok(b"hello".to_vec()));
        assert_eq!(Web::new(PATIENCE).get(&address, 4).await, Err(WebError::TooLarge(4)));
    }

    #[tokio::test]
    async fn only_a_success_is_a_document_and_redirects_are_none() {
        for (answer, status) in [
            ("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}", 404),
            ("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", 302),
        ] {
            assert_eq!(Web::new(PATIENCE).get(&server(answer), 100).await, Err(WebError::Status(status)));
        }
    }

    #[tokio::test]
    async fn a_server_that_never_ends_its_answer_is_given_up() {
        let short = Duration::from_millis(50);
        let address = server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
        assert_eq!(Web::new(short).get(&address, 100).await, Err(WebError::TimedOut(short)));
    }

    #[tokio::test]
    async fn nobody_there_and_no_address_are_errors() {
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let refused = Web::new(PATIENCE).get(&format!("http://{closed}/"), 100).await.unwrap_err();
        assert!(matches!(&refused, WebError::Unreachable(cause) if cause.contains("refused")), "{refused}");
        assert_eq!(Web::new(PATIENCE).get("http://a b/", 100).await, Err(WebError::NoAddress));
    }

    #[tokio::test]
    async fn what_does_not_speak_tls_is_not_trusted_for_an_https_address() {
        let address = server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").replace("http:", "https:");
        let refused = Web::new(PATIENCE).get(&address, 100).await;
        assert!(matches!(refused, Err(WebError::Unreachable(_))), "{refused:?}");
    }
}
