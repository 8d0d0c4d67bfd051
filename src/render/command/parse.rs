//! From the text of a view command to its stages.

use super::arguments::{Argument, Word, bad};
use super::{Stage, ViewCommand, setup};
use crate::render::RenderError;

/// Reads statements: settings first, then at most one pipeline.
pub(super) fn command(text: &str) -> Result<ViewCommand, RenderError> {
    let mut command = ViewCommand::default();
    let statements = split(text, ';')?;
    let last = statements.len().saturating_sub(1);
    for (at, statement) in statements.iter().enumerate() {
        let statement = statement.trim();
        if let Some(change) = setup::change(statement)? {
            command.setup.push(change);
        } else if at == last {
            command.stages = pipeline(statement)?;
        } else if !statement.is_empty() {
            return Err(bad(statement, "only settings may stand before the view"));
        }
    }
    Ok(command)
}

/// The stages of a pipeline.
pub(super) fn pipeline(text: &str) -> Result<Vec<Stage>, RenderError> {
    let mut stages = Vec::new();
    if text.trim().is_empty() {
        return Ok(stages);
    }
    for part in split(text, '|')? {
        let mut words = Words { letters: part.chars().collect(), at: 0 };
        let Some(Word::Argument(Argument::Text(name))) = words.next()? else {
            return Err(bad(part.trim(), "a cmdlet is needed"));
        };
        let mut rest = Vec::new();
        while let Some(word) = words.next()? {
            rest.push(word);
        }
        stages.push(super::run::stage(&name, rest)?);
    }
    Ok(stages)
}

/// Splits at a sign that stands outside of quotes and brackets.
pub(super) fn split(text: &str, sign: char) -> Result<Vec<String>, RenderError> {
    let letters: Vec<char> = text.chars().collect();
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    while let Some(&letter) = letters.get(at) {
        match letter {
            '\'' | '"' | '{' | '(' => at = skip(&letters, at)?,
            other if other == sign => {
                parts.push(letters[start..at].iter().collect());
                start = at + 1;
                at += 1;
            }
            _ => at += 1,
        }
    }
    parts.push(letters[start..].iter().collect());
    Ok(parts)
}

/// One past the end of a quoted text or a bracket, and all within.
pub(super) fn skip(letters: &[char], start: usize) -> Result<usize, RenderError> {
    let open = letters[start];
    let close = match open {
        '{' => '}',
        '(' => ')',
        quote => quote,
    };
    let mut at = start + 1;
    while let Some(&letter) = letters.get(at) {
        if letter == close {
            if open == close && letters.get(at + 1) == Some(&close) {
                at += 2;
                continue;
            }
            return Ok(at + 1);
        }
        at = match letter {
            '`' if open != '\'' => at + 2,
            '\'' | '"' | '{' | '(' if open != close => skip(letters, at)?,
            _ => at + 1,
        };
    }
    Err(bad(&letters[start..].iter().collect::<String>(), format!("`{open}` is never closed")))
}

/// Reads words of one cmdlet.
pub(super) struct Words {
    pub(super) letters: Vec<char>,
    pub(super) at: usize,
}

impl Words {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// The next word, if any.
    pub(super) fn next(&mut self) -> Result<Option<Word>, RenderError> {
        self.blanks();
        let Some(letter) = self.peek() else { return Ok(None) };
        let after = self.letters.get(self.at + 1).copied();
        if letter == '-' && after.is_some_and(char::is_alphabetic) {
            self.at += 1;
            let name = self.bare(&[':']);
            let glued = if self.peek() == Some(':') {
                self.at += 1;
                Some(self.argument()?)
            } else {
                None
            };
            return Ok(Some(Word::Parameter(name, glued)));
        }
        Ok(Some(Word::Argument(self.argument()?)))
    }

    /// An argument: one, or several joined by commas.
    pub(super) fn argument(&mut self) -> Result<Argument, RenderError> {
        let mut items = vec![self.single()?];
        loop {
            let before = self.at;
            self.blanks();
            if self.peek() != Some(',') {
                self.at = before;
                break;
            }
            self.at += 1;
            self.blanks();
            items.push(self.single()?);
        }
        Ok(if items.len() == 1 { items.remove(0) } else { Argument::List(items) })
    }

    fn taken(&mut self) -> Result<Vec<char>, RenderError> {
        let start = self.at;
        self.at = skip(&self.letters, start)?;
        Ok(self.letters[start + 1..self.at - 1].to_vec())
    }

    fn single(&mut self) -> Result<Argument, RenderError> {
        match (self.peek(), self.letters.get(self.at + 1)) {
            (None, _) => Err(bad("", "an argument is missing")),
            (Some('\''), _) => {
                let text: String = self.taken()?.into_iter().collect();
                Ok(Argument::Text(text.replace("''", "'")))
            }
            (Some('"'), _) => Ok(Argument::Text(expand(&self.taken()?))),
            (Some('{'), _) => Ok(Argument::Script(self.taken()?.into_iter().collect())),
            (Some('@'), Some('{')) => {
                self.at += 1;
                let body: String = self.taken()?.into_iter().collect();
                table(&body)
            }
            (Some('@'), Some('(')) => {
                self.at += 1;
                let body = self.taken()?;
                let mut words = Self { letters: body, at: 0 };
                words.blanks();
                let inner = if words.peek().is_none() { Argument::Null } else { words.argument()? };
                Ok(Argument::List(inner.items()))
            }
            (Some('('), _) => {
                let body = self.taken()?;
                Self { letters: body, at: 0 }.trimmed()
            }
            (Some('$'), _) => {
                let name = self.bare(&[',']);
                match name.to_ascii_lowercase().as_str() {
                    "$true" => Ok(Argument::Bool(true)),
                    "$false" => Ok(Argument::Bool(false)),
                    "$null" => Ok(Argument::Null),
                    _ => Err(bad(&name, "variables are not known here")),
                }
            }
            _ => Ok(Argument::Text(self.bare(&[',']))),
        }
    }

    fn trimmed(mut self) -> Result<Argument, RenderError> {
        self.blanks();
        self.argument()
    }

    fn bare(&mut self, ends: &[char]) -> String {
        let start = self.at;
        while self.peek().is_some_and(|letter| !letter.is_whitespace() && !ends.contains(&letter)) {
            self.at += 1;
        }
        self.letters[start..self.at].iter().collect()
    }
}

/// `n = "Kilos"; e = { … }`
fn table(body: &str) -> Result<Argument, RenderError> {
    let mut entries = Vec::new();
    for part in split(&body.replace('\n', ";"), ';')? {
        if part.trim().is_empty() {
            continue;
        }
        let (key, value) = part.split_once('=').ok_or_else(|| bad(part.trim(), "`=` is missing"))?;
        let words = Words { letters: value.chars().collect(), at: 0 };
        let key = key.trim().trim_matches(['\'', '"']).to_owned();
        entries.push((key, words.trimmed()?));
    }
    Ok(Argument::Table(entries))
}

/// Escapes in double quotes.
fn expand(letters: &[char]) -> String {
    let mut out = String::new();
    let mut rest = letters.iter().peekable();
    while let Some(&letter) = rest.next() {
        match letter {
            '`' => out.push(match rest.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('e') => '\u{1b}',
                Some(other) => *other,
                None => '`',
            }),
            '"' => {
                rest.next_if(|next| **next == '"');
                out.push('"');
            }
            other => out.push(other),
        }
    }
    out
}
