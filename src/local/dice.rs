//! Repeatable chance: the same words always throw the same numbers, on every machine and in every release. A library
//! generator may change its sequence with a version, and then every portrait would change its face.

use sha2::{Digest, Sha256};

/// A generator seeded by words (SplitMix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that belong to these bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8]) -> Self {
        let digest = Sha256::digest(seed);
        Self(digest.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number from 0 up to but not including 1.
    pub fn unit(&mut self) -> f32 {
        // 24 bits are what a 32-bit float holds exactly.
        (self.next() >> 40) as f32 / 16_777_216.0
    }

    /// A number between two others.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + self.unit() * (high - low)
    }

    /// True once in `1 / chance` throws.
    pub fn chance(&mut self, chance: f32) -> bool {
        self.unit() < chance
    }

    /// One of the choices; they must not be empty.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.index(choices.len())]
    }

    /// An index below `length`.
    #[allow(clippy::cast_possible_truncation)] // A remainder of a usize fits a usize.
    pub fn index(&mut self, length: usize) -> usize {
        (self.next() % length as u64) as usize
    }

    /// A direction in `dimensions` dimensions, of length one, with no preferred side.
    pub fn direction(&mut self, dimensions: usize) -> Vec<f32> {
        // The sum of twelve uniform numbers is close enough to a normal one, and repeatable to the bit.
        let mut direction: Vec<f32> =
            (0..dimensions).map(|_| (0..12).map(|_| self.unit()).sum::<f32>() - 6.0).collect();
        let length = direction.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        for x in &mut direction {
            *x /= length;
        }
        direction
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_throw_the_same_numbers() {
        // The numbers themselves are a contract: they decide every portrait's face.
        let mut dice = Dice::from_seed(b"anna");
        let first: Vec<usize> = (0..6).map(|_| dice.index(1000)).collect();
        assert_eq!(first, [612, 873, 491, 102, 311, 882]);
    }

    #[test]
    fn a_direction_has_length_one() {
        let direction = Dice::from_seed(b"anna").direction(64);
        assert!((direction.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-4);
    }
}
