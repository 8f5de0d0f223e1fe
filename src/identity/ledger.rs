//! The ledger of erasures: entries that cannot be changed unnoticed.
//!
//! Each entry carries the SHA-256 of its own canonical JSON (keys sorted, no white space, every field but `hash`),
//! and the hash of the entry before it. Whoever alters, removes or reorders an entry breaks the chain at a place that
//! [`verify`] names. What a chain alone cannot show is that its last entries were cut off: keep the head's hash
//! elsewhere, as `idvctl compliance report` does.
//!
//! No field names a person or a face: `reference` is the opaque id of the erasure.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::model::Timestamp;

/// The partition of the ledger table that holds the erasures.
pub const ERASURES: &str = "erasures";
/// What the first entry has in place of the hash before it.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerEntry {
    /// Its place, counted from 1 without gaps.
    pub sequence: u64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What happened.
    pub kind: LedgerKind,
    /// The opaque id of the erasure that it belongs to.
    pub reference: String,
    /// How many things were removed, by store (`faces`, `images`, `records` …).
    pub counts: BTreeMap<String, u64>,
    /// The hash of the entry before, [`GENESIS`] for the first; 64 lower-case hex digits.
    pub previous_hash: String,
    /// The hash of this entry; 64 lower-case hex digits.
    pub hash: String,
}

/// What an entry records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerKind {
    /// A person's data was removed at their request.
    Erasure,
    /// Data was removed because its time was over.
    Expiry,
    /// A whole store was emptied.
    Purge,
}

/// What a reading of the whole ledger gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// How many entries were read.
    pub entries: u64,
    /// The hash of the last entry; `None` for an empty ledger.
    pub head: Option<String>,
    /// Where the chain is broken, in reading order; none when the ledger is whole.
    pub faults: Vec<Fault>,
}

/// A place where the chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// The entry's content is not what its hash was made of.
    Altered {
        /// The entry.
        sequence: u64,
    },
    /// Entries are gone.
    Missing {
        /// The first that is gone.
        first: u64,
        /// The last that is gone.
        last: u64,
    },
    /// The entry stands behind a later one, or twice.
    OutOfOrder {
        /// The entry.
        sequence: u64,
    },
    /// The entry does not name the hash of the one before it: that one was replaced as a whole.
    Unlinked {
        /// The entry whose link leads nowhere.
        sequence: u64,
    },
}

impl LedgerEntry {
    /// The entry that follows `previous` (`None` begins the ledger).
    #[must_use]
    pub fn following(
        previous: Option<&Self>,
        recorded_at: Timestamp,
        kind: LedgerKind,
        reference: impl Into<String>,
        counts: BTreeMap<String, u64>,
    ) -> Self {
        let mut entry = Self {
            sequence: previous.map_or(1, |previous| previous.sequence + 1),
            recorded_at,
            kind,
            reference: reference.into(),
            counts,
            previous_hash: previous.map_or_else(|| GENESIS.to_owned(), |previous| previous.hash.clone()),
            hash: String::new(),
        };
        entry.hash = entry.computed_hash();
        entry
    }

    /// The hash that the entry's content gives.
    #[must_use]
    pub fn computed_hash(&self) -> String {
        // Written out in alphabetical order, which is what makes it canonical; `counts` is sorted by its type.
        let canonical: Value = json!({
            "counts": self.counts,
            "kind": self.kind,
            "previous_hash": self.previous_hash,
            "recorded_at": self.recorded_at,
            "reference": self.reference,
            "sequence": self.sequence,
        });
        hex(&Sha256::digest(canonical.to_string().as_bytes()))
    }
}

/// Reads a ledger from its first entry to its last and names every place where it is broken.
#[must_use]
pub fn verify(entries: &[LedgerEntry]) -> Verification {
    let mut faults = Vec::new();
    let mut highest = 0;
    let mut previous = GENESIS;
    for entry in entries {
        let sequence = entry.sequence;
        if entry.computed_hash() != entry.hash {
            faults.push(Fault::Altered { sequence });
        }
        if sequence <= highest {
            faults.push(Fault::OutOfOrder { sequence });
        } else if sequence > highest + 1 {
            faults.push(Fault::Missing { first: highest + 1, last: sequence - 1 });
        } else if entry.previous_hash != previous {
            faults.push(Fault::Unlinked { sequence });
        }
        highest = highest.max(sequence);
        previous = &entry.hash;
    }
    let head = entries.last().map(|entry| entry.hash.clone());
    Verification { entries: u64::try_from(entries.len()).unwrap_or(u64::MAX), head, faults }
}

