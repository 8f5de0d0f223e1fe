//! What can be proven about an environment: opt-out, protection of each store, the ledger of erasures.
//!
//! - `opt_out` – whether AWS may use the account's content to improve its services
//! - `stores` – encryption, transport and recovery of buckets, tables and queues
//! - `judge` – what an answer proves; pure
//! - `evidence` – the bundle that an auditor gets

mod evidence;
mod judge;
mod opt_out;
mod stores;

pub use evidence::{BundleError, Written, write_bundle};
pub use opt_out::opt_out;

use crate::aws::dynamodb::LedgerTable;
use crate::aws::{Cloud, CloudError};
use crate::identity::ledger::LedgerEntry;
use crate::model::{ComplianceStatus, Environment, Reading, Timestamp};

/// Reads everything that is asked of an environment. Never fails as a whole: what cannot be read is UNKNOWN, with the
/// reason.
pub async fn status(cloud: &Cloud, environment: &Environment) -> ComplianceStatus {
    let ledger = ledger_table(cloud, environment);
    let (opt_out, controls, deletions) =
        tokio::join!(opt_out(cloud, environment), stores::controls(cloud, environment), ledger.count());
    ComplianceStatus {
        project: environment.project.clone(),
        environment: environment.name.clone(),
        simulated: environment.is_simulated(),
        generated_at: Timestamp::now(),
        opt_out,
        controls,
        deletions: Reading::from(deletions),
    }
}

/// Every entry of the environment's ledger of erasures.
pub async fn ledger(cloud: &Cloud, environment: &Environment) -> Result<Vec<LedgerEntry>, CloudError> {
    ledger_table(cloud, environment).entries().await
}

fn ledger_table(cloud: &Cloud, environment: &Environment) -> LedgerTable {
    LedgerTable::new(cloud, format!("{}-ledger", environment.prefix()))
}
