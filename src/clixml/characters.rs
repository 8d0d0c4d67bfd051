//! Character data: XML references, line ends, and the `_xHHHH_` escapes of CLIXML ([MS-PSRP] 2.2.5.3.2), both ways.
//!
//! Works on text that was cut out already; where it ends is the business of `xml`.

use std::borrow::Cow;

use memchr::memchr;

use super::PsString;

/// What stood between two tags, references resolved, escapes not yet.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// As it stands in the document.
    Plain(&'a str),
    /// UTF-16 code units; a reference may name half a surrogate pair.
    Units(Vec<u16>),
}

impl Content<'_> {
    /// As text for primitives other than strings.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Plain(text) => Cow::Borrowed(text),
            Self::Units(units) => Cow::Owned(String::from_utf16_lossy(units)),
        }
    }

    /// As a string, escapes read.
    pub(super) fn decode(&self) -> PsString {
        match self {
            Self::Plain(text) => unescape(text),
            Self::Units(units) => PsString::from_utf16(&unescape_units(units)),
        }
    }
}

/// Reads the escapes of text without XML references.
pub(super) fn unescape(text: &str) -> PsString {
    if !looks_escaped(text.as_bytes()) {
        return text.into();
    }
    PsString::from_utf16(&unescape_units(&text.encode_utf16().collect::<Vec<u16>>()))
}

/// An attribute value: references resolved, blanks made spaces, escapes read.
pub(super) fn attribute_text(raw: &str) -> Cow<'_, str> {
    let bytes = raw.as_bytes();
    let special = |byte: &u8| matches!(byte, b'&' | b'\t' | b'\n' | b'\r');
    if !bytes.iter().any(special) && !looks_escaped(bytes) {
        return Cow::Borrowed(raw);
    }
    let mut units = Vec::with_capacity(raw.len());
    for (index, piece) in raw.replace("\r\n", " ").split(['\t', '\n', '\r']).enumerate() {
        if index > 0 {
            units.push(0x20);
        }
        if resolve(piece, &mut units).is_err() {
            units.extend(piece.encode_utf16()); // the tokenizer refuses these before
        }
    }
    Cow::Owned(String::from_utf16_lossy(&unescape_units(&units)))
}

/// Whether an underscore with an x behind it is in the text.
pub(super) fn looks_escaped(bytes: &[u8]) -> bool {
    let mut at = 0;
    while let Some(found) = memchr(b'_', &bytes[at..]) {
        at += found + 1;
        if matches!(bytes.get(at), Some(b'x' | b'X')) {
            return true;
        }
    }
    false
}

/// `_x` or `_X`, 4 or 8 hexadecimal digits, `_`: one code unit, or one character. Anything else stands for itself.
fn unescape_units(units: &[u16]) -> Vec<u16> {
    let mut out = Vec::with_capacity(units.len());
    let mut at = 0;
    while let Some(unit) = units.get(at) {
        let escape = (*unit == u16::from(b'_')).then(|| escape_at(&units[at..])).flatten();
        match escape {
            Some((code @ 0..=0xFFFF, length)) => {
                out.push(code as u16);
                at += length;
            }
            Some((code, length)) => {
                let beyond = code - 0x1_0000;
                out.extend([0xD800 | (beyond >> 10) as u16, 0xDC00 | (beyond & 0x3FF) as u16]);
                at += length;
            }
            None => {
                out.push(*unit);
                at += 1;
            }
        }
    }
    out
}

/// The escape that begins here: its code point and its length.
fn escape_at(units: &[u16]) -> Option<(u32, usize)> {
    if !matches!(units.get(1), Some(0x78 | 0x58)) {
        return None;
    }
    [4, 8].into_iter().find_map(|digits| {
        let (hex, close) = (units.get(2..2 + digits)?, units.get(2 + digits)?);
        let mut code = 0_u32;
        for digit in hex {
            code = code << 4 | char::from_u32(u32::from(*digit))?.to_digit(16)?;
        }
        (*close == u16::from(b'_') && code <= 0x10_FFFF).then_some((code, digits + 3))
    })
}

/// Whether there is a bad reference in it.
pub(super) fn has_reference_error(run: &str) -> bool {
    resolve(run, &mut Vec::new()).is_err()
}

/// Appends the code units of a run of character data: references resolved, line ends made U+000A.
pub(super) fn resolve(run: &str, units: &mut Vec<u16>) -> Result<(), &'static str> {
    let mut rest = run;
    while let Some(at) = rest.find(['&', '\r']) {
        units.extend(rest[..at].encode_utf16());
        rest = &rest[at..];
        if let Some(behind) = rest.strip_prefix('\r') {
            units.push(0x0A);
            rest = behind.strip_prefix('\n').unwrap_or(behind);
            continue;
        }
        let Some(end) = rest.find(';') else { return Err("a reference does not end") };
        let code = reference(&rest[1..end])?;
        match u16::try_from(code) {
            Ok(unit) => units.push(unit),
            Err(_) => {
                let beyond = code - 0x1_0000;
                units.extend([0xD800 | (beyond >> 10) as u16, 0xDC00 | (beyond & 0x3FF) as u16]);
            }
        }
        rest = &rest[end + 1..];
    }
    units.extend(rest.encode_utf16());
    Ok(())
}

fn reference(name: &str) -> Result<u32, &'static str> {
    let number = match name {
        "lt" => return Ok(u32::from(b'<')),
        "gt" => return Ok(u32::from(b'>')),
        "amp" => return Ok(u32::from(b'&')),
        "quot" => return Ok(u32::from(b'"')),
        "apos" => return Ok(u32::from(b'\'')),
        _ => name.strip_prefix('#').ok_or("reference to an unknown entity")?,
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |hex| (hex, 16));
    let well_formed = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    match u32::from_str_radix(digits, radix) {
        Ok(code @ 0..=0x10_FFFF) if well_formed => Ok(code),
        _ => Err("bad character reference"),
    }
}
