//! Rows of a table or of a wide view: cells padded, cut or wrapped to the widths of their columns.
//!
//! Which columns there are and how wide they were wanted is decided elsewhere.

use super::{columns, wrap};
use crate::render::view::Alignment;
use crate::render::width;

/// Screens narrower than this show no table at all.
const SCREEN_CELLS_MIN: usize = 5;

/// Columns fitted to a screen.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    /// Width of each column; `None` if it is not shown.
    widths: Vec<Option<usize>>,
    alignments: Vec<Alignment>,
}

impl Rows {
    /// Fits columns to the screen; `None` if nothing can be shown.
    pub(crate) fn fit(wanted: &[usize], alignments: &[Alignment], screen: usize) -> Option<Self> {
        if screen < SCREEN_CELLS_MIN {
            return None;
        }
        let widths = columns::fit(wanted, screen);
        widths.iter().any(Option::is_some).then(|| Self { widths, alignments: alignments.to_vec() })
    }

    /// The header and the dashes below it.
    pub(crate) fn header(&self, labels: &[String]) -> Vec<String> {
        let mut lines = self.wrapped(labels, &self.alignments);
        let dashes: Vec<String> = labels
            .iter()
            .zip(&self.widths)
            .map(|(label, width)| {
                let width = width.unwrap_or(0);
                // A column without a label is underlined as far as it goes.
                "-".repeat(if label.is_empty() { width } else { width.min(width::of(label)) })
            })
            .collect();
        lines.push(self.row(&dashes, &self.alignments));
        lines
    }

    /// The lines of one row; cells may have an alignment of their own.
    pub(crate) fn entry(&self, cells: &[String], own: &[Alignment], wrap: bool) -> Vec<String> {
        let alignments: Vec<Alignment> = self
            .alignments
            .iter()
            .enumerate()
            .map(|(at, column)| match own.get(at) {
                None | Some(Alignment::Undefined) => *column,
                Some(alignment) => *alignment,
            })
            .collect();
        if wrap { self.wrapped(cells, &alignments) } else { vec![self.row(cells, &alignments)] }
    }

    /// One line. The last column of all is not padded; it may not be the last that is shown.
    fn row(&self, cells: &[String], alignments: &[Alignment]) -> String {
        let mut line = String::new();
        for (at, width) in self.widths.iter().enumerate() {
            let Some(width) = *width else { continue };
            if at > 0 {
                line.push(' ');
            }
            let cell = cells.get(at).map_or("", String::as_str);
            line.push_str(&field(cell, width, alignments[at], at + 1 < self.widths.len()));
        }
        line
    }

    /// As many lines as the longest cell needs.
    fn wrapped(&self, cells: &[String], alignments: &[Alignment]) -> Vec<String> {
        let shown: Vec<(usize, usize)> =
            self.widths.iter().enumerate().filter_map(|(at, width)| Some((at, (*width)?))).collect();
        let columns: Vec<Vec<String>> = shown
            .iter()
            .enumerate()
            .map(|(order, (at, width))| {
                let cell = cells.get(*at).map_or("", String::as_str);
                let padded = order + 1 < shown.len();
                multi_line(cell, *width, alignments[*at], padded)
            })
            .collect();
        let count = columns.iter().map(Vec::len).max().unwrap_or(0);
        (0..count)
            .map(|line| {
                let last = columns.iter().rposition(|column| column.len() > line).unwrap_or(0);
                let mut out = String::new();
                for (order, column) in columns.iter().enumerate().take(last + 1) {
                    if order > 0 {
                        out.push(' ');
                    }
                    match column.get(line) {
                        Some(text) => out.push_str(text),
                        None => out.push_str(&width::blanks(shown[order].1)),
                    }
                }
                // Nothing follows in this line: what fills the last cell is of no use.
                if line > 0 && last + 1 < columns.len() {
                    out.truncate(out.trim_end().len());
                }
                out
            })
            .collect()
    }
}

/// The lines of a cell in a column of `width` cells.
fn multi_line(cell: &str, width: usize, alignment: Alignment, padded: bool) -> Vec<String> {
    let mut lines = wrap::wrap(cell, width, width);
    if lines.len() > 1 {
        for line in &mut lines {
            line.truncate(line.trim_end().len());
        }
    }
    lines.into_iter().map(|line| field(&line, width, alignment, padded)).collect()
}

/// One cell: cut to its column with an ellipsis, or padded.
pub(crate) fn field(cell: &str, width: usize, alignment: Alignment, padded: bool) -> String {
    let mut text = wrap::first_line(cell);
    let cells = width::of(&text);
    if cells > width {
        text = match (alignment, width) {
            (Alignment::Right, 0 | 1) => width::tail(&text, width).to_owned(),
            (_, 0 | 1) => width::head(&text, width).to_owned(),
            (Alignment::Right, _) => format!("{}{}", width::ELLIPSIS, width::tail(&text, width - 1)),
            _ => format!("{}{}", width::head(&text, width - 1), width::ELLIPSIS),
        };
        // Half of a wide character was lost.
        if width::of(&text) < width {
            match alignment {
                Alignment::Right => text.insert(0, ' '),
                _ if padded => text.push(' '),
                _ => {}
            }
        }
        return text;
    }
    let blanks = width - cells;
    match alignment {
        Alignment::Right => format!("{}{text}", width::blanks(blanks)),
        Alignment::Center => {
            let left = blanks / 2;
            let right = if padded { blanks - left } else { 0 };
            format!("{}{text}{}", width::blanks(left), width::blanks(right))
        }
        Alignment::Undefined | Alignment::Left => {
            if padded {
                text.push_str(&width::blanks(blanks));
            }
            text
        }
    }
}

/// How many columns of a wide view fit when the longest value has `longest` cells.
pub(crate) fn columns_that_fit(longest: usize, screen: usize) -> usize {
    if longest == 0 || longest >= screen {
        return 1;
    }
    // One more fits while its cells and separators stay below the screen's width.
    let mut columns = 1;
    while longest * (columns + 1) + columns < screen {
        columns += 1;
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_aligned_cells_lose_their_front() {
        // views-golden, ft-number-truncated and sweep-auto
        assert_eq!(field("12345678", 6, Alignment::Right, true), "…45678");
        assert_eq!(field("True", 1, Alignment::Right, true), "e");
        assert_eq!(field("ghijk", 1, Alignment::Left, true), "g");
    }

    #[test]
    fn a_wide_character_cut_in_half_leaves_a_blank() {
        // views-golden, ft-cjk-truncated-w20
        assert_eq!(field("林檎園の東の端にある古い木", 20, Alignment::Left, true), "林檎園の東の端にあ… ");
    }

    #[test]
    fn the_longest_value_decides_how_many_columns_fit() {
        // views-golden, sweep-wide-auto
        assert_eq!([9, 10, 24, 25].map(|screen| columns_that_fit(4, screen)), [1, 2, 4, 5]);
    }
}
