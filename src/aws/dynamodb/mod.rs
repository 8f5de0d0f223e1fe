//! DynamoDB: what is remembered of faces, registrations, users, liveness sessions and routing, the ledger, and the tables
//! themselves.

mod item;
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
mod transaction;
mod unsettled;
mod users;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;

use super::patience::{brisk_retries, brisk_timeouts};
use super::{Cloud, CloudError};
use item::Item;

#[cfg(feature = "cli")]
pub use ledger::LedgerTable;
pub use liveness::LivenessTable;
#[cfg(feature = "cli")]
pub use posture::{TableEncryption, TablePosture};
pub use records::FaceTable;
pub use registrations::RegistrationTable;
pub use routing::{RoutingTable, RoutingWritten};
#[cfg(feature = "cli")]
pub use tables::{TableDescription, Tables};
pub use users::UserTable;

const SERVICE: &str = "DynamoDB";

/// A client for records that somebody waits for.
fn brisk_client(cloud: &Cloud) -> Client {
    let config = Builder::from(&cloud.shared).retry_config(brisk_retries()).timeout_config(brisk_timeouts());
    Client::from_conf(config.build())
}

/// One item, as it is now.
async fn item(client: &Client, table: &str, key: Item) -> Result<Option<Item>, CloudError> {
    let answer = client.get_item().table_name(table).set_key(Some(key)).consistent_read(true).send().await;
    Ok(answer.map_err(|error| CloudError::from_sdk(SERVICE, "GetItem", &error))?.item)
}
