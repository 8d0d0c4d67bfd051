//! Source text in pieces: words, numbers, texts, comments, symbols, with their byte ranges.
//!
//! Not a parser: any text has pieces, also half-typed. What they mean is for others to decide (`repl`, `last_result`).

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Space,
    /// A comment; `open` when its end is missing.
    Comment {
        open: bool,
    },
    /// A text or character in quotes; `open` when its end is missing.
    Text {
        open: bool,
    },
    Number,
    Word,
    /// One symbol, or one of the two-letter symbols that matter: `#{`, `?.`, `=>`, `::`, `${`.
    Symbol,
}

/// A piece of source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Piece {
    pub(crate) fn text<'a>(&self, source: &'a str) -> &'a str {
        source.get(self.start..self.end).unwrap_or("")
    }
}

const PAIRS: [&str; 5] = ["#{", "?.", "=>", "::", "${"];

/// All pieces of `source`, end to end.
pub(crate) fn pieces(source: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(first) = source.get(start..).and_then(|rest| rest.chars().next()) {
        let (kind, length) = piece(&source[start..], first);
        let end = start + length.max(first.len_utf8());
        found.push(Piece { kind, start, end });
        start = end;
    }
    found
}

/// As [`pieces`], with the code in `${…}` of texts in pieces too.
pub(crate) fn pieces_within(source: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    for piece in pieces(source) {
        match piece.kind {
            Kind::Text { open } if piece.text(source).starts_with('`') => {
                text_and_code(source, piece, open, &mut found)
            }
            _ => found.push(piece),
        }
    }
    found
}

/// Takes a text in backticks apart.
fn text_and_code(source: &str, whole: Piece, open: bool, found: &mut Vec<Piece>) {
    let text = whole.text(source);
    let mut begun = 0;
    let mut at = 1;
    let push = |found: &mut Vec<Piece>, kind, start: usize, end: usize| {
        if start < end {
            found.push(Piece { kind, start: whole.start + start, end: whole.start + end });
        }
    };
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if !text[at..].starts_with("${") {
            at += letter.len_utf8();
            continue;
        }
        push(found, Kind::Text { open: false }, begun, at);
        push(found, Kind::Symbol, at, at + 2);
        let inner = at + 2;
        let ended = code(&text[inner..]);
        let end = ended.map_or(text.len(), |length| inner + length - 1);
        for piece in pieces_within(&text[inner..end]) {
            push(found, piece.kind, inner + piece.start, inner + piece.end);
        }
        if ended.is_some() {
            push(found, Kind::Symbol, end, end + 1);
        }
        begun = if ended.is_some() { end + 1 } else { end };
        at = begun;
    }
    push(found, Kind::Text { open }, begun, text.len());
}

/// Where a line and a column (characters) are in a text, both counted from 1.
pub(crate) fn offset(source: &str, line: usize, column: usize) -> Option<usize> {
    let before: usize = source.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let within: usize = source.get(before..)?.chars().take(column.checked_sub(1)?).map(char::len_utf8).sum();
    Some(before + within)
}

/// Line and column (characters) of a byte, both counted from 1.
pub(crate) fn line_and_column(source: &str, at: usize) -> (usize, usize) {
    let before = source.get(..at).unwrap_or(source);
    let begun = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[begun..].chars().count() + 1)
}

fn piece(rest: &str, first: char) -> (Kind, usize) {
    let run = |test: fn(char) -> bool| rest.find(|c| !test(c)).unwrap_or(rest.len());
    if first.is_whitespace() {
        return (Kind::Space, run(char::is_whitespace));
    }
    if rest.starts_with("//") {
        return (Kind::Comment { open: false }, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    if first.is_ascii_digit() {
        return (Kind::Number, number(rest));
    }
    if first.is_alphabetic() || first == '_' {
        return (Kind::Word, run(|c| c.is_alphanumeric() || c == '_'));
    }
    match first {
        '"' | '\'' => quoted(rest, first),
        '`' => interpolated(rest),
        '#' if raw_quotes(rest) > 0 => raw(rest),
        _ => {
            let pair = PAIRS.iter().find(|pair| rest.starts_with(**pair));
            (Kind::Symbol, pair.map_or(first.len_utf8(), |pair| pair.len()))
        }
    }
}

/// Comments nest.
fn block_comment(rest: &str) -> (Kind, usize) {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest[at..];
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return (Kind::Comment { open: false }, at);
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    (Kind::Comment { open: true }, rest.len())
}

/// Digits, one point that a digit follows, an exponent; `1..5` is a range and `1.max(2)` a call.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut seen_point = false;
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        let next_is_digit = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' => at += 1,
            b'.' if !seen_point && next_is_digit => {
                seen_point = true;
                at += 1;
            }
            _ => break,
        }
    }
    at
}

