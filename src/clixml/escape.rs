//! The `_xHHHH_` escapes of CLIXML on their way out, together with XML's own ([MS-PSRP] 2.2.5.3.2).
//!
//! Reading them is the business of `characters`.

use super::ClixmlError;

/// Where text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Between tags.
    Text,
    /// Between double quotes.
    Attribute,
}

/// Appends text with escapes: controls, surrogate halves and `_x` as PowerShell does, markup as XML does.
/// U+FFFE and U+FFFF become references in messages and cannot be written to files.
pub(super) fn push_escaped(text: &str, place: Place, message: bool, out: &mut String) -> Result<(), ClixmlError> {
    let bytes = text.as_bytes();
    let mut copied = 0;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if !SPECIAL[*byte as usize] {
            at += 1;
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        let length = c.len_utf8();
        let plain = match c {
            '"' => place == Place::Text,
            '_' => !matches!(bytes.get(at + 1), Some(b'x' | b'X')),
            '\u{fffe}' | '\u{ffff}' => false,
            '&' | '<' | '>' | '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => false,
            c => u32::from(c) < 0x1_0000,
        };
        if !plain {
            out.push_str(&text[copied..at]);
            copied = at + length;
            push_escape(c, message, out)?;
        }
        at += length;
    }
    out.push_str(&text[copied..]);
    Ok(())
}

fn push_escape(c: char, message: bool, out: &mut String) -> Result<(), ClixmlError> {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\u{fffe}' | '\u{ffff}' => {
            let code = u32::from(c) as u16;
            if !message {
                return Err(ClixmlError::Unwritable { code });
            }
            out.push_str(&format!("&#x{code:X};"));
        }
        c => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("_x{unit:04X}_"));
            }
        }
    }
    Ok(())
}

/// First bytes of characters that may need an escape.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        special[byte] = matches!(byte as u8, 0..=0x1F | b'"' | b'&' | b'<' | b'>' | b'_' | 0x7F | 0xC2 | 0xEF | 0xF0..);
        byte += 1;
    }
    special
};
