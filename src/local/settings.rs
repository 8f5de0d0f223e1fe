//! What stays the same from start to start: ports and credentials.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::folder::{read_if_present, write_private};
use super::{Folder, LocalError};
use crate::model::{AccountId, InvalidId, LocalCloud, Region};

/// MiniStack's own default account.
const ACCOUNT: &str = "000000000000";
/// The region of every local cloud.
const REGION: &str = "us-east-1";
/// Looks like an access key, and says what it is.
const ACCESS_KEY_ID: &str = "IDVCTLLOCALCLOUD0000";

/// Remembered between starts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Where MiniStack listened last.
    pub emulator_port: Option<u16>,
    /// Where the simulator and the issuer listened last.
    pub simulator_port: Option<u16>,
    /// The secret of the local root credentials; made at random so that no other local cloud accepts it.
    pub secret_access_key: String,
}

impl Settings {
    /// Reads them, or makes new ones.
    pub fn load(folder: &Folder) -> Result<Self, LocalError> {
        let path = folder.settings();
        if let Some(text) = read_if_present(&path)? {
            return serde_json::from_str(&text).map_err(|error| LocalError::file(&path, "be understood", error));
        }
        let secret_access_key = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let made = Self { emulator_port: None, simulator_port: None, secret_access_key };
        made.save(folder)?;
        Ok(made)
    }

    /// Writes them.
    pub fn save(&self, folder: &Folder) -> Result<(), LocalError> {
        let path = folder.settings();
        let text = serde_json::to_string_pretty(self).map_err(|error| LocalError::file(&path, "be written", error))?;
        write_private(&path, &text)
    }

    /// The local cloud at these ports.
    pub fn cloud(&self, emulator_port: u16, simulator_port: u16) -> Result<LocalCloud, LocalError> {
        let wrong = |error: InvalidId| LocalError::new(error.to_string(), "report this as a defect of idvctl");
        Ok(LocalCloud {
            endpoint: format!("http://127.0.0.1:{emulator_port}"),
            rekognition_endpoint: format!("http://127.0.0.1:{simulator_port}"),
            account: AccountId::new(ACCOUNT).map_err(wrong)?,
            region: Region::new(REGION).map_err(wrong)?,
            access_key_id: ACCESS_KEY_ID.to_owned(),
            secret_access_key: self.secret_access_key.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_made_once_and_differs_between_folders() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let first = Settings::load(&Folder::new(one.path())).unwrap();
        assert_eq!(Settings::load(&Folder::new(one.path())).unwrap().secret_access_key, first.secret_access_key);
        assert_ne!(Settings::load(&Folder::new(other.path())).unwrap().secret_access_key, first.secret_access_key);
        let cloud = first.cloud(4_566, 4_567).unwrap();
        assert_eq!(cloud.endpoint, "http://127.0.0.1:4566");
        assert_eq!(cloud.rekognition_endpoint, "http://127.0.0.1:4567");
    }
}
