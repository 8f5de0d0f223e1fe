//! Head, ears, eyes, brows, nose, mouth and glasses.

use super::brush::{Brush, Ink, arc, blob, oval, rounded};
use super::head::Head;
use super::look::Look;

const INK: Ink = Ink(0x2b2320);
const LIPS: Ink = Ink(0xa8483f);
/// A feature that is foreshortened more than this has turned out of sight.
const OUT_OF_SIGHT: f32 = 0.12;

/// What a face does at the moment of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expression {
    /// Both eyes are open.
    pub eyes_open: bool,
    /// The mouth is open.
    pub mouth_open: bool,
    /// It wears dark glasses.
    pub sunglasses: bool,
}

/// The ears, which the head then covers in part.
pub fn ears(brush: &mut Brush, head: &Head, look: &Look) {
    let (dx, dy) = head.drift(-0.35);
    for side in [-1.0, 1.0] {
        let (x, y) = head.at((side * (head.size.0 - 0.3) + dx, 1.5 + dy));
        brush.ellipse((x, y), (3.2, 4.6), look.skin.shade(0.93));
        brush.ellipse((x + side * 0.3, y), (1.6, 2.7), look.skin.shade(0.82));
        if look.earrings {
            brush.ellipse((x + side * 0.4, y + 5.2), (1.1, 1.1), Ink(0xf2c14e));
        }
    }
}

/// The head itself, with cheeks.
pub fn head(brush: &mut Brush, head: &Head, look: &Look) {
    brush.fill(outline(head, look), look.skin);
    for side in [-1.0, 1.0] {
        let cheek = head.see((side * 11.0, 7.5));
        brush.faint(0.16).ellipse(cheek.at, (4.2 * cheek.width, 2.8), Ink(0xe0523f));
        if look.freckles {
            for (x, y) in [(-2.2, -1.0), (0.0, 0.6), (1.9, -0.8)] {
                let freckle = head.see((side * 10.0 + x, 5.8 + y));
                brush.faint(0.5).ellipse(freckle.at, (0.45, 0.45), look.skin.shade(0.6));
            }
        }
    }
}

/// The outline of the head: rounder or squarer at the jaw.
#[must_use]
pub fn outline(head: &Head, look: &Look) -> Option<tiny_skia::Path> {
    let (w, h) = head.size;
    let jaw = 0.62 + 0.2 * look.jaw;
    let chin = 0.3 + 0.16 * look.jaw;
    let half: [(f32, f32); 6] =
        [(0.0, -1.0), (0.62, -0.86), (0.97, -0.35), (0.98, 0.15), (jaw + 0.08, 0.62), (chin, 0.93)];
    let (dx, _) = head.drift(0.06);
    let right = half.iter().map(|(x, y)| head.at((x * w + dx * y.max(0.0), y * h)));
    let left = half.iter().skip(1).rev().map(|(x, y)| head.at((-x * w + dx * y.max(0.0), y * h)));
    let chin = std::iter::once(head.at((dx, h)));
    blob(&right.chain(chin).chain(left).collect::<Vec<_>>())
}

/// Everything on the front of the head.
pub fn features(brush: &mut Brush, head: &Head, look: &Look, expression: Expression) {
    for side in [-1.0, 1.0] {
        brow(brush, head, look, side);
        eye(brush, head, look, side, expression.eyes_open);
    }
    nose(brush, head, look);
    mouth(brush, head, look, expression.mouth_open);
    if expression.sunglasses {
        glasses(brush, head, look, true);
    } else if look.glasses {
        glasses(brush, head, look, false);
    }
}

fn eye(brush: &mut Brush, head: &Head, look: &Look, side: f32, open: bool) {
    let seen = head.see((side * look.eye_gap, -1.5));
    if seen.width < OUT_OF_SIGHT {
        return;
    }
    let (x, y) = seen.at;
    let (w, h) = (look.eye_size * 1.25 * seen.width, look.eye_size * seen.height);
    if !open {
        brush.line(arc((x - w, y), (x, y + h * 1.1), (x + w, y)), 0.9, INK);
        return;
    }
    brush.ellipse((x, y), (w, h), Ink::WHITE);
    let (iris, pupil) = (h * 0.78, h * 0.4);
    let squeeze = seen.width.min(1.0);
    brush.ellipse((x, y + 0.2), (iris * squeeze, iris), look.eye_ink);
    brush.ellipse((x, y + 0.2), (pupil * squeeze, pupil), Ink(0x141010));
    brush.ellipse((x + 0.9 * squeeze, y - 0.8), (0.7 * squeeze, 0.7), Ink::WHITE);
    brush.line(arc((x - w, y - 0.2), (x, y - h * 1.75), (x + w, y - 0.2)), 0.8, INK);
}

