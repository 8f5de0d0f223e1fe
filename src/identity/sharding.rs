//! Where a face is kept when a role has several collections.
//!
//! The functions are published: whoever indexes or searches outside this program must come to the same shard, so
//! neither may ever change. A new way to spread faces is a new function.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::model::ShardStrategy;

/// Why a key has no shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShardingError {
    /// There are no shards.
    NoShards,
    /// The key does not end in a digit.
    NoLastDigit,
}

/// The shard of a key under a strategy. For [`ShardStrategy::Attribute`] the key is the attribute's value.
pub fn shard(strategy: ShardStrategy, key: &str, shards: u16) -> Result<u16, ShardingError> {
    match strategy {
        ShardStrategy::Hash | ShardStrategy::Attribute => rendezvous(key, shards),
        ShardStrategy::LastDigit => last_digit(key, shards),
    }
}

/// Rendezvous hashing: the shard whose weight for this key is the highest. The weight is the first eight bytes of
/// SHA-256 over `KEY`, one zero byte, and the shard's number as two bytes, all big-endian; on a tie the lower shard
/// wins. One more shard takes its share from all others and moves nothing else.
pub fn rendezvous(key: &str, shards: u16) -> Result<u16, ShardingError> {
    rendezvous_among(key, 0..shards)
}

/// [`rendezvous`] among some of the shards only, given in rising order.
pub fn rendezvous_among(key: &str, shards: impl DoubleEndedIterator<Item = u16>) -> Result<u16, ShardingError> {
    shards.rev().max_by_key(|shard| weight(key, *shard)).ok_or(ShardingError::NoShards)
}

/// The last digit of the key, modulo the number of shards (whitepaper, "Indexing faces to a sharded collection").
pub fn last_digit(key: &str, shards: u16) -> Result<u16, ShardingError> {
    if shards == 0 {
        return Err(ShardingError::NoShards);
    }
    let digit = key.bytes().last().filter(u8::is_ascii_digit).ok_or(ShardingError::NoLastDigit)?;
    Ok(u16::from(digit - b'0') % shards)
}

fn weight(key: &str, shard: u16) -> u64 {
    let digest = Sha256::new().chain_update(key).chain_update([0]).chain_update(shard.to_be_bytes()).finalize();
    digest.iter().take(8).fold(0, |weight, byte| weight << 8 | u64::from(*byte))
}

impl fmt::Display for ShardingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoShards => "there are no collections to choose from",
            Self::NoLastDigit => "the key does not end in a digit, which the last_digit strategy needs",
        })
    }
}

impl std::error::Error for ShardingError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_key_always_has_the_same_shard_within_range(key in ".{0,40}", shards in 1u16..200) {
            let shard = rendezvous(&key, shards).unwrap();
            prop_assert!(shard < shards);
            prop_assert_eq!(rendezvous(&key, shards).unwrap(), shard);
        }

        #[test]
        fn one_more_shard_moves_keys_only_to_itself(key in ".{0,40}", shards in 1u16..100) {
            let before = rendezvous(&key, shards).unwrap();
            let after = rendezvous(&key, shards + 1).unwrap();
            prop_assert!(after == before || after == shards);
        }

        #[test]
        fn the_last_digit_is_taken_modulo_the_shards(key in "[a-z]{0,5}[0-9]{1,12}", shards in 1u16..12) {
            let digit = u16::from(key.as_bytes()[key.len() - 1] - b'0');
            prop_assert_eq!(last_digit(&key, shards).unwrap(), digit % shards);
        }
    }

    proptest! {
        // Thousands of hashes each: fewer cases, so that the suite stays quick.
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn shards_are_balanced(prefix in "[a-z]{1,8}", shards in 2u16..12) {
            let keys = 500 * usize::from(shards);
            let mut counts = vec![0u32; usize::from(shards)];
            for number in 0..keys {
                counts[usize::from(rendezvous(&format!("{prefix}-{number}"), shards).unwrap())] += 1;
            }
            // 500 expected per shard with a deviation of about 22: seven of them is beyond chance.
            prop_assert!(counts.iter().all(|count| (346..=654).contains(count)), "{:?}", counts);
        }
    }

    #[test]
    fn published_values_never_change() {
        let shards: Vec<u16> =
            ["user-0001", "user-0002", "user-0003", "ada", ""].map(|key| rendezvous(key, 8).unwrap()).to_vec();
        assert_eq!(shards, PUBLISHED);
    }

    /// Computed independently: `max(range(n), key=lambda s: (sha256(key + b"\0" + s.to_bytes(2, "big"))[:8], -s))`.
    const PUBLISHED: [u16; 5] = [2, 6, 7, 6, 3];

    #[test]
    fn a_key_without_a_place_is_an_error() {
        assert_eq!(rendezvous("ada", 0), Err(ShardingError::NoShards));
        assert_eq!(shard(ShardStrategy::LastDigit, "ada", 10), Err(ShardingError::NoLastDigit));
    }
}
