//! CLIXML to values: the general reader, for any shape of document or message ([MS-PSRP] 2.2.5).
//!
//! It keeps what stands in the document; how PowerShell shows it is the business of `reading` and `text`.

mod progress;

use std::sync::{Arc, OnceLock};

use super::names::Names;
use super::object::{BackReference, Parts};
use super::primitive::Primitive;
use super::references::References;
use super::xml::{Node, Tag, Xml};
use super::{Base, ClixmlError, ListKind, Member, PsObject, PsValue, SecureText, TypeNames};

/// How much a reader takes in before it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadLimits {
    /// Values inside each other; PowerShell stops at 50, so 49 is the most that passes. More than 200 counts as 200.
    pub levels_max: usize,
    /// Bytes of one message or file.
    pub bytes_max: usize,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self { levels_max: 49, bytes_max: 1 << 30 }
    }
}

/// Levels that the reader's own recursion can bear.
pub(super) const LEVELS_LIMIT: usize = 200;

/// Member sets inside member sets; PowerShell has no limit there.
const SETS_LIMIT: usize = 200;

/// Reads the body of one protocol message: one value, with or without `Objs` around it.
/// A byte order mark is skipped; an empty body is `$null`.
///
/// # Errors
/// When the bytes are not CLIXML or go over a limit.
pub fn read_fragment(bytes: &[u8], limits: &ReadLimits) -> Result<PsValue, ClixmlError> {
    read_message(message_text(bytes, limits)?, limits, &mut Names::default())
}

/// Reads a file as Export-Clixml writes it: `Objs` with any number of values. UTF-8, or UTF-16 with or without a byte
/// order mark, as the first character shows.
///
/// # Errors
/// When the bytes are not CLIXML or go over a limit.
pub fn read_document(bytes: &[u8], limits: &ReadLimits) -> Result<Vec<PsValue>, ClixmlError> {
    check_length(bytes.len(), limits)?;
    match bytes {
        [0xFF, 0xFE, rest @ ..] => read_document_text(&utf16_text(rest, u16::from_le_bytes)?, limits),
        [0xFE, 0xFF, rest @ ..] => read_document_text(&utf16_text(rest, u16::from_be_bytes)?, limits),
        [b'<', 0, ..] => read_document_text(&utf16_text(bytes, u16::from_le_bytes)?, limits),
        [0, b'<', ..] => read_document_text(&utf16_text(bytes, u16::from_be_bytes)?, limits),
        _ => read_document_text(message_text(bytes, limits)?, limits),
    }
}

/// Reads the text of a file, without byte order mark.
///
/// # Errors
/// When the text is not CLIXML or goes over a limit.
pub fn read_document_text(text: &str, limits: &ReadLimits) -> Result<Vec<PsValue>, ClixmlError> {
    check_length(text.len(), limits)?;
    check_characters(text)?;
    let mut names = Names::default();
    let mut reader = Reader::new(text, limits, &mut names, true);
    reader.xml.declaration()?;
    match reader.xml.node()? {
        Node::Start(root) if root.name == "Objs" => reader.document(&root),
        _ => Err(ClixmlError::NotClixml { offset: 0, what: "the root element is not Objs in the CLIXML namespace" }),
    }
}

/// Valid UTF-8 within the limit, without byte order mark.
pub(super) fn message_text<'a>(bytes: &'a [u8], limits: &ReadLimits) -> Result<&'a str, ClixmlError> {
    check_length(bytes.len(), limits)?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    simdutf8::basic::from_utf8(bytes).map_err(|_| {
        let offset = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        ClixmlError::NotText { offset }
    })
}

const fn check_length(bytes: usize, limits: &ReadLimits) -> Result<(), ClixmlError> {
    match bytes <= limits.bytes_max {
        true => Ok(()),
        false => Err(ClixmlError::TooLong { bytes, bytes_max: limits.bytes_max }),
    }
}

