//! `ConvertTo-Json`: objects as JSON, cut off at a depth as PowerShell cuts it.

use crate::clixml::{Base, ListKind, PsObject, PsValue};
use crate::render::RenderError;
use crate::render::subject;
use crate::render::text::{self, Culture};

/// How JSON is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonOptions {
    /// Levels below the top; deeper values become text.
    pub depth: usize,
    /// One line, no blanks.
    pub compress: bool,
    /// An array even for a single object.
    pub as_array: bool,
    /// Everything beyond ASCII as `\uXXXX`.
    pub ascii: bool,
    /// `<`, `>`, `&`, `'` and `"` as `\uXXXX` too.
    pub html: bool,
    /// Enumeration values by name. (PowerShell never does it for those that were read back.)
    pub enums_as_strings: bool,
    /// Keys of dictionaries that are no strings become strings.
    pub any_keys: bool,
}

impl JsonOptions {
    /// All that an object has, for programs: enumeration values by name, keys of any type, as deep as objects go.
    #[must_use]
    pub fn everything(compress: bool) -> Self {
        Self { depth: 48, compress, enums_as_strings: true, any_keys: true, ..Self::default() }
    }
}

impl Default for JsonOptions {
    fn default() -> Self {
        Self {
            depth: 2,
            compress: false,
            as_array: false,
            ascii: false,
            html: false,
            enums_as_strings: false,
            any_keys: false,
        }
    }
}

/// All objects as one text: one object bare, several as an array.
///
/// # Errors
/// A dictionary has keys that are no strings.
pub fn to_json(values: &[PsValue], options: &JsonOptions) -> Result<String, RenderError> {
    let mut writer = Writer { options, out: String::new(), left: VALUES_MAX };
    match values {
        [only] if !options.as_array => writer.value(only, 0, 0)?,
        _ => writer.array(values, 0, 0)?,
    }
    Ok(writer.out)
}

/// One object on one line with all it has.
///
/// # Errors
/// None at present; what cannot be JSON becomes text.
pub fn json_line(value: &PsValue) -> Result<String, RenderError> {
    to_json(std::slice::from_ref(value), &JsonOptions::everything(true))
}

/// Values written of one document. Objects may share parts, so a short file can stand for more than any disk holds.
const VALUES_MAX: usize = 5_000_000;

struct Writer<'a> {
    options: &'a JsonOptions,
    out: String,
    /// Values that may still be written.
    left: usize,
}

