//! An identity card of no country: a photo, words, a number, and SPECIMEN all over it.

use tiny_skia::Pixmap;

use super::PortraitError;
use super::brush::{Brush, Ink, arc};
use super::caption::Bounds;
use super::lettering;
use super::look::Look;
use crate::local::dice::Dice;

/// Height in parts of the width, as of a bank card.
const RATIO: f32 = 0.63;
/// Where the photo is, in hundredths of the card's width, and its side.
const PHOTO: (f32, f32) = (5.0, 16.5);
const PHOTO_SIDE: f32 = 33.0;
const PAPER: Ink = Ink(0xeef3f5);
const LINES: Ink = Ink(0x9cc4d4);
const BAND: Ink = Ink(0x1f5673);
const TEXT: Ink = Ink(0x22313f);
const LABEL: Ink = Ink(0x6b8a99);

/// Side in pixels of the photo on a card of this width.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A third of a picture's width.
pub fn photo_side(width: u32) -> u32 {
    (width as f32 * PHOTO_SIDE / 100.0) as u32
}

/// Draws the card around a photo.
pub fn draw(width: u32, photo: &Pixmap, look: &Look, person: &str) -> Result<Pixmap, PortraitError> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Below the width.
    let height = (width as f32 * RATIO) as u32;
    let mut card = Pixmap::new(width, height).ok_or(PortraitError::Size(width))?;
    let mut brush = Brush::new(&mut card);
    paper(&mut brush);
    brush.plate((PHOTO.0 - 0.7, PHOTO.1 - 0.7), (PHOTO_SIDE + 1.4, PHOTO_SIDE + 1.4), 1.2, Ink::WHITE);
    brush.stamp(photo, PHOTO);
    let mut dice = Dice::from_seed(format!("card of {person}").as_bytes());
    words(&mut brush, look, &mut dice);
    chip(&mut brush);
    machine_readable(&mut brush, &mut dice);
    Ok(card)
}

/// Where a face of the photo is on the card.
#[must_use]
pub fn place(face: Bounds) -> Bounds {
    let (across, down) = (PHOTO_SIDE / 100.0, PHOTO_SIDE / 100.0 / RATIO);
    Bounds {
        left: PHOTO.0 / 100.0 + face.left * across,
        top: PHOTO.1 / 100.0 / RATIO + face.top * down,
        width: face.width * across,
        height: face.height * down,
    }
}

fn paper(brush: &mut Brush) {
    brush.plate((-1.0, -1.0), (102.0, 70.0), 0.1, PAPER);
    for wave in 0..16 {
        let y = 8.0 + wave as f32 * 3.6;
        let mut thin = brush.faint(0.45);
        thin.line(arc((-2.0, y), (25.0, y - 9.0), (50.0, y)), 0.3, LINES);
        thin.line(arc((50.0, y), (75.0, y + 9.0), (102.0, y)), 0.3, LINES);
    }
    brush.plate((-1.0, -1.0), (102.0, 12.5), 0.1, BAND);
    lettering::write(brush, "IDENTITY CARD", (5.0, 3.6), 4.2, 0.75, Ink::WHITE);
    let text = "SPECIMEN";
    let left = 95.0 - lettering::width(text, 4.2);
    lettering::write(brush, text, (left, 3.6), 4.2, 0.75, Ink(0xf6ae2d));
    let mut ghost = brush.faint(0.16);
    let mut slanted = ghost.turned(-14.0, 68.0, 34.0);
    lettering::write(&mut slanted, text, (42.0, 33.0), 6.6, 1.2, Ink(0xc1121f));
}

fn words(brush: &mut Brush, look: &Look, dice: &mut Dice) {
    let year = 2026 - u32::from(look.age);
    let rows = [
        ("SURNAME", "SPECIMEN".to_owned()),
        ("GIVEN NAME", "TEST PERSON".to_owned()),
        ("BORN", format!("{:02}.{:02}.{year}", 1 + dice.index(28), 1 + dice.index(12))),
        ("NUMBER", format!("T{:03}-{:04}", dice.index(1000), dice.index(10_000))),
    ];
    for (row, (label, value)) in rows.iter().enumerate() {
        let y = 17.0 + row as f32 * 8.4;
        lettering::write(brush, label, (42.5, y), 1.7, 0.32, LABEL);
        lettering::write(brush, value, (42.5, y + 2.9), 3.0, 0.55, TEXT);
    }
}

fn chip(brush: &mut Brush) {
    let (x, y) = (83.0, 17.0);
    brush.plate((x, y), (11.5, 9.0), 1.8, Ink(0xe3bf62));
    let dark = Ink(0xa5843a);
    for line in [2.9, 6.0] {
        brush.line(arc((x, y + line), (x + 2.0, y + line), (x + 3.8, y + line)), 0.35, dark);
        brush.line(arc((x + 7.7, y + line), (x + 9.0, y + line), (x + 11.5, y + line)), 0.35, dark);
    }
    brush.line(super::brush::rounded((x + 3.8, y + 1.6), (3.9, 5.8), 1.2), 0.35, dark);
}

fn machine_readable(brush: &mut Brush, dice: &mut Dice) {
    brush.plate((-1.0, 52.6), (102.0, 12.0), 0.1, Ink::WHITE);
    let digits: String = (0..9).map(|_| char::from(b'0' + u8::try_from(dice.index(10)).unwrap_or(0))).collect();
    let rows = [format!("{:<<32}", format!("IDXXX{digits}")), format!("{:<<32}", "SPECIMEN<<TEST<PERSON")];
    for (row, text) in rows.iter().enumerate() {
        lettering::write(brush, text, (5.0, 54.2 + row as f32 * 4.2), 2.5, 0.42, TEXT);
    }
}
