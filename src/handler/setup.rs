//! What the process environment tells a function.

use std::env;
use std::fmt;

use super::authorizer::AuthorizerSettings;
use crate::aws::PortNames;
use crate::model::HandlerSettings;

/// Which function an instance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// The HTTP API.
    Api,
    /// The token authorizer of the API.
    Authorizer,
    /// The consumer of the index queue.
    Worker,
    /// The steps of the registration workflow.
    Workflow,
    /// What ends whatever was begun and not ended.
    Sweeper,
}

/// Everything that an instance is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// Which function it is.
    pub function: Function,
    /// What its decisions are made of.
    pub settings: HandlerSettings,
    /// The names of the resources that the flows work on.
    pub names: PortNames,
    /// Where it runs; Lambda says so itself.
    pub region: String,
    /// Whose tokens are accepted.
    pub authorizer: AuthorizerSettings,
}

/// A variable that is missing or wrong. The stack sets all of them, so the remedy is to deploy it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupError {
    /// The variable.
    pub variable: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

impl Setup {
    /// Reads the process environment.
    pub fn from_process_environment() -> Result<Self, SetupError> {
        Self::read(|variable| env::var(variable).ok())
    }

    /// Reads variables from anywhere.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SetupError> {
        let required = |name: &'static str| {
            variable(name).ok_or_else(|| SetupError { variable: name, problem: "is not set".to_owned() })
        };
        let optional = |name: &str| variable(name).filter(|value| !value.is_empty());
        let function = match required("IDV_FUNCTION")?.as_str() {
            "api" => Function::Api,
            "authorizer" => Function::Authorizer,
            "worker" => Function::Worker,
            "workflow" => Function::Workflow,
            "sweeper" => Function::Sweeper,
            other => {
                let problem = format!("is `{other}`, not api, authorizer, worker, workflow or sweeper");
                return Err(SetupError { variable: "IDV_FUNCTION", problem });
            }
        };
        let settings = serde_json::from_str(&required("IDV_SETTINGS")?)
            .map_err(|error| SetupError { variable: "IDV_SETTINGS", problem: format!("cannot be read: {error}") })?;
        Ok(Self {
            function,
            settings,
            names: PortNames {
                faces_table: required("IDV_FACES_TABLE")?,
                registrations_table: required("IDV_REGISTRATIONS_TABLE")?,
                users_table: required("IDV_USERS_TABLE")?,
                liveness_table: required("IDV_LIVENESS_TABLE")?,
                routing_table: required("IDV_ROUTING_TABLE")?,
                image_bucket: required("IDV_IMAGE_BUCKET")?,
                index_queue_url: optional("IDV_INDEX_QUEUE_URL"),
                workflow: optional("IDV_REGISTRATION_WORKFLOW"),
            },
            region: required("AWS_REGION")?,
            authorizer: AuthorizerSettings {
                issuer: required("IDV_ISSUER")?,
                audience: required("IDV_AUDIENCE")?,
                tenant_claim: required("IDV_TENANT_CLAIM")?,
            },
        })
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "environment variable {} {}; deploy the service stack again", self.variable, self.problem)
    }
}

impl std::error::Error for SetupError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Environment;

    fn variables(name: &str) -> Option<String> {
        let settings = HandlerSettings::from(&Environment::fixture());
        Some(match name {
            "IDV_FUNCTION" => "worker".to_owned(),
            "IDV_SETTINGS" => serde_json::to_string(&settings).unwrap(),
            "IDV_INDEX_QUEUE_URL" => return None,
            other => other.to_lowercase(),
        })
    }

    #[test]
    fn what_the_renderer_writes_is_read_back() {
        let setup = Setup::read(variables).unwrap();
        assert_eq!(setup.function, Function::Worker);
        assert_eq!(setup.settings, HandlerSettings::from(&Environment::fixture()));
        assert_eq!(setup.names.index_queue_url, None);
    }

    #[test]
    fn a_missing_or_wrong_variable_is_named() {
        for name in ["IDV_FUNCTION", "IDV_SETTINGS", "IDV_FACES_TABLE", "IDV_ISSUER"] {
            let error = Setup::read(|asked| variables(asked).filter(|_| asked != name)).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("environment variable {name} is not set; deploy the service stack again")
            );
        }
        let error = Setup::read(|_| Some("nonsense".to_owned())).unwrap_err();
        assert_eq!(error.variable, "IDV_FUNCTION");
    }
}
