//! `_`, the last result at a prompt: Rhai keeps the word for itself, so a prompt writes [`LAST_RESULT`] in its place.
//!
//! Not here: which `_` means the last result (`repl`), and keeping the value (`interpreter`).

use rhai::{Engine, LexError, Token};

/// Stands for `_` in code from a prompt; a private character, so that no source has it by accident and no position moves.
pub const LAST_RESULT: char = '\u{e05f}';

/// The variable behind it.
pub(super) const VARIABLE: &str = "_";

/// Makes the engine read [`LAST_RESULT`] as a variable.
pub(super) fn register(engine: &mut Engine) {
    #[allow(deprecated)] // not deprecated but volatile, says Rhai; the version is pinned
    engine.on_parse_token(|token, _, _| match &token {
        Token::LexError(error) if matches!(&**error, LexError::UnexpectedInput(text) if text.starts_with(LAST_RESULT)) => {
            Token::Identifier(Box::new(VARIABLE.into()))
        }
        _ => token,
    });
}
