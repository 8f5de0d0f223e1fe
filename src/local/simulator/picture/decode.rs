//! Decoding: JPEG and PNG only, upright, with the caption that a test portrait carries.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use sha2::{Digest, Sha256};

use crate::local::portrait::{CAPTION_KEYWORD, Caption};
use crate::local::simulator::{ApiError, ErrorKind};

/// Fewest pixels of either side.
const SHORTEST_SIDE: u32 = 80;
/// Most pixels of either side; keeps a small file from becoming a huge picture.
const LONGEST_SIDE: u32 = 16_384;
/// Most bytes that decoding may take.
const MOST_MEMORY: u64 = 512 * 1024 * 1024;

/// A decoded image.
#[derive(Debug)]
pub struct Picture {
    /// The pixels, turned upright.
    pub pixels: RgbImage,
    /// What a test portrait says about itself; photographs have none.
    pub caption: Option<Caption>,
    /// The digest of the encoded bytes: the same bytes are the same image.
    pub digest: [u8; 32],
}

impl Picture {
    /// Decodes an image.
    pub fn decode(bytes: &[u8]) -> Result<Self, ApiError> {
        let format = image::guess_format(bytes).ok().filter(|f| matches!(f, ImageFormat::Jpeg | ImageFormat::Png));
        let format = format.ok_or(ErrorKind::InvalidImageFormat)?;
        let pixels = upright(bytes, format).map_err(|_| ErrorKind::InvalidImageFormat)?.into_rgb8();
        if pixels.width().min(pixels.height()) < SHORTEST_SIDE {
            // AWS does not name the reason either.
            return Err(ErrorKind::InvalidParameter.into());
        }
        let caption = if format == ImageFormat::Png { caption(bytes) } else { None };
        Ok(Self { pixels, caption, digest: Sha256::digest(bytes).into() })
    }

    /// The longer side in pixels.
    #[must_use]
    pub fn longest_side(&self) -> u32 {
        self.pixels.width().max(self.pixels.height())
    }
}

fn upright(bytes: &[u8], format: ImageFormat) -> image::ImageResult<DynamicImage> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn caption(bytes: &[u8]) -> Option<Caption> {
    let reader = png::Decoder::new(Cursor::new(bytes)).read_info().ok()?;
    let info = reader.info();
    let plain = info.uncompressed_latin1_text.iter().filter(|chunk| chunk.keyword == CAPTION_KEYWORD);
    let unicode = info.utf8_text.iter().filter(|chunk| chunk.keyword == CAPTION_KEYWORD);
    let mut texts =
        plain.map(|chunk| Some(chunk.text.clone())).chain(unicode.map(|chunk| chunk.get_text().ok())).flatten();
    texts.find_map(|text| Caption::parse(&text))
}
