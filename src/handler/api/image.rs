//! Pictures in a request: base64 in the body, or the address of an upload.

use base64::Engine as _;
use base64::alphabet::STANDARD as STANDARD_ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Call;
use super::body::Members;
use crate::handler::problem::{Code, Problem};
use crate::identity::{ImageStore, MAX_PICTURE_BYTES, Picture, PictureError, Ports, Stored};

/// Base64 with or without padding, since clients differ.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD_ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How the pictures of a request are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImageFormat {
    /// As base64 in the body.
    Base64,
    /// As the S3 URI or key of an upload.
    S3,
}

impl ImageFormat {
    /// Reads `image_format`; base64 when it is missing.
    pub(super) fn read(members: &mut Members) -> Result<Self, Problem> {
        match members.optional_text("image_format")?.as_deref() {
            None | Some("base64") => Ok(Self::Base64),
            Some("s3") => Ok(Self::S3),
            Some(_) => Err(Problem::invalid("`image_format` must be base64 or s3.")),
        }
    }
}

/// The picture that a member gives.
pub(super) async fn picture<P: Ports>(
    call: &Call<'_, P>,
    members: &mut Members,
    name: &str,
    format: ImageFormat,
) -> Result<Picture, Problem> {
    let text = members.text(name)?;
    let picture = match format {
        ImageFormat::Base64 => decode(&text),
        ImageFormat::S3 => fetch(call, &text).await,
    };
    picture.map_err(|problem| Problem { detail: format!("`{name}`: {}", problem.detail), ..problem })
}

/// A picture from base64, with or without a `data:image/…;base64,` before it and line breaks in it.
pub(super) fn decode(text: &str) -> Result<Picture, Problem> {
    let text = match text.strip_prefix("data:") {
        Some(data) => data.split_once(',').map_or(data, |(_, data)| data),
        None => text,
    };
    // Four characters carry three bytes: a giant is refused before it is decoded.
    let at_most = text.len() / 4 * 3;
    if at_most > MAX_PICTURE_BYTES + MAX_PICTURE_BYTES / 16 {
        return Err(PictureError::TooLarge { bytes: at_most }.into());
    }
    // Line breaks are rare: they are looked for only where the text cannot be read with them.
    let decoded = BASE64.decode(text).or_else(|_| BASE64.decode(text.split_ascii_whitespace().collect::<String>()));
    let bytes = decoded.map_err(|_| Problem::new(Code::InvalidImage, "The image is not valid base64."))?;
    Ok(Picture::new(bytes)?)
}

async fn fetch<P: Ports>(call: &Call<'_, P>, address: &str) -> Result<Picture, Problem> {
    let key = own_key(call, address)?;
    match call.ports.images().load(key, MAX_PICTURE_BYTES).await {
        Ok(Stored::Bytes(bytes)) => Ok(Picture::new(bytes)?),
        Ok(Stored::TooLarge { bytes }) => Err(PictureError::TooLarge { bytes }.into()),
        Ok(Stored::Missing) => Err(Problem::new(Code::InvalidImage, "There is no image at this address.")),
        Err(error) => Err(crate::identity::IdentityError::from(error).into()),
    }
}

/// The object key of an `s3://bucket/key` URI or a bare key, which must be the tenant's own.
fn own_key<'k, P: Ports>(call: &Call<'_, P>, address: &'k str) -> Result<&'k str, Problem> {
    let key = match address.strip_prefix("s3://") {
        None => Some(address),
        Some(rest) => rest.strip_prefix(call.image_bucket).and_then(|rest| rest.strip_prefix('/')),
    };
    let own = |key: &&str| {
        let prefixes = [format!("uploads/{}/", call.tenant), format!("tenants/{}/", call.tenant)];
        let climbs = key.split('/').any(|part| part == ".." || part == ".");
        key.len() <= 1024 && !climbs && prefixes.iter().any(|prefix| key.starts_with(prefix.as_str()))
    };
    key.filter(own).ok_or_else(|| {
        let detail = "The image is not one of this tenant's uploads (uploads/TENANT/… in the image bucket).";
        Problem::new(Code::PermissionDenied, detail)
    })
}
