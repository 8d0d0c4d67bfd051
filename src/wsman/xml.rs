//! A SOAP envelope as a small tree whose texts borrow from the message.
//!
//! Not a general XML reader: no DTD, no foreign entities, names by their local part only. CLIXML never
//! passes here; it travels as base64 text that stays where it is in the message.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::WsmanError;

/// Nesting that no envelope of the protocol needs; deeper is an attack.
const DEPTH_MAX: usize = 32;

/// One element: local name, attributes by local name, text, children.
#[derive(Debug, Default)]
pub(super) struct Element<'a> {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) text: Cow<'a, str>,
    pub(super) children: Vec<Self>,
}

impl<'a> Element<'a> {
    /// The first child of that name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The first element at the end of that path of names.
    pub(super) fn path(&self, names: &[&str]) -> Option<&Self> {
        names.iter().try_fold(self, |at, name| at.child(name))
    }

    /// All children of that name.
    pub(super) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The trimmed text of the first child of that name.
    pub(super) fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim())
    }

    /// An attribute by local name.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
    }

    /// All text below this element in document order, pieces separated by a space.
    pub(super) fn deep_text(&self) -> String {
        let mut found = String::new();
        self.collect_text(&mut found);
        found
    }

    fn collect_text(&self, found: &mut String) {
        let own = self.text.trim();
        if !own.is_empty() {
            if !found.is_empty() {
                found.push(' ');
            }
            found.push_str(own);
        }
        for child in &self.children {
            child.collect_text(found);
        }
    }

    fn push_text(&mut self, more: Cow<'a, str>) {
        if self.text.is_empty() {
            self.text = more;
        } else {
            self.text.to_mut().push_str(&more);
        }
    }
}

/// The message as UTF-8: a byte order mark is skipped, UTF-16 with one is converted.
pub(super) fn decode_text(message: &[u8]) -> Result<Cow<'_, str>, WsmanError> {
    let units = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = message[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map(Cow::Owned).map_err(|_| WsmanError::NotText)
    };
    match message {
        [0xFF, 0xFE, ..] => units(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => units(u16::from_be_bytes),
        _ => {
            let plain = message.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(message);
            simdutf8::basic::from_utf8(plain).map(Cow::Borrowed).map_err(|_| WsmanError::NotText)
        }
    }
}

/// Reads one document.
pub(super) fn parse(text: &str) -> Result<Element<'_>, WsmanError> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element<'_>> = vec![Element::default()];
    loop {
        let event = reader.read_event().map_err(|problem| malformed(&reader, &problem))?;
        match event {
            Event::Start(start) => {
                if open.len() > DEPTH_MAX {
                    return Err(WsmanError::Malformed {
                        offset: position(&reader),
                        problem: "nested too deeply".into(),
                    });
                }
                open.push(element(&start, position(&reader))?);
            }
            Event::Empty(start) => {
                let empty = element(&start, position(&reader))?;
                if let Some(parent) = open.last_mut() {
                    parent.children.push(empty);
                }
            }
            Event::End(_) => close(&mut open),
            Event::Text(more) => append(&mut open, more.into_inner()),
            Event::CData(more) => append(&mut open, more.into_inner()),
            Event::GeneralRef(reference) => {
                let resolved = resolve(&reference).ok_or_else(|| WsmanError::Malformed {
                    offset: position(&reader),
                    problem: "unknown entity".into(),
                })?;
                append(&mut open, Cow::Owned(resolved));
            }
            Event::DocType(_) => {
                return Err(WsmanError::Malformed {
                    offset: position(&reader),
                    problem: "a DTD is not allowed".into(),
                });
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if open.len() > 1 {
        return Err(WsmanError::Truncated);
    }
    open.pop().and_then(|mut root| root.children.pop()).ok_or(WsmanError::Empty)
}

fn close(open: &mut Vec<Element<'_>>) {
    // quick-xml itself refuses an end tag without its start, so the root stays
    if let (Some(done), Some(parent)) = (open.pop(), open.last_mut()) {
        parent.children.push(done);
    }
}

fn append<'a>(open: &mut [Element<'a>], more: Cow<'a, str>) {
    if open.len() > 1
        && let Some(inner) = open.last_mut()
    {
        inner.push_text(more);
    }
}

fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> Option<String> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten().map(String::from);
    }
    quick_xml::escape::resolve_predefined_entity(reference).map(str::to_owned)
}

fn element<'a>(start: &BytesStart<'_>, offset: u64) -> Result<Element<'a>, WsmanError> {
    let broken = || WsmanError::Malformed { offset, problem: "broken attribute".into() };
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| broken())?;
        if attribute.key.as_namespace_binding().is_none() {
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|_| broken())?;
            attributes.push((attribute.key.local_name().into_inner().to_owned(), value.into_owned()));
        }
    }
    let name = start.local_name().into_inner().to_owned();
    Ok(Element { name, attributes, text: Cow::Borrowed(""), children: Vec::new() })
}

fn position(reader: &Reader<&[u8]>) -> u64 {
    reader.buffer_position()
}

fn malformed(reader: &Reader<&[u8]>, problem: &quick_xml::Error) -> WsmanError {
    use quick_xml::errors::SyntaxError;
    match problem {
        quick_xml::Error::Syntax(
            SyntaxError::UnclosedTag | SyntaxError::UnclosedComment | SyntaxError::UnclosedCData,
        ) => WsmanError::Truncated,
        other => WsmanError::Malformed { offset: reader.error_position(), problem: other.to_string() },
    }
}

/// Appends text with what means something in markup escaped; what XML cannot hold becomes U+FFFD.
pub(super) fn escape_into(out: &mut Vec<u8>, text: &str) {
    for c in text.chars() {
        let escaped = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\r' => "&#xD;",
            '\0'..='\x08' | '\x0b'..='\x1f' | '\u{fffe}' | '\u{ffff}' => "\u{fffd}",
            other => {
                out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
        };
        out.extend_from_slice(escaped.as_bytes());
    }
}
