//! The patience of a call that somebody waits for: how long an attempt may take, and how often it is made.

use std::time::{Duration, Instant};

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;

/// Longest wait for a connection: within a region, it takes milliseconds or does not come.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// Longest time of one attempt. The slowest call, a search in a full collection, takes well under two seconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(4);
/// Longest time of a call with its retries: two calls in a row fit into the function's time, and its into the API's.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(6);
/// Attempts in all. Whoever is still throttled after the second is told so: callers and the queue retry by themselves,
/// and retries on retries multiply exactly when there is no room for them.
const ATTEMPTS: u32 = 2;
/// The second attempt comes within this time.
const FIRST_BACKOFF: Duration = Duration::from_millis(200);

/// First and longest pause of [`Pauses`].
const PAUSES: (Duration, Duration) = (Duration::from_millis(40), Duration::from_millis(640));
/// Longest time over which [`Pauses`] spread.
const PAUSING: Duration = Duration::from_secs(3);

/// The retries of a call that somebody waits for; the SDK draws the pause between them at random.
pub(super) fn brisk_retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(FIRST_BACKOFF)
}

/// The timeouts of a call that somebody waits for.
pub(super) fn brisk_timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build()
}

/// Pauses between tries that the SDK does not make by itself: each twice as long as the one before at most, drawn at
/// random so that those who collided do not meet again, and an end to them.
#[derive(Debug)]
pub(super) struct Pauses {
    began: Instant,
    next: Duration,
}

impl Pauses {
    /// The first try begins now.
    pub(super) fn new() -> Self {
        Self { began: Instant::now(), next: PAUSES.0 }
    }

    /// Waits for the next try; `false` at once when there was time enough.
    pub(super) async fn pause(&mut self) -> bool {
        let pause = self.next.mul_f64(fastrand::f64());
        if self.began.elapsed() + pause > PAUSING {
            return false;
        }
        tokio::time::sleep(pause).await;
        self.next = (self.next * 2).min(PAUSES.1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pauses_come_to_an_end() {
        let mut pauses = Pauses::new();
        assert!(pauses.pause().await);
        pauses.began = pauses.began.checked_sub(PAUSING).unwrap();
        assert!(!pauses.pause().await);
    }
}
