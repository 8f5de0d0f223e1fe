//! What can go wrong when a cloud is asked, in words that say what to do next.

use std::fmt;

use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

use crate::identity::{ServiceError, ServiceErrorKind};

/// A call that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudError {
    /// The service, for example `CloudFormation`.
    pub service: &'static str,
    /// The operation, for example `CreateChangeSet`.
    pub operation: &'static str,
    /// What kind of failure it is; decides the remedy and the exit code.
    pub kind: ErrorKind,
    /// The service's own error code; empty when no answer came.
    pub code: String,
    /// The service's own message, or the transport's.
    pub message: String,
}

/// The kinds of failure that callers treat differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// No connection or no answer in time.
    Unreachable,
    /// No credentials, expired ones, or a clock that is off.
    Credentials,
    /// Credentials without the permission.
    Denied,
    /// Too many calls.
    Throttled,
    /// The thing asked for does not exist.
    NotFound,
    /// The thing exists already, or is in a state that forbids the call.
    Conflict,
    /// The request itself is wrong.
    Invalid,
    /// The service failed.
    Service,
}

impl CloudError {
    /// Maps an SDK error of `service` and `operation`.
    pub fn from_sdk<E, R>(service: &'static str, operation: &'static str, error: &SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        R: fmt::Debug,
    {
        let code = error.code().unwrap_or_default().to_owned();
        let kind = match error {
            SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) | SdkError::ResponseError(_) => {
                let context = DisplayErrorContext(error).to_string();
                if context.contains("credentials") { ErrorKind::Credentials } else { ErrorKind::Unreachable }
            }
            SdkError::ConstructionFailure(_) => ErrorKind::Invalid,
            _ => kind_of(&code, error.message().unwrap_or_default()),
        };
        let message = match error.message() {
            Some(message) => message.to_owned(),
            None => innermost(error),
        };
        Self { service, operation, kind, code, message }
    }

    /// A failure that is not the SDK's: an answer without a part that it must have.
    #[must_use]
    pub fn incomplete(service: &'static str, operation: &'static str, missing: &str) -> Self {
        Self {
            service,
            operation,
            kind: ErrorKind::Service,
            code: "IncompleteAnswer".to_owned(),
            message: format!("the answer has no {missing}"),
        }
    }

    /// What the user can do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self.kind {
            ErrorKind::Unreachable => {
                "check the network, or start the local cloud with `idvctl local start` when the environment is local"
            }
            ErrorKind::Credentials => "refresh the credentials (`aws sso login`, AWS_PROFILE) and check the clock",
            ErrorKind::Denied => "grant the action to this identity; policies/iam/ holds the least privilege per role",
            ErrorKind::Throttled => "wait a moment and run it again; raise the quota in Service Quotas if it persists",
            ErrorKind::NotFound => "deploy the environment first with `idvctl up`, or check its name",
            ErrorKind::Conflict => "wait for the running change to end, then run it again",
            ErrorKind::Invalid => "mend the value that the message names",
            ErrorKind::Service => "run it again; if it persists, the AWS Health Dashboard may know more",
        }
    }
}

/// The cause at the bottom: `Connection refused` says more than the five layers that pass it on, and the debug form
/// would show whole requests and answers.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

fn kind_of(code: &str, message: &str) -> ErrorKind {
    match code {
        "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "SignatureDoesNotMatch"
        | "RequestExpired"
        | "RequestTimeTooSkewed"
        | "InvalidAccessKeyId"
        | "AuthFailure"
        | "MissingAuthenticationToken" => ErrorKind::Credentials,
        "ProvisionedThroughputExceededException"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "SlowDown"
        // DynamoDB: another transaction is at the same item, or this one is still running.
        | "TransactionConflictException"
        | "TransactionInProgressException"
        | "LimitExceededException" => ErrorKind::Throttled,
        _ if code.starts_with("Throttl") => ErrorKind::Throttled,
        _ if code.starts_with("AccessDenied") || code == "UnauthorizedOperation" || code == "AuthorizationError" => {
            ErrorKind::Denied
        }
        // CloudFormation has no typed error for a missing stack.
        "ValidationError" if message.contains("does not exist") => ErrorKind::NotFound,
        "ChangeSetNotFound" | "NoSuchBucket" | "NoSuchKey" | "NotFound" => ErrorKind::NotFound,
        _ if code.contains("NotFound") || code.starts_with("NoSuch") || code.contains("NonExistent") => {
            ErrorKind::NotFound
        }
        _ if code.contains("AlreadyExists")
            || code.contains("Conflict")
            || code == "InvalidChangeSetStatus"
            || code == "ConditionalCheckFailedException"
            || code == "ResourceInUseException" =>
        {
            ErrorKind::Conflict
        }
        "InternalServerError" | "InternalFailure" | "InternalError" | "ServiceUnavailable" | "" => ErrorKind::Service,
        _ => ErrorKind::Invalid,
    }
}

