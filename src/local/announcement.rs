//! How others learn where the running local cloud listens.

use serde::{Deserialize, Serialize};

use super::folder::{read_if_present, remove, write_private};
use super::{Folder, LocalError};
use crate::model::LocalCloud;

/// Written by the supervisor when everything answers, removed when it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// The supervisor's process, so that one left behind by a crash is recognised.
    pub process: u32,
    /// Where everything listens.
    pub cloud: LocalCloud,
}

impl Announcement {
    /// The announcement of a process; `None` when it has made none.
    pub fn of(folder: &Folder, process: u32) -> Result<Option<Self>, LocalError> {
        let path = folder.announcement();
        let Some(text) = read_if_present(&path)? else { return Ok(None) };
        let read: Self =
            serde_json::from_str(&text).map_err(|error| LocalError::file(&path, "be understood", error))?;
        Ok(Some(read).filter(|announcement| announcement.process == process))
    }

    /// Lets others know.
    pub fn publish(&self, folder: &Folder) -> Result<(), LocalError> {
        let path = folder.announcement();
        let text = serde_json::to_string_pretty(self).map_err(|error| LocalError::file(&path, "be written", error))?;
        write_private(&path, &text)
    }

    /// Takes back whatever was announced.
    pub fn withdraw(folder: &Folder) -> Result<(), LocalError> {
        remove(&folder.announcement())
    }
}
