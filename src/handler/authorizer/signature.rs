//! Signatures of tokens, judged by ring, which TLS brings along: the library for tokens would bring a second set of
//! cryptography, several times the size.

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{self, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use ring::signature as ring;

/// Judges signatures, and makes none: the authorizer has no private key.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(Error::from(ErrorKind::UnsupportedAlgorithm)),
    verifier_factory: |algorithm, key| {
        let scheme = Scheme::of(*algorithm).ok_or(ErrorKind::UnsupportedAlgorithm)?;
        Ok(Box::new(SignatureCheck { algorithm: *algorithm, scheme, key: key.clone() }))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes ring the judge of this process. It is the only one there is, so whoever comes second changes nothing.
pub(super) fn install() {
    let _ = PROVIDER.install_default();
}

/// How an algorithm is checked, which decides the form of its keys.
#[derive(Clone, Copy)]
enum Scheme {
    /// By modulus and exponent.
    Rsa(&'static ring::RsaParameters),
    /// By a point on a curve.
    Curve(&'static dyn ring::VerificationAlgorithm),
}

impl Scheme {
    /// `None` for shared secrets, and for whatever else there may be one day.
    fn of(algorithm: Algorithm) -> Option<Self> {
        Some(match algorithm {
            Algorithm::RS256 => Self::Rsa(&ring::RSA_PKCS1_2048_8192_SHA256),
            Algorithm::RS384 => Self::Rsa(&ring::RSA_PKCS1_2048_8192_SHA384),
            Algorithm::RS512 => Self::Rsa(&ring::RSA_PKCS1_2048_8192_SHA512),
            Algorithm::PS256 => Self::Rsa(&ring::RSA_PSS_2048_8192_SHA256),
            Algorithm::PS384 => Self::Rsa(&ring::RSA_PSS_2048_8192_SHA384),
            Algorithm::PS512 => Self::Rsa(&ring::RSA_PSS_2048_8192_SHA512),
            Algorithm::ES256 => Self::Curve(&ring::ECDSA_P256_SHA256_FIXED),
            Algorithm::ES384 => Self::Curve(&ring::ECDSA_P384_SHA384_FIXED),
            Algorithm::EdDSA => Self::Curve(&ring::ED25519),
            _ => return None,
        })
    }
}

/// Checks the signature of one token.
struct SignatureCheck {
    algorithm: Algorithm,
    scheme: Scheme,
    key: DecodingKey,
}

impl Verifier<Vec<u8>> for SignatureCheck {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let judged = match (self.scheme, self.key.kind()) {
            (Scheme::Rsa(parameters), DecodingKeyKind::RsaModulusExponent { n, e }) => {
                let key = ring::RsaPublicKeyComponents { n: without_sign(n), e: without_sign(e) };
                key.verify(parameters, message, signature)
            }
            (Scheme::Curve(curve), DecodingKeyKind::SecretOrDer(point)) => {
                ring::UnparsedPublicKey::new(curve, point).verify(message, signature)
            }
            // A key of one family, a signature of another.
            _ => return Err(signature::Error::new()),
        };
        // Why it does not fit is nobody's business, as the library puts it.
        judged.map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for SignatureCheck {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// Some issuers write the leading zero of a signed integer, which RFC 7518 (6.3.1.1) does not want and ring refuses.
fn without_sign(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jsonwebtoken::jwk::Jwk;
    use serde::Deserialize;

    use super::*;

    /// Signatures that OpenSSL 3.0 made with keys that were then thrown away, so that two libraries must agree.
    #[derive(Deserialize)]
    struct Signed {
        message: String,
        keys: BTreeMap<String, Jwk>,
        signatures: BTreeMap<String, String>,
    }

    impl Signed {
        fn read() -> Self {
            serde_json::from_str(include_str!("openssl.json")).unwrap()
        }

        fn key(&self, algorithm: &str) -> DecodingKey {
            let name = match algorithm {
                "ES256" => "P-256",
                "ES384" => "P-384",
                "EdDSA" => "Ed25519",
                _ => "RSA",
            };
            DecodingKey::from_jwk(&self.keys[name]).unwrap()
        }
    }

    fn fits(algorithm: &str, key: &DecodingKey, message: &str, signature: &[u8]) -> bool {
        let check = (PROVIDER.verifier_factory)(&algorithm.parse().unwrap(), key).unwrap();
        check.verify(message.as_bytes(), &signature.to_vec()).is_ok()
    }

    fn bytes(base64: &str) -> Vec<u8> {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(base64).unwrap()
    }

    #[test]
    fn every_accepted_algorithm_agrees_with_openssl() {
        let signed = Signed::read();
        assert_eq!(signed.signatures.len(), super::super::token::ALGORITHMS.len());
        for (algorithm, signature) in &signed.signatures {
            let (key, signature) = (signed.key(algorithm), bytes(signature));
            assert!(fits(algorithm, &key, &signed.message, &signature), "{algorithm}");
            assert!(!fits(algorithm, &key, "header.other", &signature), "{algorithm}");
            assert!(!fits(algorithm, &key, &signed.message, &signature[1..]), "{algorithm}");
            let mut damaged = signature.clone();
            damaged[9] ^= 1;
            assert!(!fits(algorithm, &key, &signed.message, &damaged), "{algorithm}");
        }
    }

    #[test]
    fn a_signature_fits_no_other_algorithm_and_no_other_key() {
        let signed = Signed::read();
        for (made_by, signature) in &signed.signatures {
            for other in signed.signatures.keys().filter(|other| *other != made_by) {
                for key in [signed.key(made_by), signed.key(other)] {
                    assert!(!fits(other, &key, &signed.message, &bytes(signature)), "{made_by} as {other}");
                }
            }
        }
    }

    #[test]
    fn a_modulus_may_be_written_as_a_signed_integer() {
        let signed = Signed::read();
        let key = signed.key("RS256");
        let DecodingKeyKind::RsaModulusExponent { n, e } = key.kind() else { panic!("not an RSA key") };
        let padded = DecodingKey::from_rsa_raw_components(&[&[0][..], n].concat(), e);
        assert!(fits("RS256", &padded, &signed.message, &bytes(&signed.signatures["RS256"])));
        let none = DecodingKey::from_rsa_raw_components(&[0, 0], &[]);
        assert!(!fits("RS256", &none, &signed.message, &bytes(&signed.signatures["RS256"])));
    }

    #[test]
    fn shared_secrets_are_never_keys() {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            assert!((PROVIDER.verifier_factory)(&algorithm, &DecodingKey::from_secret(b"secret")).is_err());
        }
    }
}
