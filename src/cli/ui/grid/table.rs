//! The state of a table that somebody looks through: which rows are shown in which order, where the cursor is, which
//! rows are marked; and what each key does to it.
//!
//! No terminal here.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use console::Key;

use crate::catalog::bind::parse_date;
use crate::script::value::Size;
use crate::script::{Grid, Takes};

/// Columns wider than this are cut, unless they are the last one shown.
const COLUMN_CELLS_MAX: usize = 40;

/// What a key led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The table is looked at further.
    Stay,
    /// Somebody left it with these rows.
    Leave(Vec<usize>),
}

/// A table under somebody's eyes.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub(super) grid: &'a Grid,
    /// Cells each column would take.
    pub(super) widths: Vec<usize>,
    /// Columns of nothing but numbers and sizes.
    pub(super) numeric: Vec<bool>,
    /// The rows that are shown, in order.
    pub(super) shown: Vec<usize>,
    /// The place of the cursor among them.
    pub(super) cursor: usize,
    /// The first of them on the screen.
    pub(super) first: usize,
    /// Rows that the screen has room for; known when it was drawn.
    pub(super) room: usize,
    /// The column that the cursor is in.
    pub(super) column: usize,
    /// The column that rows are sorted by, and whether the largest comes first.
    pub(super) sorted: Option<(usize, bool)>,
    /// What rows must contain to be shown: each of its words.
    pub(super) filter: String,
    /// Whether keys go to the filter.
    pub(super) typing: bool,
    pub(super) marked: BTreeSet<usize>,
}

impl<'a> Table<'a> {
    pub(super) fn new(grid: &'a Grid) -> Self {
        let widths = (0..grid.columns.len()).map(|column| width(grid, column)).collect();
        let is_number = |column: usize| {
            let mut cells =
                grid.rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty()).peekable();
            cells.peek().is_some() && cells.all(|cell| amount(cell).is_some())
        };
        Self {
            grid,
            widths,
            numeric: (0..grid.columns.len()).map(is_number).collect(),
            shown: (0..grid.rows.len()).collect(),
            cursor: 0,
            first: 0,
            room: 1,
            column: 0,
            sorted: None,
            filter: String::new(),
            typing: false,
            marked: BTreeSet::new(),
        }
    }

    /// What a key does.
    pub(super) fn press(&mut self, key: &Key) -> Step {
        match key {
            Key::ArrowUp => self.cursor = self.cursor.saturating_sub(1),
            Key::ArrowDown => self.cursor += 1,
            Key::PageUp => self.cursor = self.cursor.saturating_sub(self.room),
            Key::PageDown => self.cursor += self.room,
            Key::Home => self.cursor = 0,
            Key::End => self.cursor = self.shown.len(),
            Key::ArrowLeft => self.column = self.column.saturating_sub(1),
            Key::ArrowRight => self.column = (self.column + 1).min(self.grid.columns.len().saturating_sub(1)),
            key if self.typing => self.filter_key(key),
            Key::Char('/') => self.typing = true,
            Key::Char('s') => self.sort(),
            Key::Char(' ') => self.mark(),
            Key::Char('a') => self.mark_all(),
            Key::Escape if !self.filter.is_empty() => {
                self.filter.clear();
                self.choose_rows();
            }
            Key::Escape | Key::Char('q') => return Step::Leave(Vec::new()),
            Key::Enter => return Step::Leave(self.taken()),
            _ => {}
        }
        self.cursor = self.cursor.min(self.shown.len().saturating_sub(1));
        Step::Stay
    }

    fn filter_key(&mut self, key: &Key) {
        match key {
            Key::Char(letter) => self.filter.push(*letter),
            Key::Backspace => {
                self.filter.pop();
            }
            Key::Enter => self.typing = false,
            Key::Escape => {
                self.typing = false;
                self.filter.clear();
            }
            _ => return,
        }
        self.choose_rows();
    }

    /// Rows that have every word of the filter somewhere, in the order asked for.
    fn choose_rows(&mut self) {
        let words: Vec<String> = self.filter.split_whitespace().map(str::to_lowercase).collect();
        let under = self.shown.get(self.cursor).copied();
        let has = |row: &Vec<String>| {
            words.iter().all(|word| row.iter().any(|cell| cell.to_lowercase().contains(word.as_str())))
        };
        self.shown = self.grid.rows.iter().enumerate().filter(|(_, row)| has(row)).map(|(at, _)| at).collect();
        if let Some((column, descending)) = self.sorted {
            let order = order_of(self.grid, column);
            self.shown.sort_by(|left, right| {
                let order = order(*left, *right);
                if descending { order.reverse() } else { order }
            });
        }
        // the cursor stays on its row
        self.cursor = self.shown.iter().position(|row| Some(*row) == under).unwrap_or(0);
    }

    fn sort(&mut self) {
        if self.grid.columns.is_empty() {
            return;
        }
        let again = self.sorted.is_some_and(|(column, descending)| column == self.column && !descending);
        self.sorted = Some((self.column, again));
        self.choose_rows();
    }

    fn mark(&mut self) {
        if self.grid.takes != Takes::Many {
            return;
        }
        if let Some(row) = self.shown.get(self.cursor) {
            if !self.marked.remove(row) {
                self.marked.insert(*row);
            }
            self.cursor += 1;
        }
    }

    /// Marks all rows that are shown, or none of them when all are marked.
    fn mark_all(&mut self) {
        if self.grid.takes != Takes::Many {
            return;
        }
        if self.shown.iter().all(|row| self.marked.contains(row)) {
            self.shown.iter().for_each(|row| {
                self.marked.remove(row);
            });
        } else {
            self.marked.extend(&self.shown);
        }
    }

    /// The rows that Enter takes: those marked, else the one under the cursor.
    fn taken(&self) -> Vec<usize> {
        let under = || self.shown.get(self.cursor).copied().into_iter().collect();
        match self.grid.takes {
            Takes::Nothing => Vec::new(),
            Takes::One => under(),
            Takes::Many if self.marked.is_empty() => under(),
            Takes::Many => self.marked.iter().copied().collect(),
        }
    }
}

