//! Colours of a line as it is typed: words of the language, texts, known calls, unknown calls, the matching bracket.
//!
//! Not here: whether there are colours at all.

use std::fmt::Write as _;

use rhai::Engine;

use super::vocabulary::{KEYWORDS, Vocabulary};
use crate::script::scan::{self, Kind, Piece};

const KEYWORD: &str = "35";
const TEXT: &str = "32";
const NUMBER: &str = "36";
const COMMENT: &str = "90";
const KNOWN: &str = "1;34";
const UNKNOWN: &str = "31";
const COMMAND: &str = "33";
const BRACKET: &str = "1;4";

/// `line` with escape sequences for colours; the same text without them. The bracket at byte `cursor`, or just
/// before it, and its partner stand out.
#[must_use]
pub fn highlight(_engine: &Engine, vocabulary: &Vocabulary, line: &str, cursor: usize) -> String {
    if line.trim_start().starts_with(':') {
        return format!("\u{1b}[{COMMAND}m{line}\u{1b}[0m");
    }
    let pieces = scan::pieces_within(line);
    let pair = matching_brackets(line, &pieces, cursor);
    let mut shown = String::with_capacity(line.len() * 2);
    for (index, piece) in pieces.iter().enumerate() {
        let text = piece.text(line);
        let colour = match piece.kind {
            Kind::Space => None,
            Kind::Comment { .. } => Some(COMMENT),
            Kind::Text { .. } => Some(TEXT),
            Kind::Number => Some(NUMBER),
            Kind::Word => word_colour(vocabulary, line, &pieces, index),
            Kind::Symbol => pair.is_some_and(|(one, other)| index == one || index == other).then_some(BRACKET),
        };
        match colour {
            Some(colour) => {
                let _ = write!(shown, "\u{1b}[{colour}m{text}\u{1b}[0m"); // writing to a string cannot fail
            }
            None => shown.push_str(text),
        }
    }
    shown
}

fn word_colour(vocabulary: &Vocabulary, line: &str, pieces: &[Piece], index: usize) -> Option<&'static str> {
    let word = pieces.get(index)?.text(line);
    if KEYWORDS.contains(&word) {
        return Some(KEYWORD);
    }
    let before = pieces.get(..index)?.iter().rev().find(|piece| piece.kind != Kind::Space);
    let before = before.map_or("", |piece| piece.text(line));
    if before == "fn" {
        return Some(KNOWN);
    }
    let is_call = pieces.get(index + 1).is_some_and(|next| next.text(line) == "(");
    if !is_call {
        return None;
    }
    if vocabulary.can_call(word) {
        Some(KNOWN)
    } else if before == "::" {
        let module = pieces.get(index.checked_sub(2)?)?.text(line);
        let known = vocabulary.module(module)?; // a file of the user's own is nothing we know
        Some(if known.functions.iter().any(|function| function.name == word) { KNOWN } else { UNKNOWN })
    } else if before == "." || before == "?." {
        None // methods of values are not all in the vocabulary
    } else {
        Some(UNKNOWN)
    }
}

/// The bracket at or before the cursor, with its partner, as indices of pieces.
fn matching_brackets(line: &str, pieces: &[Piece], cursor: usize) -> Option<(usize, usize)> {
    let is_open =
        |piece: &Piece| piece.kind == Kind::Symbol && matches!(piece.text(line), "(" | "[" | "{" | "#{" | "${");
    let is_close = |piece: &Piece| piece.kind == Kind::Symbol && matches!(piece.text(line), ")" | "]" | "}");
    let mut open = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if is_open(piece) {
            open.push(index);
        } else if is_close(piece)
            && let Some(start) = open.pop()
        {
            let touches = |piece: &Piece| piece.start == cursor || piece.end == cursor;
            if touches(piece) || pieces.get(start).is_some_and(touches) {
                return Some((start, index));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn shown(line: &str, cursor: usize) -> String {
        let mut vocabulary = Vocabulary::default();
        let cmdlets = Catalog::built_in().find("Get-Mailbox").into_iter();
        vocabulary.set_cmdlets(cmdlets.map(|cmdlet| (cmdlet.snake_name(), cmdlet)));
        highlight(&Engine::new(), &vocabulary, line, cursor).replace('\u{1b}', "")
    }

    #[test]
    fn known_and_unknown_calls_look_different() {
        assert_eq!(shown("get_mailbox()", 0), "[1;34mget_mailbox[0m()");
        assert_eq!(shown("get_mailbux()", 0), "[31mget_mailbux[0m()");
        assert_eq!(shown("x.anything()", 0), "x.anything()");
        assert_eq!(shown("`a ${f()}`", 0), "[32m`a [0m${[31mf[0m()}[32m`[0m");
    }

    #[test]
    fn words_texts_numbers_and_comments_have_their_colours() {
        assert_eq!(shown("let x = \"a\" + 1 // c", 0), "[35mlet[0m x = [32m\"a\"[0m + [36m1[0m [90m// c[0m");
        assert_eq!(shown(":help", 0), "[33m:help[0m");
    }

    #[test]
    fn the_bracket_at_the_cursor_and_its_partner_stand_out() {
        assert_eq!(shown("[1, (2)]", 8), "[1;4m[[0m[36m1[0m, ([36m2[0m)[1;4m][0m");
    }

    #[test]
    fn colours_change_nothing_but_colours() {
        for line in ["get_mailbox(#{ A: `x ${y} z` }) // é", "\"open", "a\nb(\n)", "", "→"] {
            let coloured = highlight(&Engine::new(), &Vocabulary::default(), line, 3);
            let mut plain = String::new();
            let mut rest = coloured.as_str();
            while let Some((before, after)) = rest.split_once("\u{1b}[") {
                plain.push_str(before);
                rest = after.split_once('m').map_or("", |(_, rest)| rest);
            }
            plain.push_str(rest);
            assert_eq!(plain, line);
        }
    }
}
