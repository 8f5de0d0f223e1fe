use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use super::run::draw;
use super::state::{Effect, Event, Page, State, update};
use super::theme::Theme;
use super::view::text_of;
use crate::model::Timestamp;
use crate::observe::{Snapshot, fixture};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn fresh(page: Page) -> State {
    State::new("idv · local".to_owned(), page, true, Theme::COLOUR, fixture::NOW)
}

/// A state that was answered with this snapshot.
fn showing(page: Page, snapshot: Snapshot) -> State {
    let mut state = fresh(page);
    answer(&mut state, snapshot);
    state
}

/// Lets the time come for a question, and answers it.
fn answer(state: &mut State, snapshot: Snapshot) {
    let due = later(state.now, 10);
    let effects = update(state, Event::Tick(due));
    let Some(Effect::Ask(number)) = effects.first() else { panic!("nothing was asked: {effects:?}") };
    update(state, Event::Answered(*number, Box::new(snapshot)));
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_millis(at.millis() + seconds * 1_000)
}

fn press(state: &mut State, keys: &[KeyCode]) -> Vec<Effect> {
    keys.iter().flat_map(|key| update(state, Event::Key(KeyEvent::new(*key, KeyModifiers::NONE)))).collect()
}

fn text(state: &State, size: (u16, u16)) -> String {
    text_of(&draw(state, size))
}

/// The first cell that shows this symbol.
fn cell_of<'a>(frame: &'a Buffer, symbol: &str) -> &'a ratatui::buffer::Cell {
    frame.content().iter().find(|cell| cell.symbol() == symbol).unwrap_or_else(|| panic!("no {symbol}"))
}

#[test]
fn every_page_at_every_size() {
    for page in Page::ALL {
        let state = showing(page, fixture::troubled());
        for size in SIZES {
            let name = format!("{}_{}x{}", page.title().to_lowercase(), size.0, size.1);
            insta::assert_snapshot!(name, text(&state, size));
        }
    }
}

#[test]
fn an_idle_environment_reads_well() {
    insta::assert_snapshot!("idle_120x40", text(&showing(Page::Overview, fixture::idle()), (120, 40)));
}

#[test]
fn details_and_help() {
    let mut state = showing(Page::Overview, fixture::troubled());
    press(&mut state, &[KeyCode::Enter]);
    insta::assert_snapshot!("detail_incident", text(&state, (80, 24)));
    press(&mut state, &[KeyCode::Esc, KeyCode::Char('3'), KeyCode::Char('j'), KeyCode::Char('j'), KeyCode::Enter]);
    insta::assert_snapshot!("detail_operation", text(&state, (120, 40)));
    press(&mut state, &[KeyCode::Char('?')]);
    insta::assert_snapshot!("help", text(&state, (80, 24)));
}

#[test]
fn enter_leads_from_an_incident_to_its_page() {
    let mut state = showing(Page::Overview, fixture::troubled());
    let part = state.snapshot.as_ref().unwrap().findings[0].part;
    press(&mut state, &[KeyCode::Enter, KeyCode::Enter]);
    assert_eq!((state.page, state.detail), (Page::of(part), false));
}

#[test]
fn a_filter_is_typed_kept_and_cleared() {
    let mut state = showing(Page::Collections, fixture::troubled());
    press(
        &mut state,
        &[KeyCode::Char('/'), KeyCode::Char('q'), KeyCode::Backspace, KeyCode::Char('F'), KeyCode::Enter],
    );
    assert_eq!(state.items().len(), 1, "only the fraudulent collection has an f");
    assert!(!text(&state, (80, 24)).contains("registered"));
    press(&mut state, &[KeyCode::Esc]);
    assert_eq!(state.items().len(), 4);
}

#[test]
fn q_and_interrupt_leave_even_while_typing() {
    let mut state = fresh(Page::Overview);
    assert_eq!(press(&mut state, &[KeyCode::Char('q')]), [Effect::Quit]);
    press(&mut state, &[KeyCode::Char('/')]);
    assert_eq!(press(&mut state, &[KeyCode::Char('q')]), []);
    let interrupt = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(update(&mut state, Event::Key(interrupt)), [Effect::Quit]);
}

#[test]
fn colour_says_what_shape_says() {
    let frame = draw(&showing(Page::Alarms, fixture::troubled()), (120, 40));
    // The header has the same shapes; all of one shape have one colour.
    for (shape, colour) in [("▲", Color::Red), ("◌", Color::Magenta), ("●", Color::Green)] {
        let cells: Vec<_> = frame.content().iter().filter(|cell| cell.symbol() == shape).collect();
        let unselected = cells.iter().filter(|cell| !cell.modifier.contains(Modifier::REVERSED));
        assert!(unselected.clone().count() > 0 || shape == "▲", "{shape}");
        for cell in unselected {
            assert_eq!(cell.fg, colour, "{shape}");
        }
    }
}

