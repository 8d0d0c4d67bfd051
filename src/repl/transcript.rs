//! The inputs of a session as a script: what worked, in order, with `_` given a name.
//!
//! Not here: writing the file.

use rhai::Engine;

use crate::script::last_result::is_last;
use crate::script::scan::{self, Kind};

/// What the last result is called in a saved script.
const LAST: &str = "last";

/// An input that worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) input: String,
    /// Whether its value was shown.
    pub(super) shown: bool,
    /// Whether it goes by PowerShell's rules.
    pub(super) ported: bool,
}

impl Entry {
    /// An input of plain Rhai.
    pub(super) fn plain(input: impl Into<String>, shown: bool) -> Self {
        Self { input: input.into(), shown, ported: false }
    }

    /// An input of ported text.
    pub(super) fn ported(input: impl Into<String>, shown: bool) -> Self {
        Self { input: input.into(), shown, ported: true }
    }
}

/// A script of `entries`; what was shown at the prompt is shown when it runs.
pub(super) fn script(engine: &Engine, entries: &[Entry]) -> String {
    let mut text = String::from("// saved from the exsh prompt; run it with: exsh run FILE\n\n");
    let asks = |entry: &Entry| crate::script::ps::wants(&entry.input);
    if entries.iter().any(|entry| entry.ported) && !entries.first().is_some_and(asks) {
        text.push_str("import \"powershell\" as ps;\n");
    }
    let mut declared = false;
    for (index, entry) in entries.iter().enumerate() {
        let input = named(&entry.input);
        // A result is kept if the next input asks for it.
        let kept = entries.get(index + 1).is_some_and(|next| uses_last(&next.input));
        let line = match last_statement(engine, &input) {
            Some((head, statement)) if kept => {
                let declaration = if std::mem::replace(&mut declared, true) { "" } else { "let " };
                let show = if entry.shown { format!("\nshow({LAST});") } else { String::new() };
                format!("{head}{declaration}{LAST} = {statement};{show}")
            }
            Some((head, statement)) if entry.shown => format!("{head}show({statement});"),
            _ => input,
        };
        text.push_str(line.trim_end());
        if !line.trim_end().ends_with([';', '}']) {
            text.push(';');
        }
        text.push('\n');
    }
    text
}

fn uses_last(input: &str) -> bool {
    let pieces = scan::pieces_within(input);
    (0..pieces.len()).any(|index| is_last(input, &pieces, index))
}

/// `input` with every `_` that means the last result by its name in a script.
fn named(input: &str) -> String {
    let pieces = scan::pieces_within(input);
    let text = |(index, piece): (usize, &scan::Piece)| {
        if is_last(input, &pieces, index) { LAST.to_owned() } else { piece.text(input).to_owned() }
    };
    pieces.iter().enumerate().map(text).collect()
}

/// What comes before the last statement of an input, and that statement without its semicolon.
fn last_statement<'a>(engine: &Engine, input: &'a str) -> Option<(&'a str, &'a str)> {
    let ast = engine.compile(input).or_else(|_| crate::script::ps::read(input)).ok()?;
    let position = ast.statements().last().map(rhai::Stmt::position)?;
    let (line, column) = (position.line()?, position.position()?);
    let position = scan::offset(input, line, column)?;
    // The position of a call in method style is that of its point: go back to where the statement begins.
    let (head, statement) = input.split_at_checked(statement_start(input, position))?;
    Some((head, without_end(statement)))
}

/// A statement without the semicolon and the comments after it.
fn without_end(statement: &str) -> &str {
    let pieces = scan::pieces(statement);
    let is_rest =
        |piece: &&scan::Piece| matches!(piece.kind, Kind::Space | Kind::Comment { .. }) || piece.text(statement) == ";";
    let end = pieces.iter().rev().find(|piece| !is_rest(piece)).map_or(0, |piece| piece.end);
    statement.get(..end).unwrap_or(statement)
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
    fn what_goes_by_powershells_rules_says_so_at_the_top() {
        let entries = [Entry::plain("let a = [1]", false), Entry::ported("a like \"1*\"", true)];
        let script = script(&Engine::new(), &entries);
        let lines: Vec<&str> = script.lines().skip(2).collect();
        assert_eq!(lines, ["import \"powershell\" as ps;", "let a = [1];", "show(a like \"1*\");"]);
    }

    #[test]
    fn the_last_result_gets_a_name_where_it_is_used() {
        let inputs = [
            ("let a = 1", false),
            ("a.max(2)", true),
            ("_ + 1; // more", false),
            ("switch _ { 1 => 2, _ => 3 }", true),
            ("let b = 2; a + b", true),
            ("print(\"_\" + `${_}`)", false),
        ];
        let entries = inputs.map(|(input, shown)| Entry::plain(input, shown));
        let mut engine = Engine::new();
        engine.register_fn("show", |_: rhai::Dynamic| ());
        let script = script(&engine, &entries);
        let lines: Vec<&str> = script.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "let a = 1;",
                "let last = a.max(2);",
                "show(last);",
                "last = last + 1;",
                "show(switch last { 1 => 2, _ => 3 });",
                "let b = 2; last = a + b;",
                "show(last);",
                "print(\"_\" + `${last}`);",
            ]
        );
        assert!(engine.run(&script).is_ok());
    }
}
