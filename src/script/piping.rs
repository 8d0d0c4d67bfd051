//! A pipe where a point was meant: `get_mailbox() | ft Name` in Rhai.
//!
//! Not here: whole lines of PowerShell, which run as they are; other mistakes (`advice`).

/// Commands that shells pipe into, with our methods.
const METHODS: [(&[&str], &str); 10] = [
    (&["ft", "format-table"], "table"),
    (&["fl", "format-list"], "list"),
    (&["fw", "format-wide"], "wide"),
    (&["select", "select-object"], "select"),
    (&["where", "where-object", "?", "grep"], "where"),
    (&["sort", "sort-object"], "sort_by"),
    (&["group", "group-object"], "group_by"),
    (&["measure", "measure-object", "wc"], "measure"),
    (&["foreach", "foreach-object", "%"], "for_each"),
    (&["head", "first"], "first"),
];

/// What the line says with a point, where a pipe stands before byte `at` and outside of all brackets.
pub(super) fn with_a_point(text: &str, at: usize) -> Option<String> {
    let begin = text.get(..at)?.rfind(['\n', ';']).map_or(0, |at| at + 1);
    let line = text.get(begin..)?.split(['\n', ';']).next()?.trim();
    let (head, command) = split(line)?;
    let mut words =
        command.split(|letter: char| letter.is_whitespace() || letter == ',').filter(|word| !word.is_empty());
    let name = words.next()?;
    let known = METHODS.iter().find(|(names, _)| names.iter().any(|known| known.eq_ignore_ascii_case(name)));
    let names: Vec<&str> = words.collect();
    let is_name = |word: &&str| word.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    let method = known.map_or(name, |(_, method)| *method);
    if !is_name(&method) {
        return None;
    }
    let arguments = match names.as_slice() {
        // These need a function, which no list of names is.
        _ if matches!(method, "where" | "for_each") => "…".to_owned(),
        [] if known.is_some() && matches!(method, "table" | "list" | "wide" | "measure" | "first") => String::new(),
        [number] if number.parse::<u32>().is_ok() => (*number).to_owned(),
        [one] if known.is_some() && is_name(one) => format!("\"{one}\""),
        several if known.is_some() && !several.is_empty() && several.iter().all(is_name) => {
            format!("[{}]", several.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "))
        }
        _ => "…".to_owned(),
    };
    Some(format!("results are passed on with a point: {head}.{method}({arguments})"))
}

/// What stands before and after the first pipe between two calls.
fn split(line: &str) -> Option<(&str, &str)> {
    let (mut open, mut quote) = (0_usize, None);
    for (at, letter) in line.char_indices() {
        match (quote, letter) {
            (Some(sign), _) if letter == sign => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quote = Some(letter),
            (None, '(' | '[' | '{') => open += 1,
            (None, ')' | ']' | '}') => open = open.saturating_sub(1),
            (None, '|') if open == 0 => {
                let (head, rest) = (line.get(..at)?.trim(), line.get(at + 1..)?);
                let is_call = head.ends_with([')', ']']) || head.chars().all(|c| c.is_alphanumeric() || c == '_');
                return (is_call && !head.is_empty() && !rest.starts_with(['|', '='])).then_some((head, rest.trim()));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<String> {
        let hint = with_a_point(text, text.len());
        hint.map(|hint| hint.trim_start_matches("results are passed on with a point: ").to_owned())
    }

    #[test]
    fn a_pipe_is_a_point_and_the_command_a_method() {
        let cases = [
            ("get_mailbox(\"a|b\") | ft Name, Alias", "get_mailbox(\"a|b\").table([\"Name\", \"Alias\"])"),
            ("get_mailbox() | Format-List", "get_mailbox().list()"),
            ("boxes | sort Name", "boxes.sort_by(\"Name\")"),
            ("get_mailbox() | head 3", "get_mailbox().first(3)"),
            ("get_mailbox() | where x", "get_mailbox().where(…)"),
            ("get_mailbox() | set_mailbox", "get_mailbox().set_mailbox(…)"),
            ("1; get_mailbox() | fl Name", "get_mailbox().list(\"Name\")"),
        ];
        for (text, wanted) in cases {
            assert_eq!(told(text).as_deref(), Some(wanted), "{text}");
        }
        for text in ["a || b", "boxes.map(|it| it.Name) x", "5 + 3 | 4 x", "x y", "a |= b"] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
