//! What may help with a mistake: words, place and hints for what Rhai only calls wrong, from the text around it.
//!
//! Not here: which names are near (`catalog`, `registry`), what servers refuse (`remote`).

use rhai::{LexError, ParseErrorType};

use crate::catalog::{Catalog, snake_name};
use crate::diagnostic::Span;

use super::piping::with_a_point;
use super::scan::{self, Kind, Piece};

/// A better account of a mistake than the parser's own, as far as there is one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Advice {
    /// What happened.
    pub(super) message: Option<String>,
    /// Where.
    pub(super) span: Option<Span>,
    /// What to do about it.
    pub(super) hints: Vec<String>,
}

impl Advice {
    fn says(message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..Self::default() }
    }

    fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// Operators of PowerShell that look like words, with ours.
const OPERATORS: [(&str, &str); 12] = [
    ("eq", "=="),
    ("ne", "!="),
    ("gt", ">"),
    ("ge", ">="),
    ("lt", "<"),
    ("le", "<="),
    ("and", "&&"),
    ("or", "||"),
    ("not", "!"),
    ("like", "like"),
    ("match", "is_match"),
    ("in", "in"),
];

/// A mistake that keeps `text` from being read, noticed at byte `at`.
pub(super) fn on_syntax(kind: &ParseErrorType, text: &str, at: usize) -> Advice {
    let words: Vec<Piece> = significant(text);
    match kind {
        ParseErrorType::BadInput(LexError::UnterminatedString) => return open_text(text, at),
        ParseErrorType::BadInput(LexError::MalformedChar(inside)) if inside.chars().count() != 1 => {
            return Advice::says(format!("'{inside}' is not one letter"))
                .hint(format!("texts stand in double quotes: {}", quoted(inside)));
        }
        ParseErrorType::MismatchedType(wanted, given) => {
            return Advice::says(format!("{} is needed here, not {}", kind_of(wanted), kind_of(given)));
        }
        ParseErrorType::AssignmentToInvalidLHS(_) | ParseErrorType::AssignmentToConstant(_) => {
            return Advice::default().hint("keep it in a variable of your own first: let changed = …");
        }
        _ => {}
    }
    if at >= text.trim_end().len() && !words.is_empty() {
        return at_the_end(text, &words);
    }
    let index = words.iter().position(|word| word.end > at).unwrap_or(words.len());
    in_table(text, &words, index)
        .or_else(|| word_operator(text, &words, index))
        .or_else(|| with_a_point(text, at).map(|hint| Advice::says("a pipe passes nothing on here").hint(hint)))
        .or_else(|| call_without_brackets(text, &words, index))
        .or_else(|| side_by_side(text, &words, index))
        .unwrap_or_default()
}

/// A name that nothing has, at byte `at`: what its writer may have meant besides a misspelt variable.
pub(super) fn on_variable(name: &str, text: &str, at: usize) -> Option<String> {
    let words = significant(text);
    let index = words.iter().position(|word| word.start >= at)?;
    let before = index.checked_sub(1).map_or("", |before| words[before].text(text));
    let hint = match name {
        "True" | "TRUE" | "False" | "FALSE" => format!("write {}", name.to_lowercase()),
        "null" | "NULL" | "None" | "nil" => "nothing is written ()".to_owned(),
        _ if before == "|" => with_a_point(text, at + name.len())?,
        _ => return None,
    };
    Some(hint)
}

/// What a type is called in sentences, with its article.
pub(super) fn kind_of(type_name: &str) -> String {
    let first = type_name.split('|').map(str::trim).next_back().unwrap_or(type_name);
    let bare = first.rsplit("::").next().unwrap_or(first).trim_start_matches('&');
    // the parser says `a boolean expression`
    let bare = bare.trim_start_matches("a ").trim_end_matches(" expression");
    let known = match bare {
        "str" | "string" | "String" | "ImmutableString" => "a text",
        "i64" | "int" => "a whole number",
        "f64" | "float" => "a number",
        "bool" | "boolean" => "true or false",
        "char" => "a letter",
        "()" => "nothing",
        "Fn" | "FnPtr" => "a function",
        "array" | "Array" => "a list",
        "map" | "Map" => "a table",
        "blob" => "bytes",
        "Record" => "a record",
        "Results" => "results",
        "RecordStream" => "a stream",
        "Session" => "a session",
        "Credential" => "a credential",
        "Size" | "ByteSize" => "a size",
        "DateTime" | "Timestamp" => "a time",
        "Duration" | "TimeSpan" => "a duration",
        other => return format!("a value of type {other}"),
    };
    known.to_owned()
}

