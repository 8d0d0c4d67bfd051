//! Text encodings of files: found out by their byte order mark, else UTF-8, else the Windows code page of the west.
//!
//! Not here: files.

use super::super::failure::Failure;

/// How text is kept in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::script) enum Encoding {
    /// UTF-8 without a mark.
    Utf8,
    /// UTF-8 with a byte order mark, as Excel wants it.
    Utf8Bom,
    /// UTF-16, little end first, with a mark.
    Utf16,
    /// Windows-1252.
    Latin1,
}

/// What Windows-1252 has at 0x80 to 0x9f; what it leaves open stays the control character.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

impl Encoding {
    /// By name.
    pub(super) fn named(name: &str) -> Result<Self, Failure> {
        match name.to_ascii_lowercase().replace(['-', '_'], "").as_str() {
            "utf8" | "utf8nobom" => Ok(Self::Utf8),
            "utf8bom" => Ok(Self::Utf8Bom),
            "utf16" | "utf16le" | "unicode" => Ok(Self::Utf16),
            "latin1" | "ansi" | "windows1252" | "iso88591" => Ok(Self::Latin1),
            _ => Err(Failure::script(format!("{name} is no encoding exsh knows"))
                .hint("it is one of utf8, utf8bom, utf16, latin1")),
        }
    }

    /// The text of bytes; without a name the mark decides, then whether it is UTF-8.
    pub(super) fn read(asked: Option<Self>, bytes: &[u8]) -> String {
        if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
            return String::from_utf8_lossy(rest).into_owned();
        }
        if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
            return utf16(rest, u16::from_le_bytes);
        }
        if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
            return utf16(rest, u16::from_be_bytes);
        }
        match (asked, std::str::from_utf8(bytes)) {
            (Some(Self::Utf16), _) => utf16(bytes, u16::from_le_bytes),
            (Some(Self::Latin1), _) | (None, Err(_)) => bytes.iter().map(|byte| windows_1252(*byte)).collect(),
            (_, Ok(text)) => text.to_owned(),
            (_, Err(_)) => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// The mark at the start of a file.
    pub(super) const fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 | Self::Latin1 => b"",
            Self::Utf8Bom => b"\xef\xbb\xbf",
            Self::Utf16 => b"\xff\xfe",
        }
    }

    /// The bytes of text, without a mark; what the code page has not becomes `?`.
    pub(super) fn bytes_of(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 | Self::Utf8Bom => text.as_bytes().to_vec(),
            Self::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Latin1 => text.chars().map(byte_of).collect(),
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

fn byte_of(letter: char) -> u8 {
    let high = WINDOWS_1252.iter().position(|known| *known == letter).and_then(|at| u8::try_from(at).ok());
    high.map(|at| at + 0x80).or_else(|| u8::try_from(u32::from(letter)).ok()).unwrap_or(b'?')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_code_pages_are_found_out() {
        for (bytes, text) in [
            (&b"\xef\xbb\xbfJos\xc3\xa9"[..], "José"),
            (b"\xff\xfeJ\0\xe9\0", "Jé"),
            (b"\xfe\xff\0J\0\xe9", "Jé"),
            (b"Jos\xe9 \x80", "José €"),
            (b"Jos\xc3\xa9", "José"),
        ] {
            assert_eq!(Encoding::read(None, bytes), text);
        }
        assert_eq!(Encoding::Latin1.bytes_of("é€✓"), b"\xe9\x80?");
        assert_eq!(Encoding::Utf16.bytes_of("é"), b"\xe9\0");
    }
}
