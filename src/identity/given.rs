//! A picture as a caller gives it: inside the request, or uploaded before.

use super::error::{IdentityError, Refusal, ServiceErrorKind};
use super::picture::{MAX_STORED_PICTURE_BYTES, Picture, PictureError, PictureRef};
use super::ports::{ImageStore, Looked};

/// A picture that somebody wants to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// In the request itself.
    Inline(Picture),
    /// In the image store, under this key: an upload (`uploads/TENANT/…`), or the reference picture of a liveness
    /// session. Whoever makes one of these has seen to it that the caller may use the key.
    Upload(String),
}

impl Given {
    /// The picture as it is shown to the face engine.
    #[must_use]
    pub fn picture(&self) -> PictureRef<'_> {
        match self {
            Self::Inline(picture) => picture.into(),
            Self::Upload(key) => PictureRef::Stored(key),
        }
    }

    /// Width and height in pixels, which the quality gate measures faces by. One that is not there, or that no engine
    /// would read, is [`IdentityError::Refused`].
    pub async fn size<I: ImageStore>(&self, images: &I) -> Result<(u32, u32), IdentityError> {
        match self {
            Self::Inline(picture) => Ok(picture.size()),
            Self::Upload(key) => stored_size(images, key).await,
        }
    }

    /// Puts the picture under a key of our own. An upload can be written again as long as its address lives: what is
    /// judged and then indexed has to be a copy that nobody else can change.
    pub async fn keep<I: ImageStore>(&self, images: &I, key: &str) -> Result<(), IdentityError> {
        match self {
            Self::Inline(picture) => Ok(images.store(key, picture).await?),
            Self::Upload(from) => match images.copy(from, key).await {
                Err(error) if error.kind == ServiceErrorKind::Missing => Err(Refusal::NotUploaded.into()),
                copied => Ok(copied?),
            },
        }
    }
}

/// Width and height of a stored picture in pixels; see [`Given::size`].
pub(super) async fn stored_size<I: ImageStore>(images: &I, key: &str) -> Result<(u32, u32), IdentityError> {
    match images.look(key).await? {
        Looked::Picture(facts) if facts.bytes > MAX_STORED_PICTURE_BYTES => {
            Err(PictureError::TooLarge { bytes: facts.bytes }.into())
        }
        Looked::Picture(facts) => Ok((facts.width, facts.height)),
        Looked::Refused(error) => Err(error.into()),
        Looked::Missing => Err(Refusal::NotUploaded.into()),
    }
}
