//! Who the credentials belong to.

use aws_sdk_sts::Client;

use super::{Cloud, CloudError};
use crate::model::{AccountId, Region};

const SERVICE: &str = "STS";

/// The place that the credentials lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The account.
    pub account: AccountId,
    /// The region that calls go to.
    pub region: Region,
}

/// Asks which account and region a cloud is.
pub async fn place(cloud: &Cloud) -> Result<Place, CloudError> {
    let answer = Client::new(&cloud.shared).get_caller_identity().send().await;
    let answer = answer.map_err(|error| CloudError::from_sdk(SERVICE, "GetCallerIdentity", &error))?;
    let account = answer.account.and_then(|account| AccountId::new(account).ok());
    let region = cloud.shared.region().and_then(|region| Region::new(region.as_ref()).ok());
    Ok(Place {
        account: account.ok_or_else(|| CloudError::incomplete(SERVICE, "GetCallerIdentity", "account"))?,
        region: region.ok_or_else(|| CloudError::incomplete(SERVICE, "GetCallerIdentity", "region"))?,
    })
}
