//! A pull reader for the XML of CLIXML: well-formedness as .NET's reader asks for it, no DTD, nothing copied.
//!
//! It knows elements, namespaces, character data and references; it does not know a single CLIXML tag.

use memchr::{memchr, memchr3, memmem};

use super::ClixmlError;
use super::characters::{Content, has_reference_error, resolve};

/// The namespace of every CLIXML element in a file.
pub(super) const NAMESPACE: &str = "http://schemas.microsoft.com/powershell/2004/04";

/// Attributes of one element, namespace declarations in force, and elements inside each other: more than CLIXML needs
/// by far, and few enough that looking through them costs little.
const ATTRIBUTES_MAX: usize = 32;
const DECLARATIONS_MAX: usize = 32;
const LEVELS_MAX: usize = 1000;

/// A start tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'a> {
    /// The local name; empty when the element is not in the namespace that is asked for.
    pub name: &'a str,
    /// The local name in any namespace: .NET looks at no more where a primitive begins.
    pub local: &'a str,
    /// Raw value of the attribute `N`.
    pub n: Option<&'a str>,
    /// Raw value of the attribute `RefId`.
    pub ref_id: Option<&'a str>,
    /// Raw value of the attribute `Version`.
    pub version: Option<&'a str>,
    /// `<a/>`: no content, and no end tag follows.
    pub empty: bool,
    /// Where the tag begins.
    pub offset: usize,
}

/// What comes next between elements.
#[derive(Debug)]
pub(super) enum Node<'a> {
    /// A start tag.
    Start(Tag<'a>),
    /// The end tag of the element that was opened last.
    End,
    /// Character data other than blanks, which stands where CLIXML has none.
    Text,
    /// The end of the input, outside of all elements.
    Eof,
}

/// One namespace declaration.
#[derive(Debug, Clone, Copy)]
struct Declaration<'a> {
    level: usize,
    prefix: &'a str,
    ours: bool,
}

/// The reader.
#[derive(Debug)]
pub(super) struct Xml<'a> {
    text: &'a str,
    pos: usize,
    open: Vec<&'a str>,
    declared: Vec<Declaration<'a>>,
    namespaced: bool,
}

impl<'a> Xml<'a> {
    /// Starts before the first character. `namespaced`: elements outside of the namespace get an empty name.
    pub(super) fn new(text: &'a str, namespaced: bool) -> Self {
        Self { text, pos: 0, open: Vec::new(), declared: Vec::new(), namespaced }
    }

    /// Where the reader stands, in bytes.
    pub(super) const fn offset(&self) -> usize {
        self.pos
    }

    /// Passes over content that was read before, and the end tag behind it.
    pub(super) fn leap(&mut self, length: usize) -> Result<(), ClixmlError> {
        self.pos += length;
        self.end_tag()
    }

