//! Regions of interest: what lies in one by more than half is kept.

use crate::local::portrait::Bounds;
use crate::local::simulator::{ApiError, ErrorKind, check, wire};

/// Most regions of a request.
const MOST: usize = 10;
/// Fewest corners that enclose anything.
const FEWEST_CORNERS: usize = 3;

type Point = (f32, f32);

/// A region by its corners, in parts of the picture's width and height.
#[derive(Debug)]
pub struct Region(Vec<Point>);

/// The regions of a request: boxes or polygons.
pub fn all(regions: Vec<wire::RegionOfInterest>) -> Result<Vec<Region>, ApiError> {
    if regions.len() > MOST {
        let rule = format!("Member must have length less than or equal to {MOST}");
        return Err(check::broken(format!("{} regions", regions.len()), "filters.regionsOfInterest", &rule));
    }
    regions.into_iter().map(Region::of).collect()
}

/// The corners of a box, clockwise from its upper left.
#[must_use]
pub fn corners(&Bounds { left, top, width, height }: &Bounds) -> [Point; 4] {
    [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
}

impl Region {
    fn of(region: wire::RegionOfInterest) -> Result<Self, ApiError> {
        match (region.bounding_box, region.polygon) {
            (Some(wire::RegionBox { width, height, left, top }), None) => {
                Ok(Self(corners(&Bounds { left, top, width, height }).to_vec()))
            }
            (None, Some(points)) if points.len() >= FEWEST_CORNERS => {
                Ok(Self(points.into_iter().map(|point| (point.x, point.y)).collect()))
            }
            _ => Err(ErrorKind::InvalidParameter.into()),
        }
    }

    /// Whether more than half of a box lies in the region.
    #[must_use]
    pub fn holds(&self, bounds: &Bounds) -> bool {
        let Bounds { left, top, width, height } = *bounds;
        // Sutherland and Hodgman: the region is cut off at each side of the box in turn.
        let mut rest = self.0.clone();
        for inside in [
            &(|(x, _): Point| x - left) as &dyn Fn(Point) -> f32,
            &|(x, _)| left + width - x,
            &|(_, y)| y - top,
            &|(_, y)| top + height - y,
        ] {
            rest = cut(&rest, inside);
        }
        area(&rest) > bounds.area() / 2.0
    }
}

/// The part of a polygon where `inside` is not negative.
fn cut(polygon: &[Point], inside: &dyn Fn(Point) -> f32) -> Vec<Point> {
    let mut kept = Vec::new();
    for (i, &to) in polygon.iter().enumerate() {
        let from = polygon[(i + polygon.len() - 1) % polygon.len()];
        let (before, after) = (inside(from), inside(to));
        if (before < 0.0) != (after < 0.0) {
            let part = before / (before - after);
            kept.push((from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part));
        }
        if after >= 0.0 {
            kept.push(to);
        }
    }
    kept
}

/// The area of a polygon, whichever way round.
fn area(polygon: &[Point]) -> f32 {
    let sides = polygon.iter().zip(polygon.iter().cycle().skip(1));
    (sides.map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f32>() / 2.0).abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORD: Bounds = Bounds { left: 0.4, top: 0.4, width: 0.2, height: 0.1 };

    fn boxed(left: f32, top: f32, width: f32, height: f32) -> Region {
        Region(corners(&Bounds { left, top, width, height }).to_vec())
    }

    #[test]
    fn what_lies_inside_by_more_than_half_is_kept() {
        for (region, held) in [
            (boxed(0.0, 0.0, 1.0, 1.0), true),
            (boxed(0.45, 0.0, 0.5, 1.0), true),
            (boxed(0.55, 0.0, 0.4, 1.0), false),
            (boxed(0.7, 0.7, 0.2, 0.2), false),
            (boxed(0.4, 0.4, 0.0, 0.0), false),
            (Region(vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]), true),
            (Region(vec![(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)]), false),
        ] {
            assert_eq!(region.holds(&WORD), held, "{region:?}");
        }
    }

    #[test]
    fn a_region_is_a_box_or_a_polygon() {
        let polygon = |corners: usize| (0..corners).map(|_| wire::RegionPoint::default()).collect();
        for (bounding_box, polygon, good) in [
            (Some(wire::RegionBox::default()), None, true),
            (None, Some(polygon(3)), true),
            (None, Some(polygon(2)), false),
            (None, None, false),
            (Some(wire::RegionBox::default()), Some(polygon(3)), false),
        ] {
            assert_eq!(all(vec![wire::RegionOfInterest { bounding_box, polygon }]).is_ok(), good);
        }
        let many = (0..11).map(|_| wire::RegionOfInterest::default()).collect();
        assert!(all(many).is_err());
    }
}
