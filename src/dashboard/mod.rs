//! The terminal interface. Three parts that do not know each other's business:
//!
//! ```text
//! keys ──► state: update(&mut State, Event) -> Vec<Effect> ──► view: render(frame, rect, &State)
//!                 ▲                              │
//!                 └──── Event ◄──── fetch ◄──────┘
//! ```
//!
//! `state` is pure: no clock, no terminal, no network. `fetch` turns effects into events on tasks of its own, so a slow
//! cloud never holds up a key. `view` draws what it is given.

mod fetch;
mod keys;
mod run;
mod state;
mod svg;
mod term;
mod theme;
mod view;

#[cfg(test)]
mod tests;

pub use run::{Options, frame_as_svg, frame_as_text, run};
pub use state::{InvalidPage, Page};
pub use theme::Theme;
