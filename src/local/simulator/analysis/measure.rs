//! Measuring pixels: brightness, contrast, sharpness and the low-frequency image.

use image::{RgbImage, imageops};

use crate::local::portrait::Bounds;

/// Longest side that is measured; larger pictures are scaled down once, which also bounds the time.
const WORKING_SIDE: u32 = 480;
/// A picture whose luminance varies less than this (standard deviation, of 255) shows nothing.
const FLAT: f32 = 1.5;
/// Shortest side of a crop, in working pixels, that still can be measured.
const SHORTEST_CROP: u32 = 12;
/// Half the width of the blur that a picture is compared with to tell how sharp it is.
const BLUR_REACH: usize = 4;
/// Blur (0 sharp – 1 smooth) at which sharpness is 0, and at which it is 100.
const BLUR_RANGE: (f32, f32) = (0.80, 0.15);
/// Luminance (0–1) to the power of this is brightness: a well-lit face is then at 50–95, whatever its skin.
const BRIGHTNESS_GAMMA: f32 = 0.6;
/// Side of the grid that the low-frequency image is computed on.
const GRID: usize = 32;
/// Low frequencies kept of luminance and of each colour difference, per direction.
const LUMA_FREQUENCIES: usize = 12;
const CHROMA_FREQUENCIES: usize = 6;
/// How much colour counts beside luminance, of which pictures have far more.
const CHROMA_WEIGHT: f32 = 2.0;

/// A picture, or part of one, at working size: one luminance and two colour differences per pixel, 0–255.
#[derive(Debug)]
pub struct View {
    width: usize,
    height: usize,
    pixels: Vec<[f32; 3]>,
}

impl View {
    /// A picture at working size.
    #[must_use]
    pub fn of(picture: &RgbImage) -> Self {
        let (width, height) = picture.dimensions();
        let longest = width.max(height);
        if longest <= WORKING_SIDE {
            return Self::convert(picture);
        }
        let scaled = |side: u32| (u64::from(side) * u64::from(WORKING_SIDE) / u64::from(longest)).max(1);
        let scaled = |side: u32| u32::try_from(scaled(side)).unwrap_or(WORKING_SIDE);
        Self::convert(&imageops::thumbnail(picture, scaled(width), scaled(height)))
    }

    fn convert(picture: &RgbImage) -> Self {
        let pixels = picture.pixels().map(|pixel| {
            let [r, g, b] = pixel.0.map(f32::from);
            let luma = 0.299 * r + 0.587 * g + 0.114 * b;
            [luma, 0.564 * (b - luma), 0.713 * (r - luma)]
        });
        Self { width: picture.width() as usize, height: picture.height() as usize, pixels: pixels.collect() }
    }

    /// The part of the picture inside a box; at least a few pixels, and never outside the picture.
    #[must_use]
    pub fn crop(&self, bounds: &Bounds) -> Self {
        let span = |start: f32, length: f32, side: usize| {
            let shortest = side.min(SHORTEST_CROP as usize);
            let first = pixel(start, side).min(side - shortest);
            (first, pixel(start + length, side).clamp(first + shortest, side))
        };
        let (left, right) = span(bounds.left, bounds.width, self.width);
        let (top, bottom) = span(bounds.top, bounds.height, self.height);
        let rows = (top..bottom).flat_map(|y| &self.pixels[y * self.width + left..y * self.width + right]);
        Self { width: right - left, height: bottom - top, pixels: rows.copied().collect() }
    }

    /// Whether there is nothing to see.
    #[must_use]
    pub fn is_flat(&self) -> bool {
        let mean = self.mean_luma();
        let variance = self.lumas().map(|luma| (luma - mean).powi(2)).sum::<f32>() / self.pixels.len() as f32;
        variance.sqrt() < FLAT
    }

    /// Brightness, 0–100, of the lighter half of the pixels: light is asked for, not the colour of hair and skin.
    #[must_use]
    pub fn brightness(&self) -> f32 {
        let mut lumas: Vec<f32> = self.lumas().collect();
        lumas.sort_by(f32::total_cmp);
        let lighter = &lumas[lumas.len() / 2..];
        let mean = lighter.iter().sum::<f32>() / lighter.len().max(1) as f32;
        100.0 * (mean / 255.0).powf(BRIGHTNESS_GAMMA)
    }

    /// Sharpness, 0–100: how much of the difference between neighbouring pixels a blur takes away. A sharp picture
    /// loses nearly all of it, a blurred one has little left to lose (Crété-Roffet's no-reference blur measure, which
    /// depends neither on brightness nor on contrast).
    #[must_use]
    pub fn sharpness(&self) -> f32 {
        let rows: Vec<Vec<f32>> =
            self.pixels.chunks(self.width).map(|row| row.iter().map(|pixel| pixel[0]).collect()).collect();
        let columns: Vec<Vec<f32>> = (0..self.width).map(|x| rows.iter().map(|row| row[x]).collect()).collect();
        let blur = blur_of(&rows).max(blur_of(&columns));
        let (smooth, sharp) = BLUR_RANGE;
        (100.0 * (smooth - blur) / (smooth - sharp)).clamp(0.0, 100.0)
    }