#[test]
fn without_colour_nothing_is_coloured_and_everything_is_said() {
    let mut state = showing(Page::Overview, fixture::troubled());
    let coloured = text(&state, (120, 40));
    state.theme = Theme::PLAIN;
    let frame = draw(&state, (120, 40));
    assert!(frame.content().iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    assert_eq!(text_of(&frame), coloured);
}

#[test]
fn a_lost_cloud_keeps_the_last_data_marked_stale_and_recovers_by_itself() {
    let mut state = showing(Page::Overview, fixture::healthy());
    answer(&mut state, fixture::dark());
    state.now = later(state.now, 30);
    let lost = text(&state, (120, 40));
    assert!(lost.contains("✗ unreachable for 30 s") && lost.contains("stale: 50 s old"), "{lost}");
    assert!(lost.contains("1,204"), "the last data stay: {lost}");
    assert!(!lost.contains("all well"), "{lost}");
    let frame = draw(&state, (120, 40));
    assert_eq!(cell_of(&frame, "✗").fg, Color::Red);
    answer(&mut state, fixture::healthy());
    let back = text(&state, (120, 40));
    assert!(!back.contains("unreachable") && back.contains("all well"), "{back}");
}

#[test]
fn a_cloud_that_keeps_silent_is_lost_as_well() {
    let mut state = showing(Page::Overview, fixture::healthy());
    let asked = later(state.now, 10);
    assert!(matches!(update(&mut state, Event::Tick(asked)).as_slice(), [Effect::Ask(_)]));
    update(&mut state, Event::Tick(later(asked, 30)));
    assert!(!text(&state, (120, 40)).contains("unreachable"), "it may still answer");
    update(&mut state, Event::Tick(later(asked, 31)));
    update(&mut state, Event::Tick(later(asked, 35)));
    let lost = text(&state, (120, 40));
    assert!(lost.contains("✗ unreachable for 4 s") && lost.contains("stale: 55 s old"), "{lost}");
}

#[test]
fn before_the_first_answer_a_lost_cloud_shows_unknowns_and_no_zeros() {
    let frame = text(&showing(Page::Overview, fixture::dark()), (120, 40));
    assert!(frame.contains("✗ unreachable") && frame.contains("connection refused"), "{frame}");
    assert!(!frame.contains("all well"), "{frame}");
}

#[test]
fn an_answer_that_nobody_waits_for_is_dropped() {
    let mut state = showing(Page::Overview, fixture::troubled());
    update(&mut state, Event::Answered(99, Box::new(fixture::healthy())));
    assert_eq!(state.snapshot, Some(fixture::troubled()));
}

#[test]
fn the_selection_stays_on_what_was_selected() {
    let mut state = showing(Page::Overview, fixture::troubled());
    press(&mut state, &[KeyCode::Char('G')]);
    let selected = state.selected_item();
    answer(&mut state, fixture::healthy());
    assert_eq!(state.selected_item(), selected);
}

#[test]
fn the_first_step_shows_the_selection_and_the_next_moves_it() {
    let mut state = showing(Page::Collections, fixture::healthy());
    let reversed = |state: &State| {
        let frame = draw(state, (80, 24));
        frame.content().iter().filter(|cell| cell.modifier.contains(Modifier::REVERSED) && cell.symbol() == "i").count()
    };
    let before = reversed(&state);
    press(&mut state, &[KeyCode::Char('j')]);
    assert_eq!(state.selected, 0);
    assert!(reversed(&state) > before);
    press(&mut state, &[KeyCode::Char('j')]);
    assert_eq!(state.selected, 1);
}

/// Keys, late answers, losses, ticks and every size from 1x1 on, in an order nobody would think of.
#[test]
fn twenty_thousand_events_without_a_panic() {
    let mut random = fastrand::Rng::with_seed(20_261_030);
    let snapshots = [fixture::healthy(), fixture::idle(), fixture::troubled(), fixture::dark()];
    let mut state = fresh(Page::Overview);
    let mut asked = Vec::new();
    let mut size = (80, 24);
    for step in 0..20_000 {
        let event = match random.u8(0..100) {
            0..60 => Event::Key(key(&mut random)),
            60..75 => Event::Tick(later(state.now, random.i64(-5..40))),
            75..80 => {
                size = if random.bool() {
                    (random.u16(1..20), random.u16(1..12))
                } else {
                    (random.u16(1..230), random.u16(1..70))
                };
                Event::Resized
            }
            _ => {
                let number = if random.bool() { asked.last().copied().unwrap_or(0) } else { random.u64(0..50) };
                Event::Answered(number, Box::new(snapshots[random.usize(0..snapshots.len())].clone()))
            }
        };
        for effect in update(&mut state, event) {
            if let Effect::Ask(number) = effect {
                asked.push(number);
            }
        }
        if step % 7 == 0 {
            let frame = draw(&state, size);
            assert_eq!((frame.area.width, frame.area.height), size);
        }
        assert!(state.pages.contains(&state.page));
        assert!(state.selected == 0 || state.selected < state.items().len().max(1));
    }
    assert!(asked.len() > 100, "the walk asked the cloud {} times", asked.len());
}

fn key(random: &mut fastrand::Rng) -> KeyEvent {
    const KEYS: [KeyCode; 14] = [
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Backspace,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::F(5),
        KeyCode::Char('j'),
        KeyCode::Char('ß'),
    ];
    let code = if random.bool() { KEYS[random.usize(0..KEYS.len())] } else { KeyCode::Char(random.char('!'..='~')) };
    KeyEvent::new(code, if random.u8(0..10) == 0 { KeyModifiers::ALT } else { KeyModifiers::NONE })
}
