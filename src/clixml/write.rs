//! Values to CLIXML, byte for byte as PowerShell writes them ([MS-PSRP] 2.2.5).
//!
//! It writes values as they are held; cutting an object graph to a depth is done by whoever builds the values.

use std::collections::HashMap;

use super::escape::{Place, push_escaped};
use super::number::{ROUND_TRIP, ROUND_TRIP_SINGLE, decimal_text, double_text, single_text};
use super::{
    Base, ClixmlError, ListKind, Member, ProgressRecord, PsObject, PsString, PsValue, SecureText, SessionKey, TypeNames,
};

/// Objects inside each other; what would be deeper is [`TOO_DEEP`].
const LEVELS_MAX: usize = 49;

/// What stands for an object that would be nested too deeply.
const TOO_DEEP: &str = "Serialized XML is nested too deeply.";

/// Writes the body of one protocol message, without byte order mark, secrets encrypted with the key.
///
/// # Errors
/// [`ClixmlError::NoSessionKey`] when a plain secret is in it and no key is given; nothing else.
pub fn write_fragment(value: &PsValue, key: Option<&SessionKey>) -> Result<Vec<u8>, ClixmlError> {
    let mut writer = Writer::new(key, None);
    writer.value(value, None)?;
    Ok(writer.out.into_bytes())
}

/// Writes a file as Export-Clixml does (UTF-8, no byte order mark, indented by two blanks a level, LF).
///
/// # Errors
/// A plain secret, or a character that XML files cannot hold.
pub fn write_document(values: &[PsValue]) -> Result<String, ClixmlError> {
    let mut writer = Writer::new(None, Some(0));
    writer.out.push_str("<Objs Version=\"1.1.0.1\" xmlns=\"");
    writer.out.push_str(super::xml::NAMESPACE);
    if values.is_empty() {
        writer.out.push_str("\" />");
        return Ok(writer.out);
    }
    writer.out.push_str("\">");
    writer.level = Some(1);
    for value in values {
        writer.value(value, None)?;
    }
    writer.close("Objs");
    Ok(writer.out)
}

/// Whether a plain secret is somewhere in the value, so that a session key is needed to write it.
#[must_use]
pub fn holds_plain_secret(value: &PsValue) -> bool {
    let mut seen = std::collections::HashSet::new();
    let mut held = Vec::new();
    let mut waiting = vec![value.clone()];
    while let Some(value) = waiting.pop() {
        match value {
            PsValue::SecureString(SecureText::Plain(_)) => return true,
            PsValue::Object(object) if seen.insert(object.address()) => {
                waiting.extend(children(&object));
                held.push(object); // so that no later object takes its address
            }
            _ => {}
        }
    }
    false
}

/// Everything an object holds directly.
fn children(object: &PsObject) -> Vec<PsValue> {
    fn of_members(members: &[Member], found: &mut Vec<PsValue>) {
        for member in members {
            match member {
                Member::Property { value, .. } => found.push(value.clone()),
                Member::Set { members, .. } => of_members(members, found),
            }
        }
    }
    let mut found = match object.base() {
        Base::None => Vec::new(),
        Base::Value(value) => vec![value],
        Base::List(_, items) => items.to_vec(),
        Base::Dictionary(entries) => entries.iter().flat_map(|(key, value)| [key.clone(), value.clone()]).collect(),
    };
    of_members(&object.adapted().unwrap_or_default(), &mut found);
    of_members(&object.extended().unwrap_or_default(), &mut found);
    found
}

struct Writer<'k> {
    out: String,
    key: Option<&'k SessionKey>,
    /// Indentation of the next element; `None` in messages, which have none.
    level: Option<usize>,
    /// Numbers of objects written so far, by address.
    objects: HashMap<(usize, u32), u32>,
    /// Keeps those objects alive, so that no other can take their addresses.
    held: Vec<PsObject>,
    types: HashMap<TypeNames, u32>,
    depth: usize,
}

impl<'k> Writer<'k> {
    fn new(key: Option<&'k SessionKey>, level: Option<usize>) -> Self {
        Self {
            out: String::with_capacity(512),
            key,
            level,
            objects: HashMap::new(),
            held: Vec::new(),
            types: HashMap::new(),
            depth: 0,
        }
    }

    fn new_line(&mut self) {
        if let Some(level) = self.level {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", level));
        }
    }

    /// `<tag N="name"`, the tag still open.
    fn start(&mut self, tag: &str, name: Option<&str>) -> Result<(), ClixmlError> {
        self.new_line();
        self.out.push('<');
        self.out.push_str(tag);
        if let Some(name) = name {
            self.out.push_str(" N=\"");
            self.escaped(name, Place::Attribute)?;
            self.out.push('"');
        }
        Ok(())
    }

    fn ref_id(&mut self, number: u32) {
        self.out.push_str(&format!(" RefId=\"{number}\""));
    }