/// A call whose arguments no form of the function takes; `signature` is Rhai's, `name (type, type)`.
pub(super) fn on_call(signature: &str, is_known: bool) -> String {
    let (name, types) = signature.split_once(" (").unwrap_or((signature, ""));
    let types = types.strip_suffix(')').unwrap_or(types);
    let kinds: Vec<String> = types.split(", ").filter(|part| !part.is_empty()).map(kind_of).collect();
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return match name.strip_prefix("get$").or_else(|| name.strip_prefix("set$")) {
            Some(property) => format!("{} has no property {property}", kinds.first().map_or("it", String::as_str)),
            None => format!("`{name}` cannot be used on {}", kinds.join(" and ")),
        };
    }
    match (is_known, kinds.as_slice()) {
        (false, _) => format!("there is no function {name}"),
        (true, []) => format!("{name} cannot be called with nothing in its brackets"),
        (true, kinds) => format!("{name} cannot be called with {}", kinds.join(" and ")),
    }
}

/// Where the table of the call at byte `call` has `key`.
pub(super) fn key_of_call(text: &str, call: usize, key: &str) -> Option<Span> {
    let words = significant(text);
    let first = words.iter().position(|word| word.start >= call)?;
    let mut open = 0_usize;
    for (index, word) in words.iter().enumerate().skip(first) {
        match word.text(text) {
            "(" | "[" | "{" | "#{" => open += 1,
            ")" | "]" | "}" => {
                open = open.checked_sub(1)?;
                if open == 0 {
                    return None;
                }
            }
            // directly in the table that is directly in the call
            name if open == 2 && name.trim_matches('"') == key && follows(text, &words, index, ":") => {
                return Some(Span::new(word.start, word.end));
            }
            _ => {}
        }
    }
    None
}

/// The example in a function's documentation, where it is one line.
pub(super) fn example_in(comments: &str) -> Option<String> {
    let lines = comments.lines().map(|line| line.trim().trim_start_matches("///").trim());
    let code: Vec<&str> =
        lines.skip_while(|line| *line != "```rhai").skip(1).take_while(|line| *line != "```").collect();
    match code.as_slice() {
        [line] => Some(format!("for example: {line}")),
        _ => None,
    }
}