/// XML has no place for controls other than tab and line ends, nor for U+FFFE and U+FFFF, unless as references.
fn check_characters(text: &str) -> Result<(), ClixmlError> {
    let bytes = text.as_bytes();
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    let wrong = match bytes.iter().any(control) {
        true => bytes.iter().position(control),
        false => text.find(['\u{fffe}', '\u{ffff}']),
    };
    match wrong {
        Some(offset) => Err(ClixmlError::NotXml { offset, what: "a character that XML does not allow" }),
        None => Ok(()),
    }
}

fn utf16_text(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, ClixmlError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(ClixmlError::NotText { offset: bytes.len() - 1 });
    }
    let mut text = String::with_capacity(bytes.len() / 2);
    for (index, decoded) in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).enumerate() {
        text.push(decoded.map_err(|_| ClixmlError::NotText { offset: 2 + 2 * index })?);
    }
    Ok(text)
}

/// Reads one message body with the names of a session.
pub(super) fn read_message(text: &str, limits: &ReadLimits, names: &mut Names) -> Result<PsValue, ClixmlError> {
    if text.is_empty() {
        return Ok(PsValue::Null);
    }
    check_characters(text)?;
    let mut reader = Reader::new(text, limits, names, false);
    reader.xml.declaration()?;
    let Node::Start(tag) = reader.xml.node()? else {
        return Err(ClixmlError::NotClixml { offset: reader.xml.offset(), what: "an element was expected" });
    };
    if tag.name == "Objs" {
        let mut values = reader.document(&tag)?;
        return match (values.pop(), values.is_empty()) {
            (Some(value), true) => Ok(value),
            _ => Err(ClixmlError::NotClixml { offset: tag.offset, what: "a message is exactly one value" }),
        };
    }
    let value = reader.top_level(&tag)?;
    reader.end_of_input()?;
    Ok(value)
}

/// What a `RefId` was given to.
enum Target {
    /// The object, and whether it belongs to the top-level value at hand.
    Done { object: PsObject, current: bool },
    /// An object that is still being read.
    Open(BackReference),
}

struct Reader<'a, 'n> {
    xml: Xml<'a>,
    names: &'n mut Names,
    objects: References<'a, Target>,
    types: References<'a, TypeNames>,
    level: usize,
    levels_max: usize,
    /// Elements unknown to an object are skipped, not refused (minor version above 1).
    lenient: bool,
    /// Secure strings are in the file form of this platform.
    file: bool,
    cyclic: bool,
}

impl<'a, 'n> Reader<'a, 'n> {
    fn new(text: &'a str, limits: &ReadLimits, names: &'n mut Names, file: bool) -> Self {
        Self {
            xml: Xml::new(text, file),
            names,
            objects: References::default(),
            types: References::default(),
            level: 0,
            levels_max: limits.levels_max.min(LEVELS_LIMIT),
            lenient: false,
            file,
            cyclic: false,
        }
    }

    fn not_clixml<T>(&self, what: &'static str) -> Result<T, ClixmlError> {
        Err(ClixmlError::NotClixml { offset: self.xml.offset(), what })
    }

    /// `Objs`, whose start tag was just read, to the end of the input.
    fn document(&mut self, root: &Tag<'a>) -> Result<Vec<PsValue>, ClixmlError> {
        if let Some(version) = root.version {
            let refuse = || ClixmlError::Version { version: cut(version) };
            let parts = version.parse::<super::PsVersion>().map_err(|_| refuse())?.parts();
            if parts[0] != 1 {
                return Err(refuse());
            }
            self.lenient = parts[1] > 1;
        }
        let mut values = Vec::new();
        while let Some(tag) = self.child(root)? {
            values.push(self.top_level(&tag)?);
        }
        self.end_of_input()?;
        Ok(values)
    }