    /// `>`, and what follows is a level deeper.
    fn enter(&mut self) {
        self.out.push('>');
        self.level = self.level.map(|level| level + 1);
    }

    /// The end tag of an element that has elements in it.
    fn close(&mut self, tag: &str) {
        self.level = self.level.map(|level| level - 1);
        self.new_line();
        self.end(tag);
    }

    fn end(&mut self, tag: &str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    fn escaped(&mut self, text: &str, place: Place) -> Result<(), ClixmlError> {
        push_escaped(text, place, self.level.is_none(), &mut self.out)
    }

    /// An element with text in it; never self-closed.
    fn text(&mut self, tag: &str, name: Option<&str>, text: &str) -> Result<(), ClixmlError> {
        self.start(tag, name)?;
        self.out.push('>');
        self.out.push_str(text);
        self.end(tag);
        Ok(())
    }

    fn string(&mut self, tag: &str, name: Option<&str>, text: &PsString) -> Result<(), ClixmlError> {
        self.start(tag, name)?;
        self.out.push('>');
        self.string_text(text)?;
        self.end(tag);
        Ok(())
    }

    fn string_text(&mut self, text: &PsString) -> Result<(), ClixmlError> {
        match text {
            PsString::Text(text) => self.escaped(text, Place::Text),
            PsString::Utf16(units) => {
                for decoded in char::decode_utf16(units.iter().copied()) {
                    match decoded {
                        Ok(c) => self.escaped(c.encode_utf8(&mut [0; 4]), Place::Text)?,
                        Err(lone) => self.out.push_str(&format!("_x{:04X}_", lone.unpaired_surrogate())),
                    }
                }
                Ok(())
            }
        }
    }

    /// An element with text in it that is self-closed when the text is empty.
    fn element(&mut self, tag: &str, text: &PsString) -> Result<(), ClixmlError> {
        if text.is_empty() {
            self.start(tag, None)?;
            self.out.push_str(" />");
            return Ok(());
        }
        self.string(tag, None, text)
    }

    fn value(&mut self, value: &PsValue, name: Option<&str>) -> Result<(), ClixmlError> {
        match value {
            PsValue::Null => {
                self.start("Nil", name)?;
                self.out.push_str(" />");
                Ok(())
            }
            PsValue::Bool(value) => self.text("B", name, if *value { "true" } else { "false" }),
            PsValue::Char(value) => self.text("C", name, &value.to_string()),
            PsValue::U8(value) => self.text("By", name, &value.to_string()),
            PsValue::I8(value) => self.text("SB", name, &value.to_string()),
            PsValue::U16(value) => self.text("U16", name, &value.to_string()),
            PsValue::I16(value) => self.text("I16", name, &value.to_string()),
            PsValue::U32(value) => self.text("U32", name, &value.to_string()),
            PsValue::I32(value) => self.text("I32", name, &value.to_string()),
            PsValue::U64(value) => self.text("U64", name, &value.to_string()),
            PsValue::I64(value) => self.text("I64", name, &value.to_string()),
            PsValue::F32(value) => self.text("Sg", name, &single(*value)),
            PsValue::F64(value) => self.text("Db", name, &double(*value)),
            PsValue::Decimal(value) => self.text("D", name, &decimal_text(value)),
            PsValue::String(text) => self.string("S", name, text),
            PsValue::DateTime(value) => self.text("DT", name, &value.to_string()),
            PsValue::TimeSpan(value) => self.text("TS", name, &value.to_string()),
            PsValue::Guid(value) => self.text("G", name, &value.hyphenated().to_string()),
            PsValue::Uri(text) => self.string("URI", name, text),
            PsValue::Version(value) => self.text("Version", name, &value.to_string()),
            PsValue::Bytes(bytes) if bytes.is_empty() => {
                self.start("BA", name)?;
                self.out.push_str(" />");
                Ok(())
            }
            PsValue::Bytes(bytes) => self.text("BA", name, &base64_simd::STANDARD.encode_to_string(bytes)),
            PsValue::Xml(text) => self.string("XD", name, text),
            PsValue::ScriptBlock(text) => self.string("SBK", name, text),
            PsValue::SecureString(text) => self.secret(text, name),
            PsValue::Progress(record) => self.progress(record, name),
            PsValue::Object(object) => self.object(object, name),
        }
    }

    fn secret(&mut self, text: &SecureText, name: Option<&str>) -> Result<(), ClixmlError> {
        match text {
            SecureText::Encrypted(text) => {
                self.start("SS", name)?;
                self.out.push('>');
                self.escaped(text, Place::Text)?;
                self.end("SS");
                Ok(())
            }
            SecureText::Plain(plain) => {
                let key = self.key.ok_or(ClixmlError::NoSessionKey)?;
                self.text("SS", name, &key.encrypt(plain))
            }
        }
    }

    fn progress(&mut self, record: &ProgressRecord, name: Option<&str>) -> Result<(), ClixmlError> {
        self.start("PR", name)?;
        self.enter();
        self.element("AV", &record.activity)?;
        self.text("AI", None, &record.activity_id.to_string())?;
        let current = record.current_operation.clone().map_or(PsValue::Null, PsValue::String);
        self.value(&current, None)?;
        self.text("PI", None, &record.parent_activity_id.to_string())?;
        self.text("PC", None, &record.percent_complete.to_string())?;
        self.text("T", None, if record.completed { "Completed" } else { "Processing" })?;
        self.text("SR", None, &record.seconds_remaining.to_string())?;
        self.element("SD", &record.status_description)?;
        self.close("PR");
        Ok(())
    }

    fn object(&mut self, object: &PsObject, name: Option<&str>) -> Result<(), ClixmlError> {
        if let Some(number) = self.objects.get(&object.address()).copied() {
            self.start("Ref", name)?;
            self.ref_id(number);
            self.out.push_str(" />");
            return Ok(());
        }
        if self.depth >= LEVELS_MAX {
            return self.text("S", name, TOO_DEEP);
        }
        self.depth += 1;
        let number = u32::try_from(self.held.len()).unwrap_or(u32::MAX);
        self.objects.insert(object.address(), number);
        self.held.push(object.clone());
        self.start("Obj", name)?;
        self.ref_id(number);
        self.enter();
        self.type_names(object.type_names())?;
        if let Some(text) = object.to_string_text() {
            self.element("ToString", &text)?;
        }
        self.base(&object.base())?;
        if let Some(members) = object.adapted() {
            self.members("Props", None, &members)?;
        }
        if let Some(members) = object.extended() {
            self.members("MS", None, &members)?;
        }
        self.close("Obj");
        self.depth -= 1;
        Ok(())
    }

    fn type_names(&mut self, types: Option<TypeNames>) -> Result<(), ClixmlError> {
        let Some(types) = types else { return Ok(()) };
        if let Some(number) = self.types.get(&types).copied() {
            self.start("TNRef", None)?;
            self.ref_id(number);
            self.out.push_str(" />");
            return Ok(());
        }
        let number = u32::try_from(self.types.len()).unwrap_or(u32::MAX);
        self.start("TN", None)?;
        self.ref_id(number);
        if types.is_empty() {
            self.out.push_str(" />");
        } else {
            self.enter();
            for type_name in types.iter() {
                self.element("T", &type_name.into())?;
            }
            self.close("TN");
        }
        self.types.insert(types, number);
        Ok(())
    }

    fn base(&mut self, base: &Base) -> Result<(), ClixmlError> {
        match base {
            Base::None => Ok(()),
            Base::Value(value) => self.value(value, None),
            Base::List(kind, items) => {
                let tag = match kind {
                    ListKind::List => "LST",
                    ListKind::Enumerable => "IE",
                    ListKind::Stack => "STK",
                    ListKind::Queue => "QUE",
                };
                self.container(tag, items, |writer, item| writer.value(item, None))
            }
            Base::Dictionary(entries) => self.container("DCT", entries, |writer, (key, value)| {
                writer.start("En", None)?;
                writer.enter();
                writer.value(key, Some("Key"))?;
                writer.value(value, Some("Value"))?;
                writer.close("En");
                Ok(())
            }),
        }
    }

    fn container<T>(
        &mut self,
        tag: &str,
        items: &[T],
        mut write: impl FnMut(&mut Self, &T) -> Result<(), ClixmlError>,
    ) -> Result<(), ClixmlError> {
        self.start(tag, None)?;
        if items.is_empty() {
            self.out.push_str(" />");
            return Ok(());
        }
        self.enter();
        for item in items {
            write(self, item)?;
        }
        self.close(tag);
        Ok(())
    }

    fn members(&mut self, tag: &str, name: Option<&str>, members: &[Member]) -> Result<(), ClixmlError> {
        self.start(tag, name)?;
        if members.is_empty() {
            self.out.push_str(" />");
            return Ok(());
        }
        self.enter();
        for member in members {
            match member {
                Member::Property { name, value } => self.value(value, Some(name))?,
                Member::Set { name, members } => self.members("MS", Some(name), members)?,
            }
        }
        self.close(tag);
        Ok(())
    }
}

/// XML Schema form of a double.
pub(super) fn double(value: f64) -> String {
    match special(value) {
        Some(text) => text.to_owned(),
        None => double_text(value, ROUND_TRIP),
    }
}

/// XML Schema form of a single.
pub(super) fn single(value: f32) -> String {
    match special(f64::from(value)) {
        Some(text) => text.to_owned(),
        None => single_text(value, ROUND_TRIP_SINGLE),
    }
}

fn special(value: f64) -> Option<&'static str> {
    match value {
        f64::INFINITY => Some("INF"),
        f64::NEG_INFINITY => Some("-INF"),
        value if value.is_nan() => Some("NaN"),
        _ => None,
    }
}
