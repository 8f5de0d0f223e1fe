//! How much time is left to answer.

use std::time::{Duration, Instant};

/// The moment after which nobody waits for an answer any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    at: Option<Instant>,
}

impl Deadline {
    /// None: there is always time.
    pub const NEVER: Self = Self { at: None };

    /// So long from now. A time beyond what the clock can count never comes.
    #[must_use]
    pub fn after(left: Duration) -> Self {
        Self { at: Instant::now().checked_add(left) }
    }

    /// Whether something that takes this long would still end in time.
    #[must_use]
    pub fn leaves(self, needed: Duration) -> bool {
        self.at.is_none_or(|at| at.saturating_duration_since(Instant::now()) >= needed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_and_what_does_not() {
        let hour = Duration::from_hours(1);
        assert!(Deadline::after(hour * 2).leaves(hour));
        assert!(!Deadline::after(hour).leaves(hour * 2));
        assert!(!Deadline::after(Duration::ZERO).leaves(hour));
        assert!(Deadline::NEVER.leaves(Duration::MAX) && Deadline::after(Duration::MAX).leaves(hour));
    }
}
