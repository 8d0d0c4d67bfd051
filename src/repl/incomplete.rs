//! Whether Enter should begin another line instead of running what is there.
//!
//! Not here: what is wrong with a text that is complete (`script` says so when it runs).

use rhai::{Engine, LexError, ParseError, ParseErrorType};

use crate::script::scan::{self, Kind};

/// Whether `text` is the beginning of something: its parser stopped at the end and wanted more.
///
/// Two empty lines at the end always run what is there.
#[must_use]
pub fn is_incomplete(engine: &Engine, text: &str) -> bool {
    let body = text.trim_end();
    let is_question = !body.contains('\n') && body.ends_with("??");
    if body.is_empty() || body.starts_with(':') || is_question || text.ends_with("\n\n") {
        return false;
    }
    // The parser takes a comment without an end for a comment.
    if scan::pieces(body).last().is_some_and(|piece| piece.kind == Kind::Comment { open: true }) {
        return true;
    }
    let Err(error) = engine.compile(body) else { return false };
    // Ported text has forms of its own.
    wants_more(&error, body) || crate::script::ps::read(body).is_err_and(|error| wants_more(&error, body))
}

/// Whether the parser stopped at the end.
fn wants_more(error: &ParseError, body: &str) -> bool {
    let position = error.position();
    match error.err_type() {
        // Only texts in backticks and raw texts may go on in the next line.
        ParseErrorType::BadInput(LexError::UnterminatedString) => match position.line() {
            None => true,
            Some(line) => {
                let column = position.position().unwrap_or(1);
                let opened_by = body.lines().nth(line - 1).and_then(|text| text.chars().nth(column - 1));
                matches!(opened_by, Some('`' | '#'))
            }
        },
        ParseErrorType::BadInput(_) => false,
        _ => {
            let lines = body.lines().count();
            let after_last = body.lines().last().map_or(0, |line| line.chars().count()) + 1;
            position.is_none() || (position.line() == Some(lines) && position.position() >= Some(after_last))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_goes_on() {
        let engine = Engine::new();
        for text in [
            "get_mailbox(",
            "get_mailbox(#{",
            "get_mailbox(#{ ResultSize: 10,",
            "get_mailbox().where(|it| it.Alias like \"a*\"",
            "let x =",
            "if x {",
            "for m in [1, 2] {\n  print(m);",
            "fn f(a) {",
            "1 +",
            "`two\nlines",
            "`a ${b",
            "#\"raw",
            "/* a comment",
            "x.",
            "[1, 2,",
            "switch x {\n 1 => 2,",
        ] {
            assert!(is_incomplete(&engine, text), "{text}");
        }
    }

    #[test]
    fn what_is_whole_or_wrong_runs() {
        let engine = Engine::new();
        for text in [
            "",
            "get_mailbox()",
            "get_mailbox(#{ ResultSize: 10 })",
            "let x = 1;",
            "\"no end",
            "x)",
            "let = 3",
            "if x { 1 } else { 2 }",
            "fn f(a) { a }",
            "// only a comment",
            ":help",
            "get_mailbox(\n\n",
            "get_mailbox??",
        ] {
            assert!(!is_incomplete(&engine, text), "{text}");
        }
    }
}
