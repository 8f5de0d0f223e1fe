//! Hair behind the head, hair on it, and beards.

use super::brush::{Brush, arc, blob};
use super::head::Head;
use super::look::{Hair, Look};

/// What is seen behind the head.
pub fn behind(brush: &mut Brush, head: &Head, look: &Look) {
    let (w, h) = head.size;
    let (dx, dy) = head.drift(-0.18);
    let ink = look.hair_ink.shade(0.82);
    let at = |x: f32, y: f32| head.at((x + dx, y + dy));
    match look.hair {
        Hair::Bob => brush.plate(at(-w - 5.0, -h - 4.0), (2.0 * w + 10.0, 1.75 * h + 6.0), 17.0, ink),
        Hair::Long => {
            brush.plate(at(-w - 5.5, -h - 5.0), (2.0 * w + 11.0, 2.0 * h + 26.0), 20.0, ink);
        }
        Hair::Bun => {
            brush.ellipse(at(0.0, -h - 6.0), (8.5, 8.0), ink);
            brush.ellipse(at(0.0, -4.0), (w + 2.2, h + 1.0), ink);
        }
        Hair::Afro => brush.ellipse(at(0.0, -7.5), (w + 11.0, h + 6.0), ink),
        Hair::Curls => {
            for step in 0..14 {
                let angle = std::f32::consts::PI * (0.85 + step as f32 * 1.3 / 13.0);
                brush.ellipse(at((w + 3.0) * angle.cos(), (h + 1.0) * angle.sin() - 2.0), (6.8, 6.8), ink);
            }
        }
        Hair::Bald | Hair::Buzz | Hair::Parted | Hair::Fringe | Hair::Quiff => {}
    }
}

/// What lies on the head.
pub fn on_top(brush: &mut Brush, head: &Head, look: &Look) {
    let (w, h) = head.size;
    let (dx, dy) = head.drift(0.22);
    let ink = look.hair_ink;
    // The crown follows the head's outline; only the hairline moves with the face.
    let crown =
        [(-1.04, 0.02), (-1.06, -0.45), (-0.68, -0.95), (0.0, -1.12), (0.68, -0.95), (1.06, -0.45), (1.04, 0.02)];
    let side = look.side;
    let hairline: &[(f32, f32)] = match look.hair {
        Hair::Bald => return,
        Hair::Buzz => &[(0.92, -0.30), (0.72, -0.60), (0.0, -0.66), (-0.72, -0.60), (-0.92, -0.30)],
        Hair::Parted => &[(0.90, -0.22), (0.66, -0.42), (0.20, -0.48), (-0.42, -0.72), (-0.84, -0.42), (-0.92, -0.20)],
        Hair::Fringe => {
            &[(0.90, -0.10), (0.74, -0.36), (0.30, -0.36), (0.0, -0.40), (-0.30, -0.36), (-0.74, -0.36), (-0.90, -0.10)]
        }
        Hair::Quiff => &[(0.90, -0.22), (0.70, -0.58), (0.0, -0.70), (-0.70, -0.58), (-0.90, -0.22)],
        Hair::Bob | Hair::Long => {
            &[(0.88, 0.02), (0.74, -0.36), (0.30, -0.60), (-0.20, -0.70), (-0.70, -0.40), (-0.88, 0.02)]
        }
        Hair::Bun => &[(0.94, -0.16), (0.66, -0.54), (0.0, -0.74), (-0.66, -0.54), (-0.94, -0.16)],
        Hair::Curls | Hair::Afro => {
            &[(0.90, -0.18), (0.60, -0.54), (0.2, -0.58), (-0.2, -0.60), (-0.60, -0.54), (-0.90, -0.18)]
        }
    };
    let crown = crown.iter().map(|(x, y)| head.at((x * w, y * h)));
    let hairline = hairline.iter().map(|(x, y)| head.at((x * w * 0.99 + dx * (1.0 - x * x), y * h + dy)));
    let shape: Vec<_> = crown.chain(hairline).map(|(x, y)| mirrored(head, side, x, y)).collect();
    let faint = if look.hair == Hair::Buzz { 0.75 } else { 1.0 };
    brush.faint(faint).fill(blob(&shape), ink);
    details(brush, head, look);
}

