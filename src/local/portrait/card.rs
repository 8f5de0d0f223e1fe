//! An identity card of no country: a photo, words, a number, and SPECIMEN all over it.

use tiny_skia::Pixmap;

use super::PortraitError;
use super::brush::{Brush, Ink, arc};
use super::caption::{Bounds, TextCaption};
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
/// What every card says of itself.
const SPECIMEN: &str = "SPECIMEN";

/// Side in pixels of the photo on a card of this width.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A third of a picture's width.
pub fn photo_side(width: u32) -> u32 {
    (width as f32 * PHOTO_SIDE / 100.0) as u32
}

/// Draws the card around a photo, and says what is written on it.
pub fn draw(
    width: u32,
    photo: &Pixmap,
    look: &Look,
    person: &str,
) -> Result<(Pixmap, Vec<TextCaption>), PortraitError> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Below the width.
    let height = (width as f32 * RATIO) as u32;
    let mut card = Pixmap::new(width, height).ok_or(PortraitError::Size(width))?;
    let mut brush = Brush::new(&mut card);
    paper(&mut brush);
    brush.plate((PHOTO.0 - 0.7, PHOTO.1 - 0.7), (PHOTO_SIDE + 1.4, PHOTO_SIDE + 1.4), 1.2, Ink::WHITE);
    brush.stamp(photo, PHOTO);
    chip(&mut brush);
    brush.plate((-1.0, 52.6), (102.0, 12.0), 0.1, Ink::WHITE);
    let mut dice = Dice::from_seed(format!("card of {person}").as_bytes());
    let print: Vec<_> = [heading(), rows(look, &mut dice), machine_readable(&mut dice)].concat();
    for line in &print {
        lettering::write(&mut brush, &line.text, line.at, line.height, line.weight, line.ink);
    }
    Ok((card, print.iter().map(Print::caption).collect()))
}

/// A line of text on the card, in hundredths of the card's width.
#[derive(Clone)]
struct Print {
    text: String,
    at: (f32, f32),
    height: f32,
    weight: f32,
    ink: Ink,
}

impl Print {
    fn caption(&self) -> TextCaption {
        // Strokes are drawn along their middle, so they reach half their weight beyond their letters.
        let margin = self.weight / 2.0;
        let width = lettering::width(&self.text, self.height) + self.weight;
        let bounds = Bounds {
            left: (self.at.0 - margin) / 100.0,
            top: (self.at.1 - margin) / 100.0 / RATIO,
            width: width / 100.0,
            height: (self.height + self.weight) / 100.0 / RATIO,
        };
        TextCaption { text: self.text.clone(), bounds }
    }
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
    // Too faint to be read by a machine, so it is in no caption.
    let mut ghost = brush.faint(0.16);
    let mut slanted = ghost.turned(-14.0, 68.0, 34.0);
    lettering::write(&mut slanted, SPECIMEN, (42.0, 33.0), 6.6, 1.2, Ink(0xc1121f));
}

fn heading() -> Vec<Print> {
    let heading =
        |text: &str, left, ink| Print { text: text.to_owned(), at: (left, 3.6), height: 4.2, weight: 0.75, ink };
    let right = 95.0 - lettering::width(SPECIMEN, 4.2);
    vec![heading("IDENTITY CARD", 5.0, Ink::WHITE), heading(SPECIMEN, right, Ink(0xf6ae2d))]
}

fn rows(look: &Look, dice: &mut Dice) -> Vec<Print> {
    let year = 2026 - u32::from(look.age);
    let rows = [
        ("SURNAME", SPECIMEN.to_owned()),
        ("GIVEN NAME", "TEST PERSON".to_owned()),
        ("BORN", format!("{:02}.{:02}.{year}", 1 + dice.index(28), 1 + dice.index(12))),
        ("NUMBER", format!("T{:03}-{:04}", dice.index(1000), dice.index(10_000))),
    ];
    let prints = rows.into_iter().enumerate().flat_map(|(row, (label, value))| {
        let y = 17.0 + row as f32 * 8.4;
        let label = Print { text: label.to_owned(), at: (42.5, y), height: 1.7, weight: 0.32, ink: LABEL };
        [label, Print { text: value, at: (42.5, y + 2.9), height: 3.0, weight: 0.55, ink: TEXT }]
    });
    prints.collect()
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

fn machine_readable(dice: &mut Dice) -> Vec<Print> {
    let digits: String = (0..9).map(|_| char::from(b'0' + u8::try_from(dice.index(10)).unwrap_or(0))).collect();
    let rows = [format!("{:<<32}", format!("IDXXX{digits}")), format!("{:<<32}", "SPECIMEN<<TEST<PERSON")];
    let at = |row: usize| (5.0, 54.2 + row as f32 * 4.2);
    let prints = rows.into_iter().enumerate();
    prints.map(|(row, text)| Print { text, at: at(row), height: 2.5, weight: 0.42, ink: TEXT }).collect()
}
