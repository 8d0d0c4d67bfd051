//! What the screen of a table looks like, line by line.
//!
//! What the keys do is `table`'s.

use super::Look;
use super::table::Table;
use crate::render::Part;
use crate::render::width::{self, blanks};
use crate::script::Takes;

/// Before each row: the sign of the cursor, the sign of a mark, a blank.
const MARGIN: usize = 3;
/// Between two columns.
const GAP: usize = 2;
/// A column that does not fit is shown cut, if it has this much room.
const CUT_CELLS_MIN: usize = 10;
/// Lines that are no rows: title, header, rule, keys.
const FRAME_LINES: usize = 4;

/// All lines of a screen of `(columns, lines)` cells.
pub(super) fn lines(table: &mut Table<'_>, (columns, lines): (usize, usize), look: Look) -> Vec<String> {
    table.room = lines.saturating_sub(FRAME_LINES).max(1);
    table.first = table.first.clamp((table.cursor + 1).saturating_sub(table.room), table.cursor);
    // a full last cell would wrap
    let cells = columns.saturating_sub(1);
    let visible = visible(table, cells.saturating_sub(MARGIN));
    let mut out = vec![title(table, cells, look), header(table, &visible, look), rule(&visible, look)];
    for (at, row) in table.shown.iter().enumerate().skip(table.first).take(table.room) {
        out.push(line(table, &visible, at == table.cursor, *row, cells, look));
    }
    out.resize(table.room + FRAME_LINES - 1, String::new());
    out.push(look.theme.paint(Part::Muted, width::head(keys(table), cells)));
    out
}

/// The columns on the screen with their widths, that of the cursor among them; the last one has what is left.
fn visible(table: &Table<'_>, cells: usize) -> Vec<(usize, usize)> {
    let span = |from: usize| -> usize {
        (from..=table.column).filter_map(|at| table.widths.get(at)).map(|width| width + GAP).sum()
    };
    let from = (0..=table.column).find(|from| span(*from) <= cells + GAP).unwrap_or(table.column);
    let (mut found, mut left) = (Vec::new(), cells);
    for (at, width) in table.widths.iter().copied().enumerate().skip(from) {
        if left == 0 || width > left && left < CUT_CELLS_MIN && !found.is_empty() {
            break;
        }
        found.push((at, width.min(left)));
        left = left.saturating_sub(width + GAP);
    }
    if let Some((at, width)) = found.last_mut() {
        let widest = table.grid.rows.iter().filter_map(|row| row.get(*at)).map(|cell| width::of(cell)).max();
        *width = (*width + left).min(widest.unwrap_or(0).max(*width));
    }
    found
}

fn title(table: &Table<'_>, cells: usize, look: Look) -> String {
    let count = match (table.shown.len(), table.grid.rows.len()) {
        (shown, all) if shown == all => format!("{all} rows"),
        (shown, all) => format!("{shown} of {all} rows"),
    };
    let mut parts = vec![count];
    if !table.marked.is_empty() {
        parts.push(format!("{} marked", table.marked.len()));
    }
    if table.typing || !table.filter.is_empty() {
        parts.push(format!("filter: {}{}", table.filter, if table.typing { "_" } else { "" }));
    }
    let told = parts.join(", ");
    let title = harmless(&table.grid.title);
    let title = width::head(&title, cells.saturating_sub(width::of(&told) + GAP));
    let gap = blanks(if title.is_empty() { 0 } else { GAP });
    format!("{}{gap}{}", look.theme.paint(Part::Emphasis, title), width::head(&told, cells))
}

fn header(table: &Table<'_>, visible: &[(usize, usize)], look: Look) -> String {
    let labels = visible.iter().map(|(at, width)| {
        let sign = match table.sorted {
            Some((column, descending)) if column == *at => match (look.unicode, descending) {
                (true, false) => " ↑",
                (true, true) => " ↓",
                (false, false) => " ^",
                (false, true) => " v",
            },
            _ => "",
        };
        let text = fitted(&format!("{}{sign}", table.grid.columns[*at]), *width, table.numeric[*at], look.unicode);
        let part = if *at == table.column { Part::Emphasis } else { Part::Header };
        look.theme.paint(part, &text)
    });
    format!("{}{}", blanks(MARGIN), labels.collect::<Vec<_>>().join(&blanks(GAP)))
}

fn rule(visible: &[(usize, usize)], look: Look) -> String {
    let sign = if look.unicode { "─" } else { "-" };
    let parts: Vec<String> = visible.iter().map(|(_, width)| sign.repeat(*width)).collect();
    look.theme.paint(Part::Frame, &format!("{}{}", blanks(MARGIN), parts.join(&blanks(GAP))))
}