fn brow(brush: &mut Brush, head: &Head, look: &Look, side: f32) {
    let inner = head.see((side * (look.eye_gap - 3.6), -7.2));
    let middle = head.see((side * look.eye_gap, -9.4 - look.brow_tilt));
    let outer = head.see((side * (look.eye_gap + 4.0), -7.0 - look.brow_tilt));
    if middle.width > OUT_OF_SIGHT {
        brush.line(arc(inner.at, middle.at, outer.at), look.brow_weight, look.hair_ink.shade(0.75));
    }
}

fn nose(brush: &mut Brush, head: &Head, look: &Look) {
    let bridge = head.see((0.0, 0.5));
    let tip = head.see((0.0, look.nose_length));
    // The nose stands out, so it moves further than the face around it.
    let (dx, dy) = head.drift(0.2);
    let tip = (tip.at.0 + dx, tip.at.1 + dy);
    let side = if head.pose.yaw < 0.0 { -1.0 } else { 1.0 };
    let bend = (tip.0 + side * 1.6, tip.1 - 1.5);
    brush.line(arc((bridge.at.0 + dx * 0.4, bridge.at.1 + 2.0), bend, tip), 0.8, look.skin.shade(0.74));
    brush.line(
        arc(tip, (tip.0 - side * 1.2, tip.1 + 0.8), (tip.0 - side * 2.2, tip.1 - 0.2)),
        0.8,
        look.skin.shade(0.74),
    );
}

fn mouth(brush: &mut Brush, head: &Head, look: &Look, open: bool) {
    let middle = head.see((0.0, 13.2));
    let (left, right) = (head.see((-look.mouth_width, 13.0)), head.see((look.mouth_width, 13.0)));
    if open {
        let width = (right.at.0 - left.at.0) * 0.4;
        brush.ellipse(middle.at, (width, 3.4), Ink(0x5a1f1f));
        brush.ellipse((middle.at.0, middle.at.1 + 1.9), (width * 0.6, 1.3), Ink(0xc9605c));
        return;
    }
    let depth = 1.0 + 4.6 * look.smile;
    let bend = (middle.at.0, middle.at.1 + depth);
    if look.smile > 0.7 {
        let mut lips = tiny_skia::PathBuilder::new();
        lips.move_to(left.at.0, left.at.1);
        lips.quad_to(middle.at.0, middle.at.1 + 0.8, right.at.0, right.at.1);
        lips.quad_to(bend.0, bend.1 + 3.2, left.at.0, left.at.1);
        let lips = lips.finish();
        brush.fill(lips.clone(), Ink::WHITE);
        brush.line(lips, 0.8, LIPS);
    } else {
        brush.line(arc(left.at, bend, right.at), 1.1, LIPS);
    }
}

fn glasses(brush: &mut Brush, head: &Head, look: &Look, dark: bool) {
    let frame = if dark { Ink(0x151518) } else { look.trim.shade(0.55) };
    let mut inner = Vec::new();
    for side in [-1.0, 1.0] {
        let seen = head.see((side * look.eye_gap, -1.0));
        let (x, y) = seen.at;
        let (w, h) = ((6.2 * seen.width).max(0.8), 5.2);
        if dark {
            brush.plate((x - w, y - h), (2.0 * w, 2.0 * h), h.min(w) * 0.7, frame);
            brush.faint(0.25).line(
                arc((x - w * 0.5, y - h * 0.2), (x - w * 0.3, y - h * 0.6), (x, y - h * 0.7)),
                0.9,
                Ink::WHITE,
            );
        } else {
            brush.faint(0.18).ellipse((x, y), (w, h), Ink::WHITE);
            let rim = if look.jaw > 0.5 {
                rounded((x - w, y - h), (2.0 * w, 2.0 * h), h.min(w) * 0.6)
            } else {
                oval((x, y), (w, h))
            };
            brush.line(rim, 0.9, frame);
        }
        inner.push((x - side * w, y - 0.8));
        let (dx, _) = head.drift(-0.35);
        let ear = head.at((side * (head.size.0 - 1.0) + dx, 0.0));
        brush.line(arc((x + side * w, y - 1.0), (x + side * w, y - 1.2), (ear.0, ear.1 - 1.5)), 0.9, frame);
    }
    let middle = (f32::midpoint(inner[0].0, inner[1].0), inner[0].1 - 1.2);
    brush.line(arc(inner[0], middle, inner[1]), 0.9, frame);
}
