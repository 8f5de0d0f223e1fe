//! Synthetic portraits and ID cards: faces drawn by code, one for every name, so that the system can be tried without
//! a picture of anybody. The PNG says in its caption what it shows; the Rekognition simulator reads that.
//!
//! ```
//! use idvctl::local::portrait::Portrait;
//!
//! let selfie = Portrait::new("anna").yaw(12.0).png()?;
//! let card = Portrait::new("anna").id_card().png()?;
//! # assert!(selfie.starts_with(b"\x89PNG") && card.starts_with(b"\x89PNG"));
//! # Ok::<(), idvctl::local::portrait::PortraitError>(())
//! ```

#![allow(clippy::unreadable_literal)] // Colours are written as everywhere else: 0xRRGGBB.

mod body;
mod brush;
mod caption;
mod card;
mod develop;
mod face;
mod hair;
mod head;
mod lettering;
mod look;

pub use caption::{Bounds, Caption, FaceCaption, KEYWORD as CAPTION_KEYWORD, Pose, TextCaption, Traits};

use tiny_skia::Pixmap;

use self::brush::Brush;
use self::develop::{Film, Texture};
use self::face::Expression;
use self::head::Head;
use self::look::Look;

/// Side of a picture when nothing else is asked for, in pixels.
pub const DEFAULT_SIZE: u32 = 480;
/// Smallest and largest side, in pixels. Rekognition refuses pictures below 80.
pub const SIZES: std::ops::RangeInclusive<u32> = 80..=2048;
/// Most faces in one picture.
pub const MOST_FACES: usize = 16;
/// Smallest tile of a group picture, in pixels: its face must still be seen.
const SMALLEST_TILE: u32 = 120;
/// Size of the others in a group: a little smaller than the person itself.
const OTHERS: f32 = 0.86;
/// Where a head stands, give or take, in hundredths of the picture's side.
const MIDDLE: (f32, f32) = (50.0, 46.0);

/// The light that a picture is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Light {
    /// Good.
    #[default]
    Normal,
    /// Poor, yet a face can be made out.
    Dim,
    /// So dark that no quality gate lets it pass.
    Dark,
    /// Too much.
    Bright,
}

/// A picture of a person, not yet taken.
#[derive(Debug, Clone)]
pub struct Portrait {
    person: String,
    pose: Pose,
    expression: Expression,
    light: Light,
    /// Standard deviation in pixels.
    blur: f32,
    faces: usize,
    id_card: bool,
    size: u32,
}

/// Why a portrait cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PortraitError {
    /// No picture has that many pixels.
    #[error("a picture cannot be {0} pixels wide; choose {low} to {high}", low = SIZES.start(), high = SIZES.end())]
    Size(u32),
    /// The PNG encoder failed.
    #[error("the portrait cannot be written as PNG: {0}")]
    Encode(String),
}

impl Portrait {
    /// A frontal portrait in good light. The same name is always the same person.
    #[must_use]
    pub fn new(person: impl Into<String>) -> Self {
        Self {
            person: person.into(),
            pose: Pose::default(),
            expression: Expression { eyes_open: true, mouth_open: false, sunglasses: false },
            light: Light::Normal,
            blur: 0.0,
            faces: 1,
            id_card: false,
            size: DEFAULT_SIZE,
        }
    }

    /// Turned to a side, in degrees, −90 to 90.
    #[must_use]
    pub fn yaw(mut self, degrees: f32) -> Self {
        self.pose.yaw = degrees.clamp(-90.0, 90.0);
        self
    }

    /// Looking up (positive) or down, in degrees, −90 to 90.
    #[must_use]
    pub fn pitch(mut self, degrees: f32) -> Self {
        self.pose.pitch = degrees.clamp(-90.0, 90.0);
        self
    }

    /// Tilted to a shoulder, in degrees, −90 to 90.
    #[must_use]
    pub fn roll(mut self, degrees: f32) -> Self {
        self.pose.roll = degrees.clamp(-90.0, 90.0);
        self
    }

    /// With dark glasses.
    #[must_use]
    pub const fn sunglasses(mut self) -> Self {
        self.expression.sunglasses = true;
        self
    }

    /// With both eyes closed.
    #[must_use]
    pub const fn eyes_closed(mut self) -> Self {
        self.expression.eyes_open = false;
        self
    }

    /// With the mouth open.
    #[must_use]
    pub const fn mouth_open(mut self) -> Self {
        self.expression.mouth_open = true;
        self
    }

    /// In this light.
    #[must_use]
    pub const fn light(mut self, light: Light) -> Self {
        self.light = light;
        self
    }

    /// In the dark.
    #[must_use]
    pub const fn dark(self) -> Self {
        self.light(Light::Dark)
    }

    /// Out of focus by a standard deviation in pixels, 0 to 40.
    #[must_use]
    pub fn blur(mut self, pixels: f32) -> Self {
        self.blur = pixels.clamp(0.0, 40.0);
        self
    }

    /// With this many faces, 0 to [`MOST_FACES`]: the person's own is the largest. With 0, an empty wall.
    #[must_use]
    pub fn faces(mut self, faces: usize) -> Self {
        self.faces = faces.min(MOST_FACES);
        self
    }

    /// As an identity card with the person's photo.
    #[must_use]
    pub const fn id_card(mut self) -> Self {
        self.id_card = true;
        self
    }

    /// As wide as this, in pixels, within [`SIZES`].
    #[must_use]
    pub fn size(mut self, pixels: u32) -> Self {
        self.size = pixels.clamp(*SIZES.start(), *SIZES.end());
        self
    }

