//! Collections: how full, which face model, how many faces.
//!
//! ```text
//! ╭ Collections ─────────────────────────────────────────────────────── 20,000,000 faces each at most ─╮
//! │ collection                model    faces       users  fill                                        │
//! │ idv-local-registered-00   7.0      4,812,331       0  ██████────────────────────  24 %            │
//! │ idv-local-registered-01   6.0 ◆    4,790,112       0  ██████────────────────────  24 %            │
//! ╰────────────────────────────────────────────────────────────────────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::model::{COLLECTION_CAPACITY, Reading};
use crate::observe::{CollectionStatus, Snapshot};

use super::super::state::{Item, State};
use super::super::theme::{Theme, Tone};
use super::table::{self, Row, number, words};
use super::{pane, text};

/// From here on the bar warns; the findings say the rest.
const NEARLY_FULL: f64 = 0.80;
/// Draws what is not full: thin and quiet.
const ROOM: char = '─';

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let remark = format!("at most {} faces each", text::thousands(COLLECTION_CAPACITY));
    let inner = pane::open(frame, rect, state, "Collections", &remark);
    let Some(snapshot) = &state.snapshot else { return };
    let longest = snapshot.collections.iter().map(|status| status.collection.id.as_str().len()).max().unwrap_or(0);
    let columns = [
        words("collection", longest.clamp(10, 44), 0),
        words("model", 7, 0),
        number("faces", 11, 0),
        number("users", 9, 2),
        number("full", 6, 0),
        words("", 10, 1).growing(50).fading(ROOM, state.theme.style(Tone::Dim)),
    ];
    let widths = table::fit(&columns, inner.width);
    let room = widths.last().copied().flatten().unwrap_or(0);
    let rows: Vec<Row> = snapshot
        .collections
        .iter()
        .filter(|status| state.shows(status.collection.id.as_str()))
        .map(|status| row(state.theme, snapshot, status, room))
        .collect();
    table::render(frame, inner, state, &columns, &widths, &rows);
}

fn row(theme: Theme, snapshot: &Snapshot, status: &CollectionStatus, room: usize) -> Row {
    let fill = match (status.fill(), &status.faces) {
        (Some(_), Reading::Known(Some(faces))) => {
            Span::styled(text::percent(*faces, status.capacity), theme.style(Tone::Plain))
        }
        (None, Reading::Known(_)) => Span::styled(text::NOTHING, theme.style(Tone::Dim)),
        _ => text::unknown(theme),
    };
    Row {
        item: Some(Item::Collection(status.collection.id.to_string())),
        cells: vec![
            Span::styled(status.collection.id.to_string(), theme.style(Tone::Plain)),
            model(theme, snapshot, status),
            number_of(theme, &status.faces),
            number_of(theme, &status.users),
            fill,
            bar(theme, status.fill(), room),
        ],
    }
}

/// A count, or that there is no such collection.
pub(super) fn number_of(theme: Theme, reading: &Reading<Option<u64>>) -> Span<'static> {
    match reading {
        Reading::Known(Some(number)) => text::count(theme, &Reading::Known(*number)),
        Reading::Known(None) => Span::styled("▲ missing", theme.style(Tone::Bad)),
        Reading::Unknown(_) => text::unknown(theme),
    }
}

/// The model version, marked where a peer of the same role has a newer one.
fn model(theme: Theme, snapshot: &Snapshot, status: &CollectionStatus) -> Span<'static> {
    let own = match &status.model_version {
        Reading::Known(Some(version)) => version,
        Reading::Known(None) => return Span::styled(text::NOTHING, theme.style(Tone::Dim)),
        Reading::Unknown(_) => return text::unknown(theme),
    };
    let peers = snapshot.collections.iter().filter(|peer| peer.collection.role == status.collection.role);
    let newest = peers.filter_map(|peer| peer.model_version.known()?.as_ref()).max_by_key(|version| version.numbers());
    if newest.is_some_and(|newest| newest.numbers() > own.numbers()) {
        Span::styled(format!("{own} ◆"), theme.style(Tone::Warn))
    } else {
        Span::styled(own.to_string(), theme.style(Tone::Plain))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a width in characters")]
fn bar(theme: Theme, fill: Option<f64>, width: usize) -> Span<'static> {
    let Some(fill) = fill else { return Span::raw("") };
    let tone = if fill >= NEARLY_FULL { Tone::Warn } else { Tone::Plain };
    // One face is more than none, and not quite full is not full.
    let exact = fill.clamp(0.0, 1.0) * width as f64;
    let mut blocks = exact.round() as usize;
    if fill > 0.0 && blocks == 0 && exact >= 0.05 {
        blocks = 1;
    }
    let blocks = blocks.min(width);
    Span::styled(format!("{}{}", "█".repeat(blocks), ROOM.to_string().repeat(width - blocks)), theme.style(tone))
}
