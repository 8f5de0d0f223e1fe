//! The zip file that Lambda unpacks: one executable named `bootstrap`.

use std::io::{Cursor, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The name under which `provided.*` runtimes start a program.
const ENTRY: &str = "bootstrap";

/// The smallest that deflate gives: it is packed once, and fetched for every start of an instance.
const LEVEL: i64 = 9;

/// The archive of a program. Time, mode, name and compression are fixed, so that the same program gives the same bytes
/// on every machine and at every hour.
pub fn zip(program: &[u8]) -> Result<Vec<u8>, ZipError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(ENTRY, options)?;
    archive.write_all(program)?;
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_same_program_gives_the_same_bytes() {
        let program = b"\x7fELF and so on".repeat(1_000);
        let archive = zip(&program).unwrap();
        assert_eq!(archive, zip(&program).unwrap());
        let mut read = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
        assert_eq!(read.len(), 1);
        let mut entry = read.by_name("bootstrap").unwrap();
        assert_eq!(entry.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        assert_eq!(entry.last_modified(), Some(DateTime::default()), "1980, whatever the clock says");
        assert_eq!(entry.compression(), CompressionMethod::Deflated);
        let mut unpacked = Vec::new();
        entry.read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, program);
    }
}
