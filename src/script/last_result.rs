//! `_`, the last result at a prompt: Rhai keeps the word for itself, so another symbol stands in while it compiles.
//!
//! Not here: keeping the value (`interpreter`).

use rhai::{Engine, Token};

use super::scan::{self, Kind, Piece};

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

/// The code with every `_` that is no case of a `switch` replaced, also inside `${…}` of texts.
pub(super) fn mark(code: &str) -> String {
    let pieces = scan::pieces_within(code);
    let text = |(index, piece): (usize, &Piece)| {
        let stands_in = is_last(code, &pieces, index);
        if stands_in { STAND_IN } else { piece.text(code) }
    };
    pieces.iter().enumerate().map(text).collect()
}

/// Whether the piece at `index` is the last result: `_`, unless it is the case of a `switch` that is left.
pub(crate) fn is_last(code: &str, pieces: &[Piece], index: usize) -> bool {
    let mut following = pieces.iter().skip(index + 1).filter(|piece| piece.kind != Kind::Space);
    pieces.get(index).is_some_and(|piece| piece.kind == Kind::Word && piece.text(code) == VARIABLE)
        && following.next().is_none_or(|next| !matches!(next.text(code), "=>" | "if"))
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
            ("`${_}`.len() + `_`.len()", 3),
        ];
        for (code, expected) in table {
            assert_eq!(engine.eval_with_scope::<i64>(&mut scope, &mark(code)).unwrap(), expected, "{code}");
        }
    }
}
