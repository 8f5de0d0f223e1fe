//! A picture that is worth sending to a face engine: JPEG or PNG, not too large, not too small.

use std::fmt;

/// Most bytes of a picture that travels inside a request (Rekognition API model, `ImageBlob`).
pub const MAX_PICTURE_BYTES: usize = 5_242_880;
/// Most bytes of a picture that a face engine fetches from the image store (Rekognition developer guide, "Guidelines and
/// quotas").
pub const MAX_STORED_PICTURE_BYTES: usize = 15 * 1024 * 1024;
/// Least pixels of either side (Rekognition developer guide, "Guidelines and quotas").
pub const MIN_PICTURE_SIDE: u32 = 80;

/// A picture whose format and size were read from its first bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    bytes: Vec<u8>,
    format: PictureFormat,
    width: u32,
    height: u32,
}

/// The formats that a face engine reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

/// A picture as it is shown to a face engine: in the request itself, or lying in the image store, from where the engine
/// fetches it.
#[derive(Debug, Clone, Copy)]
pub enum PictureRef<'a> {
    /// Its bytes.
    Inline(&'a Picture),
    /// Its key in the image store.
    Stored(&'a str),
}

/// A picture in the image store of which only the beginning was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureFacts {
    /// Its format.
    pub format: PictureFormat,
    /// Width in pixels, as encoded.
    pub width: u32,
    /// Height in pixels, as encoded.
    pub height: u32,
    /// Its bytes.
    pub bytes: usize,
}

/// Why some bytes are no usable picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureError {
    /// No bytes at all.
    Empty,
    /// More bytes than an engine accepts.
    TooLarge {
        /// How many there are.
        bytes: usize,
    },
    /// Neither JPEG nor PNG, or damaged.
    Unreadable,
    /// Too few pixels to hold a face.
    TooSmall {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
}

impl<'a> From<&'a Picture> for PictureRef<'a> {
    fn from(picture: &'a Picture) -> Self {
        Self::Inline(picture)
    }
}

impl PictureFacts {
    /// Reads format and size from the first bytes of a picture that has `total` bytes in all.
    pub fn read(head: &[u8], total: usize) -> Result<Self, PictureError> {
        if total == 0 {
            return Err(PictureError::Empty);
        }
        let (format, size) = if head.starts_with(PNG_SIGNATURE) {
            (PictureFormat::Png, png_size(head))
        } else if head.starts_with(&[0xFF, 0xD8, 0xFF]) {
            (PictureFormat::Jpeg, jpeg_size(head))
        } else {
            return Err(PictureError::Unreadable);
        };
        let (width, height) = size.ok_or(PictureError::Unreadable)?;
        if width < MIN_PICTURE_SIDE || height < MIN_PICTURE_SIDE {
            return Err(PictureError::TooSmall { width, height });
        }
        Ok(Self { format, width, height, bytes: total })
    }
}

impl Picture {
    /// Reads the format and the size; the pixels are left to the engine.
    pub fn new(bytes: Vec<u8>) -> Result<Self, PictureError> {
        if bytes.len() > MAX_PICTURE_BYTES {
            return Err(PictureError::TooLarge { bytes: bytes.len() });
        }
        let PictureFacts { format, width, height, .. } = PictureFacts::read(&bytes, bytes.len())?;
        Ok(Self { bytes, format, width, height })
    }

    /// The encoded bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The format.
    #[must_use]
    pub const fn format(&self) -> PictureFormat {
        self.format
    }

    /// Width and height in pixels, as encoded (a JPEG may ask to be shown turned).
    #[must_use]
    pub const fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }
}

impl PictureFormat {
    /// The usual file name ending.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The header chunk is always first: length, `IHDR`, width, height.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.get(12..24)?;
    let (name, size) = header.split_first_chunk::<4>()?;
    if name != b"IHDR" {
        return None;
    }
    let (width, size) = size.split_first_chunk::<4>()?;
    let (height, _) = size.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*width), u32::from_be_bytes(*height)))
}

