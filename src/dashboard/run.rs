//! The loop: events in, frames out.

use std::io;
use std::time::Duration;

use crossterm::event::{self, Event as TerminalEvent};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use crate::model::Timestamp;
use crate::observe::{Snapshot, Source};

use super::fetch::answer;
use super::state::{Effect, Event, Page, State, update};
use super::term::Screen;
use super::theme::Theme;
use super::{svg, view};

/// How often the clock is looked at; ages are shown in seconds.
const TICK: Duration = Duration::from_millis(250);
/// How long the thread that reads keys waits before it looks whether anybody still listens.
const KEY_POLL: Duration = Duration::from_millis(100);

/// How the dashboard begins.
#[derive(Debug, Clone)]
pub struct Options {
    /// The first page.
    pub page: Page,
    /// The colours.
    pub theme: Theme,
}

/// Runs the dashboard on the terminal until it is left.
pub async fn run(source: Source, options: Options) -> io::Result<()> {
    let mut screen = Screen::take()?;
    let (sender, mut events) = mpsc::unbounded_channel();
    read_keys(sender.clone());
    let mut state = State::new(source.title(), options.page, source.has_compliance(), options.theme, Timestamp::now());
    let mut clock = tokio::time::interval(TICK);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let event = next_event(&mut events, &mut clock).await;
        if follow(&mut state, event, &source, &sender) {
            return Ok(());
        }
        // Whatever came in meanwhile goes into the same frame.
        while let Ok(event) = events.try_recv() {
            if follow(&mut state, event, &source, &sender) {
                return Ok(());
            }
        }
        screen.terminal.draw(|frame| view::render(frame, &state))?;
    }
}

async fn next_event(events: &mut UnboundedReceiver<Event>, clock: &mut tokio::time::Interval) -> Event {
    tokio::select! {
        Some(event) = events.recv() => event,
        _ = clock.tick() => Event::Tick(Timestamp::now()),
    }
}

/// Updates the state and starts what follows; true when the dashboard is to be left.
fn follow(state: &mut State, event: Event, source: &Source, events: &UnboundedSender<Event>) -> bool {
    for effect in update(state, event) {
        match effect {
            Effect::Ask(number) => answer(source, number, events.clone()),
            Effect::Quit => return true,
        }
    }
    false
}

/// Reads the terminal on a thread of its own: reading blocks. The thread ends when nobody listens any more.
fn read_keys(events: UnboundedSender<Event>) {
    std::thread::spawn(move || {
        while !events.is_closed() {
            let event = match event::poll(KEY_POLL) {
                Ok(false) => continue,
                Ok(true) => event::read(),
                Err(error) => Err(error),
            };
            let event = match event {
                Ok(TerminalEvent::Key(key)) => Event::Key(key),
                Ok(TerminalEvent::Resize(..)) => Event::Resized,
                Ok(_) => continue,
                // The terminal is gone; so is the user.
                Err(_) => Event::Key(event::KeyEvent::new(event::KeyCode::Char('q'), event::KeyModifiers::NONE)),
            };
            if events.send(event).is_err() {
                return;
            }
        }
    });
}

/// One frame of a page as text, without colour.
#[must_use]
pub fn frame_as_text(snapshot: Snapshot, page: Page, size: (u16, u16)) -> String {
    let frame = still(snapshot, page, Theme::PLAIN, size);
    view::text_of(&frame)
}

/// One frame of a page as an SVG picture.
#[must_use]
pub fn frame_as_svg(snapshot: Snapshot, page: Page, size: (u16, u16)) -> String {
    svg::write(&still(snapshot, page, Theme::COLOUR, size))
}

/// Draws one frame off the screen.
fn still(snapshot: Snapshot, page: Page, theme: Theme, (width, height): (u16, u16)) -> Buffer {
    let now = snapshot.generated_at;
    let title = format!("{} · {}", snapshot.place.project, snapshot.place.environment);
    let mut state = State::new(title, page, snapshot.compliance.is_some(), theme, now);
    let asked = state.link.ask_now(now).unwrap_or_default();
    update(&mut state, Event::Answered(asked, Box::new(snapshot)));
    draw(&state, (width, height))
}

/// Draws a state off the screen.
pub(super) fn draw(state: &State, (width, height): (u16, u16)) -> Buffer {
    // A test backend has nothing that can fail.
    let Ok(mut terminal) = Terminal::new(TestBackend::new(width, height));
    let Ok(_) = terminal.draw(|frame| view::render(frame, state));
    terminal.backend().buffer().clone()
}
