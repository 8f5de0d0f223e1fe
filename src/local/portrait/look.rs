//! How a person looks: everything follows from the name, so the same name is the same face on every machine.

use sha2::{Digest, Sha256};

use super::brush::Ink;
use crate::local::dice::Dice;

const SKINS: [u32; 8] = [0xf7d7c4, 0xf1c7a5, 0xe8b48d, 0xd79a6b, 0xb97a4f, 0x97603c, 0x754628, 0x57331d];
const HAIRS: [u32; 10] =
    [0x1f1a17, 0x33241c, 0x4f3422, 0x6f4628, 0x96602f, 0xc08a45, 0xe0bd78, 0xa8452a, 0x9a9a9e, 0xd8d6d2];
const EYES: [u32; 6] = [0x3b2617, 0x5c3b1e, 0x2f5d7c, 0x4d7f9e, 0x4a6b3a, 0x6a6f57];
const CLOTHES: [u32; 12] = [
    0x2f4858, 0x33658a, 0x86bbd8, 0xf6ae2d, 0xf26419, 0x6a4c93, 0x8ac926, 0xc1121f, 0xf1faee, 0x22223b, 0x588157,
    0xbc6c7c,
];
const WALLS: [u32; 12] = [
    0xbfd7ea, 0xcde7be, 0xf9dcc4, 0xe2cfea, 0xfff1c9, 0xc8e7e5, 0xf4c6c6, 0xd9d7f1, 0xe6e2d6, 0x9dbad5, 0xa3c9a8,
    0xf2b5a7,
];

/// The shape of the hair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hair {
    /// None.
    Bald,
    /// Cut very short.
    Buzz,
    /// Combed to a side.
    Parted,
    /// A fringe over the forehead.
    Fringe,
    /// Standing up.
    Quiff,
    /// To the chin.
    Bob,
    /// Over the shoulders.
    Long,
    /// Tied on top.
    Bun,
    /// A cloud of curls.
    Curls,
    /// Round and full.
    Afro,
}

/// What is behind the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wall {
    /// A light disc.
    Disc,
    /// Broad slanted stripes.
    Stripes,
    /// Hills.
    Hills,
    /// A sun in a corner.
    Sun,
    /// Two blocks of colour.
    Blocks,
    /// Dots.
    Dots,
}

/// The neck of the clothes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collar {
    /// Round.
    Crew,
    /// A V.
    Vee,
    /// A shirt's.
    Shirt,
    /// Up to the chin.
    Roll,
    /// Stripes across the chest.
    Striped,
}

/// How a person looks. Lengths are in hundredths of the picture's side.
#[derive(Debug, Clone)]
#[allow(missing_docs, clippy::struct_excessive_bools)] // The fields say what they are, and are independent.
pub struct Look {
    pub skin: Ink,
    pub hair_ink: Ink,
    pub hair: Hair,
    pub eye_ink: Ink,
    pub clothes: Ink,
    pub trim: Ink,
    pub collar: Collar,
    pub wall_ink: Ink,
    pub wall_accent: Ink,
    pub wall: Wall,
    /// Where the wall's pattern begins and how large it is, 0–1 each: nobody stands before quite the same wall.
    pub wall_place: (f32, f32),
    /// Where the person stands, from the middle.
    pub stand: (f32, f32),
    /// Half the width and half the height of the head.
    pub head: (f32, f32),
    /// How square the jaw is, 0–1.
    pub jaw: f32,
    /// From the middle to an eye.
    pub eye_gap: f32,
    pub eye_size: f32,
    pub brow_weight: f32,
    /// How much the outer end of the brow rises.
    pub brow_tilt: f32,
    pub nose_length: f32,
    pub mouth_width: f32,
    /// How much the mouth smiles, 0–1.
    pub smile: f32,
    pub glasses: bool,
    pub beard: bool,
    pub mustache: bool,
    pub freckles: bool,
    pub earrings: bool,
    /// Which side the hair falls to: −1 or 1.
    pub side: f32,
    /// Apparent age in years.
    pub age: u8,
}

impl Look {
    /// The look of a person.
    #[must_use]
    pub fn of(person: &str) -> Self {
        let mut dice = Dice::from_seed(format!("look of {person}").as_bytes());
        let tone = dice.index(SKINS.len());
        let skin = Ink(SKINS[tone]);
        let age = 20 + dice.index(48);
        let gray = age > 55 && dice.chance(0.7);
        let hair_ink =
            Ink(if gray { dice.pick(&HAIRS[8..]) } else { dice.pick(&HAIRS[..if tone < 4 { 8 } else { 4 }]) });
        let hair = dice.pick(&[
            Hair::Bald,
            Hair::Buzz,
            Hair::Parted,
            Hair::Parted,
            Hair::Fringe,
            Hair::Quiff,
            Hair::Bob,
            Hair::Bob,
            Hair::Long,
            Hair::Long,
            Hair::Bun,
            Hair::Curls,
            Hair::Afro,
        ]);
        let bearded = matches!(hair, Hair::Bald | Hair::Buzz | Hair::Parted | Hair::Quiff | Hair::Afro | Hair::Curls);
        let beard = bearded && dice.chance(0.4);
        let wall = dice.index(WALLS.len());
        Self {
            skin,
            hair_ink,
            hair,
            eye_ink: Ink(dice.pick(&EYES)),
            clothes: Ink(dice.pick(&CLOTHES)),
            trim: Ink(dice.pick(&CLOTHES)),
            collar: dice.pick(&[Collar::Crew, Collar::Vee, Collar::Shirt, Collar::Roll, Collar::Striped]),
            wall_ink: Ink(WALLS[wall]),
            wall_accent: Ink(WALLS[(wall + 1 + dice.index(WALLS.len() - 1)) % WALLS.len()]),
            wall: dice.pick(&[Wall::Disc, Wall::Stripes, Wall::Hills, Wall::Sun, Wall::Blocks, Wall::Dots]),
            wall_place: (dice.unit(), dice.unit()),
            stand: (dice.between(-6.0, 6.0), dice.between(-4.0, 5.0)),
            head: (dice.between(18.5, 21.5), dice.between(23.5, 26.5)),
            jaw: dice.between(0.1, 0.9),
            eye_gap: dice.between(7.2, 8.8),
            eye_size: dice.between(2.7, 3.5),
            brow_weight: dice.between(1.0, 1.9),
            brow_tilt: dice.between(-0.6, 1.2),
            nose_length: dice.between(5.0, 7.5),
            mouth_width: dice.between(5.0, 7.5),
            smile: dice.between(0.15, 1.0),
            glasses: dice.chance(0.25),
            beard,
            mustache: beard || (bearded && dice.chance(0.15)),
            freckles: skin.0 > 0xe00000 && dice.chance(0.3),
            earrings: matches!(hair, Hair::Bob | Hair::Long | Hair::Bun | Hair::Curls) && dice.chance(0.5),
            side: if dice.chance(0.5) { 1.0 } else { -1.0 },
            age: u8::try_from(age).unwrap_or(u8::MAX),
        }
    }
}

/// Who a person is, for the caption: a digest, so that no picture carries a name.
#[must_use]
pub fn identity(person: &str) -> String {
    let digest = Sha256::digest(format!("identity of {person}"));
    let mut text = format!("{digest:x}");
    text.truncate(32);
    text
}
