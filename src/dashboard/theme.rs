//! Colours with meaning. A colour never stands alone: shape and word say the same, so nothing is lost without it.

use ratatui::style::{Color, Modifier, Style};

use crate::model::AlarmState;
use crate::observe::{Gravity, StackHealth};

/// What a piece of text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Well.
    Good,
    /// Deserves a look.
    Warn,
    /// Wrong.
    Bad,
    /// Not known.
    Unknown,
    /// Leads the eye: titles, keys, the page.
    Accent,
    /// Beside the point: labels, units, borders.
    Dim,
    /// The number that matters.
    Strong,
    /// Everything else.
    Plain,
}

/// Paints by meaning, with the terminal's own colours, or with weights alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    colour: bool,
}

impl Theme {
    /// The terminal's 16 colours.
    pub const COLOUR: Self = Self { colour: true };
    /// Weights only.
    pub const PLAIN: Self = Self { colour: false };

    /// By the variable `NO_COLOR` (no-color.org).
    #[must_use]
    pub fn from_process_environment() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { colour: !refused }
    }

    /// The style of a meaning.
    pub(super) fn style(self, tone: Tone) -> Style {
        let weight = match tone {
            Tone::Bad | Tone::Strong | Tone::Accent => Modifier::BOLD,
            Tone::Dim => Modifier::DIM,
            Tone::Good | Tone::Warn | Tone::Unknown | Tone::Plain => Modifier::empty(),
        };
        if !self.colour {
            return Style::new().add_modifier(weight);
        }
        match tone {
            Tone::Good => Style::new().fg(Color::Green),
            Tone::Warn => Style::new().fg(Color::Yellow),
            Tone::Bad => Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
            Tone::Unknown => Style::new().fg(Color::Magenta),
            Tone::Accent => Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD),
            // A colour of its own: many terminals do not draw the attribute.
            Tone::Dim => Style::new().fg(Color::DarkGray),
            Tone::Strong => Style::new().add_modifier(Modifier::BOLD),
            Tone::Plain => Style::new(),
        }
    }
}

/// Shape and colour of an incident's gravity.
pub(super) const fn gravity(gravity: Gravity) -> (&'static str, Tone) {
    match gravity {
        Gravity::Error => ("▲", Tone::Bad),
        Gravity::Warning => ("◆", Tone::Warn),
        Gravity::Unknown => ("◌", Tone::Unknown),
    }
}

/// Shape and colour of an alarm's state.
pub(super) const fn alarm(state: AlarmState) -> (&'static str, Tone) {
    match state {
        AlarmState::Alarm => ("▲", Tone::Bad),
        AlarmState::InsufficientData => ("◌", Tone::Unknown),
        AlarmState::Ok => ("●", Tone::Good),
    }
}

/// Shape and colour of a stack's health.
pub(super) const fn stack(health: StackHealth) -> (&'static str, Tone) {
    match health {
        StackHealth::Complete => ("●", Tone::Good),
        StackHealth::Moving => ("◆", Tone::Warn),
        StackHealth::Failed | StackHealth::Absent => ("▲", Tone::Bad),
        StackHealth::Unknown => ("◌", Tone::Unknown),
    }
}
