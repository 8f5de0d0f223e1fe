//! The local cloud: everything of AWS that the architecture needs, on one machine, without an account.
//!
//! ```text
//! control      start, stop, status, reset: what the command line asks for
//! supervisor   the background process: keeps the emulator and serves the simulator, the issuer and the observer
//! emulator     MiniStack as a child process: environment, health, restarts, end
//! plugin       the Python that teaches MiniStack what it lacks, embedded in this program
//! python       the virtual environment that MiniStack lives in
//! simulator    Amazon Rekognition
//! portrait     pictures that the simulator understands
//! liveness     the person in front of the camera, for its liveness sessions
//! issuer       tokens: an OIDC issuer with a key of its own
//! traffic      visits of people who do not exist, through the real API
//! observer     embedded metrics, Rekognition metrics, alarm states
//! folder lock settings announcement ports images log error
//! ```
//!
//! The supervisor holds a lock as long as it lives, so "is it running" is a question to the operating system and not to
//! a file that a crash may leave behind.

mod announcement;
mod control;
mod dice;
mod emulator;
mod error;
mod folder;
mod images;
pub mod issuer;
pub mod liveness;
mod lock;
mod log;
pub mod observer;
mod plugin;
pub mod portrait;
mod ports;
mod python;
mod settings;
pub mod simulator;
mod supervisor;
pub mod traffic;

pub use control::{Standing, Started, Stopped, healthy, reset, running, standing, start, stop};
pub use error::LocalError;
pub use folder::Folder;
pub use supervisor::{leave_terminal, serve};
