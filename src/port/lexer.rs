//! Characters of PowerShell source: classes, white space, comments, and the cursor that walks them.
//!
//! The parser decides what a character means; PowerShell cannot be cut into tokens without knowing the mode.

use crate::diagnostic::Span;

use super::ast::Comment;

/// `"` and its typographic kin.
pub(super) fn is_double_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}')
}

/// `'` and its typographic kin.
pub(super) fn is_single_quote(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}')
}

/// `-` and its typographic kin.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2013}' | '\u{2014}' | '\u{2015}')
}

/// White space within a line.
pub(super) fn is_blank(c: char) -> bool {
    c == ' '
        || c == '\t'
        || c == '\u{b}'
        || c == '\u{c}'
        || c == '\u{feff}'
        || c == '\u{85}'
        || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}') // of no width, from web pages
        || (c > '\u{7f}' && c.is_whitespace())
}

/// A line end.
pub(super) fn is_line_end(c: char) -> bool {
    c == '\n' || c == '\r'
}

/// Begins a name.
pub(super) fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// Goes on in a name.
pub(super) fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Ends a bare word in argument mode.
pub(super) fn ends_word(c: char) -> bool {
    is_blank(c) || is_line_end(c) || matches!(c, '&' | '(' | ')' | ',' | ';' | '{' | '|' | '}' | '<' | '>' | '\0')
}

/// A position in the source that moves forward (and back, for a second try).
#[derive(Debug)]
pub(super) struct Cursor<'s> {
    pub(super) source: &'s str,
    pub(super) pos: usize,
    pub(super) comments: Vec<Comment>,
    /// Whether the end of the source was met inside something unfinished.
    pub(super) unfinished: bool,
}

impl<'s> Cursor<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self { source, pos: 0, comments: Vec::new(), unfinished: false }
    }

    /// The same place, to look ahead from: without the comments, which may be many.
    pub(super) fn ahead(&self) -> Self {
        Self { source: self.source, pos: self.pos, comments: Vec::new(), unfinished: self.unfinished }
    }

    pub(super) fn rest(&self) -> &'s str {
        self.source.get(self.pos..).unwrap_or("")
    }

    /// The next character; NUL at the end.
    pub(super) fn peek(&self) -> char {
        self.rest().chars().next().unwrap_or('\0')
    }

    /// The character `n` places ahead; NUL past the end.
    pub(super) fn peek_at(&self, n: usize) -> char {
        self.rest().chars().nth(n).unwrap_or('\0')
    }

    pub(super) fn at_end(&self) -> bool {
        self.pos >= self.source.len()
    }

    pub(super) fn bump(&mut self) -> char {
        let c = self.peek();
        if !self.at_end() {
            self.pos += c.len_utf8();
        }
        c
    }

    pub(super) fn bump_n(&mut self, n: usize) {
        for _ in 0..n {
            self.bump();
        }
    }

    pub(super) fn eat(&mut self, c: char) -> bool {
        let found = !self.at_end() && self.peek() == c;
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn text(&self, start: usize, end: usize) -> &'s str {
        self.source.get(start..end).unwrap_or("")
    }

    /// The name at the cursor in lower case, not consumed.
    pub(super) fn word(&self) -> String {
        self.rest().chars().take_while(|c| is_name(*c)).collect::<String>().to_lowercase()
    }

    /// Skips blanks, comments and continued lines; line ends too when `lines`.
    pub(super) fn skip(&mut self, lines: bool) {
        loop {
            let c = self.peek();
            if self.at_end() {
                return;
            }
            if is_blank(c) || (lines && is_line_end(c)) {
                self.bump();
            } else if c == '`' && is_line_end(self.peek_at(1)) {
                self.bump();
                if self.bump() == '\r' {
                    self.eat('\n');
                }
            } else if c == '`' && is_blank(self.peek_at(1)) && self.blank_to_line_end(1) {
                // a continuation with blanks after it: an escaped blank, harmless
                self.bump_n(2);
            } else if c == '#' {
                self.line_comment();
            } else if c == '<' && self.peek_at(1) == '#' {
                self.block_comment();
            } else {
                return;
            }
        }
    }

    fn blank_to_line_end(&self, from: usize) -> bool {
        self.rest().chars().skip(from).find(|c| !is_blank(*c)).is_none_or(is_line_end)
    }

    fn line_comment(&mut self) {
        let start = self.pos;
        while !self.at_end() && !is_line_end(self.peek()) {
            self.bump();
        }
        let text = self.text(start + 1, self.pos).trim_end().to_owned();
        self.note(Comment { span: Span::new(start, self.pos), text, block: false });
    }

    fn block_comment(&mut self) {
        let start = self.pos;
        let length = self.rest().find("#>");
        self.unfinished |= length.is_none();
        let inner_end = length.map_or(self.source.len(), |n| start + n);
        self.pos = length.map_or(self.source.len(), |n| start + n + 2);
        let text = self.text((start + 2).min(inner_end), inner_end).to_owned();
        self.note(Comment { span: Span::new(start, self.pos), text, block: true });
    }

    fn note(&mut self, comment: Comment) {
        if self.comments.last().is_none_or(|last| last.span.start < comment.span.start) {
            self.comments.push(comment);
        }
    }

    /// Skips white space, line ends and semicolons.
    pub(super) fn skip_separators(&mut self) {
        loop {
            self.skip(true);
            if !self.eat(';') {
                return;
            }
        }
    }
}
