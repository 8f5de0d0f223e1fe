//! One table of keys: what it dispatches is what the help page shows.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Leave the dashboard.
    Quit,
    /// Show or hide the help.
    Help,
    /// Ask the cloud again now.
    Refresh,
    /// Go to the page with this number, from 1.
    Page(usize),
    /// Go to the page after this one.
    NextPage,
    /// Go to the page before this one.
    PreviousPage,
    /// Move the selection.
    Move(Step),
    /// Look into what is selected.
    Open,
    /// One step back: out of the help, the detail or the filter.
    Back,
    /// Filter the lists of the page.
    Filter,
}

/// How far the selection moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Up,
    Down,
    First,
    Last,
}

/// One line of the table.
#[derive(Debug)]
pub(super) struct Binding {
    /// The keys as the help shows them.
    pub label: &'static str,
    /// What they do.
    pub does: &'static str,
    keys: &'static [KeyCode],
    action: fn(KeyCode) -> Action,
}

/// Every key that means something outside of typing a filter.
pub(super) const BINDINGS: &[Binding] = &[
    Binding { label: "1–9", does: "go to a page", keys: &DIGITS, action: page },
    Binding {
        label: "Tab →",
        does: "next page",
        keys: &[KeyCode::Tab, KeyCode::Right, KeyCode::Char('l')],
        action: |_| Action::NextPage,
    },
    Binding {
        label: "⇧Tab ←",
        does: "previous page",
        keys: &[KeyCode::BackTab, KeyCode::Left, KeyCode::Char('h')],
        action: |_| Action::PreviousPage,
    },
    Binding {
        label: "j ↓",
        does: "select the next line",
        keys: &[KeyCode::Char('j'), KeyCode::Down],
        action: |_| Action::Move(Step::Down),
    },
    Binding {
        label: "k ↑",
        does: "select the line before",
        keys: &[KeyCode::Char('k'), KeyCode::Up],
        action: |_| Action::Move(Step::Up),
    },
    Binding {
        label: "g G",
        does: "select the first or the last line",
        keys: &[KeyCode::Char('g'), KeyCode::Char('G'), KeyCode::Home, KeyCode::End],
        action: |key| match key {
            KeyCode::Char('G') | KeyCode::End => Action::Move(Step::Last),
            _ => Action::Move(Step::First),
        },
    },
    Binding { label: "Enter", does: "look into the selected line", keys: &[KeyCode::Enter], action: |_| Action::Open },
    Binding {
        label: "Esc",
        does: "back: out of help, detail, filter",
        keys: &[KeyCode::Esc],
        action: |_| Action::Back,
    },
    Binding {
        label: "/",
        does: "show only lines that contain a text",
        keys: &[KeyCode::Char('/')],
        action: |_| Action::Filter,
    },
    Binding { label: "r", does: "ask the cloud again now", keys: &[KeyCode::Char('r')], action: |_| Action::Refresh },
    Binding { label: "?", does: "this help", keys: &[KeyCode::Char('?')], action: |_| Action::Help },
    Binding {
        label: "q ^C",
        does: "quit; the environment stays as it is",
        keys: &[KeyCode::Char('q')],
        action: |_| Action::Quit,
    },
];

const DIGITS: [KeyCode; 9] = [
    KeyCode::Char('1'),
    KeyCode::Char('2'),
    KeyCode::Char('3'),
    KeyCode::Char('4'),
    KeyCode::Char('5'),
    KeyCode::Char('6'),
    KeyCode::Char('7'),
    KeyCode::Char('8'),
    KeyCode::Char('9'),
];

fn page(key: KeyCode) -> Action {
    let index = DIGITS.iter().position(|digit| *digit == key).unwrap_or(0);
    Action::Page(index + 1)
}

/// What a key means outside of typing a filter.
pub(super) fn action(key: KeyEvent) -> Option<Action> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    if is_interrupt(key) {
        return Some(Action::Quit);
    }
    if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
        return None;
    }
    BINDINGS.iter().find(|binding| binding.keys.contains(&key.code)).map(|binding| (binding.action)(key.code))
}

/// Ctrl-C, which always leaves: in raw mode it comes as a key.
pub(super) fn is_interrupt(key: KeyEvent) -> bool {
    key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_stands_in_two_lines() {
        let keys: Vec<KeyCode> = BINDINGS.iter().flat_map(|binding| binding.keys).copied().collect();
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(key), "{key:?}");
        }
    }

    #[test]
    fn the_keys_that_the_help_promises_do_something() {
        let press = |code| action(KeyEvent::new(code, KeyModifiers::NONE));
        assert_eq!(press(KeyCode::Char('3')), Some(Action::Page(3)));
        assert_eq!(press(KeyCode::Char('0')), None);
        assert_eq!(press(KeyCode::Char('G')), Some(Action::Move(Step::Last)));
        for binding in BINDINGS {
            for key in binding.keys {
                assert!(press(*key).is_some(), "{}", binding.label);
            }
        }
        assert_eq!(action(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)), Some(Action::Quit));
        assert_eq!(action(KeyEvent::new(KeyCode::Char('q'), KeyModifiers::CONTROL)), None);
    }
}
