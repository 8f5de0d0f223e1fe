//! The evidence bundle: documents for an auditor and a manifest by which nobody can change them unnoticed.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::identity::ledger::{Verification, hex};
use crate::model::{ComplianceStatus, Reading};

/// A file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where it is.
    pub path: PathBuf,
    /// The SHA-256 of its bytes; 64 lower-case hex digits.
    pub sha256: String,
}

/// A bundle that could not be written.
#[derive(Debug)]
pub struct BundleError {
    /// The folder or file.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Writes `report.md`, `report.json` and `manifest.json` into a folder, which is made if need be. `document` is the
/// state in words; the JSON holds the same state and what a reading of the ledger gave, its head included.
pub fn write_bundle(
    folder: &Path,
    status: &ComplianceStatus,
    ledger: &Reading<Verification>,
    document: &str,
) -> Result<Vec<Written>, BundleError> {
    std::fs::create_dir_all(folder).map_err(|source| BundleError { path: folder.to_owned(), source })?;
    let report = json!({
        "status": status,
        "ledger": match ledger {
            Reading::Known(verification) => json!(verification),
            Reading::Unknown(why) => json!({"entries": null, "why": why}),
        },
    });
    let mut written =
        vec![write(folder, "report.md", document)?, write(folder, "report.json", &format!("{report:#}\n"))?];
    let files: serde_json::Map<_, _> = written
        .iter()
        .filter_map(|file| Some((file.path.file_name()?.to_str()?.to_owned(), json!(file.sha256))))
        .collect();
    let manifest = json!({ "generated_at": status.generated_at, "simulated": status.simulated, "sha256": files });
    written.push(write(folder, "manifest.json", &format!("{manifest:#}\n"))?);
    Ok(written)
}

fn write(folder: &Path, name: &str, text: &str) -> Result<Written, BundleError> {
    let path = folder.join(name);
    match std::fs::write(&path, text) {
        Ok(()) => Ok(Written { path, sha256: hex(&Sha256::digest(text.as_bytes())) }),
        Err(source) => Err(BundleError { path, source }),
    }
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be written: {}", self.path.display(), self.source)
    }
}

impl std::error::Error for BundleError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ledger::verify;
    use crate::model::{EnvironmentName, OptOut, OptOutAnswer, ProjectName, Timestamp};

    #[test]
    fn the_manifest_names_each_file_by_its_hash_and_says_simulated() {
        let status = ComplianceStatus {
            project: ProjectName::new("idv").unwrap(),
            environment: EnvironmentName::new("local").unwrap(),
            simulated: true,
            generated_at: Timestamp::from_millis(0),
            opt_out: OptOut { answer: OptOutAnswer::Unknown, reason: String::new(), evidence: vec![] },
            controls: vec![],
            deletions: Reading::Known(0),
        };
        let folder = tempfile::tempdir().unwrap();
        write_bundle(folder.path(), &status, &Reading::Known(verify(&[])), "words\n").unwrap();
        let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&read("manifest.json")).unwrap();
        assert_eq!(manifest["simulated"], true);
        for name in ["report.md", "report.json"] {
            assert_eq!(manifest["sha256"][name], hex(&Sha256::digest(read(name))), "{name}");
        }
    }
}
