//! The three cyclic redundancy checks that the AWS SDK computes for Amazon S3.
//!
//! `aws-smithy-checksums` uses no more than this of the crate `crc-fast`, which carries look-up tables for 51 kinds of
//! checks. They make 680 KB of the Lambda program and do not compress: a quarter of its archive. Cargo.toml puts this
//! crate in its place (`[patch.crates-io]`). Here, the tables of a kind are computed when it is used first.
//!
//! The algorithm is slicing-by-8: eight bytes a step, each looked up in a table of its own.

use std::sync::LazyLock;

/// Bytes of one step.
const STEP: usize = 8;

/// For each of the bytes of a step, what it adds to the remainder.
type Tables = [[u64; 256]; STEP];

/// The checks that S3 knows, all of them of reflected form: the lowest bit comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrcAlgorithm {
    /// CRC-32, as in zip and Ethernet; S3's `CRC32`.
    Crc32IsoHdlc,
    /// CRC-32C, as in iSCSI; S3's `CRC32C`.
    Crc32Iscsi,
    /// CRC-64/NVME; S3's `CRC64NVME`.
    Crc64Nvme,
}

/// A check over bytes that come piece by piece.
#[derive(Debug, Clone)]
pub struct Digest {
    algorithm: CrcAlgorithm,
    remainder: u64,
}

impl CrcAlgorithm {
    /// The reflected polynomial.
    const fn polynomial(self) -> u64 {
        match self {
            Self::Crc32IsoHdlc => 0xEDB8_8320,
            Self::Crc32Iscsi => 0x82F6_3B78,
            Self::Crc64Nvme => 0x9A6C_9329_AC4B_C9B5,
        }
    }

    /// All bits of the remainder: with them it begins, and they are inverted at the end.
    const fn ones(self) -> u64 {
        match self {
            Self::Crc32IsoHdlc | Self::Crc32Iscsi => u32::MAX as u64,
            Self::Crc64Nvme => u64::MAX,
        }
    }

    fn tables(self) -> &'static Tables {
        static ISO_HDLC: LazyLock<Box<Tables>> = LazyLock::new(|| tables(CrcAlgorithm::Crc32IsoHdlc));
        static ISCSI: LazyLock<Box<Tables>> = LazyLock::new(|| tables(CrcAlgorithm::Crc32Iscsi));
        static NVME: LazyLock<Box<Tables>> = LazyLock::new(|| tables(CrcAlgorithm::Crc64Nvme));
        match self {
            Self::Crc32IsoHdlc => &ISO_HDLC,
            Self::Crc32Iscsi => &ISCSI,
            Self::Crc64Nvme => &NVME,
        }
    }
}

fn tables(algorithm: CrcAlgorithm) -> Box<Tables> {
    let mut tables = Box::new([[0; 256]; STEP]);
    for byte in 0..=u8::MAX {
        let mut entry = u64::from(byte);
        for _ in 0..8 {
            entry = (entry >> 1) ^ if entry & 1 == 1 { algorithm.polynomial() } else { 0 };
        }
        tables[0][usize::from(byte)] = entry;
    }
    for step in 1..STEP {
        for byte in 0..256 {
            let before = tables[step - 1][byte];
            tables[step][byte] = (before >> 8) ^ tables[0][low(before)];
        }
    }
    tables
}

/// The lowest byte as an index.
const fn low(word: u64) -> usize {
    (word & 0xFF) as usize
}

impl Digest {
    /// A check over nothing yet.
    #[must_use]
    pub const fn new(algorithm: CrcAlgorithm) -> Self {
        Self { algorithm, remainder: algorithm.ones() }
    }

    /// Takes more bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        let tables = self.algorithm.tables();
        let (steps, rest) = bytes.as_chunks::<STEP>();
        for step in steps {
            let word = self.remainder ^ u64::from_le_bytes(*step);
            self.remainder =
                (0..STEP).fold(0, |sum, place| sum ^ tables[STEP - 1 - place][low(word >> (8 * place))]);
        }
        for byte in rest {
            self.remainder = (self.remainder >> 8) ^ tables[0][low(self.remainder ^ u64::from(*byte))];
        }
    }

    /// The check's value; of a 32-bit check the low half.
    #[must_use]
    pub const fn finalize(&self) -> u64 {
        self.remainder ^ self.algorithm.ones()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [CrcAlgorithm; 3] = [CrcAlgorithm::Crc32IsoHdlc, CrcAlgorithm::Crc32Iscsi, CrcAlgorithm::Crc64Nvme];

    fn check(algorithm: CrcAlgorithm, pieces: &[&[u8]]) -> u64 {
        let mut digest = Digest::new(algorithm);
        pieces.iter().for_each(|piece| digest.update(piece));
        digest.finalize()
    }

    /// The check values of the catalogue of parametrised CRC algorithms (reveng.sourceforge.io).
    #[test]
    fn the_check_values_of_the_catalogue() {
        for (algorithm, value) in ALL.into_iter().zip([0xCBF4_3926, 0xE306_9283, 0xAE8B_1486_0A79_9888]) {
            assert_eq!(check(algorithm, &[b"123456789"]), value, "{algorithm:?}");
            assert_eq!(check(algorithm, &[]), 0, "{algorithm:?}");
        }
    }

    #[test]
    fn whole_steps_and_single_bytes_agree_wherever_the_bytes_are_cut() {
        let bytes: Vec<u8> = (0..100_u32).map(|place| place.wrapping_mul(0x9E37_79B1).to_le_bytes()[3]).collect();
        for algorithm in ALL {
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            let expected = check(algorithm, &single);
            for cut in 0..=bytes.len() {
                let (head, tail) = bytes.split_at(cut);
                assert_eq!(check(algorithm, &[head, tail]), expected, "{algorithm:?} cut at {cut}");
            }
        }
    }
}
