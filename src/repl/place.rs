//! Where in a line the cursor stands: at a name, a parameter, its value, after a point, inside quotes.
//!
//! Not here: what could stand there (`complete`).

use crate::script::scan::{self, Kind, Piece};

/// Where the cursor stands, with what is already typed of the word there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Where the word begins.
    pub(super) start: usize,
    /// The word up to the cursor.
    pub(super) typed: String,
    pub(super) kind: PlaceKind,
}

/// What is expected at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PlaceKind {
    /// Nothing that we could help with.
    Nothing,
    /// `:command`, at the beginning.
    Command,
    /// A word after a `:command`.
    CommandArgument { command: String },
    /// The name of a function, cmdlet or variable.
    Name,
    /// A property or method; `of` is the word before the point, `by` the call that made what is looked at.
    Property { of: Option<String>, by: Option<String> },
    /// A key in the table of a call, with the keys that are there already.
    Key { function: String, given: Vec<String> },
    /// The value of a key in the table of a call.
    Value { function: String, key: String },
    /// Inside quotes, as the value of a key.
    QuotedValue { function: String, key: String },
    /// Inside quotes, as an argument of a call, counted from 0.
    QuotedArgument { function: String, position: usize },
    /// A function of a module, after `::`.
    Member { module: String },
    /// The name of a module, in quotes after `import`.
    Module,
    /// Inside quotes elsewhere.
    Quoted,
}

/// A bracket that is still open at the cursor.
#[derive(Debug, Clone)]
enum Frame {
    /// `name(` or `module::name(`, with the commas so far.
    Call {
        function: String,
        position: usize,
    },
    /// `#{` directly in a call: its keys, and the key whose value is being written.
    Table {
        function: String,
        given: Vec<String>,
        key: Option<String>,
    },
    Other,
}

/// The place of the cursor at byte `cursor` of `line`.
pub(super) fn place(line: &str, cursor: usize) -> Place {
    let before = line.get(..cursor).unwrap_or(line);
    let nothing = |start: usize| Place { start, typed: before[start..].to_owned(), kind: PlaceKind::Nothing };
    if before.trim_start().starts_with(':') {
        return command_place(before);
    }
    let pieces = scan::pieces(before);
    let (head, last) = match pieces.split_last() {
        None => (&[][..], None),
        Some((last, head)) => (head, Some(*last)),
    };
    match last.map(|piece| (piece.kind, piece)) {
        Some((Kind::Comment { open: true }, piece)) => nothing(piece.start),
        Some((Kind::Comment { .. }, piece)) if piece.text(before).starts_with("//") => nothing(piece.start),
        Some((Kind::Text { open: true }, piece)) => quoted_place(before, head, piece),
        Some((Kind::Word, piece)) => word_place(before, head, piece.start),
        Some((Kind::Number, piece)) => nothing(piece.start),
        _ => word_place(before, &pieces, before.len()),
    }
}

fn command_place(before: &str) -> Place {
    let indent = before.len() - before.trim_start().len();
    match before[indent..].find(char::is_whitespace) {
        None => Place { start: indent, typed: before[indent..].to_owned(), kind: PlaceKind::Command },
        Some(end) => {
            let start = before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
            let command = before[indent + 1..indent + end].to_owned();
            Place { start, typed: before[start..].to_owned(), kind: PlaceKind::CommandArgument { command } }
        }
    }
}

fn quoted_place(before: &str, head: &[Piece], piece: Piece) -> Place {
    let text = piece.text(before);
    // Code in `${` of a text is code: look at it alone.
    if text.starts_with('`')
        && let Some(code) = open_code(text)
    {
        let inner = place(&text[code..], text.len() - code);
        return Place { start: inner.start + piece.start + code, ..inner };
    }
    let quotes = text.find(|c| !matches!(c, '#')).unwrap_or(0) + 1;
    let start = (piece.start + quotes).min(before.len());
    let kind = match frames(before, head).pop() {
        Some(Frame::Table { function, key: Some(key), .. }) => PlaceKind::QuotedValue { function, key },
        Some(Frame::Call { function, position }) => PlaceKind::QuotedArgument { function, position },
        _ if last_word(before, head) == Some("import") => PlaceKind::Module,
        _ => PlaceKind::Quoted,
    };
    Place { start, typed: before[start..].to_owned(), kind }
}

/// The last piece that is not space, if it is a word.
fn last_word<'a>(before: &'a str, pieces: &[Piece]) -> Option<&'a str> {
    let last = pieces.iter().rev().find(|piece| piece.kind != Kind::Space)?;
    (last.kind == Kind::Word).then(|| last.text(before))
}

