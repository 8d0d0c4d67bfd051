//! Breaking text into lines: at line breaks, and at blanks where a line would be too long.
//!
//! A blank stays with the word before it; whoever wants none at a line's end trims it.

use crate::render::width;

/// The lines of a text: broken at line feeds, carriage returns dropped.
#[must_use]
pub fn split_lines(text: &str) -> Vec<String> {
    text.split('\n').map(|line| line.replace('\r', "")).collect()
}

/// The text up to its first line break; what was lost is marked.
#[must_use]
pub fn first_line(text: &str) -> String {
    match text.find(['\n', '\r']) {
        Some(at) => format!("{}{}", &text[..at], width::ELLIPSIS),
        None => text.to_owned(),
    }
}

/// Breaks `text` into lines of at most `first` cells, then of at most `following` cells.
///
/// A word with its blank that is wider than a line is broken wherever the line ends.
#[must_use]
pub fn wrap(text: &str, first: usize, following: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in split_lines(text) {
        if width::of(&line) <= first {
            lines.push(line);
        } else {
            Breaker { first: true, following, limit: first, left: first, line: String::new(), lines: &mut lines }
                .run(&line);
        }
    }
    lines
}

/// Breaks one line.
struct Breaker<'a> {
    first: bool,
    following: usize,
    limit: usize,
    left: usize,
    line: String,
    lines: &'a mut Vec<String>,
}

impl Breaker<'_> {
    fn run(mut self, text: &str) {
        for (word, delimiter) in words(text) {
            if self.limit == 0 {
                self.next_limit();
                if self.limit == 0 {
                    break;
                }
                self.left = self.limit;
            }
            let mut piece = word.to_owned();
            match delimiter {
                Some('\u{ad}') if width::of(word) + 1 == self.left => piece.push('-'),
                Some('\u{ad}') | None => {}
                Some(delimiter) => piece.push(delimiter),
            }
            let cells = width::of(&piece);
            if cells > self.limit {
                for character in piece.chars() {
                    let own = width::of_char(character);
                    // A wide character in a column of one cell cannot be shown at all.
                    let (shown, own) = if own > self.limit { ('?', 1) } else { (character, own) };
                    if own > self.left {
                        self.end_line();
                        self.left = self.limit;
                    }
                    self.line.push(shown);
                    self.left -= own;
                }
            } else {
                if cells > self.left {
                    self.end_line();
                    self.left = self.limit;
                }
                self.line.push_str(&piece);
                self.left -= cells;
            }
        }
        self.lines.push(self.line);
    }

    fn end_line(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
        self.next_limit();
    }

    fn next_limit(&mut self) {
        if self.first {
            self.first = false;
            self.limit = self.following;
        }
    }
}

/// Words, each with what ends it: blank, tab, soft hyphen, no-break space or hard hyphen.
fn words(text: &str) -> Vec<(&str, Option<char>)> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, character) in text.char_indices() {
        if matches!(character, ' ' | '\t' | '\u{ad}' | '\u{a0}' | '\u{2011}') {
            found.push((&text[start..at], Some(character)));
            start = at + character.len_utf8();
        }
    }
    found.push((&text[start..], None));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_stay_at_the_end_of_their_line() {
        assert_eq!(wrap("three four five", 9, 9), ["three ", "four five"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken_where_the_line_ends() {
        // views-golden, sweep-list-w14
        assert_eq!(wrap("three four five", 3, 3), ["thr", "ee ", "fou", "r f", "ive"]);
    }

    #[test]
    fn line_breaks_in_the_text_are_kept() {
        assert_eq!(wrap("one\r\ntwo", 80, 80), ["one", "two"]);
    }
}
