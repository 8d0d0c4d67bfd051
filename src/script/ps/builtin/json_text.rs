//! Reads JSON as PowerShell's reader does: also with comments, single quotes, bare names and trailing commas.
//!
//! What the values become is the caller's business; errors say what that reader says, with path, line and position.

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// A number as it is written.
    Number(String),
    Text(String),
    List(Vec<Self>),
    /// Names and values in order; of equal names the last counts.
    Object(Vec<(String, Self)>),
}

/// Levels that may lie in one another.
const DEPTH_MAX: usize = 1024;

/// One container that is being read.
struct Level {
    name: Option<String>,
    count: usize,
    list: bool,
    begun: bool,
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    levels: Vec<Level>,
}

/// Reads a text; `None` when there is nothing in it.
///
/// # Errors
/// Why it is no JSON.
pub(super) fn read(text: &str) -> Result<Option<Json>, String> {
    let mut reader = Reader { chars: text.chars().collect(), at: 0, levels: Vec::new() };
    reader.skip()?;
    if reader.at == reader.chars.len() {
        return Ok(None);
    }
    let value = reader.value()?;
    reader.skip()?;
    match reader.peek() {
        None => Ok(Some(value)),
        Some(c) => Err(reader.error(&format!("Additional text encountered after finished reading JSON content: {c}."))),
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// Where the reader is: `a.b[2]`.
    fn path(&self) -> String {
        let mut path = String::new();
        let last = self.levels.len();
        for (index, level) in self.levels.iter().enumerate() {
            if index + 1 == last && !level.begun {
                break;
            }
            if level.list {
                path.push_str(&format!("[{}]", level.count.saturating_sub(1)));
            } else if let Some(name) = &level.name {
                if name.chars().any(|c| matches!(c, '.' | ' ' | '\'' | '/' | '"' | '[' | ']' | '(' | ')' | '\t')) {
                    path.push_str(&format!("['{}']", name.replace('\'', "\\'")));
                } else {
                    path.push_str(if path.is_empty() { "" } else { "." });
                    path.push_str(name);
                }
            }
        }
        path
    }

    fn error(&self, message: &str) -> String {
        let before = &self.chars[..self.at.min(self.chars.len())];
        let line_start = before.iter().rposition(|c| *c == '\n').map_or(0, |at| at + 1);
        let position = before.len() - line_start;
        let line = if before.is_empty() { 0 } else { before.iter().filter(|c| **c == '\n').count() + 1 };
        format!("{message} Path '{}', line {line}, position {position}.", self.path())
    }

    /// Passes blanks and comments over.
    fn skip(&mut self) -> Result<(), String> {
        loop {
            match self.peek() {
                Some(c) if c.is_whitespace() || c == '\u{feff}' => self.at += 1,
                Some('/') => match self.chars.get(self.at + 1) {
                    Some('/') => {
                        while self.peek().is_some_and(|c| c != '\n') {
                            self.at += 1;
                        }
                    }
                    Some('*') => {
                        let rest = &self.chars[self.at + 2..];
                        match rest.windows(2).position(|pair| pair == ['*', '/']) {
                            Some(end) => self.at += end + 4,
                            None => {
                                self.at = self.chars.len();
                                return Err(self.error("Unexpected end while parsing comment."));
                            }
                        }
                    }
                    Some(other) => {
                        let message = format!("Error parsing comment. Expected: *, got {other}.");
                        self.at += 1;
                        return Err(self.error(&message));
                    }
                    None => return Err(self.error("Unexpected end while parsing comment.")),
                },
                _ => return Ok(()),
            }
        }
    }

    fn value(&mut self) -> Result<Json, String> {
        let Some(c) = self.peek() else { return Err(self.ended()) };
        match c {
            '"' | '\'' => self.string(c).map(Json::Text),
            '{' | '[' if self.levels.len() >= DEPTH_MAX => {
                Err(self.error(&format!("The reader's MaxDepth of {DEPTH_MAX} has been exceeded.")))
            }
            '{' => self.object(),
            '[' => self.list(),
            't' => self.word("true", Json::Bool(true), "boolean"),
            'f' => self.word("false", Json::Bool(false), "boolean"),
            'n' if self.chars.get(self.at + 1) == Some(&'u') => self.word("null", Json::Null, "null"),
            'u' => self.word("undefined", Json::Null, "undefined"),
            'N' => self.word("NaN", Json::Number("NaN".to_owned()), "NaN"),
            'I' => self.word("Infinity", Json::Number("Infinity".to_owned()), "Infinity"),
            '-' | '.' | '0'..='9' => self.number(),
            other => Err(self.error(&format!("Unexpected character encountered while parsing value: {other}."))),
        }
    }

    /// The text ended in the middle of something.
    fn ended(&self) -> String {
        match self.levels.first() {
            Some(level) if level.list => format!("Unexpected end when reading token. Path '{}'.", self.path()),
            Some(_) => self.error("Unexpected end when deserializing object."),
            None => self.error("Unexpected end when reading JSON."),
        }
    }

    fn word(&mut self, word: &str, value: Json, kind: &str) -> Result<Json, String> {
        for wanted in word.chars() {
            if self.peek() != Some(wanted) {
                return Err(self.error(&format!("Error parsing {kind} value.")));
            }
            self.at += 1;
        }
        match self.peek() {
            Some(c) if is_name(c) => Err(self.error(&format!("Error parsing {kind} value."))),
            _ => Ok(value),
        }
    }

    fn number(&mut self) -> Result<Json, String> {
        let start = self.at;
        while let Some(c) = self.peek() {
            match c {
                '0'..='9' | 'a'..='f' | 'A'..='F' | 'x' | 'X' | '.' | '+' | '-' | 'I' | 'n' | 'i' | 't' | 'y' => {
                    self.at += 1;
                }
                ',' | '}' | ']' | ')' | '/' => break,
                c if c.is_whitespace() => break,
                other => {
                    return Err(self.error(&format!("Unexpected character encountered while parsing number: {other}.")));
                }
            }
        }
        let text: String = self.chars[start..self.at].iter().collect();
        let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
        if let Some(number) = hex.and_then(|digits| i64::from_str_radix(digits, 16).ok()) {
            return Ok(Json::Number(number.to_string()));
        }
        if text == "-Infinity" || text.parse::<f64>().is_ok_and(f64::is_finite) {
            return Ok(Json::Number(text));
        }
        Err(self.error(&format!("Input string '{text}' is not a valid number.")))
    }

    fn string(&mut self, quote: char) -> Result<String, String> {
        self.at += 1;
        let mut units: Vec<u16> = Vec::new();
        let mut buffer = [0; 2];
        loop {
            let Some(c) = self.peek() else {
                return Err(self.error(&format!("Unterminated string. Expected delimiter: {quote}.")));
            };
            self.at += 1;
            match c {
                c if c == quote => return Ok(String::from_utf16_lossy(&units)),
                '\\' => {
                    let Some(escape) = self.peek() else {
                        return Err(self.error(&format!("Unterminated string. Expected delimiter: {quote}.")));
                    };
                    self.at += 1;
                    units.push(match escape {
                        'b' => 8,
                        't' => 9,
                        'n' => 10,
                        'f' => 12,
                        'r' => 13,
                        '\\' | '/' | '"' | '\'' => escape as u16,
                        'u' => self.unit()?,
                        other => return Err(self.error(&format!("Bad JSON escape sequence: \\{other}."))),
                    });
                }
                c => units.extend_from_slice(c.encode_utf16(&mut buffer)),
            }
        }
    }

    /// The four digits of `\uXXXX`.
    fn unit(&mut self) -> Result<u16, String> {
        let digits: String = self.chars.iter().skip(self.at).take(4).collect();
        if digits.chars().count() < 4 {
            return Err(self.error("Unexpected end while parsing Unicode escape sequence."));
        }
        match u16::from_str_radix(&digits, 16) {
            Ok(unit) => {
                self.at += 4;
                Ok(unit)
            }
            Err(_) => Err(self.error(&format!("Invalid Unicode escape sequence: \\u{digits}."))),
        }
    }

    fn list(&mut self) -> Result<Json, String> {
        self.at += 1;
        self.levels.push(Level { name: None, count: 0, list: true, begun: false });
        let mut items = Vec::new();
        loop {
            self.skip()?;
            match self.peek() {
                None => return Err(self.ended()),
                Some(']') => break,
                Some(',') => items.push(Json::Null),
                Some(c) => {
                    if let Some(level) = self.levels.last_mut().filter(|_| matches!(c, '{' | '[')) {
                        level.count = items.len() + 1; // a container counts as soon as it begins
                        level.begun = true;
                    }
                    items.push(self.value()?);
                }
            }
            if let Some(level) = self.levels.last_mut() {
                level.count = items.len();
                level.begun = true;
            }
            if !self.another(']')? {
                break;
            }
        }
        self.at += 1;
        self.levels.pop();
        Ok(Json::List(items))
    }

    /// After a value: whether a comma says that there may be more.
    fn another(&mut self, end: char) -> Result<bool, String> {
        self.skip()?;
        match self.peek() {
            None => Err(self.ended()),
            Some(',') => {
                self.at += 1;
                Ok(true)
            }
            Some(c) if c == end => Ok(false),
            Some('}') => Err(self.error("JsonToken EndObject is not valid for closing JsonType Array.")),
            Some(']') => Err(self.error("JsonToken EndArray is not valid for closing JsonType Object.")),
            Some(c) => Err(self.error(&format!("After parsing a value an unexpected character was encountered: {c}."))),
        }
    }

    fn object(&mut self) -> Result<Json, String> {
        self.at += 1;
        self.levels.push(Level { name: None, count: 0, list: false, begun: false });
        let mut entries: Vec<(String, Json)> = Vec::new();
        loop {
            self.skip()?;
            let name = match self.peek() {
                None => return Err(self.ended()),
                Some('}') => break,
                Some(quote @ ('"' | '\'')) => self.string(quote)?,
                Some(c) if is_name(c) => {
                    let start = self.at;
                    while self.peek().is_some_and(is_name) {
                        self.at += 1;
                    }
                    self.chars[start..self.at].iter().collect()
                }
                Some(c) => return Err(self.error(&format!("Invalid property identifier character: {c}."))),
            };
            if let Some(level) = self.levels.last_mut() {
                level.name = Some(name.clone());
                level.begun = true;
            }
            self.skip()?;
            match self.peek() {
                Some(':') => self.at += 1,
                Some(c) => {
                    let message = format!("Invalid character after parsing property name. Expected ':' but got: {c}.");
                    return Err(self.error(&message));
                }
                None => return Err(self.ended()),
            }
            self.skip()?;
            let value = self.value()?;
            match entries.iter_mut().find(|(known, _)| *known == name) {
                Some(entry) => entry.1 = value,
                None => entries.push((name, value)),
            }
            if !self.another('}')? {
                break;
            }
        }
        self.at += 1;
        self.levels.pop();
        Ok(Json::Object(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, read};

    #[test]
    fn what_is_looser_than_the_standard_is_read() {
        let text = "// note\n{ a: 'x', \"b\": [1, /* two */ 2,], 'c': 0x1F, \"d\": null, }";
        let Some(Json::Object(entries)) = read(text).unwrap() else { panic!("no object") };
        let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c", "d"]);
        assert_eq!(entries[2].1, Json::Number("31".to_owned()));
        assert_eq!(read("  ").unwrap(), None);
    }

    #[test]
    fn errors_say_where_the_text_goes_wrong() {
        for (text, message) in [
            ("not json", "Unexpected character encountered while parsing value: n. Path '', line 0, position 0."),
            ("{\"a\":}", "Unexpected character encountered while parsing value: }. Path 'a', line 1, position 5."),
            ("{\"a\":1", "Unexpected end when deserializing object. Path 'a', line 1, position 6."),
            ("[1, x]", "Unexpected character encountered while parsing value: x. Path '[0]', line 1, position 4."),
            (
                "{\"a\" 1}",
                "Invalid character after parsing property name. Expected ':' but got: 1. Path 'a', line 1, position 5.",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), message, "{text}");
        }
    }
}
