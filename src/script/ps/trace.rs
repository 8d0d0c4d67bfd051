//! Where an error comes from: the line, the place in it, the calls that led there.
//!
//! Records themselves are built in `fault`; what an error does is in `errors`.

use super::state::Rt;
use super::value::{Obj, V, lock};

/// Notes the line an error came from, once.
pub(super) fn locate(rt: &Rt, record: &Obj) {
    let Some(V::Obj(info)) = record.note("InvocationInfo") else { return };
    if !matches!(info.note("ScriptLineNumber"), Some(V::Int(0))) {
        return;
    }
    let line = *lock(&rt.line);
    info.set("ScriptLineNumber", V::integer(line));
    let path = rt.options.script.as_ref().map(|path| path.display().to_string());
    record.set("ScriptStackTrace", V::from(calls(rt, line, path.as_deref())));
    let Some(text) = rt.line_of_script(line) else { return };
    let path = path.unwrap_or_default();
    let (at, length) = extent(&text, record, &info);
    let message = format!(
        "At {}:{line} char:{}\n+ {text}\n+ {}{}",
        if path.is_empty() { "line" } else { &path },
        at + 1,
        " ".repeat(at),
        "~".repeat(length.max(1))
    );
    info.set("Line", V::from(text));
    info.set("OffsetInLine", V::count(at + 1));
    info.set("PositionMessage", V::from(message));
    info.set("ScriptName", V::from(path.as_str()));
    info.set("PSCommandPath", V::from(path.as_str()));
    info.set("PSScriptRoot", V::from(path.rsplit_once('/').map_or("", |(folder, _)| folder)));
}

/// The calls under way, innermost first, as `ScriptStackTrace` has them.
fn calls(rt: &Rt, line: i64, path: Option<&str>) -> String {
    let path = path.unwrap_or("<No file>");
    let mut at = line;
    let mut lines = Vec::new();
    for (name, from) in lock(&rt.under_way).iter().rev() {
        let name = if name.is_empty() || name.ends_with(".ps1") { "<ScriptBlock>" } else { name };
        lines.push(format!("at {name}, {path}: line {at}"));
        at = *from;
    }
    lines.push(format!("at <ScriptBlock>, {path}: line {at}"));
    lines.join("\n")
}

/// What part of a line an error is about, in characters: the command, the `throw`, or the statement.
fn extent(text: &str, record: &Obj, info: &Obj) -> (usize, usize) {
    let named = super::text::to_string(&info.note("InvocationName").unwrap_or_default());
    let lower = text.to_lowercase();
    let thrown = super::fault::summary(record).2 == "OperationStopped";
    let word = if named.is_empty() && thrown { "throw" } else { named.as_str() };
    let from = (!word.is_empty()).then(|| lower.find(&word.to_lowercase())).flatten().unwrap_or_else(|| first(text));
    let rest = text.get(from..).unwrap_or_default();
    let at = text.get(..from).map_or(0, |before| before.chars().count());
    (at, statement(rest, !named.is_empty()).trim_end().chars().count())
}

/// Where the first statement of a line begins: behind `try {` and blanks.
fn first(text: &str) -> usize {
    let indented = text.len() - text.trim_start().len();
    let rest = text.trim_start();
    if rest.to_lowercase().starts_with("try")
        && let Some(brace) = rest.find('{')
    {
        let inner = &rest[brace + 1..];
        return indented + brace + 1 + (inner.len() - inner.trim_start().len());
    }
    indented
}

/// The text up to the end of a statement, or of a command in a pipeline.
fn statement(text: &str, command: bool) -> &str {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '{' | '[') => depth += 1,
            (None, ')' | '}' | ']') if depth == 0 => return &text[..at],
            (None, ')' | '}' | ']') => depth -= 1,
            (None, ';') if depth == 0 => return &text[..at],
            (None, '|') if depth == 0 && command => return &text[..at],
            _ => {}
        }
    }
    text
}
