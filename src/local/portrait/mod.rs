//! Portraits.
mod caption;
pub use caption::{Bounds, Caption, FaceCaption, KEYWORD as CAPTION_KEYWORD, Pose, Traits};
