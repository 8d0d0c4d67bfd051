//! The inputs of a session as a script: what worked, in order, with `_` given a name.
//!
//! Not here: writing the file.

use rhai::Engine;

use super::scan::{self, Kind};

/// What the last result is called in a saved script.
const LAST: &str = "last";

/// A script of `inputs`.
pub(super) fn script(engine: &Engine, inputs: &[String]) -> String {
    let mut text = String::from("// saved from the exsh prompt; run it with: exsh run FILE\n\n");
    let mut declared = false;
    for (index, input) in inputs.iter().enumerate() {
        let input = named(input);
        let later = inputs.get(index + 1..).unwrap_or_default();
        // A result is kept if it is asked for before the next one that is kept.
        let line = if later.first().is_some_and(|next| uses_last(next)) {
            keep_result(engine, &input, &mut declared)
        } else {
            input
        };
        text.push_str(line.trim_end());
        if !line.trim_end().ends_with([';', '}']) {
            text.push(';');
        }
        text.push('\n');
    }
    text
}

fn is_last(input: &str, piece: &scan::Piece, pieces: &[scan::Piece], index: usize) -> bool {
    let follows = pieces.get(index + 1..).unwrap_or_default().iter().find(|piece| piece.kind != Kind::Space);
    piece.kind == Kind::Word && piece.text(input) == "_" && follows.is_none_or(|next| next.text(input) != "=>")
}

fn uses_last(input: &str) -> bool {
    let pieces = scan::pieces(input);
    pieces.iter().enumerate().any(|(index, piece)| is_last(input, piece, &pieces, index))
}

/// `input` with every `_` that means the last result by its name in a script.
fn named(input: &str) -> String {
    let pieces = scan::pieces(input);
    let text = |(index, piece): (usize, &scan::Piece)| {
        if is_last(input, piece, &pieces, index) { LAST.to_owned() } else { piece.text(input).to_owned() }
    };
    pieces.iter().enumerate().map(text).collect()
}

/// The last statement of an input gives its value a name.
fn keep_result(engine: &Engine, input: &str, declared: &mut bool) -> String {
    let Ok(ast) = engine.compile(input) else { return input.to_owned() };
    let Some(position) = ast.statements().last().map(rhai::Stmt::position) else { return input.to_owned() };
    let (Some(line), Some(column)) = (position.line(), position.position()) else { return input.to_owned() };
    let before: usize = input.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let in_line: usize = input.get(before..).unwrap_or("").chars().take(column - 1).map(char::len_utf8).sum();
    // The position of a call in method style is that of its point: go back to where the statement begins.
    let at = statement_start(input, before + in_line);
    let (head, tail) = input.split_at(at);
    let declaration = if std::mem::replace(declared, true) { "" } else { "let " };
    format!("{head}{declaration}{LAST} = {tail}")
}

fn statement_start(input: &str, position: usize) -> usize {
    let mut depth = 0_i32;
    let mut start = 0;
    for piece in scan::pieces(input).iter().take_while(|piece| piece.start < position) {
        match piece.text(input) {
            "(" | "[" | "{" | "#{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            ";" if depth == 0 => start = piece.end,
            _ => {}
        }
    }
    start + input.get(start..).map_or(0, |rest| rest.len() - rest.trim_start().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_result_gets_a_name_where_it_is_used() {
        let inputs: Vec<String> = ["let a = 1", "a.max(2)", "_ + 1", "switch _ { 1 => 2, _ => 3 }", "print(\"_\")"]
            .map(str::to_owned)
            .to_vec();
        let script = script(&Engine::new(), &inputs);
        let lines: Vec<&str> = script.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "let a = 1;",
                "let last = a.max(2);",
                "last = last + 1;",
                "switch last { 1 => 2, _ => 3 }",
                "print(\"_\");"
            ]
        );
        let engine = Engine::new();
        assert!(engine.run(&script).is_ok());
    }
}
