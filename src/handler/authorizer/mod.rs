//! The token authorizer: is this bearer token one of the issuer's, and for whom?

mod jwks;
mod signature;
#[cfg(test)]
mod tests;
mod token;

use lambda_runtime::Diagnostic;
use serde::Deserialize;
use serde_json::{Value, json};

use jwks::Keyring;

/// Whose tokens are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizerSettings {
    /// The OIDC issuer, exactly as tokens name it.
    pub issuer: String,
    /// The audience that a token must name.
    pub audience: String,
    /// The claim that holds the tenant.
    pub tenant_claim: String,
}

/// The authorizer function. Remembers the issuer's keys for the life of the instance.
#[derive(Debug)]
pub struct Authorizer {
    settings: AuthorizerSettings,
    keys: Keyring,
}

/// What API Gateway asks a TOKEN authorizer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TokenEvent {
    /// The `Authorization` header.
    pub authorization_token: String,
    /// The method that is called.
    pub method_arn: String,
}

/// Why there is no policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The token is not good; in words for the log.
    Unauthorized(&'static str),
    /// The token could not be judged: the issuer does not answer, or the gateway's question makes no sense.
    Unavailable(String),
}

impl Authorizer {
    /// An authorizer that has not asked for any key yet.
    #[must_use]
    pub fn new(settings: AuthorizerSettings) -> Self {
        signature::install();
        let keys = Keyring::new(settings.issuer.clone());
        Self { settings, keys }
    }

    /// The policy for a token: the whole API, because API Gateway remembers the answer for all of its methods. Scopes
    /// are checked by the API function.
    pub async fn authorize(&self, event: TokenEvent) -> Result<Value, Refused> {
        let token = bearer(&event.authorization_token).ok_or(Refused::Unauthorized("no bearer token"))?;
        let identity = token::verify(token, &self.settings, &self.keys).await?;
        let resource = whole_api(&event.method_arn)
            .ok_or_else(|| Refused::Unavailable(format!("`{}` is no method ARN", event.method_arn)))?;
        Ok(json!({
            // The customer, not the person: nobody needs to know who that is.
            "principalId": format!("tenant:{}", identity.tenant),
            "policyDocument": {
                "Version": "2012-10-17",
                "Statement": [{ "Action": "execute-api:Invoke", "Effect": "Allow", "Resource": resource }],
            },
            "context": { "tenant": identity.tenant, "scope": identity.scope },
        }))
    }
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim()).filter(|token| !token.is_empty())
}

/// `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/path…` with everything after the stage left open.
fn whole_api(method_arn: &str) -> Option<String> {
    let (api, rest) = method_arn.split_once('/')?;
    let (stage, _) = rest.split_once('/')?;
    api.starts_with("arn:").then(|| format!("{api}/{stage}/*"))
}

impl From<Refused> for Diagnostic {
    fn from(refused: Refused) -> Self {
        // API Gateway answers 401 to exactly this message, and 500 to every other.
        let (error_type, error_message) = match refused {
            Refused::Unauthorized(_) => ("Unauthorized", "Unauthorized"),
            Refused::Unavailable(_) => ("Unavailable", "The token could not be checked"),
        };
        Self { error_type: error_type.to_owned(), error_message: error_message.to_owned() }
    }
}
