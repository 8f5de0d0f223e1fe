//! Results on paper: the same struct printed as text or as JSON, with colour where a terminal can show it.

mod format;
mod palette;
mod plan;

pub use format::Format;
pub use palette::{Color, Palette};
pub use plan::{plan_json, plan_text};
