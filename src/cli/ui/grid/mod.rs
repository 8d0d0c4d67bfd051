//! A table on the whole screen, to look through and to choose rows from: keys in, lines out.
//!
//! What a key does is decided in `table`, what the screen looks like in `draw`; which rows there are comes with the
//! question.

mod draw;
mod table;

use std::io::{self, Write as _};

use console::Term;

use super::mode::Keys;
use super::waiting::Waiting;
use crate::render::Theme;
use crate::script::Grid;
use table::{Step, Table};

/// What the screen can show.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) theme: Theme,
    /// Whether there are letters beyond ASCII.
    pub(super) unicode: bool,
}

/// Shows the table until somebody leaves it, and gives the rows taken, in the order of the table; `None` when no screen
/// is there.
pub(super) fn look(grid: &Grid, look: Look, waiting: &Waiting) -> Option<Vec<usize>> {
    let term = Term::stderr();
    term.size_checked()?;
    let _mode = Keys::raw();
    let _screen = Alternate::entered();
    let mut table = Table::new(grid);
    waiting.begin();
    loop {
        let (lines, columns) = term.size();
        let size = (usize::from(columns), usize::from(lines));
        show(&draw::lines(&mut table, size, look));
        if !waiting.is_answered() {
            return Some(Vec::new());
        }
        // Ctrl-C is an error here, and a signal that ends what runs.
        let Ok(key) = term.read_key() else { return Some(Vec::new()) };
        if let Step::Leave(rows) = table.press(&key) {
            return Some(rows);
        }
    }
}

/// Draws the screen anew, in one write.
fn show(lines: &[String]) {
    let mut text = String::from("\u{1b}[H");
    for (at, line) in lines.iter().enumerate() {
        let end = if at + 1 == lines.len() { "\u{1b}[K" } else { "\u{1b}[K\r\n" };
        text.push_str(line);
        text.push_str(end);
    }
    text.push_str("\u{1b}[J");
    write(&text);
}

fn write(text: &str) {
    let mut screen = io::stderr().lock();
    let _ = screen.write_all(text.as_bytes()).and_then(|()| screen.flush()); // nobody looks any more
}

/// The second screen of a terminal, without a cursor; the first one comes back when this is dropped.
struct Alternate;

impl Alternate {
    fn entered() -> Self {
        write("\u{1b}[?1049h\u{1b}[?25l");
        Self
    }
}

impl Drop for Alternate {
    fn drop(&mut self) {
        write("\u{1b}[?25h\u{1b}[?1049l");
    }
}
