//! DynamoDB: the records of faces, the ledger, and the tables themselves.

#[cfg(feature = "cli")]
mod ledger;
mod liveness;
#[cfg(feature = "cli")]
mod posture;
mod records;
mod registrations;
mod routing;
#[cfg(feature = "cli")]
mod tables;
mod users;

#[cfg(feature = "cli")]
pub use ledger::LedgerTable;
pub use liveness::LivenessTable;
#[cfg(feature = "cli")]
pub use posture::{TableEncryption, TablePosture};
pub use records::FaceTable;
pub use registrations::RegistrationTable;
pub use routing::RoutingTable;
#[cfg(feature = "cli")]
pub use tables::{TableDescription, Tables};
pub use users::UserTable;
