//! What happens, and what follows from it.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::model::Timestamp;
use crate::observe::{Reach, Snapshot};

use super::super::keys::{self, Action, Step};
use super::{Item, Page, State};

/// Longest filter that can be typed.
const LONGEST_FILTER: usize = 40;

/// Something that happened.
#[derive(Debug, Clone)]
pub(in crate::dashboard) enum Event {
    /// A key.
    Key(KeyEvent),
    /// The terminal has another size; the next frame fits itself to it.
    Resized,
    /// The clock.
    Tick(Timestamp),
    /// The answer to the question with this number.
    Answered(u64, Box<Snapshot>),
}

/// Something that has to be done outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dashboard) enum Effect {
    /// Take a snapshot and send it with this number.
    Ask(u64),
    /// Leave.
    Quit,
}

/// The one way in which the state changes.
pub(in crate::dashboard) fn update(state: &mut State, event: Event) -> Vec<Effect> {
    match event {
        Event::Tick(now) => {
            state.now = now;
            state.link.ask_if_due(now).map(Effect::Ask).into_iter().collect()
        }
        Event::Answered(number, snapshot) => {
            answered(state, number, *snapshot);
            Vec::new()
        }
        Event::Resized => Vec::new(),
        Event::Key(key) if keys::is_interrupt(key) => vec![Effect::Quit],
        Event::Key(key) if state.filter.typing => {
            type_filter(state, key);
            Vec::new()
        }
        Event::Key(key) => keys::action(key).map_or_else(Vec::new, |action| act(state, action)),
    }
}

fn answered(state: &mut State, number: u64, snapshot: Snapshot) {
    if !state.link.accept(number) {
        return;
    }
    match &snapshot.reach {
        Reach::Lost(why) => {
            state.link.failed(state.now, why.clone());
            // Before the first answer there is nothing to keep: the unknowns are shown as such.
            if state.snapshot.is_none() {
                replace(state, snapshot);
            }
        }
        Reach::Answered => {
            state.link.answered(state.now);
            replace(state, snapshot);
        }
    }
}

/// Shows another snapshot and leaves the selection on what was selected.
fn replace(state: &mut State, snapshot: Snapshot) {
    let selected = state.selected_item();
    state.snapshot = Some(snapshot);
    let items = state.items();
    if let Some(index) = selected.and_then(|selected| items.iter().position(|item| *item == selected)) {
        state.selected = index;
    } else {
        // What was looked into is gone.
        state.selected = state.selected.min(items.len().saturating_sub(1));
        state.detail = false;
    }
}

fn act(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Quit => return vec![Effect::Quit],
        Action::Refresh => return state.link.ask_now(state.now).map(Effect::Ask).into_iter().collect(),
        Action::Help => state.help = !state.help,
        Action::Page(number) => {
            if let Some(page) = state.pages.get(number.saturating_sub(1)).copied() {
                turn_to(state, page);
            }
        }
        Action::NextPage => turn_by(state, 1),
        Action::PreviousPage => turn_by(state, state.pages.len().saturating_sub(1)),
        Action::Move(step) => select(state, step),
        Action::Open => open(state),
        Action::Back => back(state),
        Action::Filter => {
            state.help = false;
            state.detail = false;
            state.filter.typing = true;
        }
    }
    Vec::new()
}

fn turn_to(state: &mut State, page: Page) {
    state.page = page;
    state.selected = 0;
    state.marked = false;
    state.detail = false;
    state.help = false;
    state.filter.text.clear();
}

fn turn_by(state: &mut State, by: usize) {
    let current = state.pages.iter().position(|page| *page == state.page).unwrap_or(0);
    if let Some(page) = state.pages.get((current + by) % state.pages.len().max(1)).copied() {
        turn_to(state, page);
    }
}

fn select(state: &mut State, step: Step) {
    let last = state.items().len().saturating_sub(1);
    // The first step only shows where the selection is.
    if !std::mem::replace(&mut state.marked, true) && matches!(step, Step::Up | Step::Down) && !state.detail {
        return;
    }
    state.selected = match step {
        Step::Up => state.selected.min(last).saturating_sub(1),
        Step::Down => (state.selected + 1).min(last),
        Step::First => 0,
        Step::Last => last,
    };
}

/// Looks into the selected line; from an incident's detail on to the page of what it is about.
fn open(state: &mut State) {
    if state.help {
        state.help = false;
        return;
    }
    match (state.detail, state.selected_item()) {
        (false, Some(_)) => {
            state.marked = true;
            state.detail = true;
        }
        (true, Some(Item::Incident { part, .. })) => {
            let page = Page::of(part);
            if state.pages.contains(&page) {
                turn_to(state, page);
            }
        }
        _ => {}
    }
}

fn back(state: &mut State) {
    if state.help {
        state.help = false;
    } else if state.detail {
        state.detail = false;
    } else {
        state.filter.text.clear();
    }
}

fn type_filter(state: &mut State, key: KeyEvent) {
    if key.kind == KeyEventKind::Release {
        return;
    }
    match key.code {
        KeyCode::Enter => state.filter.typing = false,
        KeyCode::Esc => {
            state.filter.typing = false;
            state.filter.text.clear();
        }
        KeyCode::Backspace => {
            state.filter.text.pop();
        }
        KeyCode::Char(c)
            if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
                && state.filter.text.chars().count() < LONGEST_FILTER =>
        {
            state.filter.text.push(c);
        }
        _ => {}
    }
    state.selected = 0;
}
