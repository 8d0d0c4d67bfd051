//! Primitives of CLIXML ([MS-PSRP] 2.2.5.1): which tags there are, and their texts to values.
//!
//! Knows lexical forms only; elements, names and references are the business of the readers.

use std::sync::Arc;

use uuid::Uuid;

use super::characters::Content;
use super::number::{parse_decimal, parse_float, parse_integer, parse_unsigned};
use super::{PsDateTime, PsString, PsTimeSpan, PsValue, SecureText, uri, xml_document};

/// The tags whose content is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Primitive {
    String,
    Char,
    Bool,
    DateTime,
    TimeSpan,
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F32,
    F64,
    Decimal,
    Bytes,
    Guid,
    Uri,
    Version,
    Xml,
    ScriptBlock,
    Secure,
}

impl Primitive {
    /// The primitive of a tag.
    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        Some(match tag {
            "S" => Self::String,
            "B" => Self::Bool,
            "I32" => Self::I32,
            "I64" => Self::I64,
            "DT" => Self::DateTime,
            "G" => Self::Guid,
            "Db" => Self::F64,
            "C" => Self::Char,
            "TS" => Self::TimeSpan,
            "By" => Self::U8,
            "SB" => Self::I8,
            "U16" => Self::U16,
            "I16" => Self::I16,
            "U32" => Self::U32,
            "U64" => Self::U64,
            "Sg" => Self::F32,
            "D" => Self::Decimal,
            "BA" => Self::Bytes,
            "URI" => Self::Uri,
            "Version" => Self::Version,
            "XD" => Self::Xml,
            "SBK" => Self::ScriptBlock,
            "SS" => Self::Secure,
            _ => return None,
        })
    }

    /// A number for the tape of a message; never 0.
    pub(super) const fn code(self) -> u32 {
        self as u32 + 1
    }

    /// The primitive of a number.
    pub(super) fn of_code(code: u32) -> Option<Self> {
        Self::ALL.get((code as usize).wrapping_sub(1)).copied()
    }

    /// The end tag.
    pub(super) const fn end_tag(self) -> &'static [u8] {
        match self {
            Self::String => b"</S>",
            Self::Char => b"</C>",
            Self::Bool => b"</B>",
            Self::DateTime => b"</DT>",
            Self::TimeSpan => b"</TS>",
            Self::U8 => b"</By>",
            Self::I8 => b"</SB>",
            Self::U16 => b"</U16>",
            Self::I16 => b"</I16>",
            Self::U32 => b"</U32>",
            Self::I32 => b"</I32>",
            Self::U64 => b"</U64>",
            Self::I64 => b"</I64>",
            Self::F32 => b"</Sg>",
            Self::F64 => b"</Db>",
            Self::Decimal => b"</D>",
            Self::Bytes => b"</BA>",
            Self::Guid => b"</G>",
            Self::Uri => b"</URI>",
            Self::Version => b"</Version>",
            Self::Xml => b"</XD>",
            Self::ScriptBlock => b"</SBK>",
            Self::Secure => b"</SS>",
        }
    }

    /// All of them, in the order of their numbers.
    const ALL: [Self; 23] = [
        Self::String,
        Self::Char,
        Self::Bool,
        Self::DateTime,
        Self::TimeSpan,
        Self::U8,
        Self::I8,
        Self::U16,
        Self::I16,
        Self::U32,
        Self::I32,
        Self::U64,
        Self::I64,
        Self::F32,
        Self::F64,
        Self::Decimal,
        Self::Bytes,
        Self::Guid,
        Self::Uri,
        Self::Version,
        Self::Xml,
        Self::ScriptBlock,
        Self::Secure,
    ];

    /// The tag, and the .NET type for error texts.
    pub(super) const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::String => ("S", "string"),
            Self::Char => ("C", "char (a code unit 0 to 65535)"),
            Self::Bool => ("B", "boolean (true or false)"),
            Self::DateTime => ("DT", "date and time"),
            Self::TimeSpan => ("TS", "duration"),
            Self::U8 => ("By", "8-bit unsigned integer"),
            Self::I8 => ("SB", "8-bit integer"),
            Self::U16 => ("U16", "16-bit unsigned integer"),
            Self::I16 => ("I16", "16-bit integer"),
            Self::U32 => ("U32", "32-bit unsigned integer"),
            Self::I32 => ("I32", "32-bit integer"),
            Self::U64 => ("U64", "64-bit unsigned integer"),
            Self::I64 => ("I64", "64-bit integer"),
            Self::F32 => ("Sg", "single-precision number"),
            Self::F64 => ("Db", "double-precision number"),
            Self::Decimal => ("D", "decimal number"),
            Self::Bytes => ("BA", "base64 text"),
            Self::Guid => ("G", "GUID"),
            Self::Uri => ("URI", "URI"),
            Self::Version => ("Version", "version number"),
            Self::Xml => ("XD", "XML document"),
            Self::ScriptBlock => ("SBK", "script block"),
            Self::Secure => ("SS", "secure string"),
        }
    }

    /// Whether .NET asks for the CLIXML namespace: of these it reads the text by name, of the others by place.
    pub(super) const fn needs_namespace(self) -> bool {
        matches!(self, Self::String | Self::ScriptBlock | Self::Uri | Self::Xml)
    }

    /// The value of the element's text; `None` when the text is not of the type.
    pub(super) fn parse(self, content: &Content<'_>) -> Option<PsValue> {
        Some(match self {
            Self::String => PsValue::String(content.decode()),
            Self::ScriptBlock => PsValue::ScriptBlock(content.decode()),
            Self::Uri => PsValue::Uri(Some(content.decode()).filter(uri::is_acceptable)?),
            Self::Xml => PsValue::Xml(xml_document::normalize(&content.decode().to_text())?.into()),
            Self::Secure => PsValue::SecureString(SecureText::Encrypted(parse_secret(&content.text())?)),
            _ => return self.parse_plain(&content.text()),
        })
    }

    /// The value of text that has no escapes.
    fn parse_plain(self, text: &str) -> Option<PsValue> {
        Some(match self {
            Self::Bool => match text.trim_matches(XML_BLANKS) {
                "true" | "1" => PsValue::Bool(true),
                "false" | "0" => PsValue::Bool(false),
                _ => return None,
            },
            Self::Char => PsValue::Char(parse_unsigned(text)?),
            Self::U8 => PsValue::U8(parse_unsigned(text)?),
            Self::I8 => PsValue::I8(parse_integer(text)?),
            Self::U16 => PsValue::U16(parse_unsigned(text)?),
            Self::I16 => PsValue::I16(parse_integer(text)?),
            Self::U32 => PsValue::U32(parse_unsigned(text)?),
            Self::I32 => PsValue::I32(parse_integer(text)?),
            Self::U64 => PsValue::U64(parse_unsigned(text)?),
            Self::I64 => PsValue::I64(parse_integer(text)?),
            Self::F32 => PsValue::F32(parse_float(text)?),
            Self::F64 => PsValue::F64(parse_float(text)?),
            Self::Decimal => PsValue::Decimal(parse_decimal(text)?),
            Self::DateTime => PsValue::DateTime(PsDateTime::parse(text)?),
            Self::TimeSpan => PsValue::TimeSpan(PsTimeSpan::parse(text)?),
            Self::Version => PsValue::Version(text.parse().ok()?),
            Self::Guid => PsValue::Guid(parse_guid(text.trim())?),
            Self::Bytes => PsValue::Bytes(parse_bytes(text)?),
            Self::String => PsValue::String(PsString::from(text)),
            Self::ScriptBlock => PsValue::ScriptBlock(PsString::from(text)),
            Self::Uri | Self::Xml | Self::Secure => return None,
        })
    }
}

