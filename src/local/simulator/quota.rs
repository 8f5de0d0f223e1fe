//! Calls per second: a token bucket per operation, filled at the rate of the account's quota.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::{ApiError, ErrorKind, operations};

/// The rates in force and how much of each is left.
#[derive(Debug)]
pub struct Quotas {
    buckets: Mutex<BTreeMap<&'static str, Bucket>>,
    region: String,
}

#[derive(Debug)]
struct Bucket {
    /// Calls per second; `None` for no limit. Also how many calls may come at once.
    rate: Option<f64>,
    tokens: f64,
    filled: Instant,
}

impl Quotas {
    /// The default quotas of a region: some have larger ones.
    #[must_use]
    pub fn of_region(region: &str) -> Self {
        let quotas = Self { buckets: Mutex::default(), region: region.to_owned() };
        quotas.restore();
        quotas
    }

    /// Sets every quota back to the region's default.
    pub fn restore(&self) {
        let now = Instant::now();
        let mut buckets = self.lock();
        for entry in operations::TABLE {
            let rate = entry.quota.in_region(&self.region);
            buckets.insert(entry.name, Bucket::full(Some(f64::from(rate)), now));
        }
    }

    /// Takes one call off an operation's bucket, or refuses it.
    pub fn take(&self, operation: &str) -> Result<(), ApiError> {
        let free = self.lock().get_mut(operation).is_none_or(|bucket| bucket.take(Instant::now()));
        if free { Ok(()) } else { Err(ErrorKind::ProvisionedThroughputExceeded.into()) }
    }

    /// Sets an operation's calls per second; `None` lifts the limit. False when there is no such operation.
    pub fn set(&self, operation: &str, rate: Option<f64>) -> bool {
        let mut buckets = self.lock();
        let Some(bucket) = buckets.get_mut(operation) else { return false };
        *bucket = Bucket::full(rate, Instant::now());
        true
    }

    /// Calls per second of every operation.
    #[must_use]
    pub fn rates(&self) -> BTreeMap<&'static str, Option<f64>> {
        self.lock().iter().map(|(name, bucket)| (*name, bucket.rate)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Bucket>> {
        // A bucket is whole after every statement, so a panic elsewhere cannot have left it half-written.
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bucket {
    fn full(rate: Option<f64>, now: Instant) -> Self {
        Self { rate, tokens: rate.unwrap_or(0.0).max(1.0), filled: now }
    }

    fn take(&mut self, now: Instant) -> bool {
        let Some(rate) = self.rate else { return true };
        let elapsed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + elapsed * rate).min(rate.max(1.0));
        self.filled = now;
        let free = self.tokens >= 1.0;
        if free {
            self.tokens -= 1.0;
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::Operation;

    #[test]
    fn a_bucket_gives_its_rate_and_no_more() {
        let start = Instant::now();
        let mut bucket = Bucket::full(Some(5.0), start);
        assert_eq!((0..10).filter(|_| bucket.take(start)).count(), 5);
        assert_eq!((0..10).filter(|_| bucket.take(start + Duration::from_millis(400))).count(), 2);
        // An idle hour does not save up more than one second's worth.
        assert_eq!((0..10).filter(|_| bucket.take(start + Duration::from_hours(1))).count(), 5);
    }

    #[test]
    fn a_slow_rate_still_lets_a_call_through() {
        let start = Instant::now();
        let mut bucket = Bucket::full(Some(0.5), start);
        assert!(bucket.take(start));
        assert!(!bucket.take(start + Duration::from_secs(1)));
        assert!(bucket.take(start + Duration::from_secs(2)));
    }

    #[test]
    fn the_quotas_are_those_of_the_shared_vocabulary() {
        for operation in Operation::ALL {
            let entry = operations::find(operation.name()).unwrap();
            for region in ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1"] {
                assert_eq!(entry.quota.in_region(region), operation.default_quota(region), "{operation} in {region}");
            }
        }
    }
}
