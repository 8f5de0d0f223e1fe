//! The duties: opt-out, protection of each store, deletions on record.
//!
//! ```text
//! ╭ AI services opt-out ───────────────────────────────────────────────────────╮
//! │ ▲ NO  no policy of type AISERVICES_OPT_OUT_POLICY is in force               │
//! ╰─────────────────────────────────────────────────────────────────────────────╯
//! ╭ Stores ──────────────────────────────────────── 1 FAIL · 1 UNKNOWN · 2 PASS ─╮
//! │ ▲  FAIL     table   idv-local-faces    point-in-time recovery   DISABLED     │
//! ╰──────────────────────────────────────────────────────────────────────────────╯
//! ╭ Deletions ───────────────────────────────────────────────────────────────────╮
//! │ 3 on record in the ledger of erasures                                        │
//! ╰──────────────────────────────────────────────────────────────────────────────╯
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::model::{ComplianceStatus, NOTHING_DELETES, OptOutAnswer, Reading, Verdict};

use super::super::state::{Item, State};
use super::super::theme::Tone;
use super::table::{self, Row, words};
use super::{pane, text};

pub(super) fn render(frame: &mut Frame, rect: Rect, state: &State) {
    let status = match state.snapshot.as_ref().and_then(|snapshot| snapshot.compliance.as_ref()) {
        Some(Reading::Known(status)) => status,
        other => {
            let inner = pane::open(frame, rect, state, "Compliance", "");
            let why = other.and_then(Reading::why).unwrap_or("not asked yet");
            pane::sentence(frame, inner, state, &format!("◌ unknown: {why}"));
            return;
        }
    };
    let [opt_out, stores, deletions] =
        Layout::vertical([Constraint::Length(3), Constraint::Fill(1), Constraint::Length(3)]).areas(rect);
    render_opt_out(frame, opt_out, state, status);
    render_stores(frame, stores, state, status);
    let inner = pane::open(frame, deletions, state, "Deletions", "");
    let theme = state.theme;
    let line = match &status.deletions {
        Reading::Known(0) => Line::from(Span::styled(format!("0: {NOTHING_DELETES}"), theme.style(Tone::Dim))),
        Reading::Known(count) => Line::from(vec![
            Span::styled(text::thousands(*count), theme.style(Tone::Strong)),
            Span::styled(" on record in the ledger of erasures", theme.style(Tone::Dim)),
        ]),
        Reading::Unknown(why) => Line::from(Span::styled(format!("◌ unknown: {why}"), theme.style(Tone::Unknown))),
    };
    pane::lines(frame, inner, vec![line]);
}

fn render_opt_out(frame: &mut Frame, rect: Rect, state: &State, status: &ComplianceStatus) {
    let read = format!("read {} ago", text::age(state.now.since(status.generated_at)));
    let remark = if status.simulated { format!("simulated: proof of nothing · {read}") } else { read };
    let inner = pane::open(frame, rect, state, "AI services opt-out", &remark);
    let (shape, tone) = match status.opt_out.answer {
        OptOutAnswer::Yes => ("●", Tone::Good),
        OptOutAnswer::No => ("▲", Tone::Bad),
        OptOutAnswer::Unknown => ("◌", Tone::Unknown),
    };
    let line = Line::from(vec![
        Span::styled(format!("{shape} {}  ", status.opt_out.answer), state.theme.style(tone)),
        Span::styled(status.opt_out.reason.clone(), state.theme.style(Tone::Plain)),
    ]);
    pane::lines(frame, inner, vec![line]);
}

fn render_stores(frame: &mut Frame, rect: Rect, state: &State, status: &ComplianceStatus) {
    let counts = [Verdict::Fail, Verdict::Unknown, Verdict::Pass]
        .map(|verdict| format!("{} {verdict}", status.count(verdict)))
        .join(" · ");
    let inner = pane::open(frame, rect, state, "Stores", &counts);
    let longest = status.controls.iter().map(|control| control.store.chars().count()).max().unwrap_or(0);
    let columns = [
        words("", 1, 0),
        words("verdict", 7, 0),
        words("kind", 6, 2),
        words("store", longest.clamp(8, 44), 0),
        words("requirement", 22, 0),
        words("evidence", 16, 1).growing(80),
    ];
    let widths = table::fit(&columns, inner.width);
    let items = state.items();
    let rows: Vec<Row> = status
        .controls
        .iter()
        .enumerate()
        .filter(|(index, _)| items.contains(&Item::Control(*index)))
        .map(|(index, control)| {
            let theme = state.theme;
            let (shape, tone) = verdict(control.verdict);
            Row {
                item: Some(Item::Control(index)),
                cells: vec![
                    Span::styled(shape, theme.style(tone)),
                    Span::styled(control.verdict.to_string(), theme.style(tone)),
                    Span::styled(control.kind.to_string(), theme.style(Tone::Dim)),
                    Span::styled(control.store.clone(), theme.style(Tone::Plain)),
                    Span::styled(control.requirement.to_string(), theme.style(Tone::Plain)),
                    Span::styled(control.evidence.value.clone(), theme.style(Tone::Dim)),
                ],
            }
        })
        .collect();
    table::render(frame, inner, state, &columns, &widths, &rows);
}

const fn verdict(verdict: Verdict) -> (&'static str, Tone) {
    match verdict {
        Verdict::Fail => ("▲", Tone::Bad),
        Verdict::Unknown => ("◌", Tone::Unknown),
        Verdict::Pass => ("●", Tone::Good),
    }
}
