//! Traffic: what a busy day looks like, sent through the real API of the local cloud.
//!
//! ```text
//! visit     what a caller does: the mix of good pictures, poor ones, strangers and nonsense
//! identity  the visits of the identity flows
//! caller    one caller's requests
//! route     the routes that are called
//! album     the pictures, drawn once each
//! summary   what came back, per route
//! ```
//!
//! One thread sets the pace, a fixed number of threads send. When the API is slower than the pace, visits are skipped
//! and counted: traffic never piles up.

mod album;
mod caller;
mod identity;
mod route;
mod summary;
#[cfg(test)]
mod tests;
mod visit;

use std::net::IpAddr;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ureq::http::Uri;

use album::Album;
use caller::Caller;
use summary::Answered;
pub use summary::{RouteSummary, Summary};
use visit::{MEMBERS, Visit};

/// Most visits per second: far beyond what the simulated quotas let through.
pub const MAX_RATE: f64 = 200.0;
/// Most threads that send.
const MAX_SENDERS: usize = 32;
/// Visits per second that a sender is expected to manage.
const RATE_OF_A_SENDER: f64 = 0.5;
/// How often the caller is told how it goes.
const PROGRESS_EVERY: Duration = Duration::from_millis(250);

/// What to send, where, and for how long.
#[derive(Debug, Clone, PartialEq)]
pub struct Traffic {
    /// The API's address up to its stage, on this machine.
    pub api_url: String,
    /// A token that may do everything.
    pub token: String,
    /// A token without any scope.
    pub powerless_token: String,
    /// The Rekognition simulator's address: it plays the people in front of the camera.
    pub simulator_url: String,
    /// The collection of known fraudsters.
    pub fraudulent_collection: String,
    /// Visits per second, up to [`MAX_RATE`].
    pub rate: f64,
    /// How long.
    pub duration: Duration,
    /// The same seed sends the same visits.
    pub seed: u64,
}

/// Why no traffic was sent.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TrafficError {
    /// Only this machine is ever a target.
    #[error("`{0}` is not an address on this machine")]
    NotLocal(String),
    /// The rate is none.
    #[error("{0} visits per second cannot be sent; choose more than 0 and at most {MAX_RATE}")]
    Rate(f64),
}

impl Traffic {
    /// Sends the traffic and returns what came back. `progress` hears several times a second how it goes, with the
    /// time that has passed.
    pub fn run(&self, progress: &mut dyn FnMut(&Summary, Duration)) -> Result<Summary, TrafficError> {
        if !is_on_this_machine(&self.api_url) {
            return Err(TrafficError::NotLocal(self.api_url.clone()));
        }
        if !(self.rate > 0.0 && self.rate <= MAX_RATE) {
            return Err(TrafficError::Rate(self.rate));
        }
        let enough = |senders: &usize| *senders as f64 * RATE_OF_A_SENDER >= self.rate;
        let senders = (2..MAX_SENDERS).find(enough).unwrap_or(MAX_SENDERS);
        let (visits, waiting) = mpsc::sync_channel(senders);
        let (answers, answered) = mpsc::channel();
        let (waiting, album) = (Arc::new(Mutex::new(waiting)), Album::default());
        Ok(thread::scope(|scope| {
            for _ in 0..senders {
                let (waiting, answers, album) = (Arc::clone(&waiting), answers.clone(), &album);
                scope.spawn(move || self.visit_all(&waiting, &answers, album));
            }
            drop(answers);
            self.pace(visits, &answered, progress)
        }))
    }

    /// Hands out visits at the rate asked for, then waits for the last answers.
    fn pace(
        &self,
        visits: SyncSender<Visit>,
        answered: &Receiver<Vec<Answered>>,
        progress: &mut dyn FnMut(&Summary, Duration),
    ) -> Summary {
        let mut dice = fastrand::Rng::with_seed(self.seed);
        let mut summary = Summary::default();
        let start = Instant::now();
        let mut told = start;
        for number in 0_u32.. {
            let due = Duration::from_secs_f64(f64::from(number) / self.rate);
            if due >= self.duration {
                break;
            }
            if let Some(wait) = due.checked_sub(start.elapsed()) {
                thread::sleep(wait);
            }
            // The members register first: a search can only find who is there.
            let visit = if number < MEMBERS { Visit::joining(number) } else { Visit::random(&mut dice, number) };
            match visits.try_send(visit) {
                Ok(()) => {}
                Err(TrySendError::Full(_)) => summary.skipped += 1,
                Err(TrySendError::Disconnected(_)) => break,
            }
            for answers in answered.try_iter() {
                summary.add(answers);
            }
            if told.elapsed() >= PROGRESS_EVERY {
                progress(&summary, start.elapsed());
                told = Instant::now();
            }
        }
        drop(visits);
        for answers in answered {
            summary.add(answers);
        }
        progress(&summary, start.elapsed());
        summary
    }

    /// Makes visits until there are no more.
    fn visit_all(&self, waiting: &Mutex<Receiver<Visit>>, answers: &Sender<Vec<Answered>>, album: &Album) {
        let mut caller = Caller::new(self, album);
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(visit) = next else { return };
            visit.make(&mut caller);
            // Nobody listens any more only when the run has ended.
            if answers.send(caller.take_answered()).is_err() {
                return;
            }
        }
    }
}

fn is_on_this_machine(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    uri.scheme_str() == Some("http") && host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