    fn end_of_input(&mut self) -> Result<(), ClixmlError> {
        match self.xml.node()? {
            Node::Eof => Ok(()),
            _ => self.not_clixml("something stands behind the last element"),
        }
    }

    fn top_level(&mut self, tag: &Tag<'a>) -> Result<PsValue, ClixmlError> {
        self.cyclic = false;
        let value = self.value(tag)?;
        for target in self.objects.values_mut().filter(|_| tag.name == "Obj") {
            if let Target::Done { object, current: current @ true } = target {
                *current = false;
                if let (true, PsValue::Object(root)) = (self.cyclic, &value) {
                    *object = if object.same(root) { root.clone() } else { object.kept_by(root) };
                }
            }
        }
        Ok(value)
    }

    /// The next child of an element, or nothing at its end.
    fn child(&mut self, parent: &Tag<'a>) -> Result<Option<Tag<'a>>, ClixmlError> {
        if parent.empty {
            return Ok(None);
        }
        match self.xml.node()? {
            Node::Start(tag) => Ok(Some(tag)),
            Node::End => Ok(None),
            Node::Text => self.not_clixml("text where only elements may be"),
            Node::Eof => self.not_clixml("the text ends inside an element"),
        }
    }

    /// One value, whose start tag was just read.
    fn value(&mut self, tag: &Tag<'a>) -> Result<PsValue, ClixmlError> {
        self.level += 1;
        if self.level > self.levels_max {
            return Err(ClixmlError::TooDeep { levels_max: self.levels_max });
        }
        let value = match tag.name {
            "Obj" => PsValue::Object(self.object(tag)?),
            "Nil" => {
                self.xml.skip(tag)?;
                PsValue::Null
            }
            "Ref" => {
                self.xml.skip(tag)?;
                self.reference(tag)?
            }
            "PR" => PsValue::Progress(Arc::new(self.progress(tag)?)),
            _ => match Primitive::of_tag(tag.local) {
                Some(primitive) if !tag.name.is_empty() || !primitive.needs_namespace() => {
                    self.primitive(primitive, tag)?
                }
                _ => return Err(unknown(tag)),
            },
        };
        self.level -= 1;
        Ok(value)
    }

    fn primitive(&mut self, primitive: Primitive, tag: &Tag<'a>) -> Result<PsValue, ClixmlError> {
        let content = self.xml.content(tag)?;
        let value = primitive.parse(&content).filter(|value| !self.file || is_file_form(value));
        value.ok_or_else(|| {
            let (tag_name, type_name) = primitive.names();
            ClixmlError::BadPrimitive { offset: tag.offset, tag: tag_name, type_name }
        })
    }

    fn reference(&mut self, tag: &Tag<'a>) -> Result<PsValue, ClixmlError> {
        match tag.ref_id.and_then(|id| self.objects.get(id)) {
            Some(Target::Done { object, .. }) => Ok(PsValue::Object(object.clone())),
            Some(Target::Open(back)) => {
                self.cyclic = true;
                Ok(PsValue::Object(PsObject::back(back.clone())))
            }
            None => Err(dangling(tag, "object")),
        }
    }

    fn object(&mut self, tag: &Tag<'a>) -> Result<PsObject, ClixmlError> {
        let back = tag.ref_id.map(|id| {
            let back: BackReference = Arc::new(OnceLock::new());
            self.objects.set(id, Target::Open(back.clone()));
            back
        });
        let mut parts = Parts::default();
        while let Some(child) = self.child(tag)? {
            self.object_part(&child, &mut parts)?;
        }
        absorb_base(&mut parts);
        parts.cyclic = self.level == 1 && self.cyclic;
        let object = PsObject::from_parts(parts);
        if let (Some(id), Some(back)) = (tag.ref_id, back) {
            object.settle(&back);
            let still_mine = matches!(self.objects.get(id), Some(Target::Open(open)) if Arc::ptr_eq(open, &back));
            if still_mine {
                self.objects.set(id, Target::Done { object: object.clone(), current: true });
            }
        }
        Ok(object)
    }

    fn object_part(&mut self, child: &Tag<'a>, parts: &mut Parts) -> Result<(), ClixmlError> {
        match child.name {
            "TN" => parts.types = Some(self.type_names(child)?),
            "TNRef" => {
                self.xml.skip(child)?;
                let known = child.ref_id.and_then(|id| self.types.get(id));
                parts.types = Some(known.cloned().ok_or_else(|| dangling(child, "type names"))?);
            }
            "ToString" => parts.to_string = Some(self.xml.content(child)?.decode()),
            "Props" => {
                let mut members = Vec::new();
                self.members(child, &mut members, false, 0)?;
                parts.adapted = Some(members);
            }
            "MS" => {
                let mut members = parts.extended.take().unwrap_or_default();
                self.members(child, &mut members, true, 0)?;
                parts.extended = Some(members);
            }
            "LST" => parts.base = self.list(child, ListKind::List)?,
            "IE" => parts.base = self.list(child, ListKind::Enumerable)?,
            "STK" => parts.base = self.list(child, ListKind::Stack)?,
            "QUE" => parts.base = self.list(child, ListKind::Queue)?,
            "DCT" => parts.base = self.dictionary(child)?,
            "Obj" | "PR" => parts.base = Base::Value(self.value(child)?),
            _ => match Primitive::of_tag(child.local) {
                Some(_) => parts.base = Base::Value(self.value(child)?),
                None if self.lenient => self.xml.skip(child)?,
                None => return Err(unknown(child)),
            },
        }
        Ok(())
    }

    fn type_names(&mut self, tag: &Tag<'a>) -> Result<TypeNames, ClixmlError> {
        let start = self.xml.offset();
        let known = (!tag.empty).then(|| self.xml.upcoming("</TN>")).flatten();
        let number = known.and_then(|raw| self.names.types_number(raw));
        let types = match number.and_then(|number| self.names.types(number)).map(|types| types.list.clone()) {
            Some(types) => {
                self.xml.leap(known.map_or(0, str::len))?;
                types
            }
            None => {
                let mut list: Vec<Box<str>> = Vec::new();
                while let Some(item) = self.child(tag)? {
                    if item.name != "T" {
                        return Err(unknown(&item));
                    }
                    let name = self.xml.content(&item)?.decode();
                    if !name.is_empty() {
                        list.push(name.to_text().into());
                    }
                }
                let types = TypeNames::new(list);
                // Prefixes may mean something else the next time.
                let whole = |raw: &&str| raw.len() + start + "</TN>".len() == self.xml.offset() && !raw.contains(':');
                if let Some(raw) = known.filter(whole) {
                    self.names.learn_types(raw, &types);
                }
                types
            }
        };
        if let Some(id) = tag.ref_id {
            self.types.set(id, types.clone());
        }
        Ok(types)
    }

    /// `Props` or `MS`: appends its members; of equal names the last wins, in the place of the first.
    fn members(
        &mut self,
        tag: &Tag<'a>,
        members: &mut Vec<Member>,
        sets_allowed: bool,
        sets: usize,
    ) -> Result<(), ClixmlError> {
        if sets > SETS_LIMIT {
            return Err(ClixmlError::TooDeep { levels_max: SETS_LIMIT });
        }
        let mut numbers: Vec<u32> = members.iter().map(|member| self.names.folded(member.name())).collect();
        while let Some(child) = self.child(tag)? {
            let Some(raw) = child.n else { return self.not_clixml("a property has no name") };
            let number = self.names.number(raw);
            let name = self.names.get(number);
            if name.text.is_empty() {
                return self.not_clixml("a property has an empty name");
            }
            numbers.push(name.folded);
            let name = name.text.clone();
            members.push(if sets_allowed && child.name == "MS" {
                let mut inner = Vec::new();
                self.members(&child, &mut inner, true, sets + 1)?;
                Member::Set { name, members: inner.into() }
            } else {
                Member::Property { name, value: self.value(&child)? }
            });
        }
        if self.names.any_double(numbers.iter().copied()) {
            merge_doubles(members, &numbers);
        }
        Ok(())
    }

    fn list(&mut self, tag: &Tag<'a>, kind: ListKind) -> Result<Base, ClixmlError> {
        let mut items = Vec::new();
        while let Some(child) = self.child(tag)? {
            items.push(self.value(&child)?);
        }
        Ok(Base::List(kind, items.into()))
    }

    fn dictionary(&mut self, tag: &Tag<'a>) -> Result<Base, ClixmlError> {
        let mut entries = Vec::new();
        while let Some(entry) = self.child(tag)? {
            if entry.name != "En" {
                return self.not_clixml("a dictionary holds entries only");
            }
            let key = self.entry_part(&entry, "Key")?;
            if key.is_null() {
                return self.not_clixml("a dictionary key is null");
            }
            let value = self.entry_part(&entry, "Value")?;
            if self.child(&entry)?.is_some() {
                return self.not_clixml("a dictionary entry has more than key and value");
            }
            entries.push((key, value));
        }
        Ok(Base::Dictionary(entries.into()))
    }

    fn entry_part(&mut self, entry: &Tag<'a>, name: &str) -> Result<PsValue, ClixmlError> {
        match self.child(entry)? {
            Some(part) if part.n.is_some_and(|n| super::characters::attribute_text(n).eq_ignore_ascii_case(name)) => {
                self.value(&part)
            }
            _ => self.not_clixml("a dictionary entry is not a Key and then a Value"),
        }
    }
}

/// An object whose base is an object takes over what it does not have itself.
fn absorb_base(parts: &mut Parts) {
    let Base::Value(PsValue::Object(inner)) = &parts.base else { return };
    let inner = inner.clone();
    parts.types = parts.types.take().or_else(|| inner.type_names());
    parts.to_string = parts.to_string.take().or_else(|| inner.to_string_text());
    parts.adapted = parts.adapted.take().or_else(|| inner.adapted());
    let mut extended = inner.extended();
    if let Some(own) = parts.extended.take() {
        extended.get_or_insert_default().extend(own);
    }
    parts.extended = extended;
    parts.base = inner.base();
}

/// Of equal names the last wins, in the place of the first.
fn merge_doubles(members: &mut Vec<Member>, numbers: &[u32]) {
    let mut places = std::collections::HashMap::new();
    let mut merged: Vec<Member> = Vec::with_capacity(members.len());
    for (member, number) in members.drain(..).zip(numbers) {
        match places.get(number) {
            Some(place) => merged[*place] = member,
            None => {
                places.insert(*number, merged.len());
                merged.push(member);
            }
        }
    }
    *members = merged;
}

/// Outside of remoting a secure string is hexadecimal UTF-16 here; what cannot be read is refused, as PowerShell does.
/// A digit too many at the end is not looked at.
fn is_file_form(value: &PsValue) -> bool {
    match value {
        PsValue::SecureString(SecureText::Encrypted(text)) => {
            let hexadecimal = text.bytes().take(text.len() / 2 * 2).all(|byte| byte.is_ascii_hexdigit());
            !text.is_empty() && text.len() % 4 < 2 && hexadecimal
        }
        _ => true,
    }
}

fn unknown(tag: &Tag<'_>) -> ClixmlError {
    ClixmlError::UnknownElement { offset: tag.offset, name: cut(tag.local) }
}

fn dangling(tag: &Tag<'_>, what: &'static str) -> ClixmlError {
    ClixmlError::DanglingReference { offset: tag.offset, what, id: cut(tag.ref_id.unwrap_or_default()) }
}

/// Enough of a text for an error message.
fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}
