//! Drawing: a few shapes on a pixmap, in units of a hundredth of the picture's side.

use tiny_skia::{Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};

/// How far the handles of a quarter circle's Bézier curve reach.
const QUARTER: f32 = 0.552_284_8;

/// A colour as `0xRRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink(pub u32);

impl Ink {
    /// White.
    pub const WHITE: Self = Self(0xffffff);

    /// The colour moved towards black (below 1) or towards white (above 1, up to 2).
    #[must_use]
    pub fn shade(self, factor: f32) -> Self {
        let channel = |shift: u32| {
            let value = ((self.0 >> shift) & 0xff) as f32;
            let shaded = if factor <= 1.0 { value * factor } else { value + (255.0 - value) * (factor - 1.0) };
            byte(shaded) << shift
        };
        Self(channel(16) | channel(8) | channel(0))
    }

    fn with_alpha(self, alpha: f32) -> Color {
        let [_, red, green, blue] = self.0.to_be_bytes();
        Color::from_rgba8(red, green, blue, u8::try_from(byte(alpha * 255.0)).unwrap_or(u8::MAX))
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Clamped to a byte before.
fn byte(value: f32) -> u32 {
    value.clamp(0.0, 255.0).round() as u32
}

/// Draws on a pixmap through a transform.
pub struct Brush<'a> {
    pixmap: &'a mut Pixmap,
    transform: Transform,
    alpha: f32,
}

impl<'a> Brush<'a> {
    /// A brush whose units are hundredths of the pixmap's width.
    pub fn new(pixmap: &'a mut Pixmap) -> Self {
        let scale = pixmap.width() as f32 / 100.0;
        Self { pixmap, transform: Transform::from_scale(scale, scale), alpha: 1.0 }
    }

    /// The same brush turned about a point, by degrees.
    pub fn turned(&mut self, degrees: f32, x: f32, y: f32) -> Brush<'_> {
        let transform = self.transform.pre_concat(Transform::from_rotate_at(degrees, x, y));
        Brush { pixmap: self.pixmap, transform, alpha: self.alpha }
    }

    /// The same brush with thinner paint.
    pub fn faint(&mut self, alpha: f32) -> Brush<'_> {
        Brush { pixmap: self.pixmap, transform: self.transform, alpha: self.alpha * alpha }
    }

    /// A filled path.
    pub fn fill(&mut self, path: Option<Path>, ink: Ink) {
        // A path without extent has nothing to fill.
        let Some(path) = path else { return };
        self.pixmap.fill_path(&path, &self.paint(ink), FillRule::Winding, self.transform, None);
    }

    /// A drawn line with round ends.
    pub fn line(&mut self, path: Option<Path>, width: f32, ink: Ink) {
        let Some(path) = path else { return };
        let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        self.pixmap.stroke_path(&path, &self.paint(ink), &stroke, self.transform, None);
    }

    /// A filled ellipse about a point.
    pub fn ellipse(&mut self, (x, y): (f32, f32), (across, down): (f32, f32), ink: Ink) {
        self.fill(oval((x, y), (across, down)), ink);
    }

    /// A filled box with round corners.
    pub fn plate(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), radius: f32, ink: Ink) {
        self.fill(rounded((x, y), (width, height), radius), ink);
    }

    /// Another pixmap, at a point, as faint as this brush.
    pub fn stamp(&mut self, other: &Pixmap, (x, y): (f32, f32)) {
        let mut corner = tiny_skia::Point::from_xy(x, y);
        self.transform.map_point(&mut corner);
        let paint = tiny_skia::PixmapPaint { opacity: self.alpha, ..tiny_skia::PixmapPaint::default() };
        let place = Transform::from_translate(corner.x.round(), corner.y.round());
        self.pixmap.draw_pixmap(0, 0, other.as_ref(), &paint, place, None);
    }

    fn paint(&self, ink: Ink) -> Paint<'static> {
        let mut paint = Paint { anti_alias: true, ..Paint::default() };
        paint.set_color(ink.with_alpha(self.alpha));
        paint
    }
}

/// An ellipse about a point.
#[must_use]
pub fn oval((x, y): (f32, f32), (across, down): (f32, f32)) -> Option<Path> {
    PathBuilder::from_oval(Rect::from_ltrb(x - across, y - down, x + across, y + down)?)
}

/// A box with round corners.
#[must_use]
pub fn rounded((x, y): (f32, f32), (width, height): (f32, f32), radius: f32) -> Option<Path> {
    let (right, bottom) = (x + width, y + height);
    let k = radius * (1.0 - QUARTER);
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    path.line_to(right - radius, y);
    path.cubic_to(right - k, y, right, y + k, right, y + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(right, bottom - k, right - k, bottom, right - radius, bottom);
    path.line_to(x + radius, bottom);
    path.cubic_to(x + k, bottom, x, bottom - k, x, bottom - radius);
    path.line_to(x, y + radius);
    path.cubic_to(x, y + k, x + k, y, x + radius, y);
    path.close();
    path.finish()
}

/// A path through points by smooth curves, closed.
#[must_use]
pub fn blob(points: &[(f32, f32)]) -> Option<Path> {
    let count = points.len();
    let at = |i: usize| points[i % count];
    let mut path = PathBuilder::new();
    path.move_to(at(0).0, at(0).1);
    for i in 0..count {
        // Catmull-Rom: the curve passes each point in the direction from its predecessor to its successor.
        let (before, from, to, after) = (at(i + count - 1), at(i), at(i + 1), at(i + 2));
        path.cubic_to(
            from.0 + (to.0 - before.0) / 6.0,
            from.1 + (to.1 - before.1) / 6.0,
            to.0 - (after.0 - from.0) / 6.0,
            to.1 - (after.1 - from.1) / 6.0,
            to.0,
            to.1,
        );
    }
    path.close();
    path.finish()
}

/// An arc from one point to another, bent through a third.
#[must_use]
pub fn arc(from: (f32, f32), bend: (f32, f32), to: (f32, f32)) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(from.0, from.1);
    path.quad_to(bend.0, bend.1, to.0, to.1);
    path.finish()
}
