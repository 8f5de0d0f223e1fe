//! The pages.

use std::fmt;
use std::str::FromStr;

use crate::observe::Part;

/// A page of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Page {
    /// What is wrong, and everything at a glance.
    Overview,
    /// Face collections.
    Collections,
    /// Time per operation and route.
    Latency,
    /// What the business counts.
    Kpis,
    /// Stacks.
    Deployments,
    /// Alarms.
    Alarms,
    /// Opt-out, protection of the stores, deletions.
    Compliance,
}

/// A text that names no page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPage {
    value: String,
}

impl Page {
    /// Every page, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Overview,
        Self::Collections,
        Self::Latency,
        Self::Kpis,
        Self::Deployments,
        Self::Alarms,
        Self::Compliance,
    ];

    /// Its title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Collections => "Collections",
            Self::Latency => "Latency",
            Self::Kpis => "KPIs",
            Self::Deployments => "Deployments",
            Self::Alarms => "Alarms",
            Self::Compliance => "Compliance",
        }
    }

    /// The page that shows a part of the environment in full.
    #[must_use]
    pub const fn of(part: Part) -> Self {
        match part {
            Part::Stacks => Self::Deployments,
            Part::Collections => Self::Collections,
            Part::Alarms => Self::Alarms,
            Part::Operations | Part::Routes => Self::Latency,
            Part::Kpis => Self::Kpis,
            Part::Compliance => Self::Compliance,
        }
    }
}

impl FromStr for Page {
    type Err = InvalidPage;

    fn from_str(text: &str) -> Result<Self, InvalidPage> {
        let wanted = text.to_lowercase();
        let found = Self::ALL.into_iter().find(|page| page.title().to_lowercase() == wanted);
        found.ok_or_else(|| InvalidPage { value: text.to_owned() })
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.title())
    }
}

impl fmt::Display for InvalidPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let titles: Vec<String> = Page::ALL.iter().map(|page| page.title().to_lowercase()).collect();
        write!(f, "`{}` is no page: choose one of {}", self.value, titles.join(", "))
    }
}

impl std::error::Error for InvalidPage {}
