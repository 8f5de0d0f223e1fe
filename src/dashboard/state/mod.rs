//! What the dashboard knows and where the user is in it. Pure: everything happens through [`update`].

mod item;
mod link;
mod page;
mod update;

use crate::model::Timestamp;
use crate::observe::Snapshot;

use super::theme::Theme;

pub(super) use item::Item;
pub(super) use link::Link;
pub use page::{InvalidPage, Page};
pub(super) use update::{Effect, Event, update};

/// Everything that is drawn.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// The last snapshot of a cloud that answered, however old.
    pub snapshot: Option<Snapshot>,
    /// How it stands with the cloud.
    pub link: Link,
    /// The clock, as of the last tick.
    pub now: Timestamp,
    /// The pages that exist, in the order of their numbers.
    pub pages: Vec<Page>,
    /// The page that is shown.
    pub page: Page,
    /// The selected line of the page, counted over all of its lists.
    pub selected: usize,
    /// Whether the selection was moved: until then nothing is marked.
    pub marked: bool,
    /// Whether the selected line is looked into.
    pub detail: bool,
    /// Whether the help lies over the page.
    pub help: bool,
    /// Which lines are listed.
    pub filter: Filter,
    /// What is known before the first answer, for the header.
    pub title: String,
    /// The colours.
    pub theme: Theme,
}

/// Which lines are listed.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    /// Only lines that contain this; empty lists all.
    pub text: String,
    /// Whether keys are typed into it.
    pub typing: bool,
}

impl State {
    /// Before the first answer.
    pub fn new(title: String, page: Page, with_compliance: bool, theme: Theme, now: Timestamp) -> Self {
        let pages: Vec<Page> =
            Page::ALL.into_iter().filter(|page| with_compliance || *page != Page::Compliance).collect();
        let page = if pages.contains(&page) { page } else { Page::Overview };
        Self {
            snapshot: None,
            link: Link::new(now),
            now,
            pages,
            page,
            selected: 0,
            marked: false,
            detail: false,
            help: false,
            filter: Filter::default(),
            title,
            theme,
        }
    }

    /// The selectable lines of the page, in the order in which they are drawn, reduced by the filter.
    pub fn items(&self) -> Vec<Item> {
        let Some(snapshot) = &self.snapshot else { return Vec::new() };
        Item::of_page(self.page, snapshot).into_iter().filter(|item| self.shows(&item.text(snapshot))).collect()
    }

    /// The selected line.
    pub fn selected_item(&self) -> Option<Item> {
        let items = self.items();
        items.get(self.selected.min(items.len().saturating_sub(1))).cloned()
    }

    /// Whether a line passes the filter. Case does not matter.
    pub fn shows(&self, text: &str) -> bool {
        self.filter.text.is_empty() || text.to_lowercase().contains(&self.filter.text.to_lowercase())
    }
}
