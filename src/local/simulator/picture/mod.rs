//! From an image in a request to pixels: where the bytes come from, whether they are allowed, and what they show.

mod decode;
mod source;

pub use decode::Picture;
pub use source::{Fetching, ImageLocation, ImageSource, ImageToStore, ImageUnavailable, NoImages, Storing};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::wire::{Image, S3Object};
use super::{ApiError, ErrorKind, Simulator, check};

/// Most bytes of an image in a request.
const MOST_BYTES_INLINE: usize = 5_242_880;
/// Most bytes of an image in S3.
const MOST_BYTES_IN_S3: u64 = 15 * 1024 * 1024;

/// The picture that a request means. `at` is the member's name, for messages.
///
/// Waits for the image source, so it must run on a thread that may block.
pub fn load(simulator: &Simulator, image: Option<Image>, at: &str) -> Result<Picture, ApiError> {
    let bytes = match check::required(image, at)? {
        Image { bytes: Some(text), s3_object: None } => inline(&text, at)?,
        Image { bytes: None, s3_object: Some(object) } => stored(simulator, object, at)?,
        _ => return Err(ErrorKind::InvalidParameter.into()),
    };
    Picture::decode(&bytes)
}

fn inline(text: &str, at: &str) -> Result<Vec<u8>, ApiError> {
    let bytes = STANDARD
        .decode(text)
        .map_err(|error| ApiError::new(ErrorKind::Serialization, format!("{at}.bytes is no base64: {error}")))?;
    let rule = match bytes.len() {
        0 => "greater than or equal to 1".to_owned(),
        1..=MOST_BYTES_INLINE => return Ok(bytes),
        _ => format!("less than or equal to {MOST_BYTES_INLINE}"),
    };
    let value = format!("java.nio.HeapByteBuffer[pos=0 lim={0} cap={0}]", bytes.len());
    Err(check::broken(value, &format!("{at}.bytes"), &format!("Member must have length {rule}")))
}

fn stored(simulator: &Simulator, object: S3Object, at: &str) -> Result<Vec<u8>, ApiError> {
    let at = |member: &str| format!("{at}.s3Object.{member}");
    let location = ImageLocation {
        bucket: check::bucket(object.bucket, &at("bucket"))?,
        key: check::within(object.name, &at("name"), 1, 1024)?,
        version: object.version.map(|version| check::within(Some(version), &at("version"), 1, 1024)).transpose()?,
    };
    let fetching = simulator.images().fetch(&location, MOST_BYTES_IN_S3);
    match tokio::runtime::Handle::current().block_on(fetching) {
        Ok(bytes) if bytes.len() as u64 <= MOST_BYTES_IN_S3 => Ok(bytes),
        Ok(_) | Err(ImageUnavailable::TooLarge) => Err(ErrorKind::ImageTooLarge.into()),
        Err(ImageUnavailable::Unreadable) => Err(ErrorKind::InvalidS3Object.into()),
    }
}
