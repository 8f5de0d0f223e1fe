//! The folder in which a local cloud keeps everything: `.idvctl/local` beside `idv.yaml`.

use std::fs::{self, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::LocalError;

/// Only the owner may read: credentials and keys.
const PRIVATE: u32 = 0o600;

/// The state folder of one local cloud. Two folders are two local clouds that share nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at a path; it need not exist yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Makes the folder, private to its owner, and names it absolutely, so that a background process finds it too.
    pub(super) fn create(&self) -> Result<Self, LocalError> {
        create_folder(&self.0)?;
        fs::set_permissions(&self.0, Permissions::from_mode(0o700))
            .map_err(|error| LocalError::file(&self.0, "be made private", error))?;
        self.0.canonicalize().map(Self).map_err(|error| LocalError::file(&self.0, "be found", error))
    }

    /// The virtual environment of MiniStack.
    pub(super) fn python(&self) -> PathBuf {
        self.0.join("python")
    }

    /// Held while the virtual environment is made.
    pub(super) fn python_lock(&self) -> PathBuf {
        self.0.join("python.lock")
    }

    /// The Python that teaches MiniStack.
    pub(super) fn plugin(&self) -> PathBuf {
        self.0.join("plugin")
    }

    /// What MiniStack remembers.
    pub(super) fn emulator(&self) -> PathBuf {
        self.0.join("emulator")
    }

    /// What the Rekognition simulator remembers.
    pub(super) fn simulator(&self) -> PathBuf {
        self.0.join("simulator")
    }

    /// Scratch files of MiniStack and its functions.
    pub(super) fn scratch(&self) -> PathBuf {
        self.0.join("tmp")
    }

    /// The private key of the token issuer.
    pub(super) fn issuer_key(&self) -> PathBuf {
        self.0.join("issuer.pem")
    }

    /// Ports and credentials that stay the same from start to start.
    pub(super) fn settings(&self) -> PathBuf {
        self.0.join("settings.json")
    }

    /// Where the running local cloud listens.
    pub(super) fn announcement(&self) -> PathBuf {
        self.0.join("running.json")
    }

    /// Held by the supervisor as long as it lives.
    pub(super) fn lock(&self) -> PathBuf {
        self.0.join("supervisor.lock")
    }

    /// A log file, for example `supervisor`.
    pub(super) fn log(&self, name: &str) -> PathBuf {
        self.0.join("log").join(format!("{name}.log"))
    }
}

/// Makes a folder and its parents.
pub(super) fn create_folder(path: &Path) -> Result<(), LocalError> {
    fs::create_dir_all(path).map_err(|error| LocalError::file(path, "be created", error))
}

/// Replaces a file as a whole: readers see the old content or the new one, and only the owner sees any.
pub(super) fn write_private(path: &Path, content: &str) -> Result<(), LocalError> {
    let next = path.with_extension("next");
    let written =
        OpenOptions::new().write(true).create(true).truncate(true).mode(PRIVATE).open(&next).and_then(|mut file| {
            file.write_all(content.as_bytes())?;
            file.sync_all()
        });
    written.and_then(|()| fs::rename(&next, path)).map_err(|error| LocalError::file(path, "be written", error))
}

/// The content of a file; `None` when there is no such file.
pub(super) fn read_if_present(path: &Path) -> Result<Option<String>, LocalError> {
    match fs::read_to_string(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(LocalError::file(path, "be read", error)),
    }
}

/// Deletes a file or a folder with all that is in it; one that is not there is fine.
pub(super) fn remove(path: &Path) -> Result<(), LocalError> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(LocalError::file(path, "be deleted", error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_written_for_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.json");
        write_private(&path, "first").unwrap();
        write_private(&path, "second").unwrap();
        assert_eq!(read_if_present(&path).unwrap().as_deref(), Some("second"));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, PRIVATE);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no scratch file is left behind");
        remove(&path).unwrap();
        remove(&path).unwrap();
        assert_eq!(read_if_present(&path).unwrap(), None);
    }
}