/// What `XmlConvert` takes off the ends of a text.
const XML_BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// The text of a secure string without blanks: base64 or hexadecimal digits, to be read by whoever has the key.
fn parse_secret(text: &str) -> Option<Arc<str>> {
    let compact: String = text.chars().filter(|c| !XML_BLANKS.contains(c)).collect();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    compact.bytes().all(fits).then(|| compact.into())
}

/// Base64 with padding; blanks between the characters are allowed.
fn parse_bytes(text: &str) -> Option<Arc<[u8]>> {
    let compact: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let bytes = base64_simd::STANDARD.decode_to_vec(compact.as_bytes());
    bytes.or_else(|_| base64_simd::STANDARD.decode_to_vec(without_spare_bits(compact).as_bytes())).ok().map(Arc::from)
}

/// The last character before the padding with the bits that belong to no byte cleared; .NET does not look at them.
fn without_spare_bits(mut base64: String) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let padding = base64.bytes().rev().take_while(|byte| *byte == b'=').count();
    let last = base64.len().checked_sub(padding + 1);
    let value = last.and_then(|at| ALPHABET.iter().position(|known| *known == base64.as_bytes()[at]));
    if let (Some(at), Some(value), 1..=2) = (last, value, padding) {
        let cleared = ALPHABET[value & if padding == 2 { 0x30 } else { 0x3C }];
        base64.replace_range(at..=at, char::from(cleared).encode_utf8(&mut [0; 4]));
    }
    base64
}

/// The five forms of `Guid.Parse`: plain, with hyphens, with hyphens in braces or parentheses, and as hexadecimal
/// groups.
fn parse_guid(text: &str) -> Option<Uuid> {
    if text.starts_with('{') && !text.contains('-') {
        return parse_guid_groups(text);
    }
    let inner = |open: &str, close: &str| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let enclosed = inner("{", "}").or_else(|| inner("(", ")"));
    let text = enclosed.unwrap_or(text);
    let hyphens = text.len() == 36 && text.match_indices('-').map(|(at, _)| at).eq([8, 13, 18, 23]);
    if enclosed.is_some() && !hyphens {
        return None;
    }
    let digits = if hyphens { text.replace('-', "") } else { text.to_owned() };
    let plain = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| u128::from_str_radix(&digits, 16).ok().map(Uuid::from_u128)).flatten()
}

/// `{0xdddddddd,0xdddd,0xdddd,{0xdd,…}}`, blanks anywhere.
fn parse_guid_groups(text: &str) -> Option<Uuid> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let compact = compact.strip_prefix("{0x")?.strip_suffix("}}")?;
    if !compact.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b',' | b'x' | b'{')) {
        return None;
    }
    let (head, tail) = compact.split_once(",{0x")?;
    let mut head = head.split(",0x").map(|group| u32::from_str_radix(group, 16));
    let (a, b, c) = (head.next()?.ok()?, head.next()?.ok()?, head.next()?.ok()?);
    let tail: Vec<u8> = tail.split(",0x").map(|group| u8::from_str_radix(group, 16).ok()).collect::<Option<_>>()?;
    let tail: [u8; 8] = tail.try_into().ok()?;
    head.next().is_none().then_some(())?;
    Some(Uuid::from_fields(a, u16::try_from(b).ok()?, u16::try_from(c).ok()?, &tail))
}
