//! The terminal, taken over and always given back: at the end, on an error, in a panic.

use std::io::{self, Stdout, stdout};
use std::panic;

use crossterm::cursor::Show;
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

/// The terminal while the dashboard has it. Dropping it gives it back.
#[derive(Debug)]
pub(super) struct Screen {
    pub terminal: Terminal<CrosstermBackend<Stdout>>,
    _guard: Guard,
}

impl Screen {
    /// Takes the terminal over. A panic gives it back before its message is printed, or nobody could read it.
    pub fn take() -> io::Result<Self> {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            give_back();
            previous(info);
        }));
        enable_raw_mode()?;
        // From here on the guard gives back whatever was taken.
        let guard = Guard;
        execute!(stdout(), EnterAlternateScreen)?;
        let terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        Ok(Self { terminal, _guard: guard })
    }
}

/// Gives the terminal back when it is dropped.
#[derive(Debug)]
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

/// The best that can be done: there is nobody to tell of a terminal that cannot be written to.
fn give_back() {
    drop(disable_raw_mode());
    drop(execute!(stdout(), LeaveAlternateScreen, Show));
}
