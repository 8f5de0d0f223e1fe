//! What faces are compared by, and how alike two are.

use crate::local::dice::Dice;
use crate::local::portrait::Pose;

/// Numbers in an identity.
const IDENTITY_DIMENSIONS: usize = 64;
/// How far a picture strays from its person's identity: always, at 45 degrees of turn, when blurred beyond use and when
/// too dark to see. Two strays of 0.14 still make 99 percent, two of 0.25 make 94.
const STRAY_ALWAYS: f32 = 0.03;
const STRAY_AT_45_DEGREES: f32 = 0.25;
const STRAY_BLURRED: f32 = 0.2;
const STRAY_DARK: f32 = 0.15;
/// Quality below which a picture strays at all.
const GOOD_QUALITY: f32 = 40.0;
/// From the cosine between two signatures to similarity in percent: points of a curve, straight between them.
type Curve = [(f32, f32); 7];
/// Two persons' identities are nearly at right angles, so there is much room for one person's pictures.
const BY_IDENTITY: Curve =
    [(0.5, 5.0), (0.8, 40.0), (0.88, 75.0), (0.93, 92.0), (0.97, 98.6), (0.98, 99.2), (1.0, 100.0)];
/// Two portraits that merely share a layout have cosines up to 0.97; one photograph saved twice has 0.99 and more, and
/// still 0.975 when it was brightened until its light parts were lost.
const BY_PIXELS: Curve =
    [(0.5, 5.0), (0.9, 25.0), (0.95, 50.0), (0.97, 75.0), (0.975, 90.0), (0.99, 98.0), (1.0, 100.0)];

/// What a face is compared by.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    /// The low-frequency image, of length one.
    pub pixels: Vec<f32>,
    /// The person, for a captioned portrait; of length one.
    pub identity: Option<Vec<f32>>,
}

/// What makes a face harder to recognise.
#[derive(Debug, Clone, Copy)]
pub struct Strain {
    /// Where it looks.
    pub pose: Pose,
    /// Its brightness, 0–100.
    pub brightness: f32,
    /// Its sharpness, 0–100.
    pub sharpness: f32,
}

/// The identity of a person as one picture shows it: straying a little, in a direction of that picture's own.
#[must_use]
pub fn identity(person: &str, strain: Strain, picture: &[&[u8]]) -> Vec<f32> {
    let own = Dice::from_seed(person.as_bytes()).direction(IDENTITY_DIMENSIONS);
    let away = Dice::from_seed(&picture.concat()).direction(IDENTITY_DIMENSIONS);
    let stray = strain.stray();
    let mut seen: Vec<f32> = own.iter().zip(away).map(|(own, away)| own + stray * away).collect();
    let length = seen.iter().map(|x| x * x).sum::<f32>().sqrt();
    for x in &mut seen {
        *x /= length;
    }
    seen
}

impl Strain {
    fn stray(self) -> f32 {
        let turn = self.pose.yaw.hypot(self.pose.pitch) / 45.0;
        let lack = |quality: f32| (1.0 - quality / GOOD_QUALITY).max(0.0);
        let parts = [
            STRAY_ALWAYS,
            STRAY_AT_45_DEGREES * turn.powf(1.5),
            STRAY_BLURRED * lack(self.sharpness),
            STRAY_DARK * lack(self.brightness),
        ];
        parts.iter().map(|part| part * part).sum::<f32>().sqrt()
    }
}

impl Signature {
    /// How alike two faces are, in percent. Persons are compared when both are known, pixels otherwise.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f32 {
        match (&self.identity, &other.identity) {
            (Some(own), Some(others)) => percent(dot(own, others), &BY_IDENTITY),
            _ => percent(dot(&self.pixels, &other.pixels), &BY_PIXELS),
        }
    }

    /// The signature as bytes for the store.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let pixels = u32::try_from(self.pixels.len()).unwrap_or(0);
        let numbers = self.pixels.iter().chain(self.identity.iter().flatten());
        pixels.to_le_bytes().into_iter().chain(numbers.flat_map(|number| number.to_le_bytes())).collect()
    }

    /// The signature from the store's bytes; `None` when they are damaged.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (words, rest) = bytes.as_chunks::<4>();
        let (first, numbers) = words.split_first()?;
        let pixels = usize::try_from(u32::from_le_bytes(*first)).ok()?;
        if !rest.is_empty() || pixels > numbers.len() {
            return None;
        }
        let numbers: Vec<f32> = numbers.iter().map(|word| f32::from_le_bytes(*word)).collect();
        let (pixels, identity) = numbers.split_at(pixels);
        Some(Self { pixels: pixels.to_vec(), identity: (!identity.is_empty()).then(|| identity.to_vec()) })
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Similarity for a cosine, rounded to four decimals.
fn percent(cosine: f32, curve: &Curve) -> f32 {
    let cosine = cosine.clamp(0.0, 1.0);
    let mut low = (0.0, 0.0);
    for &high in curve {
        if cosine <= high.0 {
            let similarity = low.1 + (cosine - low.0) / (high.0 - low.0) * (high.1 - low.1);
            return (similarity * 10_000.0).round() / 10_000.0;
        }
        low = high;
    }
    100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn similarity_rises_with_the_cosine_and_stays_percent(a in -1.2f32..1.2, b in -1.2f32..1.2) {
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            for curve in [&BY_IDENTITY, &BY_PIXELS] {
                prop_assert!(percent(low, curve) <= percent(high, curve));
                prop_assert!((0.0..=100.0).contains(&percent(a, curve)));
            }
        }

        #[test]
        fn a_signature_survives_the_store(pixels in prop::collection::vec(-1f32..1.0, 0..20),
                                          identity in prop::option::of(prop::collection::vec(-1f32..1.0, 1..20))) {
            let signature = Signature { pixels, identity };
            prop_assert_eq!(Signature::from_bytes(&signature.to_bytes()), Some(signature));
        }
    }

    #[test]
    fn damaged_bytes_are_no_signature() {
        assert_eq!(Signature::from_bytes(&[]), None);
        assert_eq!(Signature::from_bytes(&[9, 0, 0, 0, 1]), None);
        assert_eq!(Signature::from_bytes(&[9, 0, 0, 0]), None);
    }
}