    /// The low-frequency image, of length one: free of overall brightness and contrast, and with high frequencies
    /// raised so that gross layout (dark hair above a light face) does not make all faces alike.
    #[must_use]
    pub fn signature(&self) -> Vec<f32> {
        let grid = self.grid();
        let mut signature = Vec::new();
        let planes = [
            (0, LUMA_FREQUENCIES, 1.0),
            (1, CHROMA_FREQUENCIES, CHROMA_WEIGHT),
            (2, CHROMA_FREQUENCIES, CHROMA_WEIGHT),
        ];
        for (plane, frequencies, weight) in planes {
            let coefficients = cosine_transform(&grid, plane, frequencies);
            // The mean luminance is the brightness that must not count; the mean colour may.
            let skip = usize::from(plane == 0);
            signature.extend(coefficients.into_iter().skip(skip).map(|coefficient| weight * coefficient));
        }
        let length = signature.iter().map(|x| x * x).sum::<f32>().sqrt();
        if length > 0.0 {
            for x in &mut signature {
                *x /= length;
            }
        }
        signature
    }

    /// The picture averaged into a square grid.
    fn grid(&self) -> Vec<[f32; 3]> {
        let rows = averages(self.height, |y| {
            let row = &self.pixels[y * self.width..(y + 1) * self.width];
            averages(self.width, |x| vec![row[x]]).concat()
        });
        rows.concat()
    }

    fn lumas(&self) -> impl Iterator<Item = f32> + '_ {
        self.pixels.iter().map(|pixel| pixel[0])
    }

    fn mean_luma(&self) -> f32 {
        self.lumas().sum::<f32>() / self.pixels.len().max(1) as f32
    }
}

/// The pixel at a ratio of a side.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Clamped to 0–1 before.
fn pixel(ratio: f32, side: usize) -> usize {
    (ratio.clamp(0.0, 1.0) * side as f32) as usize
}

/// How smooth lines of pixels are, 0 sharp – 1 smooth.
fn blur_of(lines: &[Vec<f32>]) -> f32 {
    let (mut before, mut lost) = (0.0, 0.0);
    for line in lines {
        let mut sums = vec![0.0; line.len() + 1];
        for (i, value) in line.iter().enumerate() {
            sums[i + 1] = sums[i] + value;
        }
        let blurred = |i: usize| {
            let (first, end) = (i.saturating_sub(BLUR_REACH), (i + BLUR_REACH + 1).min(line.len()));
            (sums[end] - sums[first]) / (end - first) as f32
        };
        for i in 1..line.len() {
            let difference = (line[i] - line[i - 1]).abs();
            before += difference;
            lost += (difference - (blurred(i) - blurred(i - 1)).abs()).max(0.0);
        }
    }
    if before > 0.0 { 1.0 - lost / before } else { 1.0 }
}

/// Averages `length` items into [`GRID`] cells, splitting an item that lies across an edge.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Positions within the picture.
fn averages(length: usize, item: impl Fn(usize) -> Vec<[f32; 3]>) -> Vec<Vec<[f32; 3]>> {
    let step = length as f32 / GRID as f32;
    let items: Vec<Vec<[f32; 3]>> = (0..length).map(item).collect();
    let cell = |index: usize| {
        let (start, end) = (index as f32 * step, (index + 1) as f32 * step);
        let last = (end.ceil() as usize).min(length);
        let mut sum = vec![[0.0; 3]; items.first().map_or(0, Vec::len)];
        for (i, values) in items.iter().enumerate().take(last).skip(start as usize) {
            let part = (end.min((i + 1) as f32) - start.max(i as f32)).max(0.0) / step;
            for (total, value) in sum.iter_mut().zip(values) {
                for plane in 0..3 {
                    total[plane] += part * value[plane];
                }
            }
        }
        sum
    };
    (0..GRID).map(cell).collect()
}

/// The lowest frequencies of one plane of the grid, each raised by its order.
fn cosine_transform(grid: &[[f32; 3]], plane: usize, frequencies: usize) -> Vec<f32> {
    let wave = |frequency: usize, position: usize| {
        (std::f32::consts::PI * (position as f32 + 0.5) * frequency as f32 / GRID as f32).cos()
    };
    let waves: Vec<[f32; GRID]> = (0..frequencies).map(|f| std::array::from_fn(|p| wave(f, p))).collect();
    let rows: Vec<Vec<f32>> = grid
        .chunks(GRID)
        .map(|row| waves.iter().map(|wave| wave.iter().zip(row).map(|(w, pixel)| w * pixel[plane]).sum()).collect())
        .collect();
    let mut coefficients = Vec::with_capacity(frequencies * frequencies);
    for (v, vertical) in waves.iter().enumerate() {
        for u in 0..frequencies {
            let sum: f32 = vertical.iter().zip(&rows).map(|(w, row)| w * row[u]).sum();
            coefficients.push(sum * (1 + u + v) as f32);
        }
    }
    coefficients
}