impl Writer<'_> {
    /// A value at a depth; below the depth asked for it is text. `level` is what is indented.
    fn value(&mut self, value: &PsValue, depth: usize, level: usize) -> Result<(), RenderError> {
        let Some(left) = self.left.checked_sub(1) else {
            self.string("…");
            return Ok(());
        };
        self.left = left;
        match value {
            PsValue::Null => self.out.push_str("null"),
            PsValue::Bool(truth) => self.out.push_str(if *truth { "true" } else { "false" }),
            PsValue::F32(number) => self.float(text::round_trip_f32(*number, &Culture::INVARIANT), f64::from(*number)),
            PsValue::F64(number) => self.float(text::round_trip(*number, &Culture::INVARIANT), *number),
            PsValue::Decimal(number) => {
                let plain = number.to_string();
                self.out.push_str(&plain);
                if !plain.contains('.') {
                    self.out.push_str(".0");
                }
            }
            PsValue::U8(_)
            | PsValue::I8(_)
            | PsValue::U16(_)
            | PsValue::I16(_)
            | PsValue::U32(_)
            | PsValue::I32(_)
            | PsValue::U64(_)
            | PsValue::I64(_) => {
                self.out.push_str(&text::to_string(value, &Culture::INVARIANT));
            }
            PsValue::DateTime(date) => self.string(&text::date_iso(*date)),
            PsValue::String(_)
            | PsValue::Char(_)
            | PsValue::Guid(_)
            | PsValue::Uri(_)
            | PsValue::ScriptBlock(_)
            | PsValue::Xml(_) => {
                let shown = match value {
                    PsValue::Xml(xml) => xml.to_text().into_owned(),
                    other => text::to_string(other, &Culture::INVARIANT),
                };
                self.string(&shown);
            }
            PsValue::SecureString(_) => self.members(&[], depth, level)?,
            PsValue::Object(object) if matches!(object.base(), Base::Value(_)) => {
                self.object(value, object, depth, level)?;
            }
            _ if depth > self.options.depth => self.string(&cut(value)),
            PsValue::Bytes(bytes) => {
                let items: Vec<PsValue> = bytes.iter().map(|byte| PsValue::U8(*byte)).collect();
                self.array(&items, depth, level)?;
            }
            PsValue::TimeSpan(_) | PsValue::Version(_) | PsValue::Progress(_) => {
                self.members(&pairs(subject::properties(value)), depth, level)?;
            }
            PsValue::Object(object) => self.object(value, object, depth, level)?,
        }
        Ok(())
    }

    fn object(&mut self, value: &PsValue, object: &PsObject, depth: usize, level: usize) -> Result<(), RenderError> {
        match object.base() {
            Base::Value(inner) if subject::is_enumeration(value) => {
                if self.options.enums_as_strings {
                    self.string(&text::object_text(object, &Culture::INVARIANT));
                    return Ok(());
                }
                let name = PsValue::String(object.to_string_text().unwrap_or_default());
                self.members(&[("value".to_owned(), inner), ("Value".to_owned(), name)], depth, level)
            }
            // Strings and dates lose what decorates them; numbers keep it.
            Base::Value(inner @ (PsValue::String(_) | PsValue::DateTime(_))) => self.value(&inner, depth, level),
            Base::Value(inner) => {
                let notes = subject::visible(object);
                if notes.is_empty() {
                    return self.value(&inner, depth, level);
                }
                let mut members = vec![("value".to_owned(), inner)];
                members.extend(pairs(notes));
                self.members(&members, depth, level)
            }
            Base::List(_, items) => {
                let notes = object.extended().map(|_| pairs(subject::visible(object))).unwrap_or_default();
                if notes.is_empty() {
                    return self.array(&items, depth, level);
                }
                let plain = PsObject::builder().base(Base::List(ListKind::List, items)).build();
                let mut members = vec![("value".to_owned(), plain.into())];
                members.extend(notes);
                self.members(&members, depth.saturating_sub(1), level)
            }
            Base::Dictionary(entries) => {
                let type_name = || text::type_name_of_container(object).unwrap_or_default().to_owned();
                let mut members = Vec::with_capacity(entries.len());
                for (key, value) in entries.iter() {
                    if !self.options.any_keys && !matches!(key, PsValue::String(_)) {
                        return Err(RenderError::KeyIsNoString { type_name: type_name() });
                    }
                    members.push((subject::key_text(key), value.clone()));
                }
                members.extend(pairs(subject::visible(object)));
                self.members(&members, depth, level)
            }
            Base::None => self.members(&pairs(subject::visible(object)), depth, level),
        }
    }

    fn members(&mut self, members: &[(String, PsValue)], depth: usize, level: usize) -> Result<(), RenderError> {
        if members.is_empty() {
            self.out.push_str("{}");
            return Ok(());
        }
        self.out.push('{');
        for (at, (name, value)) in members.iter().enumerate() {
            self.separate(at, level + 1);
            self.string(name);
            self.out.push_str(if self.options.compress { ":" } else { ": " });
            self.value(value, depth + 1, level + 1)?;
        }
        self.line(level);
        self.out.push('}');
        Ok(())
    }

    fn array(&mut self, items: &[PsValue], depth: usize, level: usize) -> Result<(), RenderError> {
        if items.is_empty() {
            self.out.push_str("[]");
            return Ok(());
        }
        self.out.push('[');
        for (at, item) in items.iter().enumerate() {
            self.separate(at, level + 1);
            self.value(item, depth + 1, level + 1)?;
        }
        self.line(level);
        self.out.push(']');
        Ok(())
    }

    fn separate(&mut self, at: usize, level: usize) {
        if at > 0 {
            self.out.push(',');
        }
        self.line(level);
    }

    fn line(&mut self, level: usize) {
        if !self.options.compress {
            self.out.push('\n');
            self.out.push_str(&"  ".repeat(level));
        }
    }

    fn float(&mut self, shown: String, number: f64) {
        if number.is_finite() {
            self.out.push_str(&shown);
            if !shown.contains(['.', 'E']) {
                self.out.push_str(".0");
            }
        } else {
            self.string(if number.is_nan() {
                "NaN"
            } else if number > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            });
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        for letter in text.chars() {
            match letter {
                '"' if self.options.html => self.escape(letter),
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                '\0'..='\u{1f}' | '\u{85}' | '\u{2028}' | '\u{2029}' => self.escape(letter),
                '<' | '>' | '&' | '\'' if self.options.html => self.escape(letter),
                other if !other.is_ascii() && self.options.ascii => self.escape(other),
                other => self.out.push(other),
            }
        }
        self.out.push('"');
    }

    fn escape(&mut self, letter: char) {
        for unit in letter.encode_utf16(&mut [0; 2]) {
            self.out.push_str(&format!("\\u{unit:04x}"));
        }
    }
}

fn pairs(properties: Vec<(std::sync::Arc<str>, PsValue)>) -> Vec<(String, PsValue)> {
    properties.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
}

/// What stands for a value below the depth.
fn cut(value: &PsValue) -> String {
    match value {
        PsValue::Object(object) => match object.base() {
            Base::List(ListKind::List | ListKind::Enumerable | ListKind::Stack | ListKind::Queue, _) => {
                text::interpolated(value)
            }
            _ => text::object_text(object, &Culture::INVARIANT),
        },
        other => text::interpolated(other),
    }
}
