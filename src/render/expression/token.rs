//! Words of a script.

/// One word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// `$_`, `$true`, `$name`.
    Variable(String),
    /// A number as written, with its suffix.
    Number(String),
    /// Text without expansion.
    Literal(String),
    /// Text in double quotes, unexpanded.
    Expandable(String),
    /// `-gt`, `-f`, ….
    Operator(String),
    /// A bare word: `if`, a member's name.
    Word(String),
    /// `[…]` that names a type.
    Type(String),
    /// Anything else: brackets, signs, line ends as `;`. Glued: no blank stood before it.
    Sign { text: &'static str, glued: bool },
}

const SIGNS: &[&str] = &[
    "::", "..", "@(", "$(", "(", ")", "{", "}", "[", "]", ".", ",", ";", "+", "-", "*", "/", "%", "!", "|", "&", "=",
    "@{", "?", ":",
];

/// Splits a script into words.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let letters: Vec<char> = text.chars().collect();
    let mut found: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let glued = at > 0 && !letters[at - 1].is_whitespace();
        if letter == '\n' {
            found.push(Token::Sign { text: ";", glued: false });
            at += 1;
        } else if letter.is_whitespace() {
            at += 1;
        } else if letter == '$' && letters.get(at + 1) != Some(&'(') {
            let (name, next) = variable(&letters, at + 1)?;
            found.push(Token::Variable(name));
            at = next;
        } else if letter == '\'' || letter == '"' {
            let (text, next) = quoted(&letters, at)?;
            found.push(if letter == '"' { Token::Expandable(text) } else { Token::Literal(text) });
            at = next;
        } else if letter.is_ascii_digit()
            || (letter == '.' && !glued && letters.get(at + 1).is_some_and(char::is_ascii_digit))
        {
            let next = number_end(&letters, at);
            found.push(Token::Number(letters[at..next].iter().collect()));
            at = next;
        } else if letter == '[' && !(glued && ends_value(found.last())) {
            let end = letters[at..].iter().position(|c| *c == ']').ok_or("`[` is never closed")? + at;
            let mut end = end;
            while letters[at..=end].iter().filter(|c| **c == '[').count()
                > letters[at..=end].iter().filter(|c| **c == ']').count()
            {
                end = letters[end + 1..].iter().position(|c| *c == ']').ok_or("`[` is never closed")? + end + 1;
            }
            found.push(Token::Type(letters[at + 1..end].iter().collect()));
            at = end + 1;
        } else if letter == '-' && letters.get(at + 1).is_some_and(char::is_ascii_alphabetic) {
            let end = word_end(&letters, at + 1);
            found.push(Token::Operator(letters[at + 1..end].iter().collect::<String>().to_ascii_lowercase()));
            at = end;
        } else if letter.is_alphabetic() || letter == '_' {
            let end = word_end(&letters, at);
            found.push(Token::Word(letters[at..end].iter().collect()));
            at = end;
        } else {
            let sign = SIGNS.iter().find(|sign| sign.chars().eq(letters[at..].iter().copied().take(sign.len())));
            let text = sign.ok_or_else(|| format!("`{letter}` is not supported"))?;
            found.push(Token::Sign { text, glued });
            at += text.len();
        }
    }
    Ok(found)
}

/// Whether a word ends a value, so that `[` right after it is an index.
fn ends_value(token: Option<&Token>) -> bool {
    match token {
        Some(Token::Variable(_) | Token::Word(_) | Token::Literal(_) | Token::Expandable(_)) => true,
        Some(Token::Sign { text, .. }) => matches!(*text, ")" | "]" | "}"),
        _ => false,
    }
}

fn word_end(letters: &[char], start: usize) -> usize {
    letters[start..]
        .iter()
        .position(|c| !c.is_alphanumeric() && *c != '_')
        .map_or(letters.len(), |length| start + length)
}

fn number_end(letters: &[char], start: usize) -> usize {
    let mut end = start;
    let mut point = false;
    while let Some(letter) = letters.get(end) {
        let exponent = letter.eq_ignore_ascii_case(&'e')
            && letters.get(end + 1).is_some_and(|c| c.is_ascii_digit() || "+-".contains(*c));
        if exponent {
            end += 2;
        } else if letter.is_ascii_alphanumeric() {
            end += 1;
        } else if *letter == '.' && !point && letters.get(end + 1).is_some_and(char::is_ascii_digit) {
            point = true;
            end += 1;
        } else {
            break;
        }
    }
    end
}

fn variable(letters: &[char], start: usize) -> Result<(String, usize), String> {
    if letters.get(start) == Some(&'{') {
        let end = letters[start..].iter().position(|c| *c == '}').ok_or("`${` is never closed")? + start;
        return Ok((letters[start + 1..end].iter().collect(), end + 1));
    }
    let end = word_end(letters, start);
    if end == start {
        return Err("`$` names no variable".to_owned());
    }
    Ok((letters[start..end].iter().collect(), end))
}

/// A quoted text; doubled quotes stand for one, in double quotes everything else stays for expansion.
fn quoted(letters: &[char], start: usize) -> Result<(String, usize), String> {
    let quote = letters[start];
    let mut out = String::new();
    let mut at = start + 1;
    let mut depth = 0usize;
    while let Some(&letter) = letters.get(at) {
        if quote == '"' && letter == '`' {
            out.push(letter);
            out.extend(letters.get(at + 1));
            at += 2;
            continue;
        }
        if quote == '"' && letter == '$' && letters.get(at + 1) == Some(&'(') {
            depth += 1;
        } else if depth > 0 && letter == ')' {
            depth -= 1;
        }
        if letter == quote && depth == 0 {
            if letters.get(at + 1) == Some(&quote) {
                out.push(quote);
                at += 2;
                continue;
            }
            return Ok((out, at + 1));
        }
        out.push(letter);
        at += 1;
    }
    Err("a quote is never closed".to_owned())
}
