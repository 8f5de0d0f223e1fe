//! DynamoDB: the records of faces, the ledger, and the tables themselves.

#[cfg(feature = "cli")]
mod ledger;
#[cfg(feature = "cli")]
mod posture;
mod records;
#[cfg(feature = "cli")]
mod tables;

#[cfg(feature = "cli")]
pub use ledger::LedgerTable;
#[cfg(feature = "cli")]
pub use posture::{TableEncryption, TablePosture};
pub use records::FaceTable;
#[cfg(feature = "cli")]
pub use tables::{TableDescription, Tables};
