//! Locks that end with their process, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::LocalError;

/// A lock held by this process. The file says which process that is.
#[derive(Debug)]
pub struct Lock {
    /// Closing it, or the end of the process, releases the lock.
    _file: File,
}

impl Lock {
    /// Takes the lock, or says that another process holds it.
    pub fn try_take(path: &Path) -> Result<Option<Self>, LocalError> {
        let file = open(path)?;
        match file.try_lock() {
            Ok(()) => Self::signed(file, path).map(Some),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(LocalError::file(path, "be locked", error)),
        }
    }

    /// Waits until the lock is free and takes it.
    pub fn take(path: &Path) -> Result<Self, LocalError> {
        let file = open(path)?;
        file.lock().map_err(|error| LocalError::file(path, "be locked", error))?;
        Self::signed(file, path)
    }

    fn signed(mut file: File, path: &Path) -> Result<Self, LocalError> {
        let signed = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", std::process::id()));
        signed.map_err(|error| LocalError::file(path, "be written", error))?;
        Ok(Self { _file: file })
    }
}

/// The id of the process that holds a lock. A process id in a file may be anybody's by now; the holder of a lock lives.
pub fn holder(path: &Path) -> Result<Option<u32>, LocalError> {
    if !path.exists() {
        return Ok(None);
    }
    let mut file = open(path)?;
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => {
            let mut id = String::new();
            file.read_to_string(&mut id).map_err(|error| LocalError::file(path, "be read", error))?;
            // Empty for the moment between taking the lock and signing it.
            Ok(id.trim().parse().ok())
        }
        Err(TryLockError::Error(error)) => Err(LocalError::file(path, "be locked", error)),
    }
}

fn open(path: &Path) -> Result<File, LocalError> {
    let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    opened.map_err(|error| LocalError::file(path, "be opened", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn held_by_one_and_free_again_when_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.lock");
        assert_eq!(holder(&path).unwrap(), None);
        let lock = Lock::try_take(&path).unwrap().expect("free");
        assert!(Lock::try_take(&path).unwrap().is_none());
        assert_eq!(holder(&path).unwrap(), Some(std::process::id()));
        drop(lock);
        assert_eq!(holder(&path).unwrap(), None, "a file without a holder is nobody's");
        assert!(Lock::try_take(&path).unwrap().is_some());
    }
}
