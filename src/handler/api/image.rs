//! Pictures in a request: base64 in the body, or the address of an upload.

use base64::Engine as _;
use base64::alphabet::STANDARD as STANDARD_ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Call;
use super::body::Members;
use crate::handler::problem::{Code, Problem};
use crate::identity::faces::NewPicture;
use crate::identity::{
    Given, IdentityError, ImageStore, Looked, MAX_STORED_PICTURE_BYTES, Picture, PictureError, PictureFacts,
    PictureRef, Ports,
};

/// Most bytes of a picture in a body. Lambda takes 6 MB per request (quotas, "Invocation payload"), and base64 makes four
/// characters of three bytes.
pub(super) const MAX_INLINE_PICTURE_BYTES: usize = 4 * 1024 * 1024;
/// What to do with a picture that is larger.
pub(super) const UPLOAD_INSTEAD: &str = "Larger images are uploaded: POST /kyc/facematch/upload-url gives the address; \
    send the upload's S3 URI with \"image_format\": \"s3\".";

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

/// A picture that was sent. An upload stays where it is: the face engine fetches it by itself.
#[derive(Debug)]
pub(super) enum Sent {
    /// In the body.
    Inline(Picture),
    /// An upload of the tenant's own.
    Upload {
        /// Its key in the image store.
        key: String,
        /// What it is.
        facts: PictureFacts,
    },
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

impl Sent {
    /// The picture for the face engine.
    pub(super) fn shown(&self) -> PictureRef<'_> {
        match self {
            Self::Inline(picture) => PictureRef::Inline(picture),
            Self::Upload { key, .. } => PictureRef::Stored(key),
        }
    }

    /// The picture of a face to be registered.
    pub(super) fn new_face(&self) -> NewPicture<'_> {
        match self {
            Self::Inline(picture) => NewPicture::Inline(picture),
            Self::Upload { key, facts } => NewPicture::Upload { key, facts: *facts },
        }
    }
}

impl From<Sent> for Given {
    fn from(sent: Sent) -> Self {
        match sent {
            Sent::Inline(picture) => Self::Inline(picture),
            Sent::Upload { key, .. } => Self::Upload(key),
        }
    }
}

/// The picture that a member gives.
pub(super) async fn picture<P: Ports>(
    call: &Call<'_, P>,
    members: &mut Members,
    name: &str,
    format: ImageFormat,
) -> Result<Sent, Problem> {
    let text = members.text(name)?;
    sent(call, name, &text, format).await
}

/// The picture that a member gives, if it is there.
pub(super) async fn optional_picture<P: Ports>(
    call: &Call<'_, P>,
    members: &mut Members,
    name: &str,
    format: ImageFormat,
) -> Result<Option<Sent>, Problem> {
    match members.optional_text(name)? {
        Some(text) => sent(call, name, &text, format).await.map(Some),
        None => Ok(None),
    }
}

async fn sent<P: Ports>(call: &Call<'_, P>, name: &str, text: &str, format: ImageFormat) -> Result<Sent, Problem> {
    let picture = match format {
        ImageFormat::Base64 => decode(text).map(Sent::Inline),
        ImageFormat::S3 => look(call, text).await,
    };
    picture.map_err(|problem| Problem { detail: format!("`{name}`: {}", problem.detail), ..problem })
}

/// A picture from base64, with or without a `data:image/…;base64,` before it and line breaks in it.
fn decode(text: &str) -> Result<Picture, Problem> {
    let text = match text.strip_prefix("data:") {
        Some(data) => data.split_once(',').map_or(data, |(_, data)| data),
        None => text,
    };
    // Four characters carry three bytes: a giant is refused before it is decoded.
    let at_most = text.len() / 4 * 3;
    if at_most > MAX_INLINE_PICTURE_BYTES + MAX_INLINE_PICTURE_BYTES / 16 {
        return Err(too_large());
    }
    // Line breaks are rare: they are looked for only where the text cannot be read with them.
    let decoded = BASE64.decode(text).or_else(|_| BASE64.decode(text.split_ascii_whitespace().collect::<String>()));
    let bytes = decoded.map_err(|_| Problem::new(Code::InvalidImage, "The image is not valid base64."))?;
    if bytes.len() > MAX_INLINE_PICTURE_BYTES {
        return Err(too_large());
    }
    Ok(Picture::new(bytes)?)
}

fn too_large() -> Problem {
    let detail = format!("The image has more than {MAX_INLINE_PICTURE_BYTES} bytes. {UPLOAD_INSTEAD}");
    Problem::new(Code::PayloadTooLarge, detail)
}

/// Looks at an upload without fetching it.
async fn look<P: Ports>(call: &Call<'_, P>, address: &str) -> Result<Sent, Problem> {
    let key = own_key(call, address)?;
    match call.ports.images().look(key).await.map_err(IdentityError::from)? {
        Looked::Picture(facts) if facts.bytes > MAX_STORED_PICTURE_BYTES => {
            Err(PictureError::TooLarge { bytes: facts.bytes }.into())
        }
        Looked::Picture(facts) => Ok(Sent::Upload { key: key.to_owned(), facts }),
        Looked::Refused(error) => Err(error.into()),
        Looked::Missing => Err(Problem::new(Code::InvalidImage, "There is no image at this address.")),
    }
}

/// The object key of an `s3://bucket/key` URI or a bare key, which must be the tenant's own.
fn own_key<'k, P: Ports>(call: &Call<'_, P>, address: &'k str) -> Result<&'k str, Problem> {
    let key = match address.strip_prefix("s3://") {
        None => Some(address),
        Some(rest) => rest.strip_prefix(call.site.image_bucket.as_str()).and_then(|rest| rest.strip_prefix('/')),
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