impl fmt::Display for CloudError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.service, self.operation)?;
        if !self.code.is_empty() {
            write!(f, "{}: ", self.code)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for CloudError {}

/// Service, operation and code are all that a function's log may say: a service's own message can name an object, and
/// with it a person's face.
impl From<CloudError> for ServiceError {
    fn from(error: CloudError) -> Self {
        let kind = match error.kind {
            ErrorKind::Throttled => ServiceErrorKind::Throttled,
            ErrorKind::NotFound => ServiceErrorKind::Missing,
            ErrorKind::Conflict => ServiceErrorKind::Conflict,
            ErrorKind::Unreachable | ErrorKind::Service => ServiceErrorKind::Unanswered,
            ErrorKind::Credentials | ErrorKind::Denied | ErrorKind::Invalid => ServiceErrorKind::Unavailable,
        };
        let how = match (error.code.as_str(), error.kind) {
            ("", ErrorKind::Unreachable) => "no answer",
            ("", ErrorKind::Credentials) => "no credentials",
            ("", _) => "an answer without a code",
            (code, _) => code,
        };
        Self::new(kind, format!("{} {}: {how}", error.service, error.operation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_fall_into_the_kinds_that_callers_tell_apart() {
        for (code, message, kind) in [
            ("ThrottlingException", "", ErrorKind::Throttled),
            ("ProvisionedThroughputExceededException", "", ErrorKind::Throttled),
            ("AccessDeniedException", "", ErrorKind::Denied),
            ("AccessDenied", "", ErrorKind::Denied),
            ("ExpiredToken", "", ErrorKind::Credentials),
            ("ValidationError", "Stack with id x does not exist", ErrorKind::NotFound),
            ("ValidationError", "Template format error", ErrorKind::Invalid),
            ("ResourceNotFoundException", "", ErrorKind::NotFound),
            ("InternalServerError", "", ErrorKind::Service),
            ("ResourceAlreadyExistsException", "", ErrorKind::Conflict),
            ("ConditionalCheckFailedException", "", ErrorKind::Conflict),
            ("TransactionConflictException", "", ErrorKind::Throttled),
        ] {
            assert_eq!(kind_of(code, message), kind, "{code}: {message}");
        }
    }

    #[test]
    fn a_function_learns_of_an_error_what_its_log_may_say() {
        let error = |code: &str, kind| CloudError {
            service: "S3",
            operation: "GetObject",
            kind,
            code: code.to_owned(),
            message: "not authorized on arn:aws:s3:::images/tenants/demo/faces/7.png".to_owned(),
        };
        for (code, kind, expected, said) in [
            ("AccessDenied", ErrorKind::Denied, ServiceErrorKind::Unavailable, "S3 GetObject: AccessDenied"),
            ("SlowDown", ErrorKind::Throttled, ServiceErrorKind::Throttled, "S3 GetObject: SlowDown"),
            ("InternalError", ErrorKind::Service, ServiceErrorKind::Unanswered, "S3 GetObject: InternalError"),
            ("", ErrorKind::Unreachable, ServiceErrorKind::Unanswered, "S3 GetObject: no answer"),
        ] {
            assert_eq!(ServiceError::from(error(code, kind)), ServiceError::new(expected, said));
        }
    }
}
