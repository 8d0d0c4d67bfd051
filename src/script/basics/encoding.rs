//! Text encodings of files: found out by their byte order mark, else UTF-8, else the Windows code page of the west.
//!
//! Not here: files.

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

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

    /// The text of bytes; a mark decides, else the name.
    pub(super) fn read(asked: Option<Self>, bytes: &[u8]) -> String {
        let encoding = match asked {
            None => return decoded(bytes),
            Some(Self::Utf8 | Self::Utf8Bom) => UTF_8,
            Some(Self::Utf16) => UTF_16LE,
            Some(Self::Latin1) => WINDOWS_1252,
        };
        encoding.decode(bytes).0.into_owned()
    }

    /// The mark at the start of a file.
    pub(super) const fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 | Self::Latin1 => b"",
            Self::Utf8Bom => b"\xef\xbb\xbf",
            Self::Utf16 => b"\xff\xfe",
        }
    }

    /// The bytes of text, without a mark; a letter that the code page has not is the error.
    pub(super) fn bytes_of(self, text: &str) -> Result<Vec<u8>, char> {
        match self {
            Self::Utf8 | Self::Utf8Bom => Ok(text.as_bytes().to_vec()),
            Self::Utf16 => Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Self::Latin1 => text.chars().map(|letter| byte_of(letter).ok_or(letter)).collect(),
        }
    }
}

/// The text of a file: its mark decides, else it is UTF-16 when its letters have a zero beside them, else UTF-8, else
/// the Windows code page of the west.
#[must_use]
pub fn decoded(bytes: &[u8]) -> String {
    let fallback = match bytes {
        [1..=255, 0, 1..=255, 0, ..] => UTF_16LE,
        [0, 1..=255, 0, 1..=255, ..] => UTF_16BE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => WINDOWS_1252,
    };
    fallback.decode(bytes).0.into_owned()
}

fn byte_of(letter: char) -> Option<u8> {
    match WINDOWS_1252.encode(letter.encode_utf8(&mut [0; 4])) {
        (bytes, _, false) => bytes.first().copied(),
        _ => None,
    }
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
            (b"J\0o\0\xe9\0", "Joé"),
            (b"\0J\0o", "Jo"),
            (b"Jos\xe9 \x80", "José €"),
            (b"Jos\xc3\xa9", "José"),
        ] {
            assert_eq!(Encoding::read(None, bytes), text);
        }
        assert_eq!(Encoding::Latin1.bytes_of("é€").unwrap(), b"\xe9\x80");
        assert_eq!(Encoding::Latin1.bytes_of("é€✓"), Err('✓'));
        assert_eq!(Encoding::Utf16.bytes_of("é").unwrap(), b"\xe9\0");
    }
}