/// Bytes as lower-case hex digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered { sequence } => write!(f, "entry {sequence} was altered: its content does not give its hash"),
            Self::Missing { first, last } if first == last => write!(f, "entry {first} is missing"),
            Self::Missing { first, last } => write!(f, "entries {first} to {last} are missing"),
            Self::OutOfOrder { sequence } => write!(f, "entry {sequence} stands out of order or twice"),
            Self::Unlinked { sequence } => write!(f, "entry {sequence} is not linked to the entry before it"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chain(length: u64) -> Vec<LedgerEntry> {
        let mut entries: Vec<LedgerEntry> = Vec::new();
        for n in 0..length {
            let counts = BTreeMap::from([("faces".to_owned(), n), ("images".to_owned(), 2 * n)]);
            let moment = Timestamp::from_millis(1_793_353_043_000 + i64::try_from(n).unwrap());
            entries.push(LedgerEntry::following(entries.last(), moment, LedgerKind::Erasure, format!("e-{n}"), counts));
        }
        entries
    }

    #[test]
    fn an_empty_ledger_is_whole() {
        assert_eq!(verify(&[]), Verification { entries: 0, head: None, faults: vec![] });
    }

    #[test]
    fn the_hash_is_the_one_that_others_compute() {
        // printf '%s' '{"counts":{"faces":0,"images":0},"kind":"erasure","previous_hash":"00…","recorded_at":…' | sha256sum
        let first = &chain(1)[0];
        let canonical = format!(
            r#"{{"counts":{{"faces":0,"images":0}},"kind":"erasure","previous_hash":"{GENESIS}","recorded_at":"2026-10-30T09:37:23Z","reference":"e-0","sequence":1}}"#
        );
        assert_eq!(first.hash, hex(&Sha256::digest(canonical.as_bytes())));
    }

    #[test]
    fn a_replaced_entry_with_a_fitting_hash_breaks_the_link_behind_it() {
        let mut entries = chain(3);
        entries[1].counts.insert("faces".to_owned(), 99);
        entries[1].hash = entries[1].computed_hash();
        assert_eq!(verify(&entries).faults, [Fault::Unlinked { sequence: 3 }]);
    }

    proptest! {
        #[test]
        fn a_whole_chain_verifies(length in 0..40u64) {
            let verification = verify(&chain(length));
            prop_assert_eq!(verification.faults, vec![]);
            prop_assert_eq!(verification.entries, length);
        }

        #[test]
        fn an_altered_entry_is_located(length in 1..30u64, at in any::<prop::sample::Index>(), what in 0..4u8) {
            let mut entries = chain(length);
            let at = at.index(entries.len());
            match what {
                0 => entries[at].reference.push('x'),
                1 => entries[at].recorded_at = Timestamp::from_millis(1),
                2 => entries[at].kind = LedgerKind::Purge,
                _ => { entries[at].counts.insert("faces".to_owned(), 1_000); }
            }
            let sequence = entries[at].sequence;
            prop_assert_eq!(verify(&entries).faults, vec![Fault::Altered { sequence }]);
        }

        #[test]
        fn a_removed_entry_is_located(length in 2..30u64, at in any::<prop::sample::Index>()) {
            let mut entries = chain(length);
            // The last entry has nobody behind it that would miss it.
            let at = at.index(entries.len() - 1);
            let gone = entries.remove(at).sequence;
            prop_assert_eq!(verify(&entries).faults, vec![Fault::Missing { first: gone, last: gone }]);
        }

        #[test]
        fn swapped_neighbours_are_located(length in 2..30u64, at in any::<prop::sample::Index>()) {
            let mut entries = chain(length);
            let at = at.index(entries.len() - 1);
            entries.swap(at, at + 1);
            let fault = Fault::OutOfOrder { sequence: entries[at + 1].sequence };
            prop_assert!(verify(&entries).faults.contains(&fault));
        }
    }
}
