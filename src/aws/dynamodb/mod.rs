//! DynamoDB, by who needs it.

#[cfg(feature = "cli")]
mod ledger;
#[cfg(feature = "cli")]
mod posture;

#[cfg(feature = "cli")]
pub use ledger::LedgerTable;
#[cfg(feature = "cli")]
pub use posture::{TableEncryption, TablePosture};
//! DynamoDB: one file per purpose.

#[cfg(feature = "cli")]
mod tables;

#[cfg(feature = "cli")]
pub use tables::{TableDescription, Tables};
//! DynamoDB: the records of registered faces.

mod records;

pub use records::FaceTable;
