//! What is around the face: the wall behind, the neck and the clothes.

use tiny_skia::PathBuilder;

use super::brush::{Brush, Ink, blob};
use super::head::Head;
use super::look::{Collar, Look, Wall};

/// The wall behind the person.
pub fn wall(brush: &mut Brush, look: &Look) {
    brush.plate((-1.0, -1.0), (102.0, 102.0), 0.1, look.wall_ink);
    let accent = look.wall_accent;
    match look.wall {
        Wall::Disc => brush.ellipse((50.0, 48.0), (39.0, 39.0), accent),
        Wall::Sun => {
            let x = 50.0 + look.side * 34.0;
            brush.faint(0.5).ellipse((x, 20.0), (25.0, 25.0), accent);
            brush.ellipse((x, 20.0), (17.0, 17.0), accent);
        }
        Wall::Blocks => {
            let left = if look.side > 0.0 { 50.0 } else { -1.0 };
            brush.plate((left, -1.0), (51.0, 102.0), 0.1, accent);
        }
        Wall::Hills => {
            brush.ellipse((50.0 + look.side * 38.0, 92.0), (62.0, 46.0), accent);
            brush.ellipse((50.0 - look.side * 46.0, 98.0), (58.0, 38.0), accent.shade(0.9));
        }
        Wall::Stripes => {
            for stripe in 0..5 {
                let x = -50.0 + stripe as f32 * 36.0;
                let mut path = PathBuilder::new();
                path.move_to(x, 0.0);
                path.line_to(x + 18.0, 0.0);
                path.line_to(x + 18.0 + look.side * 50.0, 100.0);
                path.line_to(x + look.side * 50.0, 100.0);
                path.close();
                brush.fill(path.finish(), accent);
            }
        }
        Wall::Dots => {
            for row in 0..6 {
                for column in 0..6 {
                    let shift = if row % 2 == 0 { 0.0 } else { 10.0 };
                    let at = (column as f32 * 20.0 + shift, row as f32 * 18.0 + 5.0);
                    brush.ellipse(at, (4.6, 4.6), accent);
                }
            }
        }
    }
}

/// Neck and shoulders, dressed.
pub fn clothes(brush: &mut Brush, head: &Head, look: &Look) {
    let (x, chin) = (head.middle.0, head.middle.1 + head.size.1);
    let top = chin + 4.0;
    brush.plate((x - 8.5, chin - 12.0), (17.0, 26.0), 6.0, look.skin.shade(0.84));
    let shoulders = [
        (x - 9.0, top + 0.5),
        (x, top + 4.5),
        (x + 9.0, top + 0.5),
        (x + 25.0, top + 6.5),
        (x + 36.0, top + 20.0),
        (x + 38.0, 112.0),
        (x - 38.0, 112.0),
        (x - 36.0, top + 20.0),
        (x - 25.0, top + 6.5),
    ];
    brush.fill(blob(&shoulders), look.clothes);
    let dark = look.clothes.shade(0.8);
    match look.collar {
        Collar::Crew => {
            brush.ellipse((x, top + 1.2), (10.5, 6.0), dark);
            brush.ellipse((x, top - 0.4), (8.6, 5.0), look.skin.shade(0.84));
        }
        Collar::Vee => {
            triangle(brush, [(x - 10.5, top), (x + 10.5, top), (x, top + 19.0)], look.trim);
            triangle(brush, [(x - 8.0, top - 2.0), (x + 8.0, top - 2.0), (x, top + 14.5)], look.skin.shade(0.84));
        }
        Collar::Shirt => {
            triangle(brush, [(x - 7.0, top - 2.0), (x + 7.0, top - 2.0), (x, top + 9.0)], look.skin.shade(0.84));
            for side in [-1.0, 1.0] {
                let flap = [(x + side * 9.5, top - 2.5), (x + side * 0.5, top + 9.5), (x + side * 12.0, top + 10.5)];
                triangle(brush, flap, look.clothes.shade(1.45));
            }
            for button in 0..3 {
                brush.ellipse((x, top + 14.0 + button as f32 * 6.0), (0.8, 0.8), look.clothes.shade(1.6));
            }
        }
        Collar::Roll => brush.plate((x - 10.0, chin - 2.5), (20.0, 12.5), 5.0, look.clothes.shade(0.88)),
        Collar::Striped => {
            for stripe in 0..3 {
                brush.plate((x - 26.0, top + 12.0 + stripe as f32 * 7.0), (52.0, 3.2), 1.5, look.trim);
            }
            brush.ellipse((x, top + 0.6), (9.6, 5.4), dark);
            brush.ellipse((x, top - 0.8), (8.2, 4.6), look.skin.shade(0.84));
        }
    }
}

fn triangle(brush: &mut Brush, corners: [(f32, f32); 3], ink: Ink) {
    let mut path = PathBuilder::new();
    path.move_to(corners[0].0, corners[0].1);
    path.line_to(corners[1].0, corners[1].1);
    path.line_to(corners[2].0, corners[2].1);
    path.close();
    brush.fill(path.finish(), ink);
}
