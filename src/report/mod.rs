//! Results on paper: the same struct printed as text or as JSON, with colour where a terminal can show it.

mod format;
mod palette;

pub use format::Format;
pub use palette::{Color, Palette};
