//! The Lambda program as CloudFormation wants it: found or built, checked, zipped and uploaded once.

mod archive;
mod build;
mod elf;
mod find;

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use find::{HandlerSource, Search, find};

use crate::aws::CloudError;
use crate::aws::s3::Buckets;
use crate::model::Architecture;

/// Why there is nothing to deploy.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// Neither named, nor beside the program, nor a checkout to build it from.
    #[error("the Lambda program `idv-handler` was not found; looked for {}", looked.join(", "))]
    NotFound {
        /// The places that were tried, in order.
        looked: Vec<String>,
    },
    /// A file cannot be read.
    #[error("{path} cannot be read: {source}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Cargo cannot be started, or says no.
    #[error("building the Lambda program failed: {reason}")]
    Build {
        /// What cargo said.
        reason: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// The file would not run on Lambda.
    #[error("{path} would not run: {reason}", path = path.display())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The archive cannot be written.
    #[error("the archive of the Lambda program cannot be written: {0}")]
    Archive(#[from] zip::result::ZipError),
}

impl PackageError {
    /// What the user can do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => {
                "name it with `--handler FILE` (or IDVCTL_HANDLER), or run the program from a checkout, which builds it"
            }
            Self::Unreadable { .. } => "check the path and its permissions",
            Self::Build { remedy, .. } => remedy,
            Self::Unfit { .. } => {
                "build it for the environment's `architecture` on a system no newer than Amazon Linux 2023, for example \
                 with `cargo lambda build --profile lambda --no-default-features --features lambda --bin idv-handler`"
            }
            Self::Archive(_) => "free some memory and run it again",
        }
    }
}

/// Where a package will run; decides what fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    /// On this machine, as a process of the local cloud.
    ThisMachine,
    /// On Lambda, on Amazon Linux 2023.
    Lambda(Architecture),
}

/// A Lambda program that is fit to be deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    program: Vec<u8>,
    key: String,
}

impl Package {
    /// Finds or builds the program and checks that it would run. `say` hears what a build says.
    pub fn make(search: &Search, runtime: Runtime, say: &mut dyn FnMut(&str)) -> Result<Self, PackageError> {
        let file = match find(search)? {
            HandlerSource::File(file) => file,
            HandlerSource::Checkout(folder) => build::build(&folder, runtime, say)?,
        };
        Self::from_file(&file, runtime)
    }

    /// A program from a file.
    pub fn from_file(file: &Path, runtime: Runtime) -> Result<Self, PackageError> {
        let program =
            std::fs::read(file).map_err(|source| PackageError::Unreadable { path: file.to_owned(), source })?;
        elf::check(&program, runtime).map_err(|reason| PackageError::Unfit { path: file.to_owned(), reason })?;
        Ok(Self::of(program))
    }

    fn of(program: Vec<u8>) -> Self {
        // The archive is a pure function of the program, so the program's hash names both; the archive itself is
        // made only when the bucket does not have it yet.
        let key = format!("handler/{:x}.zip", Sha256::digest(&program));
        Self { program, key }
    }

    /// The object's key in the artifact bucket: `handler/HASH.zip`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The archive, the same bytes for the same program everywhere.
    pub fn archive(&self) -> Result<Vec<u8>, PackageError> {
        Ok(archive::zip(&self.program)?)
    }

    /// Uploads the archive unless the bucket has it; gives the number of bytes that were sent.
    pub async fn upload(&self, buckets: &Buckets, bucket: &str) -> Result<u64, UploadError> {
        if buckets.has(bucket, &self.key).await? {
            return Ok(0);
        }
        let archive = self.archive()?;
        let size = archive.len() as u64;
        buckets.put(bucket, &self.key, archive, "application/zip").await?;
        Ok(size)
    }
}

/// Why a package did not reach its bucket.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The archive cannot be made.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The bucket refused it.
    #[error(transparent)]
    Cloud(#[from] CloudError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_the_hash_of_the_program() {
        let package = Package::of(b"program".to_vec());
        assert_eq!(package.key(), Package::of(b"program".to_vec()).key());
        assert_ne!(package.key(), Package::of(b"another".to_vec()).key());
        let hash = package.key().strip_prefix("handler/").and_then(|name| name.strip_suffix(".zip")).unwrap();
        assert!(hash.len() == 64 && hash.bytes().all(|digit| digit.is_ascii_hexdigit()), "{hash}");
    }

    #[test]
    fn this_very_test_program_runs_on_this_machine() {
        let package = Package::from_file(&std::env::current_exe().unwrap(), Runtime::ThisMachine);
        assert!(package.is_ok(), "{package:?}");
    }
}
