//! The tree on a terminal, redrawn in place.

use std::io::Write;

use crossterm::cursor::{MoveToColumn, MoveUp};
use crossterm::queue;
use crossterm::style::Print;
use crossterm::terminal::{self, Clear, ClearType};

use super::tree::Tree;
use crate::deploy::watch::{DeployEvent, Watcher};
use crate::model::Timestamp;
use crate::report::Palette;

/// Used where the terminal does not say how large it is.
const FALLBACK: (u16, u16) = (80, 24);

/// The tree on a terminal. Nothing about the terminal is changed, so nothing must be restored when the run is killed.
#[derive(Debug)]
pub struct LiveTree<W> {
    out: W,
    palette: Palette,
    tree: Tree,
    drawn: u16,
}

impl<W: Write + Send> LiveTree<W> {
    /// Draws to a terminal.
    pub fn new(out: W, palette: Palette) -> Self {
        Self { out, palette, tree: Tree::default(), drawn: 0 }
    }

    fn draw(&mut self) {
        let (width, height) = terminal::size().unwrap_or(FALLBACK);
        // One line stays free for the cursor: a full screen would scroll at every redraw.
        let room = usize::from(height.saturating_sub(1));
        let lines = self.tree.lines(Timestamp::now(), usize::from(width), room, self.palette);
        // A terminal that cannot be written to is no reason to stop a deployment.
        drop(self.redraw(&lines));
    }

    fn redraw(&mut self, lines: &[String]) -> std::io::Result<()> {
        queue!(self.out, MoveToColumn(0))?;
        if self.drawn > 0 {
            queue!(self.out, MoveUp(self.drawn))?;
        }
        queue!(self.out, Clear(ClearType::FromCursorDown))?;
        for line in lines {
            queue!(self.out, Print(line), Print("\r\n"))?;
        }
        self.drawn = u16::try_from(lines.len()).unwrap_or(0);
        self.out.flush()
    }
}

impl<W: Write + Send> Watcher for LiveTree<W> {
    fn event(&mut self, event: &DeployEvent) {
        // Drawn at the next tick: a burst of a hundred events is one picture.
        self.tree.take(event, Timestamp::now());
    }

    fn tick(&mut self) {
        self.draw();
    }

    fn finish(&mut self) {
        self.draw();
    }
}
