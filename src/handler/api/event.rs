//! The request as API Gateway hands it over (Lambda proxy integration), and the response as it wants it back: only
//! the parts that are used.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::answer::Answer;
use crate::handler::problem::{Code, Problem, RETRY_AFTER_SECONDS};

/// A request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RequestEvent {
    /// The route's path with its placeholders.
    pub resource: String,
    /// `GET`, `POST` …
    pub http_method: String,
    /// Header fields as the client spelled them.
    pub headers: Option<BTreeMap<String, String>>,
    /// What stands in the path where the route has placeholders. REST APIs decode it (important notes for REST APIs).
    pub path_parameters: Option<BTreeMap<String, String>>,
    /// What stands behind the question mark, each as often as it was sent.
    pub multi_value_query_string_parameters: Option<BTreeMap<String, Vec<String>>>,
    /// The body as text.
    pub body: Option<String>,
    /// Whether the body's text is base64.
    pub is_base64_encoded: bool,
    /// What the gateway knows.
    pub request_context: RequestContext,
}

/// What the gateway knows of a request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RequestContext {
    /// The gateway's id of the request.
    pub request_id: String,
    /// What the authorizer said: tenant and scope.
    pub authorizer: Option<Map<String, Value>>,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The HTTP status.
    pub status_code: u16,
    /// Header fields.
    pub headers: BTreeMap<&'static str, String>,
    /// The body.
    pub body: String,
    /// Always false: every body is JSON.
    pub is_base64_encoded: bool,
}

/// A response with the log lines to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The response.
    pub response: Response,
    /// Embedded metrics and the log line.
    pub lines: Vec<String>,
}

impl RequestEvent {
    /// A header field, however it is spelled.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let headers = self.headers.as_ref()?;
        headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// What stands in the path in the place of a placeholder.
    pub(super) fn path_parameter(&self, name: &str) -> Option<&str> {
        self.path_parameters.as_ref()?.get(name).map(String::as_str)
    }

    /// The only query parameter that a route takes, which must be there once and without any other.
    pub(super) fn only_query_parameter(&self, name: &str) -> Result<&str, Problem> {
        let mut sent = self.multi_value_query_string_parameters.iter().flatten();
        match (sent.next(), sent.next()) {
            (Some((own, values)), None) if own == name => match values.as_slice() {
                [value] => Ok(value),
                _ => Err(Problem::invalid(format!("The query parameter `{name}` must be sent once."))),
            },
            (None, None) => Err(Problem::invalid(format!("The query parameter `{name}` is missing."))),
            _ => Err(Problem::invalid(format!("The route takes the query parameter `{name}` and no other."))),
        }
    }

    /// The gateway's id of the request.
    pub(super) fn request_id(&self) -> &str {
        &self.request_context.request_id
    }
}

impl Response {
    /// An answer.
    pub(super) fn of(answer: &Answer) -> Self {
        let mut response = Self::new(answer.status, "application/json", &answer.body);
        if let Some(location) = &answer.location {
            response.headers.insert("Location", location.clone());
        }
        response
    }

    /// A problem document.
    pub(super) fn problem(problem: &Problem, request_id: &str) -> Self {
        let status = problem.code.status();
        let mut response = Self::new(status, "application/problem+json", &problem.document(request_id));
        if problem.code == Code::Throttled {
            response.headers.insert("Retry-After", RETRY_AFTER_SECONDS.to_string());
        }
        response
    }

    fn new(status_code: u16, media_type: &str, body: &Value) -> Self {
        // An answer about a person is nothing that a cache may keep.
        let headers = [("Content-Type", media_type.to_owned()), ("Cache-Control", "no-store".to_owned())];
        Self { status_code, headers: headers.into(), body: body.to_string(), is_base64_encoded: false }
    }
}
