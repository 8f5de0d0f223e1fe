//! What is around the face: the wall behind, the neck and the clothes.

use tiny_skia::PathBuilder;

use super::brush::{Brush, Ink, blob};
use super::head::Head;
use super::look::{Collar, Look, Wall};

/// The wall behind the person.
pub fn wall(brush: &mut Brush, look: &Look) {
    brush.plate((-1.0, -1.0), (102.0, 102.0), 0.1, look.wall_ink);
    let accent = look.wall_accent;
    let (place, scale) = look.wall_place;
    match look.wall {
        Wall::Disc => {
            let radius = 34.0 + 14.0 * scale;
            brush.ellipse((36.0 + 28.0 * place, 46.0), (radius, radius), accent);
        }
        Wall::Sun => {
            let (at, radius) = ((50.0 + look.side * (30.0 + 10.0 * place), 14.0 + 16.0 * place), 11.0 + 10.0 * scale);
            brush.faint(0.5).ellipse(at, (radius * 1.5, radius * 1.5), accent);
            brush.ellipse(at, (radius, radius), accent);
        }
        Wall::Blocks => {
            let edge = 30.0 + 40.0 * place;
            let (left, right) = if look.side > 0.0 { (edge, 101.0) } else { (-1.0, edge) };
            brush.plate((left, -1.0), (right - left, 102.0), 0.1, accent);
            let shelf = 55.0 + 30.0 * scale;
            brush.faint(0.5).plate((-1.0, shelf), (102.0, 101.0 - shelf), 0.1, accent.shade(0.8));
        }
        Wall::Hills => {
            let (near, far) = (50.0 + look.side * (20.0 + 30.0 * place), 50.0 - look.side * (30.0 + 30.0 * scale));
            brush.ellipse((near, 92.0), (62.0, 36.0 + 20.0 * scale), accent);
            brush.ellipse((far, 98.0), (58.0, 28.0 + 22.0 * place), accent.shade(0.9));
        }
        Wall::Stripes => {
            let width = 9.0 + 12.0 * scale;
            let lean = look.side * (25.0 + 40.0 * place);
            for stripe in 0..12 {
                let x = -90.0 + 2.0 * width * (stripe as f32 + place);
                let mut path = PathBuilder::new();
                path.move_to(x, 0.0);
                path.line_to(x + width, 0.0);
                path.line_to(x + width + lean, 100.0);
                path.line_to(x + lean, 100.0);
                path.close();
                brush.fill(path.finish(), accent);
            }
        }
        Wall::Dots => {
            let (step, radius) = (15.0 + 10.0 * scale, 3.6 + 2.6 * scale);
            for row in 0..8 {
                for column in 0..9 {
                    let shift = if row % 2 == 0 { 0.0 } else { step / 2.0 };
                    let x = (column as f32 - 1.0 + place) * step + shift;
                    brush.ellipse((x, (row as f32 + place) * step * 0.9), (radius, radius), accent);
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
