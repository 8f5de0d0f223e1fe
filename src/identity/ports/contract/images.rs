//! Pictures.

use std::sync::Arc;

use crate::identity::{ImageStore, Looked, Picture, PictureFacts, PictureFormat, Ports, ServiceErrorKind, Stored};

pub async fn contract<P: Ports>(ports: &Arc<P>) {
    let images = ports.images();
    // Keys of uploads are the caller's in part, and a key may be the beginning of another.
    let (key, longer, copy) = ("uploads/demo/1", "uploads/demo/1 + ä%2F", "registrations/1/selfie");
    let (picture, bytes) = (picture(640), picture(640).bytes().to_vec());

    assert_eq!(images.look(key).await, Ok(Looked::Missing));
    assert_eq!(images.load(key, 1_000).await, Ok(Stored::Missing));
    assert_eq!(images.copy(key, copy).await.unwrap_err().kind, ServiceErrorKind::Missing);
    assert_eq!(images.delete(key).await, Ok(()));

    for key in [key, longer, key] {
        assert_eq!(images.store(key, &picture).await, Ok(()));
    }
    assert_eq!(images.load(key, bytes.len()).await, Ok(Stored::Bytes(bytes.clone())));
    assert_eq!(images.load(key, bytes.len() - 1).await, Ok(Stored::TooLarge { bytes: bytes.len() }));
    let facts = PictureFacts { format: PictureFormat::Png, width: 640, height: 480, bytes: bytes.len() };
    assert_eq!(images.look(longer).await, Ok(Looked::Picture(facts)));

    assert_eq!(images.copy(longer, copy).await, Ok(()));
    assert_eq!(images.load(copy, 1_000_000).await, Ok(Stored::Bytes(bytes)));
    assert_eq!(images.delete(key).await, Ok(()));
    assert_eq!(images.look(key).await, Ok(Looked::Missing));
    assert_eq!(images.look(longer).await, Ok(Looked::Picture(facts)), "another key is another picture");
    for key in [longer, copy] {
        assert_eq!(images.delete(key).await, Ok(()));
        assert_eq!(images.look(key).await, Ok(Looked::Missing));
    }
}

/// A PNG of 480 rows, larger than what is read to learn its size.
fn picture(width: u32) -> Picture {
    let header = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
    let head = [&header[..], &width.to_be_bytes(), &480u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    Picture::new([head, vec![b'x'; 300 * 1024]].concat()).unwrap()
}
