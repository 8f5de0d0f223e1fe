//! A simulator of Amazon Rekognition's operations on faces, users, text and liveness, because no emulator has one: its wire protocol (JSON 1.1), its
//! exceptions, defaults, limits and quotas, with collections that outlast the process.
//!
//! **It is a simulator and never a face recogniser**: [`analysis`] says what it sees in a picture and what it does not.
//! Requests must be signed, but signatures are not verified. Beside the operations it has endpoints of its own, see
//! [`admin`]: health, the face model version of new collections, quotas, and faults on purpose.
//!
//! ```text
//! http        one call: headers, quota, faults, operation, answer, observer
//! operations  one file per family, and the table that finds them
//! wire        the shapes of requests and answers
//! check       the rules of parameters
//! picture     from an image in a request to pixels
//! analysis    from pixels to faces, and from an ID card to its text
//! store       collections, users and faces, on disk and in memory
//! liveness    sessions, and who plays the person in front of the camera
//! chaos       faults on purpose
//! tokens      idempotency
//! quota admin observer pages error
//! ```

mod admin;
mod analysis;
mod chaos;
mod check;
mod error;
mod http;
mod liveness;
mod observer;
mod operations;
mod pages;
mod picture;
mod quota;
mod store;
mod tokens;
mod wire;

pub use chaos::{FaultAction, FaultMoment, FaultPlan, Faults};
pub use error::{ApiError, ErrorKind};
pub use liveness::client::{LivenessPart, LivenessStatus};
pub use observer::{CallEvent, CallObserver, CallOutcome, Unobserved};
pub use picture::{Fetching, ImageLocation, ImageSource, ImageToStore, ImageUnavailable, NoImages, Storing};

use std::fmt::Display;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;

use self::chaos::Chaos;
use self::liveness::Sessions;
use self::quota::Quotas;
use self::store::Store;
use self::tokens::Tokens;
use crate::model::{AccountId, CollectionId, Region};

/// The store's file in the state folder.
const STORE_FILE: &str = "rekognition.redb";

/// What a simulator needs to know.
#[derive(Debug, Clone)]
pub struct SimulatorConfig {
    /// Where it keeps its collections; made when it does not exist.
    pub state_folder: PathBuf,
    /// The region it stands in: part of ARNs, and decides the quotas.
    pub region: Region,
    /// The account it stands in: part of ARNs.
    pub account: AccountId,
    /// Where images lie that requests only point at, and where those of liveness sessions go.
    pub images: Arc<dyn ImageSource>,
    /// Who is told of every call.
    pub observer: Arc<dyn CallObserver>,
}

/// A running simulator. Cheap to clone; clones are the same simulator.
#[derive(Debug, Clone)]
pub struct Simulator(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config: SimulatorConfig,
    store: Store,
    quotas: Quotas,
    chaos: Chaos,
    tokens: Tokens,
    sessions: Sessions,
}

/// Why a simulator cannot run.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// The store cannot be opened or read.
    #[error(
        "the Rekognition simulator's store {path} cannot be used: {problem}; stop the other process that has it open, \
         or delete the file to start with no collections"
    )]
    Store {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The state folder cannot be made.
    #[error("the folder {path} cannot be made: {problem}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why not.
        problem: std::io::Error,
    },
    /// The server stopped.
    #[error("the Rekognition simulator stopped serving: {0}")]
    Serve(std::io::Error),
}

impl SimulatorError {
    fn store(path: &Path, problem: &impl Display) -> Self {
        Self::Store { path: path.to_owned(), problem: problem.to_string() }
    }
}

impl Simulator {
    /// Opens the store and makes a simulator on it. Only one process at a time can have the store open.
    pub fn open(config: SimulatorConfig) -> Result<Self, SimulatorError> {
        let folder = &config.state_folder;
        std::fs::create_dir_all(folder).map_err(|problem| SimulatorError::Folder { path: folder.clone(), problem })?;
        let store = Store::open(&folder.join(STORE_FILE))?;
        let quotas = Quotas::of_region(config.region.as_str());
        let sessions = Sessions::of_region(config.region.as_str());
        let (chaos, tokens) = (Chaos::default(), Tokens::default());
        Ok(Self(Arc::new(Inner { config, store, quotas, chaos, tokens, sessions })))
    }

    /// The ARN of a collection.
    #[must_use]
    pub fn arn_of(&self, collection: &CollectionId) -> String {
        let SimulatorConfig { region, account, .. } = &self.0.config;
        let partition = match region.as_str() {
            region if region.starts_with("us-gov-") => "aws-us-gov",
            region if region.starts_with("cn-") => "aws-cn",
            _ => "aws",
        };
        format!("arn:{partition}:rekognition:{region}:{account}:collection/{collection}")
    }

    fn region(&self) -> &Region {
        &self.0.config.region
    }

    fn images(&self) -> &dyn ImageSource {
        self.0.config.images.as_ref()
    }

    fn observer(&self) -> &dyn CallObserver {
        self.0.config.observer.as_ref()
    }

    fn store(&self) -> &Store {
        &self.0.store
    }

    fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }

    fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    fn quotas(&self) -> &Quotas {
        &self.0.quotas
    }

    fn chaos(&self) -> &Chaos {
        &self.0.chaos
    }
}

/// The simulator's routes: `POST /` and `/_admin/…`. Other routes can be merged in.
pub fn router(simulator: Simulator) -> Router {
    Router::new()
        .route("/", post(http::call))
        .layer(DefaultBodyLimit::max(http::LARGEST_BODY))
        .merge(admin::routes())
        .with_state(simulator)
}

/// Serves a simulator until `shutdown` ends.
pub async fn serve(
    listener: tokio::net::TcpListener,
    simulator: Simulator,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), SimulatorError> {
    axum::serve(listener, router(simulator)).with_graceful_shutdown(shutdown).await.map_err(SimulatorError::Serve)
}

#[cfg(test)]
mod tests;