    /// Takes the picture.
    pub fn png(&self) -> Result<Vec<u8>, PortraitError> {
        let (drawing, caption, texture) = if self.id_card {
            let (drawing, caption) = self.card()?;
            (drawing, caption, Texture::Fine)
        } else {
            let (drawing, faces) = self.scene(self.size)?;
            (drawing, Caption { faces, text: Vec::new() }, Texture::Plain)
        };
        let mut film = Film::of(&drawing, texture);
        film.expose(self.light);
        film.blur(self.blur);
        film.png(&caption)
    }

    /// The card, on which the photo is always frontal and alone.
    fn card(&self) -> Result<(Pixmap, Caption), PortraitError> {
        let width = self.size.max(DEFAULT_SIZE);
        let photo = Self { pose: Pose { roll: 0.0, ..self.pose }, faces: 1, ..self.clone() };
        let (drawing, mut faces) = photo.scene(card::photo_side(width))?;
        let (card, text) = card::draw(width, &drawing, &Look::of(&self.person), &self.person)?;
        for face in &mut faces {
            face.bounds = card::place(face.bounds);
        }
        Ok((card, Caption { faces, text }))
    }

    /// One face on the whole picture, or several in tiles side by side.
    fn scene(&self, size: u32) -> Result<(Pixmap, Vec<FaceCaption>), PortraitError> {
        if self.faces == 0 {
            let mut empty = Pixmap::new(size, size).ok_or(PortraitError::Size(size))?;
            body::wall(&mut Brush::new(&mut empty), &Look::of(&self.person));
            return Ok((empty, Vec::new()));
        }
        // Up to three stand in a row; more make rows as even as can be.
        let columns = (1..=self.count()).find(|columns| columns * columns >= self.count()).unwrap_or(1);
        let columns = if self.count() <= 3 { self.count() } else { columns };
        let tile = (size / columns).max(SMALLEST_TILE.min(size));
        let rows = self.count().div_ceil(columns);
        let (width, height) = (tile * columns, tile * rows);
        let mut picture = Pixmap::new(width, height).ok_or(PortraitError::Size(width))?;
        body::wall(&mut Brush::new(&mut picture), &Look::of(&self.person));
        let mut faces = Vec::new();
        for index in 0..self.count() {
            let (drawing, mut face) = self.tile(index, tile)?;
            let (column, row) = (index % columns, index / columns);
            let unit = 100.0 / width as f32;
            let corner = ((column * tile) as f32 * unit, (row * tile) as f32 * unit);
            Brush::new(&mut picture).stamp(&drawing, corner);
            face.bounds = Bounds {
                left: (column as f32 + face.bounds.left) / columns as f32,
                top: (row as f32 + face.bounds.top) / rows as f32,
                width: face.bounds.width / columns as f32,
                height: face.bounds.height / rows as f32,
            };
            faces.push(face);
        }
        Ok((picture, faces))
    }

    fn count(&self) -> u32 {
        u32::try_from(self.faces).unwrap_or(1)
    }

    /// One person on a square. The first is the person itself; the others look straight ahead.
    fn tile(&self, index: u32, side: u32) -> Result<(Pixmap, FaceCaption), PortraitError> {
        let own = index == 0;
        let person = if own { self.person.clone() } else { format!("{} and companion {index}", self.person) };
        let look = Look::of(&person);
        let expression =
            if own { self.expression } else { Expression { eyes_open: true, mouth_open: false, sunglasses: false } };
        let scale = if own { 1.0 } else { OTHERS };
        let pose = if own { self.pose } else { Pose::default() };
        let middle = (MIDDLE.0 + look.stand.0, MIDDLE.1 + look.stand.1);
        let head = Head { middle, size: (look.head.0 * scale, look.head.1 * scale), pose };
        let mut drawing = Pixmap::new(side, side).ok_or(PortraitError::Size(side))?;
        draw(&mut Brush::new(&mut drawing), &head, &look, expression);
        let bounds = Bounds {
            left: (middle.0 - head.size.0) / 100.0,
            top: (middle.1 - head.size.1) / 100.0,
            width: head.size.0 / 50.0,
            height: head.size.1 / 50.0,
        };
        let traits = Traits {
            eyes_open: expression.eyes_open,
            mouth_open: expression.mouth_open,
            smile: look.smile > 0.5 && !expression.mouth_open,
            eyeglasses: look.glasses || expression.sunglasses,
            sunglasses: expression.sunglasses,
            occluded: expression.sunglasses,
            beard: look.beard,
            mustache: look.mustache,
            age: look.age,
        };
        Ok((drawing, FaceCaption { identity: look::identity(&person), bounds, pose, traits }))
    }
}

/// Draws a person from back to front.
fn draw(brush: &mut Brush, head: &Head, look: &Look, expression: Expression) {
    let roll = head.pose.roll;
    let neck = (head.middle.0, head.middle.1 + head.size.1);
    body::wall(brush, look);
    hair::behind(&mut brush.turned(roll, neck.0, neck.1), head, look);
    body::clothes(brush, head, look);
    let mut tilted = brush.turned(roll, neck.0, neck.1);
    face::ears(&mut tilted, head, look);
    face::head(&mut tilted, head, look);
    hair::beard(&mut tilted, head, look);
    hair::on_top(&mut tilted, head, look);
    face::features(&mut tilted, head, look, expression);
}

#[cfg(test)]
mod tests;