fn width(grid: &Grid, column: usize) -> usize {
    let cells = grid.rows.iter().filter_map(|row| row.get(column));
    let widest = cells.map(|cell| crate::render::width::of(cell)).max().unwrap_or(0);
    // a sorted column has its sign behind its name
    widest.max(crate::render::width::of(&grid.columns[column]) + 2).min(COLUMN_CELLS_MAX)
}

/// A number, or the bytes of a size; what has no limit is beyond all.
fn amount(cell: &str) -> Option<f64> {
    if cell.eq_ignore_ascii_case("unlimited") {
        return Some(f64::INFINITY);
    }
    #[expect(clippy::cast_precision_loss, reason = "only the order counts")]
    if let Some(bytes) = Size::from_exchange(cell).and_then(|size| size.bytes()) {
        return Some(bytes as f64);
    }
    let is_number = cell.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.');
    is_number.then(|| cell.replace(',', "").parse().ok()).flatten()
}

/// How rows compare by a column: as numbers, else as dates, where all its cells are such, else as text; empty cells
/// come first.
fn order_of(grid: &Grid, column: usize) -> impl Fn(usize, usize) -> Ordering {
    let cells: Vec<&str> =
        grid.rows.iter().map(|row| row.get(column).map(String::as_str).unwrap_or_default()).collect();
    #[expect(clippy::cast_precision_loss, reason = "only the order counts")]
    let date = |cell: &str| parse_date(cell, None, 0).map(|date| date.ticks as f64);
    let all = |read: &dyn Fn(&str) -> Option<f64>| -> Option<Vec<f64>> {
        cells.iter().map(|cell| if cell.is_empty() { Some(f64::NEG_INFINITY) } else { read(cell) }).collect()
    };
    let numbers = all(&amount).or_else(|| all(&date));
    let texts: Vec<String> = cells.iter().map(|cell| cell.to_lowercase()).collect();
    move |left, right| match &numbers {
        Some(numbers) => numbers[left].total_cmp(&numbers[right]),
        None => texts[left].cmp(&texts[right]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(takes: Takes) -> Grid {
        let rows = [
            ["Heron", "1.5 GB (1,610,612,736 bytes)", "12/24/2025 8:00:00 AM"],
            ["Skua", "12 KB (12,288 bytes)", "1/2/2026 8:00:00 AM"],
            ["Tern", "Unlimited", ""],
            ["Ibis", "900 MB (943,718,400 bytes)", "3/1/2024 8:00:00 AM"],
        ];
        Grid {
            title: "birds".to_owned(),
            columns: ["Name", "Size", "Seen"].map(str::to_owned).to_vec(),
            rows: rows.map(|row| row.map(str::to_owned).to_vec()).to_vec(),
            takes,
        }
    }

    fn press(table: &mut Table<'_>, keys: &[Key]) -> Step {
        keys.iter().map(|key| table.press(key)).last().unwrap_or(Step::Stay)
    }

    #[test]
    fn rows_sort_by_what_their_cells_mean_and_turn_around_the_second_time() {
        let grid = grid(Takes::Nothing);
        let mut table = Table::new(&grid);
        press(&mut table, &[Key::Char('s')]);
        assert_eq!(table.shown, [0, 3, 1, 2], "names");
        press(&mut table, &[Key::ArrowRight, Key::Char('s')]);
        assert_eq!(table.shown, [1, 3, 0, 2], "bytes; no limit is more than any");
        press(&mut table, &[Key::Char('s')]);
        assert_eq!(table.shown, [2, 0, 3, 1]);
        press(&mut table, &[Key::ArrowRight, Key::ArrowRight, Key::Char('s')]);
        assert_eq!(table.shown, [2, 3, 0, 1], "dates; what was never seen is first");
    }

    #[test]
    fn words_of_the_filter_may_be_in_any_cell_and_the_cursor_stays_on_its_row() {
        let grid = grid(Takes::One);
        let mut table = Table::new(&grid);
        press(&mut table, &[Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::Char('/')]);
        press(&mut table, &"2024 ib".chars().map(Key::Char).collect::<Vec<_>>());
        assert_eq!(table.shown, [3]);
        press(&mut table, &[Key::Backspace, Key::Backspace]);
        assert_eq!(press(&mut table, &[Key::Enter]), Step::Stay, "ends the typing");
        assert_eq!(press(&mut table, &[Key::Enter]), Step::Leave(vec![3]));
        assert_eq!(press(&mut table, &[Key::Escape]), Step::Stay, "all rows again");
        assert_eq!((table.shown.len(), table.cursor), (4, 3));
        assert_eq!(press(&mut table, &[Key::Escape]), Step::Leave(Vec::new()));
    }

    #[test]
    fn marked_rows_are_taken_in_the_order_of_the_table() {
        let grid = grid(Takes::Many);
        let mut table = Table::new(&grid);
        press(&mut table, &[Key::End, Key::Char(' '), Key::Home, Key::Char(' '), Key::ArrowDown]);
        assert_eq!(press(&mut table, &[Key::Enter]), Step::Leave(vec![0, 3]));
        press(&mut table, &[Key::Char('a')]);
        assert_eq!(press(&mut table, &[Key::Enter]), Step::Leave(vec![0, 1, 2, 3]));
        press(&mut table, &[Key::Char('a'), Key::Home]);
        assert_eq!(press(&mut table, &[Key::Enter]), Step::Leave(vec![0]), "none marked: the one under the cursor");
    }

    #[test]
    fn a_table_to_look_at_gives_nothing_and_an_empty_one_can_be_left() {
        let full = grid(Takes::Nothing);
        let mut table = Table::new(&full);
        assert_eq!(press(&mut table, &[Key::Char(' '), Key::Char('a'), Key::Enter]), Step::Leave(Vec::new()));
        let empty = Grid { columns: Vec::new(), rows: Vec::new(), ..grid(Takes::Many) };
        let mut table = Table::new(&empty);
        let keys = [Key::End, Key::ArrowRight, Key::Char('s'), Key::Char(' '), Key::Char('a'), Key::PageDown];
        assert_eq!(press(&mut table, &keys), Step::Stay);
        assert_eq!(press(&mut table, &[Key::Enter]), Step::Leave(Vec::new()));
    }
}
