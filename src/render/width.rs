//! How many terminal cells text takes, and how to cut it to cells.
//!
//! Counted character by character, as PowerShell counts: no joining of emoji sequences, no terminal is asked.

use unicode_width::UnicodeWidthChar;

/// The sign that text was cut.
pub const ELLIPSIS: char = '…';

/// Cells of one character: 0 for combining marks, 2 for wide ones, 1 for the rest, controls too.
///
/// Wide are East Asian letters and everything beyond the basic plane: PowerShell counts UTF-16 code units there.
#[must_use]
pub fn of_char(character: char) -> usize {
    match character {
        ' '..='~' => 1,
        '\u{1100}'..='\u{115f}' | '\u{2329}' | '\u{232a}' => 2,
        '\u{303f}' => 1,
        '\u{302a}'..='\u{302f}' | '\u{3099}' | '\u{309a}' => 0,
        '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' => 2,
        '\u{fe10}'..='\u{fe19}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' => 2,
        '\u{ffe0}'..='\u{ffe6}' | '\u{10000}'.. => 2,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{ad}' | '\u{feff}' => 1,
        other => usize::from(UnicodeWidthChar::width(other) != Some(0)),
    }
}

/// Cells of a text on one line; escape sequences take none.
#[must_use]
pub fn of(text: &str) -> usize {
    if text.is_ascii() && !text.contains('\u{1b}') {
        return text.len();
    }
    strip_escapes(text).chars().map(of_char).sum()
}

/// The longest prefix of at most `cells` cells.
#[must_use]
pub fn head(text: &str, cells: usize) -> &str {
    let mut used = 0;
    for (at, character) in text.char_indices() {
        used += of_char(character);
        if used > cells {
            return &text[..at];
        }
    }
    text
}

/// The longest suffix of at most `cells` cells.
#[must_use]
pub fn tail(text: &str, cells: usize) -> &str {
    let mut used = 0;
    for (at, character) in text.char_indices().rev() {
        used += of_char(character);
        if used > cells {
            return &text[at + character.len_utf8()..];
        }
    }
    text
}

/// `count` blanks.
#[must_use]
pub fn blanks(count: usize) -> String {
    " ".repeat(count)
}

/// The text without terminal escape sequences (`ESC [ … letter` and `ESC ] … BEL`).
#[must_use]
pub fn strip_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        rest = if let Some(control) = after.strip_prefix('[') {
            match control.find(|c: char| ('\u{40}'..='\u{7e}').contains(&c)) {
                Some(end) => &control[end + 1..],
                None => "",
            }
        } else if let Some(control) = after.strip_prefix(']') {
            match control.find(['\u{7}', '\u{1b}']) {
                Some(end) => control[end + 1..].trim_start_matches('\\'),
                None => "",
            }
        } else {
            out.push('\u{1b}');
            after
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_cells_and_combining_marks_none() {
        assert_eq!((of("abc"), of("林檎"), of("e\u{301}"), of("🍐")), (3, 4, 1, 2));
    }

    #[test]
    fn cutting_never_halves_a_wide_character() {
        assert_eq!((head("林檎園", 5), tail("林檎園", 3)), ("林檎", "園"));
    }

    #[test]
    fn escape_sequences_are_removed() {
        assert_eq!(strip_escapes("\u{1b}[31mred\u{1b}[0m"), "red");
    }
}
