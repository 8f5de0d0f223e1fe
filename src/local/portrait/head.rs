//! A head in space: where features go when it turns.

use super::caption::Pose;

/// Where a head stands, how large it is, and where it looks.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    /// Its middle.
    pub middle: (f32, f32),
    /// Half its width and half its height.
    pub size: (f32, f32),
    /// Where it looks.
    pub pose: Pose,
}

/// A feature as it is seen: where, and how much narrower than from the front.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// Where.
    pub at: (f32, f32),
    /// Its width in parts of the width from the front; 0 once it is out of sight.
    pub width: f32,
    /// Its height in parts of the height from the front.
    pub height: f32,
}

impl Head {
    /// A feature that lies at an offset from the middle when seen from the front, as it is seen now: features wander
    /// over the head as over a ball.
    #[must_use]
    pub fn see(&self, (x, y): (f32, f32)) -> Seen {
        let (across, width) = turned(x / self.size.0, self.pose.yaw);
        let (down, height) = turned(y / self.size.1, -self.pose.pitch);
        Seen { at: (self.middle.0 + across * self.size.0, self.middle.1 + down * self.size.1), width, height }
    }

    /// How far something that lies flat on the head (hair, an ear) moves; less than a feature in front of it.
    #[must_use]
    pub fn drift(&self, depth: f32) -> (f32, f32) {
        let (yaw, pitch) = (self.pose.yaw.to_radians().sin(), self.pose.pitch.to_radians().sin());
        (depth * self.size.0 * yaw, -depth * self.size.1 * pitch)
    }

    /// A point relative to the middle.
    #[must_use]
    pub fn at(&self, (x, y): (f32, f32)) -> (f32, f32) {
        (self.middle.0 + x, self.middle.1 + y)
    }
}

/// An offset in parts of the radius, after a turn, and how much the place is foreshortened.
fn turned(offset: f32, degrees: f32) -> (f32, f32) {
    let angle = offset.clamp(-0.95, 0.95).asin();
    let seen = angle + degrees.clamp(-80.0, 80.0).to_radians();
    (seen.sin(), (seen.cos() / angle.cos()).clamp(0.0, 1.15))
}