/// PowerShell in Rhai, as a person would keep it; the variables that are `known` come from earlier lines.
#[must_use]
pub fn in_rhai(powershell: &str, known: &[String]) -> String {
    let kept = crate::port::keep_after(powershell, &crate::port::parse(powershell), known);
    let lines = kept.text.lines().filter(|line| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with("//") && !line.starts_with("import \"powershell\"")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The pieces that mean something.
fn significant(text: &str) -> Vec<Piece> {
    let counts = |piece: &Piece| !matches!(piece.kind, Kind::Space | Kind::Comment { .. });
    scan::pieces(text).into_iter().filter(counts).collect()
}

fn follows(text: &str, words: &[Piece], index: usize, wanted: &str) -> bool {
    words.get(index + 1).is_some_and(|next| next.text(text) == wanted)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A text whose closing quote is missing.
fn open_text(text: &str, at: usize) -> Advice {
    let quote = text.get(at..).and_then(|rest| rest.chars().next()).filter(|quote| matches!(quote, '"' | '`' | '\''));
    let advice = Advice::says("a text that begins here has no end");
    match quote {
        Some(quote) => advice.hint(format!("it ends with the quote it begins with: {quote}")),
        None => advice.hint("it ends with the quote it begins with"),
    }
}

/// The text ends before what it began.
fn at_the_end(text: &str, words: &[Piece]) -> Advice {
    let mut open: Vec<&Piece> = Vec::new();
    for word in words.iter().filter(|word| word.kind == Kind::Symbol) {
        match word.text(text) {
            "(" | "[" | "{" | "#{" | "${" => open.push(word),
            ")" | "]" | "}" => {
                open.pop();
            }
            _ => {}
        }
    }
    if let Some(bracket) = open.last() {
        let sign = bracket.text(text);
        let end = match sign {
            "(" => ")",
            "[" => "]",
            _ => "}",
        };
        return Advice::says(format!("the {sign} that is opened here is not closed"))
            .at(Span::new(bracket.start, bracket.end))
            .hint(format!("write the {end} that is missing"));
    }
    match words.last() {
        Some(last) => {
            Advice::says(format!("something is missing after {}", last.text(text))).at(Span::new(last.start, last.end))
        }
        None => Advice::default(),
    }
}

/// The innermost bracket that is open before the word at `index`, as an index.
fn enclosing(text: &str, words: &[Piece], index: usize) -> Option<usize> {
    let mut open = Vec::new();
    for (at, word) in words.iter().enumerate().take(index) {
        match word.text(text) {
            "(" | "[" | "{" | "#{" => open.push(at),
            ")" | "]" | "}" => {
                open.pop();
            }
            _ => {}
        }
    }
    open.pop()
}

/// `f(Name: 1)`, `f({ Name: 1 })`, `f(#{ Name = 1 })`.
fn in_table(text: &str, words: &[Piece], index: usize) -> Option<Advice> {
    let sign = words.get(index)?.text(text);
    let bracket = enclosing(text, words, index)?;
    let name = words.get(index.checked_sub(1)?).filter(|name| name.kind == Kind::Word)?;
    match (sign, words[bracket].text(text)) {
        (":", "(") => {
            let end = closing(text, words, bracket).map_or(text.trim_end().len(), |end| words[end].start);
            let head = text.get(words[bracket - 1.min(bracket)].start..name.start)?;
            let inside = text.get(name.start..end)?.trim();
            let advice = Advice::says(format!("{} is no argument of its own", name.text(text)));
            Some(advice.at(span(name)).hint(format!("names and values stand in #{{ }}: {head}#{{ {inside} }})")))
        }
        (":", "{") => Some(
            Advice::says("a block of statements stands where a table was meant")
                .at(span(&words[bracket]))
                .hint(format!("a table begins with #{{: #{{ {}: … }}", name.text(text))),
        ),
        ("=", "#{") => Some(
            Advice::says("a colon is missing between a name and its value")
                .hint(format!("write {}: …", name.text(text))),
        ),
        _ => None,
    }
}

/// The bracket that closes the one at `open`, as an index.
fn closing(text: &str, words: &[Piece], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate().skip(open) {
        match word.text(text) {
            "(" | "[" | "{" | "#{" => depth += 1,
            ")" | "]" | "}" => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn span(piece: &Piece) -> Span {
    Span::new(piece.start, piece.end)
}

/// `a -eq b`, `a and b`.
fn word_operator(text: &str, words: &[Piece], index: usize) -> Option<Advice> {
    let ours = |word: &Piece| {
        let name = word.text(text).to_ascii_lowercase();
        OPERATORS.iter().find(|(theirs, _)| *theirs == name).map(|(_, ours)| *ours)
    };
    let here = words.get(index)?;
    if let ("and" | "or" | "not", Some(ours)) = (here.text(text), ours(here)) {
        return Some(Advice::default().at(span(here)).hint(format!("{} is written {ours}", here.text(text))));
    }
    let word = words.get(index.checked_sub(1)?)?;
    let hyphen = words.get(index.checked_sub(2)?)?;
    let is_operator = index > 2 && hyphen.text(text) == "-" && hyphen.end == word.start;
    let ours = ours(word).filter(|_| is_operator)?;
    let theirs = format!("-{}", word.text(text));
    let hint = if ours == "is_match" {
        "write text.is_match(\"pattern\")".to_owned()
    } else {
        format!("{theirs} is written {ours}")
    };
    Some(
        Advice::says(format!("{theirs} is an operator of PowerShell")).at(Span::new(hyphen.start, word.end)).hint(hint),
    )
}

/// `get_mailbox alice`, `get_mailbox -ResultSize 10`, `Get-Mailbx alice`: a call as shells write it.
fn call_without_brackets(text: &str, words: &[Piece], index: usize) -> Option<Advice> {
    let noticed = words.get(index)?.start;
    let start = text.get(..noticed)?.rfind(['\n', ';']).map_or(0, |at| at + 1);
    let line = text.get(start..)?.lines().next()?;
    let line = line.split(';').next().unwrap_or(line).trim_end();
    // Behind `let x =` it is the same call.
    let begin = line.find(" = ").map_or(line.len() - line.trim_start().len(), |at| at + 3);
    let command = line.get(begin..)?;
    let name_end = command.find(char::is_whitespace)?;
    let (name, rest) = (command.get(..name_end)?, command.get(name_end..)?.trim());
    let place = Span::new(start + begin, start + begin + name_end);
    let is_name = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    if !is_name || !name.starts_with(char::is_alphabetic) || rest.is_empty() || rest.starts_with('=') {
        return None;
    }
    match Catalog::built_in().find(name) {
        Some(cmdlet) => {
            let function = cmdlet.snake_name();
            let advice = Advice::says(format!("a call of {function} needs brackets")).at(place);
            let ported = in_rhai(&format!("{} {rest}", cmdlet.name), &[]);
            Some(advice.hint(format!("write {}", bracketed(&function, rest, &ported))))
        }
        None if name.contains('-') && name.starts_with(|c: char| c.is_ascii_uppercase()) => {
            let advice = Advice::says(format!("there is no cmdlet {name}")).at(place);
            let near = Catalog::built_in().similar(&snake_name(name));
            let near = near.first().and_then(|near| Catalog::built_in().find(near));
            Some(match near {
                Some(near) => advice.hint(format!("did you mean {}?", near.name)),
                None => advice,
            })
        }
        None => None,
    }
}

/// `asdf qwer`, words that no language of ours makes a sentence of.
fn side_by_side(text: &str, words: &[Piece], index: usize) -> Option<Advice> {
    let (first, second) = (words.get(index.checked_sub(1)?)?, words.get(index)?);
    let begins = text.get(..first.start)?.trim_end().is_empty() || text.get(..first.start)?.ends_with(['\n', ';']);
    let is_word = |word: &Piece| word.kind == Kind::Word;
    let is_free = begins && is_word(first) && is_word(second) && !matches!(first.text(text), "let" | "const" | "fn");
    is_free.then(|| {
        Advice::says(format!("{} {} means nothing here", first.text(text), second.text(text)))
            .at(Span::new(first.start, second.end))
            .hint(format!(
                "a call has brackets, and a text quotes: {}({})",
                first.text(text),
                quoted(second.text(text))
            ))
    })
}

/// A call as it should have been written.
fn bracketed(function: &str, rest: &str, ported: &str) -> String {
    let one_line = ported.strip_prefix("show(").and_then(|call| call.strip_suffix(");")).unwrap_or(ported);
    let is_word = rest.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@'));
    if rest.starts_with('-') && one_line.starts_with(function) && !one_line.contains('\n') {
        one_line.to_owned()
    } else if rest.parse::<f64>().is_ok() || rest.starts_with('"') && rest.len() > 1 && rest.ends_with('"') {
        format!("{function}({rest})")
    } else if is_word {
        format!("{function}({})", quoted(rest))
    } else if rest.split_once(':').is_some_and(|(name, _)| name.chars().all(char::is_alphanumeric)) {
        format!("{function}(#{{ {rest} }})")
    } else {
        format!("{function}(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhai::Engine;

    /// What is said of a text that cannot be read: message, marked text, first hint.
    fn told(text: &str) -> (String, String, String) {
        let error = Engine::new().compile(text).unwrap_err();
        let position = error.position();
        let at = match (position.line(), position.position()) {
            (Some(line), column) => scan::offset(text, line, column.unwrap_or(1)).unwrap_or(text.len()),
            _ => text.len(),
        };
        let advice = on_syntax(error.err_type(), text, at);
        let marked = advice.span.map_or("", |span| &text[span.range()]).to_owned();
        (advice.message.unwrap_or_default(), marked, advice.hints.into_iter().next().unwrap_or_default())
    }

    #[test]
    fn a_call_as_shells_write_it_is_written_with_brackets() {
        let hint = |text: &str| told(text).2;
        assert_eq!(hint("get_mailbox -ResultSize 10"), "write get_mailbox(#{ ResultSize: 10 })");
        assert_eq!(hint("let x = get_mailbox -ResultSize 10;"), "write get_mailbox(#{ ResultSize: 10 })");
        assert_eq!(hint("get_mailbox ResultSize: 10"), "write get_mailbox(#{ ResultSize: 10 })");
        assert_eq!(hint("get_mailbox alice"), "write get_mailbox(\"alice\")");
        assert_eq!(hint("get_mailbox \"alice\""), "write get_mailbox(\"alice\")");
        let (message, marked, hint) = told("Get-Mailbx alice");
        assert_eq!((message.as_str(), marked.as_str()), ("there is no cmdlet Get-Mailbx", "Get-Mailbx"));
        assert_eq!(hint, "did you mean Get-Mailbox?");
    }

    #[test]
    fn parameters_outside_of_a_table_are_put_into_one() {
        let (message, marked, hint) = told("set_mailbox(\"alice\", DisplayName: \"x\")");
        assert_eq!((message.as_str(), marked.as_str()), ("DisplayName is no argument of its own", "DisplayName"));
        assert_eq!(hint, "names and values stand in #{ }: set_mailbox(\"alice\", #{ DisplayName: \"x\" })");
        let (_, marked, hint) = told("set_mailbox(\"alice\", { DisplayName: \"x\" })");
        assert_eq!((marked.as_str(), hint.as_str()), ("{", "a table begins with #{: #{ DisplayName: … }"));
        assert_eq!(told("set_mailbox(\"alice\", #{ DisplayName = \"x\" })").2, "write DisplayName: …");
    }

    #[test]
    fn what_is_not_ended_is_told_where_it_begins() {
        assert_eq!(told("get_mailbox(\"alice").0, "a text that begins here has no end");
        let (message, marked, hint) = told("for x in f([1, 2) {");
        assert_eq!((message.as_str(), marked.as_str(), hint.as_str()), ("", "", ""));
        let (message, marked, hint) = told("print(f(1, 2);\n\n");
        assert_eq!((message.as_str(), marked.as_str()), ("", ""), "{hint}");
        let (message, marked, hint) = told("get_mailbox()[0");
        assert_eq!((message.as_str(), marked.as_str()), ("the [ that is opened here is not closed", "["));
        assert_eq!(hint, "write the ] that is missing");
        let (message, marked, _) = told("let x = 5 +\n\n");
        assert_eq!((message.as_str(), marked.as_str()), ("something is missing after +", "+"));
    }

    #[test]
    fn operators_and_quotes_of_powershell_are_told_apart() {
        assert_eq!(told("if x -eq 5 { 1 }").2, "-eq is written ==");
        assert_eq!(told("x and y").2, "and is written &&");
        assert_eq!(told("get_mailbox('alice')").2, "texts stand in double quotes: \"alice\"");
    }

    #[test]
    fn a_pipe_is_a_point() {
        let text = "get_mailbox() | where";
        let hint = on_variable("where", text, text.find("where").unwrap());
        assert_eq!(hint.as_deref(), Some("results are passed on with a point: get_mailbox().where(…)"));
        assert_eq!(on_variable("True", "x = True", 4).as_deref(), Some("write true"));
        assert_eq!(on_variable("foo", "foo", 0), None);
    }

    #[test]
    fn kinds_of_values_have_names_of_the_language_of_people() {
        assert_eq!(
            on_call("where (Results, &str | ImmutableString | String)", true),
            "where cannot be called with results and a text"
        );
        assert_eq!(
            on_call("- (&str | ImmutableString | String, i64)", false),
            "`-` cannot be used on a text and a whole number"
        );
        assert_eq!(on_call("get_mailbux (string)", false), "there is no function get_mailbux");
    }

    #[test]
    fn the_key_of_a_call_is_found_in_its_own_table_only() {
        let text = "f(#{ A: g(#{ B: 1 }), B: 2 }); f(#{ C: 3 })";
        let place = |call: usize, key: &str| key_of_call(text, call, key).map(|span| span.start);
        assert_eq!(place(0, "B"), Some(22));
        assert_eq!(place(8, "B"), Some(13));
        assert_eq!(place(0, "C"), None);
    }
}