/// Walks the segments to the frame header (SOF), which holds the size.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.get(2..)?;
    loop {
        let (&lead, after) = rest.split_first()?;
        if lead != 0xFF {
            return None;
        }
        let (&marker, after) = after.split_first()?;
        match marker {
            // Padding before a marker, and markers that stand alone.
            0xFF => rest = rest.get(1..)?,
            0x01 | 0xD0..=0xD7 => rest = after,
            // Start of frame, in all its variants; C4, C8 and CC are other things.
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let &[height_high, height_low, width_high, width_low] = after.get(3..7)?.first_chunk::<4>()?;
                let side = |high, low| u32::from(u16::from_be_bytes([high, low]));
                return Some((side(width_high, width_low), side(height_high, height_low)));
            }
            // Picture data or the end, and no frame header before it.
            0xD8..=0xDA => return None,
            _ => {
                let length = usize::from(u16::from_be_bytes(*after.first_chunk::<2>()?));
                rest = after.get(length.max(2)..)?;
            }
        }
    }
}

// A picture is a person: its bytes stay out of every log.
impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bytes, format, width, height } = self;
        write!(f, "Picture({format:?}, {width}x{height}, {} bytes)", bytes.len())
    }
}

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the picture has no bytes"),
            Self::TooLarge { bytes } => {
                write!(f, "the picture has {bytes} bytes; at most {MAX_PICTURE_BYTES} are accepted")
            }
            Self::Unreadable => f.write_str("the picture is neither a JPEG nor a PNG, or it is damaged"),
            Self::TooSmall { width, height } => {
                write!(f, "the picture has {width} x {height} pixels; both sides need {MIN_PICTURE_SIDE} or more")
            }
        }
    }
}

impl std::error::Error for PictureError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        [PNG_SIGNATURE, &[0, 0, 0, 13], b"IHDR", &width.to_be_bytes(), &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat()
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let frame = [&[0xFF, 0xC2, 0, 11, 8], &height.to_be_bytes()[..], &width.to_be_bytes(), &[1, 1, 0x11, 0]];
        [&[0xFF, 0xD8][..], &[0xFF, 0xE0, 0, 4, 1, 2], &[0xFF, 0xFF, 0xC4, 0, 3, 9], &frame.concat()].concat()
    }

    #[test]
    fn size_and_format_are_read_from_the_header() {
        let picture = Picture::new(png(640, 480)).unwrap();
        assert_eq!((picture.format(), picture.size()), (PictureFormat::Png, (640, 480)));
        let picture = Picture::new(jpeg(1024, 768)).unwrap();
        assert_eq!((picture.format(), picture.size()), (PictureFormat::Jpeg, (1024, 768)));
    }

    #[test]
    fn what_no_engine_would_take_is_refused() {
        assert_eq!(Picture::new(Vec::new()), Err(PictureError::Empty));
        assert_eq!(Picture::new(b"GIF89a".to_vec()), Err(PictureError::Unreadable));
        assert_eq!(Picture::new(png(79, 480)), Err(PictureError::TooSmall { width: 79, height: 480 }));
        let large = MAX_PICTURE_BYTES + 1;
        assert_eq!(Picture::new(vec![0; large]), Err(PictureError::TooLarge { bytes: large }));
    }

    proptest! {
        #[test]
        fn damaged_pictures_are_errors_not_panics(cut in 0usize..40, noise in prop::collection::vec(any::<u8>(), 0..40)) {
            for whole in [png(640, 480), jpeg(640, 480)] {
                let mut bytes = whole[..cut.min(whole.len())].to_vec();
                bytes.extend(&noise);
                let _ = Picture::new(bytes);
            }
            let mut noisy = vec![0xFF, 0xD8, 0xFF];
            noisy.extend(&noise);
            let _ = Picture::new(noisy);
        }
    }

    #[test]
    fn debug_output_shows_no_pixels() {
        assert_eq!(format!("{:?}", Picture::new(png(100, 90)).unwrap()), "Picture(Png, 100x90, 29 bytes)");
    }
}