    /// What stands before the next `mark`, if there is one.
    pub(super) fn upcoming(&self, mark: &str) -> Option<&'a str> {
        let length = memmem::find(self.rest(), mark.as_bytes())?;
        Some(&self.text[self.pos..self.pos + length])
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes().get(self.pos..).unwrap_or_default()
    }

    fn bad<T>(&self, what: &'static str) -> Result<T, ClixmlError> {
        Err(ClixmlError::NotXml { offset: self.pos, what })
    }

    /// Reads the XML declaration, if there is one; only allowed at the very beginning.
    pub(super) fn declaration(&mut self) -> Result<(), ClixmlError> {
        if !(self.text.starts_with("<?xml") && self.text.as_bytes().get(5).is_some_and(u8::is_ascii_whitespace)) {
            return Ok(());
        }
        let Some(end) = self.text.find("?>") else { return self.bad("the XML declaration does not end") };
        self.pos = 5;
        let mut want = ["version", "encoding", "standalone"].as_slice();
        let mut first = true;
        loop {
            self.blanks();
            if self.pos == end {
                break;
            }
            let (name, value) = self.attribute(end)?;
            let Some(at) = want.iter().position(|known| *known == name) else {
                return self.bad("bad XML declaration");
            };
            let good = match name {
                "version" => value == "1.0",
                "standalone" => matches!(value, "yes" | "no"),
                _ => value.starts_with(|c: char| c.is_ascii_alphabetic()),
            };
            if !good || first != (name == "version") {
                return self.bad("bad XML declaration");
            }
            first = false;
            want = &want[at + 1..];
        }
        if first {
            return self.bad("bad XML declaration");
        }
        self.pos = end + 2;
        Ok(())
    }

    /// The next start or end tag; blanks, comments and processing instructions are passed over.
    pub(super) fn node(&mut self) -> Result<Node<'a>, ClixmlError> {
        loop {
            self.blanks();
            match self.rest() {
                [] if self.open.is_empty() => return Ok(Node::Eof),
                [] => return self.bad("the text ends inside an element"),
                [b'<', b'/', ..] => {
                    self.end_tag()?;
                    return Ok(Node::End);
                }
                [b'<', b'!', ..] => {
                    if self.rest().starts_with(b"<![CDATA[") {
                        return Ok(Node::Text);
                    }
                    self.comment()?;
                }
                [b'<', b'?', ..] => self.instruction()?,
                [b'<', ..] => return self.start_tag().map(Node::Start),
                [b'&', ..] => {
                    // a reference to a blank is a blank
                    let end = memchr(b'<', self.rest()).map_or(self.text.len(), |i| self.pos + i);
                    let mut units = Vec::new();
                    resolve(&self.text[self.pos..end], &mut units)
                        .map_err(|what| ClixmlError::NotXml { offset: self.pos, what })?;
                    if units.iter().any(|unit| !matches!(unit, 9 | 10 | 13 | 32)) {
                        return Ok(Node::Text);
                    }
                    self.pos = end;
                }
                _ => return Ok(Node::Text),
            }
        }
    }

    /// The character data of the element whose start tag was just read, up to and with its end tag.
    pub(super) fn content(&mut self, tag: &Tag<'a>) -> Result<Content<'a>, ClixmlError> {
        if tag.empty {
            return Ok(Content::Plain(""));
        }
        let run = self.run()?;
        if self.rest().get(1) == Some(&b'/') {
            self.end_tag()?;
            return match plain(run) {
                true => Ok(Content::Plain(run)),
                false => {
                    let mut units = Vec::with_capacity(run.len());
                    self.gather(run, &mut units)?;
                    Ok(Content::Units(units))
                }
            };
        }
        let mut units = Vec::new();
        self.gather(run, &mut units)?;
        loop {
            match self.rest() {
                [b'<', b'/', ..] => {
                    self.end_tag()?;
                    return Ok(Content::Units(units));
                }
                rest if rest.starts_with(b"<![CDATA[") => {
                    let start = self.pos + 9;
                    let Some(end) = memmem::find(&self.bytes()[start..], b"]]>") else {
                        return self.bad("a CDATA section does not end");
                    };
                    units.extend(normalized(&self.text[start..start + end]));
                    self.pos = start + end + 3;
                }
                [b'<', b'!', ..] => self.comment()?,
                [b'<', b'?', ..] => self.instruction()?,
                _ => {
                    return Err(ClixmlError::NotClixml { offset: self.pos, what: "an element where only text may be" });
                }
            }
            let run = self.run()?;
            self.gather(run, &mut units)?;
        }
    }

    /// Passes over the rest of the element whose start tag was just read, whatever is in it.
    pub(super) fn skip(&mut self, tag: &Tag<'a>) -> Result<(), ClixmlError> {
        if tag.empty {
            return Ok(());
        }
        let level = self.open.len();
        loop {
            let run = self.run()?;
            if !plain(run) && (run.contains("]]>") || has_reference_error(run)) {
                return self.bad("bad character data");
            }
            match self.rest() {
                [b'<', b'/', ..] => {
                    self.end_tag()?;
                    if self.open.len() < level {
                        return Ok(());
                    }
                }
                rest if rest.starts_with(b"<![CDATA[") => match memmem::find(rest, b"]]>") {
                    Some(end) => self.pos += end + 3,
                    None => return self.bad("a CDATA section does not end"),
                },
                [b'<', b'!', ..] => self.comment()?,
                [b'<', b'?', ..] => self.instruction()?,
                _ => {
                    self.start_tag()?;
                }
            }
        }
    }

    /// Character data up to the next `<`.
    fn run(&mut self) -> Result<&'a str, ClixmlError> {
        let Some(length) = memchr(b'<', self.rest()) else { return self.bad("the text ends inside an element") };
        let run = &self.text[self.pos..self.pos + length];
        self.pos += length;
        Ok(run)
    }

    fn gather(&self, run: &str, units: &mut Vec<u16>) -> Result<(), ClixmlError> {
        if run.contains("]]>") {
            return self.bad("]]> in character data");
        }
        resolve(run, units).map_err(|what| ClixmlError::NotXml { offset: self.pos, what })
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes().get(self.pos) {
            self.pos += 1;
        }
    }

    fn comment(&mut self) -> Result<(), ClixmlError> {
        if self.rest().starts_with(b"<!DOCTYPE") {
            return self.bad("a DTD is not allowed");
        }
        if !self.rest().starts_with(b"<!--") {
            return self.bad("bad markup");
        }
        let start = self.pos + 4;
        match memmem::find(&self.bytes()[start..], b"--") {
            Some(end) if self.bytes().get(start + end + 2) == Some(&b'>') => {
                self.pos = start + end + 3;
                Ok(())
            }
            Some(_) => self.bad("two hyphens inside a comment"),
            None => self.bad("a comment does not end"),
        }
    }

    fn instruction(&mut self) -> Result<(), ClixmlError> {
        let start = self.pos;
        self.pos += 2;
        let target = self.name()?;
        let well_placed = match self.rest() {
            [b'?', b'>', ..] => true,
            [blank, ..] => blank.is_ascii_whitespace(),
            [] => false,
        };
        if !well_placed || target.eq_ignore_ascii_case("xml") || target.contains(':') {
            self.pos = start;
            return self.bad("bad processing instruction");
        }
        match memmem::find(self.rest(), b"?>") {
            Some(end) => {
                self.pos += end + 2;
                Ok(())
            }
            None => self.bad("a processing instruction does not end"),
        }
    }

    fn name(&mut self) -> Result<&'a str, ClixmlError> {
        let rest = self.rest();
        let length = rest.iter().position(|byte| !is_name_byte(*byte)).unwrap_or(rest.len());
        let name = &self.text[self.pos..self.pos + length];
        match rest.first() {
            Some(first) if length > 0 && !matches!(first, b'0'..=b'9' | b'-' | b'.') => {
                self.pos += length;
                Ok(name)
            }
            _ => self.bad("a name was expected"),
        }
    }

    fn attribute(&mut self, end: usize) -> Result<(&'a str, &'a str), ClixmlError> {
        let name = self.name()?;
        self.blanks();
        if self.rest().first() != Some(&b'=') {
            return self.bad("an attribute has no value");
        }
        self.pos += 1;
        self.blanks();
        let quote = match self.rest().first() {
            Some(quote @ (b'"' | b'\'')) => *quote,
            _ => return self.bad("an attribute value is not quoted"),
        };
        let start = self.pos + 1;
        match memchr(quote, self.bytes().get(start..end).unwrap_or_default()) {
            Some(length) => {
                self.pos = start + length + 1;
                Ok((name, &self.text[start..start + length]))
            }
            None => self.bad("an attribute value does not end"),
        }
    }

    fn end_tag(&mut self) -> Result<(), ClixmlError> {
        let Some(name) = self.open.pop() else { return self.bad("an end tag without a start tag") };
        let at = self.pos + 2;
        let rest = self.bytes().get(at..).unwrap_or_default();
        if !rest.starts_with(name.as_bytes()) {
            return self.bad(match name.as_bytes().starts_with(rest) {
                true => "the text ends inside an element",
                false => "the end tag does not match the start tag",
            });
        }
        self.pos = at + name.len();
        if self.rest().first() != Some(&b'>') {
            self.blanks();
            match self.rest().first() {
                Some(b'>') => {}
                Some(_) => return self.bad("the end tag does not match the start tag"),
                None => return self.bad("the text ends inside an element"),
            }
        }
        self.pos += 1;
        self.undeclare();
        Ok(())
    }

    /// Drops the declarations of elements that are no longer open.
    fn undeclare(&mut self) {
        while self.declared.last().is_some_and(|declaration| declaration.level > self.open.len()) {
            self.declared.pop();
        }
    }

    fn start_tag(&mut self) -> Result<Tag<'a>, ClixmlError> {
        let offset = self.pos;
        self.pos += 1;
        let full = self.name()?;
        let mut tag = Tag { name: full, local: full, n: None, ref_id: None, version: None, empty: false, offset };
        let attributes_start = self.pos;
        let mut attributes = 0;
        loop {
            let before = self.pos;
            self.blanks();
            match self.rest() {
                [b'>', ..] => {
                    self.pos += 1;
                    break;
                }
                [b'/', b'>', ..] => {
                    self.pos += 2;
                    tag.empty = true;
                    break;
                }
                [] => return self.bad("the text ends inside an element"),
                _ if before == self.pos => return self.bad("bad start tag"),
                _ => {}
            }
            attributes += 1;
            if attributes > ATTRIBUTES_MAX {
                return self.bad("too many attributes");
            }
            let attribute_start = self.pos;
            let (name, value) = self.attribute(self.text.len())?;
            let known = match name {
                "N" => tag.n.replace(value),
                "RefId" => tag.ref_id.replace(value),
                "Version" => tag.version.replace(value),
                _ => self.other_attribute(attributes_start..attribute_start, name, value)?,
            };
            if known.is_some() {
                return self.bad("an attribute stands twice");
            }
            if value.contains('<') || (value.contains('&') && has_reference_error(value)) {
                return self.bad("bad attribute value");
            }
        }
        if self.open.len() >= LEVELS_MAX {
            return Err(ClixmlError::TooDeep { levels_max: LEVELS_MAX });
        }
        if self.declared.len() > DECLARATIONS_MAX {
            return self.bad("too many namespace declarations");
        }
        self.open.push(full);
        self.resolve_name(&mut tag)?;
        if tag.empty {
            self.open.pop();
            self.undeclare();
        }
        Ok(tag)
    }

    /// Namespaces, and the check for doubles among attributes that mean nothing to us.
    fn other_attribute(
        &mut self,
        before: std::ops::Range<usize>,
        name: &'a str,
        value: &'a str,
    ) -> Result<Option<&'a str>, ClixmlError> {
        let here = self.pos;
        self.pos = before.start;
        self.blanks();
        while self.pos < before.end {
            let (other, value) = self.attribute(before.end)?;
            if other == name {
                return Ok(Some(value));
            }
            self.blanks();
        }
        self.pos = here;
        let ours = value == NAMESPACE;
        let level = self.open.len() + 1;
        match name.split_once(':') {
            None if name == "xmlns" => self.declared.push(Declaration { level, prefix: "", ours }),
            None => {}
            Some(("xmlns", prefix)) if !prefix.is_empty() && !value.is_empty() && !prefix.contains(':') => {
                self.declared.push(Declaration { level, prefix, ours });
            }
            Some(("xml", local)) if !local.is_empty() && !local.contains(':') => {}
            Some((prefix, local)) if !prefix.is_empty() && !local.is_empty() && !local.contains(':') => {}
            Some(_) => return self.bad("bad attribute name"),
        }
        Ok(None)
    }

    fn resolve_name(&self, tag: &mut Tag<'a>) -> Result<(), ClixmlError> {
        let (prefix, local) = match tag.name.split_once(':') {
            None => ("", tag.name),
            Some((prefix, local)) if !prefix.is_empty() && !local.is_empty() && !local.contains(':') => (prefix, local),
            Some(_) => return self.bad("bad element name"),
        };
        let declared = self.declared.iter().rev().find(|declaration| declaration.prefix == prefix);
        if declared.is_none() && !prefix.is_empty() && prefix != "xml" {
            return self.bad("a namespace prefix is not declared");
        }
        let ours = declared.is_some_and(|declaration| declaration.ours);
        tag.local = local;
        tag.name = if ours || !self.namespaced { local } else { "" };
        Ok(())
    }
}

/// Whether nothing in the run needs a closer look before escapes are read.
fn plain(run: &str) -> bool {
    memchr3(b'&', b'\r', b']', run.as_bytes()).is_none()
}

/// The code units of CDATA, line ends normalized.
fn normalized(text: &str) -> impl Iterator<Item = u16> {
    let mut last = 0;
    text.encode_utf16().filter_map(move |unit| {
        let before = std::mem::replace(&mut last, unit);
        match unit {
            0x0A if before == 0x0D => None,
            0x0D => Some(0x0A),
            _ => Some(unit),
        }
    })
}

const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'-' | b'.') || byte >= 0x80
}
