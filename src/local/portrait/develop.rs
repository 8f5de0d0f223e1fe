//! From a drawing to a PNG: light, focus, and the caption.

use tiny_skia::Pixmap;

use super::caption::{Caption, KEYWORD};
use super::{Light, PortraitError};

/// Three box blurs in a row are as good as a Gaussian one.
const BLUR_PASSES: usize = 3;

/// A picture of red, green and blue bytes.
pub struct Film {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 3]>,
    texture: Texture,
}

/// What a picture is like, which decides how it is packed best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Texture {
    /// Large flat areas: quickly packed and small anyhow.
    Plain,
    /// Flat areas with fine lines: packed thoroughly, as it is.
    Fine,
    /// No flat areas: packed thoroughly, by the difference between lines.
    Smooth,
}

impl Film {
    /// The drawing as it is; drawings have no transparent places.
    #[must_use]
    pub fn of(drawing: &Pixmap, texture: Texture) -> Self {
        let pixels = drawing.pixels().iter().map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
        Self { width: drawing.width() as usize, height: drawing.height() as usize, pixels, texture }
    }

    /// Puts the picture into another light.
    pub fn expose(&mut self, light: Light) {
        let curve: fn(f32) -> f32 = match light {
            Light::Normal => return,
            Light::Dark => |value| value * 0.04,
            Light::Dim => |value| value * 0.5,
            Light::Bright => |value| 60.0 + value * 0.9,
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Clamped to a byte.
        let table: Vec<u8> =
            (0..=u8::MAX).map(|value| curve(f32::from(value)).clamp(0.0, 255.0).round() as u8).collect();
        for pixel in &mut self.pixels {
            *pixel = pixel.map(|value| table[usize::from(value)]);
        }
    }

    /// Takes the picture out of focus by a standard deviation in pixels.
    pub fn blur(&mut self, sigma: f32) {
        // The reach of each box such that all of them together have the wanted deviation.
        let reach = (((12.0 * sigma * sigma / BLUR_PASSES as f32 + 1.0).sqrt() - 1.0) / 2.0).round();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Not negative, and small.
        let reach = reach as usize;
        if reach == 0 {
            return;
        }
        for _ in 0..BLUR_PASSES {
            self.box_blur(reach, self.width, 1, self.height, self.width);
            self.box_blur(reach, self.height, self.width, self.width, 1);
        }
        self.texture = Texture::Smooth;
    }

    /// One box blur along `lines` lines of `length` pixels that lie `step` apart.
    fn box_blur(&mut self, reach: usize, length: usize, step: usize, lines: usize, stride: usize) {
        let mut line = vec![[0u8; 3]; length];
        let span = u32::try_from(2 * reach + 1).unwrap_or(1);
        for start in (0..lines).map(|line| line * stride) {
            for (i, pixel) in line.iter_mut().enumerate() {
                *pixel = self.pixels[start + i * step];
            }
            let at = |i: usize| line[i.saturating_sub(reach).min(length - 1)];
            let mut sums = [0u32; 3];
            for i in 0..=2 * reach {
                add(&mut sums, at(i));
            }
            for i in 0..length {
                let mean = sums.map(|sum| u8::try_from((sum + span / 2) / span).unwrap_or(u8::MAX));
                self.pixels[start + i * step] = mean;
                let leaving = at(i);
                add(&mut sums, at(i + 2 * reach + 1));
                for (sum, value) in sums.iter_mut().zip(leaving) {
                    *sum -= u32::from(value);
                }
            }
        }
    }

    /// The picture as a PNG that says what it shows.
    pub fn png(&self, caption: &Caption) -> Result<Vec<u8>, PortraitError> {
        let text = serde_json::to_string(caption).map_err(|error| PortraitError::Encode(error.to_string()))?;
        self.encode(text).map_err(|error| PortraitError::Encode(error.to_string()))
    }

    fn encode(&self, caption: String) -> Result<Vec<u8>, png::EncodingError> {
        let mut file = Vec::new();
        let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
        let mut encoder = png::Encoder::new(&mut file, side(self.width), side(self.height));
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let (compression, filter) = match self.texture {
            Texture::Plain => (png::Compression::Fast, png::Filter::Adaptive),
            Texture::Fine => (png::Compression::Balanced, png::Filter::NoFilter),
            Texture::Smooth => (png::Compression::Balanced, png::Filter::Up),
        };
        encoder.set_compression(compression);
        encoder.set_filter(filter);
        encoder.add_text_chunk(KEYWORD.to_owned(), caption)?;
        encoder.add_text_chunk("Comment".to_owned(), "Drawn by idvctl. Nobody real.".to_owned())?;
        let mut writer = encoder.write_header()?;
        writer.write_image_data(self.pixels.as_flattened())?;
        writer.finish()?;
        Ok(file)
    }
}

fn add(sums: &mut [u32; 3], pixel: [u8; 3]) {
    for (sum, value) in sums.iter_mut().zip(pixel) {
        *sum += u32::from(value);
    }
}
