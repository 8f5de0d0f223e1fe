//! Where snapshots come from: a cloud, an environment, a window, and who is asked about the duties.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::duties::{ComplianceReader, Duties};
use super::read::snapshot;
use super::snapshot::{Reach, Snapshot};
use super::window::Window;
use crate::aws::Cloud;
use crate::model::Environment;

/// Finds the way to the environment's cloud, or says why there is none.
pub type CloudFinder = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Cloud, String>> + Send>> + Send + Sync>;

/// Where snapshots come from. Clones share what they found out.
#[derive(Clone)]
pub struct Source {
    find: CloudFinder,
    cloud: Arc<Mutex<Cloud>>,
    environment: Arc<Environment>,
    window: Window,
    duties: Option<Duties>,
    limits: Limits,
}

/// How long is waited for what.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// For one call with its retries. Shorter than the client's own limit: a snapshot is taken again soon.
    call: Duration,
    /// For the duties, all of their calls together.
    duties: Duration,
    /// For the duties after everything else was read, where another snapshot follows.
    moment: Duration,
}

impl Limits {
    const USUAL: Self =
        Self { call: Duration::from_secs(8), duties: Duration::from_secs(20), moment: Duration::from_secs(1) };
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("window", &self.window).finish_non_exhaustive()
    }
}

impl Source {
    /// An environment of a cloud, looking back on `window`. Once the cloud is lost, `find` looks for it again: the local
    /// cloud may listen elsewhere after its next start.
    #[must_use]
    pub fn new(cloud: Cloud, find: CloudFinder, environment: Environment, window: Window) -> Self {
        let (cloud, environment) = (Arc::new(Mutex::new(cloud)), Arc::new(environment));
        Self { find, cloud, environment, window, duties: None, limits: Limits::USUAL }
    }

    /// Also reads the state of the duties.
    #[must_use]
    pub fn with_compliance(mut self, reader: ComplianceReader) -> Self {
        self.duties = Some(Duties::new(reader, self.limits.duties));
        self
    }

    /// Whether the state of the duties is read.
    #[must_use]
    pub const fn has_compliance(&self) -> bool {
        self.duties.is_some()
    }

    /// The environment's name for the header, before the first answer.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} · {}", self.environment.project, self.environment.name)
    }

    /// Takes one of many snapshots: the duties are as they were last read, and missing before that.
    pub async fn snapshot(&self) -> Snapshot {
        self.take(self.limits.moment).await
    }

    /// Takes a snapshot that no other follows: waits until the duties are read, too.
    pub async fn whole_snapshot(&self) -> Snapshot {
        self.take(self.limits.duties).await
    }

    async fn take(&self, patience: Duration) -> Snapshot {
        let cloud = self.cloud();
        let duties = async {
            match &self.duties {
                Some(duties) => duties.state(&cloud, patience).await,
                None => None,
            }
        };
        // Boxed: with every call in it the future is too large for the stacks of its callers.
        let snapshot = Box::pin(snapshot(&cloud, &self.environment, self.window, self.limits.call));
        let (mut snapshot, duties) = tokio::join!(snapshot, duties);
        match &mut snapshot.reach {
            Reach::Answered => snapshot.add_compliance(duties, &self.environment),
            Reach::Lost(why) => match (self.find)().await {
                Ok(found) => *self.cloud.lock().unwrap_or_else(PoisonError::into_inner) = found,
                Err(gone) => *why = gone,
            },
        }
        snapshot
    }

    fn cloud(&self) -> Cloud {
        // A poisoned lock only means that another task panicked; the way it left is still a way.
        self.cloud.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::observe::fixture;

    /// A cloud that takes every call and never answers: the connections wait in the listener's queue.
    fn silent() -> (TcpListener, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        (listener, address)
    }

    async fn impatient(address: &str, find: CloudFinder) -> Source {
        let mut source = Source::new(fixture::cloud(address).await, find, Environment::fixture(), Window::HOUR);
        let moment = Duration::from_millis(200);
        source.limits = Limits { call: moment, duties: moment, moment };
        source.with_compliance(Arc::new(|_| Box::pin(std::future::pending())))
    }

    fn found_at(address: &str) -> CloudFinder {
        let address = address.to_owned();
        Arc::new(move || {
            let address = address.clone();
            Box::pin(async move { Ok(fixture::cloud(&address).await) })
        })
    }

    #[tokio::test]
    async fn a_cloud_that_is_silent_is_lost_and_does_not_hang_the_question() {
        let (_listener, address) = silent();
        let snapshot = impatient(&address, found_at(&address)).await.whole_snapshot().await;
        assert!(
            matches!(&snapshot.reach, Reach::Lost(why) if why.contains("no answer within")),
            "{:?}",
            snapshot.reach
        );
    }

    #[tokio::test]
    async fn a_lost_cloud_is_looked_for_again_where_it_may_listen_now() {
        let (_listener, address) = silent();
        let (_elsewhere, next) = silent();
        let source = impatient(&address, found_at(&next)).await;
        assert_eq!(source.cloud().endpoint(), Some(address.as_str()));
        source.snapshot().await;
        assert_eq!(source.cloud().endpoint(), Some(next.as_str()));
    }

    #[tokio::test]
    async fn a_cloud_that_is_gone_says_so_in_the_words_of_who_looked() {
        let (_listener, address) = silent();
        let find: CloudFinder = Arc::new(|| Box::pin(async { Err("it does not run".to_owned()) }));
        let snapshot = impatient(&address, find).await.snapshot().await;
        assert_eq!(snapshot.reach, Reach::Lost("it does not run".to_owned()));
    }
}