/// The call whose result is looked at: the last one that ended, or the one that a function is given to.
fn last_call(before: &str, head: &[Piece]) -> Option<String> {
    let calls = head.windows(2).filter(|pair| pair[0].kind == Kind::Word && pair[1].text(before) == "(");
    let methods = ["where", "filter", "select", "map", "sort_by", "group_by", "measure", "for_each", "first", "last"];
    let mut names = calls.map(|pair| pair[0].text(before)).filter(|name| !methods.contains(name));
    names.next_back().map(str::to_owned)
}

/// Where the code of the last open `${` begins.
fn open_code(text: &str) -> Option<usize> {
    let at = text.rfind("${")? + 2;
    let depth = scan::pieces(&text[at..]).iter().fold(0_i32, |depth, piece| match piece.text(&text[at..]) {
        "{" | "#{" => depth + 1,
        "}" => depth - 1,
        _ => depth,
    });
    (depth >= 0).then_some(at)
}

fn word_place(before: &str, head: &[Piece], start: usize) -> Place {
    // `Get-Mail`: a cmdlet as it is called elsewhere.
    if let [head @ .., verb, hyphen] = head
        && hyphen.end == start
        && hyphen.text(before) == "-"
        && verb.kind == Kind::Word
        && verb.text(before).starts_with(|c: char| c.is_ascii_uppercase())
    {
        return word_place(before, head, verb.start);
    }
    let typed = before[start..].to_owned();
    let mut significant = head.iter().rev().filter(|piece| piece.kind != Kind::Space);
    let previous = significant.next();
    let text = previous.map_or("", |piece| piece.text(before));
    if matches!(text, "." | "?.") {
        let of = significant.next().filter(|piece| piece.kind == Kind::Word).map(|piece| piece.text(before).to_owned());
        let by = last_call(before, head);
        return Place { start, typed, kind: PlaceKind::Property { of, by } };
    }
    if text == "::" {
        let module = significant.next().filter(|piece| piece.kind == Kind::Word);
        let module = module.map(|piece| piece.text(before).to_owned()).unwrap_or_default();
        return Place { start, typed, kind: PlaceKind::Member { module } };
    }
    let declares =
        previous.is_some_and(|piece| piece.kind == Kind::Word) && matches!(text, "let" | "const" | "fn" | "as");
    let kind = match frames(before, head).pop() {
        _ if declares => PlaceKind::Nothing,
        Some(Frame::Table { function, given, key: None }) => PlaceKind::Key { function, given },
        Some(Frame::Table { function, key: Some(key), .. }) if text == ":" => PlaceKind::Value { function, key },
        _ => PlaceKind::Name,
    };
    Place { start, typed, kind }
}

/// The open brackets before the cursor, outermost first.
fn frames(before: &str, pieces: &[Piece]) -> Vec<Frame> {
    let mut open: Vec<Frame> = Vec::new();
    let mut previous: Option<Piece> = None;
    let mut earlier: [Option<Piece>; 2] = [None, None];
    for piece in pieces.iter().filter(|piece| !matches!(piece.kind, Kind::Space | Kind::Comment { .. })) {
        let before_text = previous.map_or("", |piece| piece.text(before));
        match piece.text(before) {
            "(" => open.push(match (earlier, previous) {
                ([Some(module), Some(colons)], Some(word)) if colons.text(before) == "::" => {
                    Frame::Call { function: format!("{}::{}", module.text(before), word.text(before)), position: 0 }
                }
                (_, Some(word)) if word.kind == Kind::Word => {
                    Frame::Call { function: before_text.to_owned(), position: 0 }
                }
                _ => Frame::Other,
            }),
            "#{" => {
                let function = match open.last() {
                    Some(Frame::Call { function, .. }) => Some(function.clone()),
                    _ => None,
                };
                open.push(match function {
                    Some(function) => Frame::Table { function, given: Vec::new(), key: None },
                    None => Frame::Other,
                });
            }
            "[" | "{" | "${" => open.push(Frame::Other),
            ")" | "]" | "}" => {
                open.pop();
            }
            ":" => {
                if let (Some(Frame::Table { given, key, .. }), Some(name)) = (open.last_mut(), previous) {
                    let name = name.text(before).trim_matches('"').to_owned();
                    given.push(name.clone());
                    *key = Some(name);
                }
            }
            "," => match open.last_mut() {
                Some(Frame::Table { key, .. }) => *key = None,
                Some(Frame::Call { position, .. }) => *position += 1,
                _ => {}
            },
            _ => {}
        }
        earlier = [earlier[1], previous];
        previous = Some(*piece);
    }
    open
}

/// The innermost call that is open at the cursor, with whether its table has been begun.
pub(super) fn open_call(line: &str, cursor: usize) -> Option<(String, bool)> {
    let before = line.get(..cursor).unwrap_or(line);
    frames(before, &scan::pieces(before)).into_iter().rev().find_map(|frame| match frame {
        Frame::Call { function, .. } => Some((function, false)),
        Frame::Table { function, .. } => Some((function, true)),
        Frame::Other => None,
    })
}

