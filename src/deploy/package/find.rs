//! Where the Lambda program comes from.

use std::path::{Path, PathBuf};

use super::PackageError;

/// The program's file name.
const HANDLER: &str = "idv-handler";
/// The package that a checkout must hold for the program to be built from it.
const PACKAGE: &str = "name = \"idvctl\"";

/// What is known about where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// A file that was named (`--handler`, IDVCTL_HANDLER); nothing else is looked at then.
    pub named: Option<PathBuf>,
    /// The running program.
    pub program: PathBuf,
    /// The folder of the package that `cargo run` or `cargo test` runs (CARGO_MANIFEST_DIR).
    pub manifest_folder: Option<PathBuf>,
}

/// Where the Lambda program is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandlerSource {
    /// In a file.
    File(PathBuf),
    /// To be built from the checkout in this folder; cargo knows whether there is anything to do.
    Checkout(PathBuf),
}

/// Finds the program: the named file, else the checkout that the running program was built from, else the file beside
/// the running program. A checkout goes first, because a file left beside it by an earlier build may be stale.
pub fn find(search: &Search) -> Result<HandlerSource, PackageError> {
    if let Some(named) = &search.named {
        return if named.is_file() {
            Ok(HandlerSource::File(named.clone()))
        } else {
            Err(PackageError::NotFound { looked: vec![named.display().to_string()] })
        };
    }
    // Built by cargo, the program lies in DEBUG-OR-RELEASE below a target folder that cargo marks as a cache.
    let target = search.program.ancestors().skip(1).take(4).find(|folder| folder.join("CACHEDIR.TAG").is_file());
    if target.is_some() {
        let above = search.program.ancestors().skip(1).chain(search.manifest_folder.as_deref());
        if let Some(checkout) = above.into_iter().find(|folder| is_checkout(folder)) {
            return Ok(HandlerSource::Checkout(checkout.to_owned()));
        }
    }
    let beside = search.program.with_file_name(HANDLER);
    if beside.is_file() {
        return Ok(HandlerSource::File(beside));
    }
    Err(PackageError::NotFound { looked: vec![beside.display().to_string(), "a checkout to build it from".to_owned()] })
}

fn is_checkout(folder: &Path) -> bool {
    std::fs::read_to_string(folder.join("Cargo.toml"))
        .is_ok_and(|manifest| manifest.lines().any(|line| line.trim() == PACKAGE))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn search(program: &Path) -> Search {
        Search { named: None, program: program.to_owned(), manifest_folder: None }
    }

    #[test]
    fn a_named_file_goes_before_everything_and_must_exist() {
        let folder = tempfile::tempdir().unwrap();
        let named = folder.path().join("mine");
        let mut search = search(&folder.path().join("idvctl"));
        search.named = Some(named.clone());
        let missing = find(&search).unwrap_err();
        assert!(missing.to_string().contains("mine") && missing.remedy().contains("--handler"), "{missing}");
        fs::write(&named, "").unwrap();
        assert_eq!(find(&search).unwrap(), HandlerSource::File(named));
    }

    #[test]
    fn a_checkout_goes_before_a_stale_file_beside_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let debug = folder.path().join("target/debug");
        fs::create_dir_all(&debug).unwrap();
        fs::write(folder.path().join("target/CACHEDIR.TAG"), "").unwrap();
        fs::write(debug.join(HANDLER), "").unwrap();
        let beside = HandlerSource::File(debug.join(HANDLER));
        assert_eq!(find(&search(&debug.join("idvctl"))).unwrap(), beside, "another package's checkout is none");
        fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"idvctl\"\n").unwrap();
        let checkout = HandlerSource::Checkout(folder.path().to_owned());
        assert_eq!(find(&search(&debug.join("idvctl"))).unwrap(), checkout);
    }

    #[test]
    fn a_target_folder_elsewhere_still_finds_its_checkout() {
        let (checkout, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(checkout.path().join("Cargo.toml"), "[package]\nname = \"idvctl\"\n").unwrap();
        fs::write(target.path().join("CACHEDIR.TAG"), "").unwrap();
        let mut search = search(&target.path().join("debug/idvctl"));
        assert!(find(&search).is_err());
        search.manifest_folder = Some(checkout.path().to_owned());
        assert_eq!(find(&search).unwrap(), HandlerSource::Checkout(checkout.path().to_owned()));
    }

    #[test]
    fn an_installed_program_takes_the_file_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("idvctl");
        assert!(matches!(find(&search(&program)), Err(PackageError::NotFound { looked }) if looked.len() == 2));
        fs::write(folder.path().join(HANDLER), "").unwrap();
        assert_eq!(find(&search(&program)).unwrap(), HandlerSource::File(folder.path().join(HANDLER)));
    }
}
