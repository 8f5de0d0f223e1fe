//! Asking the cloud: each call bounded in time, and what the answers say about whether it is there at all.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::aws::{CloudError, ErrorKind};
use crate::model::Reading;

use super::snapshot::Reach;

/// The answers so far: whether any call got one, and why the first did not.
#[derive(Debug)]
pub(super) struct Asking {
    limit: Duration,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    answered: bool,
    lost: Option<String>,
}

impl Asking {
    /// Nothing asked yet. `limit` is the longest wait for one call with its retries.
    pub fn new(limit: Duration) -> Self {
        Self { limit, seen: Mutex::default() }
    }

    /// A call, given up after the limit.
    pub async fn within<T>(
        &self,
        service: &'static str,
        operation: &'static str,
        call: impl Future<Output = Result<T, CloudError>>,
    ) -> Result<T, CloudError> {
        within(self.limit, service, operation, call).await
    }

    /// The longest wait for one call with its retries.
    pub const fn limit(&self) -> Duration {
        self.limit
    }

    /// Turns an answer into a reading and remembers whether the cloud was there. A refusal is an answer, too.
    pub fn note<T>(&self, answer: Result<T, CloudError>) -> Reading<T> {
        // A poisoned lock only means that another call panicked; what it saw so far still counts.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match answer {
            Ok(value) => {
                seen.answered = true;
                Reading::Known(value)
            }
            Err(error) => {
                if error.kind == ErrorKind::Unreachable {
                    seen.lost.get_or_insert_with(|| error.to_string());
                } else {
                    seen.answered = true;
                }
                Reading::Unknown(error.to_string())
            }
        }
    }

    /// Whether anything answered.
    pub fn reach(&self) -> Reach {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match &seen.lost {
            Some(why) if !seen.answered => Reach::Lost(why.clone()),
            _ => Reach::Answered,
        }
    }
}

/// A call, given up after `limit`.
pub(super) async fn within<T>(
    limit: Duration,
    service: &'static str,
    operation: &'static str,
    call: impl Future<Output = Result<T, CloudError>>,
) -> Result<T, CloudError> {
    match tokio::time::timeout(limit, call).await {
        Ok(answer) => answer,
        Err(_) => Err(CloudError {
            service,
            operation,
            kind: ErrorKind::Unreachable,
            code: String::new(),
            message: format!("no answer within {} s", limit.as_secs_f32()),
        }),
    }
}
