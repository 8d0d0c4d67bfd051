//! `_`, the last result at a prompt: Rhai keeps the word for itself, so another symbol stands in while it compiles.
//!
//! Not here: keeping the value (`interpreter`).

use rhai::{Engine, Token};

/// The variable.
pub(super) const VARIABLE: &str = "_";

/// A symbol that Rhai reserves and nobody needs, as short as `_`, so that no position moves.
const STAND_IN: &str = "~";

/// Makes the engine read the symbol as the variable.
pub(super) fn register(engine: &mut Engine) {
    #[allow(deprecated)] // not deprecated but volatile, says Rhai; the version is pinned
    engine.on_parse_token(|token, _, _| match &token {
        Token::Reserved(symbol) if symbol.as_str() == STAND_IN => Token::Identifier(Box::new(VARIABLE.into())),
        _ => token,
    });
}

/// The code with every `_` that is no case of a `switch` replaced.
pub(super) fn mark(engine: &Engine, code: &str) -> String {
    let inputs = [code];
    let (tokens, _control) = engine.lex(&inputs);
    // After the end, Rhai goes on saying that this is the end.
    let mut tokens = tokens.take_while(|(token, _)| *token != Token::EOF).peekable();
    let mut marked = code.to_owned();
    while let Some((token, position)) = tokens.next() {
        let is_case = matches!(tokens.peek(), Some((Token::DoubleArrow | Token::If, _)));
        if token != Token::Underscore || is_case {
            continue;
        }
        let (Some(line), Some(column)) = (position.line(), position.position()) else { continue };
        let before: usize = code.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let within: usize = code.get(before..).unwrap_or("").chars().take(column - 1).map(char::len_utf8).sum();
        let at = before + within;
        if marked.get(at..at + 1) == Some(VARIABLE) {
            marked.replace_range(at..=at, STAND_IN);
        }
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_result_is_a_variable_except_as_a_case() {
        let mut engine = Engine::new();
        register(&mut engine);
        let mut scope = rhai::Scope::new();
        scope.set_value(VARIABLE, 40_i64);
        let table = [
            ("_ + 2", 42),
            ("_ - 2", 38),
            ("let e = \"é _\"; _ * 2", 80),
            ("switch _ { 40 => 1, _ => 2 }", 1),
            ("let a_b = 3;\n a_b + _", 43),
            ("[_, 5][0]", 40),
        ];
        for (code, expected) in table {
            assert_eq!(engine.eval_with_scope::<i64>(&mut scope, &mark(&engine, code)).unwrap(), expected, "{code}");
        }
    }
}