fn quoted(rest: &str, quote: char) -> (Kind, usize) {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' => return (Kind::Text { open: true }, at),
            _ if letter == quote => return (Kind::Text { open: false }, at + 1),
            _ => {}
        }
    }
    (Kind::Text { open: true }, rest.len())
}

/// A text in backticks, with the code in its `${…}`; the end of the text is outside of that code.
fn interpolated(rest: &str) -> (Kind, usize) {
    let mut at = 1;
    while let Some(letter) = rest.get(at..).and_then(|here| here.chars().next()) {
        if letter == '`' {
            return (Kind::Text { open: false }, at + 1);
        }
        if rest[at..].starts_with("${") {
            match code(&rest[at + 2..]) {
                Some(length) => at += 2 + length,
                None => break,
            }
        } else {
            at += letter.len_utf8();
        }
    }
    (Kind::Text { open: true }, rest.len())
}

/// The length of code up to and with the brace that ends it.
fn code(rest: &str) -> Option<usize> {
    let mut depth = 0;
    let mut at = 0;
    while let Some(first) = rest.get(at..).and_then(|here| here.chars().next()) {
        let (kind, length) = piece(&rest[at..], first);
        let length = length.max(first.len_utf8());
        match (kind, &rest[at..at + length]) {
            (Kind::Symbol, "{" | "#{" | "${") => depth += 1,
            (Kind::Symbol, "}") if depth == 0 => return Some(at + length),
            (Kind::Symbol, "}") => depth -= 1,
            (Kind::Text { open: true } | Kind::Comment { open: true }, _) => return None,
            _ => {}
        }
        at += length;
    }
    None
}

/// How many `#` stand before the quote of a raw text; 0 when it is none.
fn raw_quotes(rest: &str) -> usize {
    let count = rest.find(|c| c != '#').unwrap_or(0);
    if rest[count..].starts_with('"') { count } else { 0 }
}

fn raw(rest: &str) -> (Kind, usize) {
    let count = raw_quotes(rest);
    let end = format!("\"{}", "#".repeat(count));
    match rest[count + 1..].find(&end) {
        Some(at) => (Kind::Text { open: false }, count + 1 + at + end.len()),
        None => (Kind::Text { open: true }, rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str) -> Vec<&str> {
        pieces(source).into_iter().filter(|piece| piece.kind != Kind::Space).map(|piece| piece.text(source)).collect()
    }

    #[test]
    fn pieces_are_what_they_look_like() {
        let source = r#"get_mailbox(#{ A: 1.5 }).x // all"#;
        assert_eq!(shown(source), ["get_mailbox", "(", "#{", "A", ":", "1.5", "}", ")", ".", "x", "// all"]);
        assert_eq!(
            shown("`a ${f(#{b: \"}\"})} c` + #\"raw \" text\"# 1..5"),
            ["`a ${f(#{b: \"}\"})} c`", "+", "#\"raw \" text\"#", "1", ".", ".", "5"]
        );
        assert_eq!(shown("/* a /* b */ c */ d"), ["/* a /* b */ c */", "d"]);
    }

    #[test]
    fn code_inside_a_text_is_in_pieces_when_that_is_asked_for() {
        let source = "`a ${f(`${_}`)} ${x";
        let texts: Vec<&str> = pieces_within(source).iter().map(|piece| piece.text(source)).collect();
        assert_eq!(texts, ["`a ", "${", "f", "(", "`", "${", "_", "}", "`", ")", "}", " ", "${", "x"]);
        assert_eq!(offset("é\nab", 2, 2), Some(4));
    }

    #[test]
    fn what_is_not_ended_is_open() {
        for source in ["\"abc", "`a ${b", "`a", "/* a", "#\"x"] {
            let last = pieces(source).pop().unwrap();
            assert!(matches!(last.kind, Kind::Text { open: true } | Kind::Comment { open: true }), "{source}");
        }
    }

    #[test]
    fn pieces_cover_any_text() {
        for source in ["", "é→\"ü", "#", "$", "`${`${", "\\", "'", "1e", "\u{1f600}x", "#{#\"#"] {
            assert_eq!(pieces_within(source).iter().map(|piece| piece.text(source)).collect::<String>(), source);
            let pieces = pieces(source);
            assert_eq!(pieces.iter().map(|piece| piece.text(source)).collect::<String>(), source);
        }
    }
}
