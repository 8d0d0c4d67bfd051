//! Writing envelopes: the parts that requests and responses share. Knows nothing of what is inside a body.

use super::xml::escape_into;

/// Appends one envelope piece by piece.
pub(super) struct Writer {
    pub(super) out: Vec<u8>,
}

impl Writer {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self { out: Vec::with_capacity(capacity) }
    }

    /// Text that is markup already.
    pub(super) fn raw(&mut self, markup: &str) -> &mut Self {
        self.out.extend_from_slice(markup.as_bytes());
        self
    }

    /// Text that needs escaping.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        escape_into(&mut self.out, text);
        self
    }

    /// `<tag>text</tag>`, escaped; `tag` may carry attributes, the end tag takes its first word.
    pub(super) fn element(&mut self, tag: &str, text: &str) -> &mut Self {
        self.raw("<").raw(tag).raw(">").text(text);
        self.end(tag.split(' ').next().unwrap_or(tag))
    }

    /// `</name>`.
    pub(super) fn end(&mut self, name: &str) -> &mut Self {
        self.raw("</").raw(name).raw(">")
    }

    /// ` name="value"`, escaped.
    pub(super) fn attribute(&mut self, name: &str, value: &str) -> &mut Self {
        self.raw(" ").raw(name).raw("=\"").text(value).raw("\"")
    }

    /// Bytes as base64, straight into the message.
    pub(super) fn base64(&mut self, data: &[u8]) -> &mut Self {
        base64_simd::STANDARD.encode_append(data, &mut self.out);
        self
    }

    /// The bytes of a stream as they travel.
    pub(super) fn stream_bytes(&mut self, data: &[u8], compression: super::Compression) -> &mut Self {
        match compression {
            super::Compression::None => self.base64(data),
            super::Compression::Xpress => {
                let packed = super::xpress::compress(data);
                self.base64(&packed)
            }
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.out
    }
}
