//! Results on paper: the same struct printed as text or as JSON, with colour where a terminal can show it.

mod compliance;
mod findings;
mod format;
mod palette;
mod plan;
mod wrap;

pub use compliance::{compliance_markdown, compliance_text, opt_out_text};
pub use findings::CheckReport;
pub use format::Format;
pub use palette::{Color, Palette};
pub use plan::{plan_json, plan_text};