fn line(
    table: &Table<'_>,
    visible: &[(usize, usize)],
    at_cursor: bool,
    row: usize,
    cells: usize,
    look: Look,
) -> String {
    let empty = String::new();
    let parts = visible.iter().map(|(at, width)| {
        let cell = table.grid.rows[row].get(*at).unwrap_or(&empty);
        fitted(cell, *width, table.numeric[*at], look.unicode)
    });
    let text = parts.collect::<Vec<_>>().join(&blanks(GAP));
    let cursor = if at_cursor { '>' } else { ' ' };
    let mark = if table.marked.contains(&row) { '*' } else { ' ' };
    let text = format!("{cursor}{mark} {text}");
    if at_cursor {
        let rest = blanks(cells.saturating_sub(width::of(&text)));
        return look.theme.paint(Part::Selected, &format!("{text}{rest}"));
    }
    text.trim_end().to_owned()
}

/// The text without what acts on a terminal.
fn harmless(text: &str) -> String {
    width::strip_escapes(text).chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// The text in exactly so many cells; nothing in it acts on the terminal.
fn fitted(text: &str, cells: usize, to_the_right: bool, unicode: bool) -> String {
    let plain = harmless(text);
    let taken = width::of(&plain);
    if taken > cells {
        let sign = if unicode { "…" } else { "~" };
        let head = width::head(&plain, cells.saturating_sub(1));
        return format!("{head}{sign}{}", blanks(cells.saturating_sub(width::of(head) + 1)));
    }
    let rest = blanks(cells - taken);
    if to_the_right { format!("{rest}{plain}") } else { format!("{plain}{rest}") }
}

fn keys(table: &Table<'_>) -> &'static str {
    match (table.typing, table.grid.takes) {
        (true, _) => "type what rows must contain   enter done   esc all rows",
        (false, Takes::Nothing) => "up/down rows   left/right columns   s sort   / filter   q leave",
        (false, Takes::One) => "up/down rows   left/right columns   s sort   / filter   enter take this row   q none",
        (false, Takes::Many) => {
            "up/down rows   left/right columns   s sort   / filter   space mark   a all   enter take   q none"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Theme;
    use crate::script::Grid;
    use console::Key;

    const PLAIN: Look = Look { theme: Theme::Plain, unicode: true };

    fn grid() -> Grid {
        let row = |at: usize| vec![format!("box{at:02}"), (at * 1000).to_string(), "a long remark ".repeat(at)];
        Grid {
            title: "Boxes".to_owned(),
            columns: ["Name", "Items", "Remark"].map(str::to_owned).to_vec(),
            rows: (1..30).map(row).collect(),
            takes: Takes::Many,
        }
    }

    #[test]
    fn a_screen_has_title_header_rows_and_keys_and_no_line_is_too_long() {
        let grid = grid();
        let mut table = Table::new(&grid);
        table.press(&Key::Char(' '));
        let screen = lines(&mut table, (40, 8), PLAIN);
        assert_eq!(screen.len(), 8);
        assert_eq!(screen[0], "Boxes  29 rows, 1 marked");
        assert_eq!(screen[1].trim_end(), "   Name      Items  Remark");
        assert_eq!(screen[3], " * box01      1000  a long remark");
        assert_eq!(screen[4].trim_end(), ">  box02      2000  a long remark a lo…");
        assert!(screen.iter().all(|line| width::of(line) < 40), "{screen:#?}");
    }

    #[test]
    fn the_screen_follows_the_cursor_down_and_to_the_right() {
        let grid = grid();
        let mut table = Table::new(&grid);
        table.press(&Key::End);
        table.press(&Key::ArrowRight);
        table.press(&Key::ArrowRight);
        let screen = lines(&mut table, (30, 9), PLAIN);
        assert!(screen[7].starts_with(">") && screen[1].trim() == "Remark", "{screen:#?}");
        table.press(&Key::Home);
        table.press(&Key::ArrowLeft);
        let screen = lines(&mut table, (30, 9), PLAIN);
        assert!(screen[3].starts_with(">") && screen[1].contains("Items"), "{screen:#?}");
    }

    #[test]
    fn what_a_server_sends_cannot_act_on_the_terminal() {
        assert_eq!(fitted("a\u{1b}[2Jb\nc\u{7}", 6, false, true), "ab c  ");
        let grid = Grid { title: "a\u{1b}[2Jb\u{7}".to_owned(), ..grid() };
        assert_eq!(title(&Table::new(&grid), 40, PLAIN), "ab   29 rows");
        assert_eq!(fitted("箱箱箱", 5, false, true), "箱箱…");
    }
}