/// Locks that give a style its character.
fn details(brush: &mut Brush, head: &Head, look: &Look) {
    let (w, h) = head.size;
    let (dx, dy) = head.drift(0.22);
    let ink = look.hair_ink;
    let at = |x: f32, y: f32| {
        let (x, y) = head.at((x * w + dx, y * h + dy));
        mirrored(head, look.side, x, y)
    };
    match look.hair {
        Hair::Quiff => {
            let tuft =
                [at(-0.72, -0.66), at(-0.62, -1.22), at(0.0, -1.38), at(0.72, -1.24), at(0.95, -0.92), at(0.3, -0.72)];
            brush.fill(blob(&tuft), ink);
            brush.faint(0.5).line(arc(at(-0.4, -0.85), at(-0.1, -1.2), at(0.5, -1.15)), 0.8, ink.shade(1.3));
        }
        Hair::Fringe => {
            for x in [-0.45, -0.1, 0.25] {
                brush.faint(0.5).line(arc(at(x, -0.95), at(x - 0.08, -0.7), at(x - 0.02, -0.48)), 0.7, ink.shade(0.7));
            }
        }
        Hair::Curls => {
            for step in 0..8 {
                let across = -0.85 + step as f32 * 1.7 / 7.0;
                brush.ellipse(at(across, -0.62 - 0.32 * (1.0 - across * across)), (5.4, 5.0), ink);
            }
        }
        Hair::Parted | Hair::Bob | Hair::Long => {
            brush.faint(0.45).line(arc(at(-0.40, -0.98), at(0.25, -1.0), at(0.78, -0.55)), 0.8, ink.shade(1.3));
        }
        Hair::Bun => {
            brush.faint(0.45).line(arc(at(-0.30, -0.84), at(0.0, -1.1), at(0.1, -1.1)), 0.8, ink.shade(1.3));
        }
        Hair::Bald | Hair::Buzz | Hair::Afro => {}
    }
}

/// Beard and moustache, under the mouth.
pub fn beard(brush: &mut Brush, head: &Head, look: &Look) {
    let (w, h) = head.size;
    let (dx, dy) = head.drift(0.22);
    let ink = look.hair_ink.shade(0.9);
    if look.beard {
        let jaw = 0.72 + 0.2 * look.jaw;
        let outer = [(-0.97, 0.10), (-jaw, 0.66), (-0.36, 1.0), (0.0, 1.08), (0.36, 1.0), (jaw, 0.66), (0.97, 0.10)];
        let inner = [(0.72, 0.34), (0.46, 0.36), (0.0, 0.34), (-0.46, 0.36), (-0.72, 0.34)];
        let outer = outer.iter().map(|(x, y)| head.at((x * w, y * h)));
        let inner = inner.iter().map(|(x, y)| head.at((x * w + dx, y * h + dy)));
        brush.fill(blob(&outer.chain(inner).collect::<Vec<_>>()), ink);
        let patch = head.see((0.0, 13.6));
        brush.ellipse(patch.at, (look.mouth_width * 1.12 * patch.width, 3.6), look.skin.shade(0.97));
    }
    if look.mustache {
        let (left, right) = (head.see((-6.5, 11.4)), head.see((6.5, 11.4)));
        let middle = head.see((0.0, 7.4));
        brush.line(arc(left.at, middle.at, right.at), 2.3, ink);
    }
}

fn mirrored(head: &Head, side: f32, x: f32, y: f32) -> (f32, f32) {
    (head.middle.0 + side * (x - head.middle.0), y)
}