/// The name that the cursor is in or behind, `Get-Mailbox` as a whole.
pub(super) fn word_at(line: &str, cursor: usize) -> Option<String> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':');
    let before = line.get(..cursor)?;
    let start =
        before.rfind(|c| !is_name(c)).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let end = line[cursor..].find(|c| !is_name(c)).map_or(line.len(), |at| cursor + at);
    let word = line.get(start..end)?.trim_matches([':', '-']);
    (!word.is_empty()).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_end(line: &str) -> PlaceKind {
        place(line, line.len()).kind
    }

    #[test]
    fn the_place_follows_the_brackets() {
        let function = || "get_mailbox".to_owned();
        let table: Vec<(&str, PlaceKind)> = vec![
            ("", PlaceKind::Name),
            ("get_m", PlaceKind::Name),
            ("let x = get_m", PlaceKind::Name),
            ("let x", PlaceKind::Nothing),
            ("get_mailbox(#{", PlaceKind::Key { function: function(), given: vec![] }),
            ("get_mailbox(#{ Res", PlaceKind::Key { function: function(), given: vec![] }),
            ("get_mailbox(\"kim\", #{ ", PlaceKind::Key { function: function(), given: vec![] }),
            ("get_mailbox(#{ Archive: true, R", PlaceKind::Key { function: function(), given: vec!["Archive".into()] }),
            ("get_mailbox(#{ Archive: ", PlaceKind::Value { function: function(), key: "Archive".into() }),
            ("get_mailbox(#{ Archive: t", PlaceKind::Value { function: function(), key: "Archive".into() }),
            ("get_mailbox(#{ SortBy: \"Na", PlaceKind::QuotedValue { function: function(), key: "SortBy".into() }),
            ("get_mailbox(#{ X: #{ ", PlaceKind::Name),
            ("get_mailbox(#{ X: [1, 2], ", PlaceKind::Key { function: function(), given: vec!["X".into()] }),
            ("m.set_mailbox(#{ ", PlaceKind::Key { function: "set_mailbox".into(), given: vec![] }),
            ("let x = \"sc", PlaceKind::Quoted),
            ("_.Dis", PlaceKind::Property { of: Some("_".into()), by: None }),
            ("get_mailbox().", PlaceKind::Property { of: None, by: Some(function()) }),
            ("get_mailbox().where(|m| m.", PlaceKind::Property { of: Some("m".into()), by: Some(function()) }),
            ("import \"ma", PlaceKind::Module),
            ("m::mail", PlaceKind::Member { module: "m".into() }),
            ("m::sizes(#{ ", PlaceKind::Key { function: "m::sizes".into(), given: vec![] }),
            ("get_mailbox(\"al", PlaceKind::QuotedArgument { function: function(), position: 0 }),
            ("f(1, \"", PlaceKind::QuotedArgument { function: "f".into(), position: 1 }),
            ("`x ${get_m", PlaceKind::Name),
            ("`x ${get_mailbox(#{ ", PlaceKind::Key { function: function(), given: vec![] }),
            ("1 // get_m", PlaceKind::Nothing),
            (":he", PlaceKind::Command),
            (":set out", PlaceKind::CommandArgument { command: "set".into() }),
        ];
        for (line, expected) in table {
            assert_eq!(at_end(line), expected, "{line}");
        }
    }

    #[test]
    fn the_word_at_the_cursor_is_what_is_replaced() {
        let found = place("get_mailbox(#{ Res", 18);
        assert_eq!((found.start, found.typed.as_str()), (15, "Res"));
        let found = place("`x ${get_m", 10);
        assert_eq!((found.start, found.typed.as_str()), (5, "get_m"));
        let found = place("open(\"scripts/a", 15);
        assert_eq!((found.start, found.typed.as_str()), (6, "scripts/a"));
    }

    #[test]
    fn the_word_at_the_cursor_is_a_whole_name() {
        assert_eq!(word_at("let x = get_mailbox(", 14).as_deref(), Some("get_mailbox"));
        assert_eq!(word_at("Get-Mailbox -Res", 11).as_deref(), Some("Get-Mailbox"));
        assert_eq!(word_at("f(→)", 2), None);
    }

    #[test]
    fn the_open_call_is_the_innermost() {
        assert_eq!(open_call("get_mailbox(", 12), Some(("get_mailbox".into(), false)));
        assert_eq!(open_call("f(get_mailbox(#{ A", 18), Some(("get_mailbox".into(), true)));
        assert_eq!(open_call("get_mailbox()", 13), None);
    }
}
