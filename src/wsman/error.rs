//! What can be wrong with a message of the other side. Faults are not errors: they are well-formed answers.

/// The other side's message is not what the protocol says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WsmanError {
    /// There is no document at all.
    #[error("the message is empty")]
    Empty,
    /// The bytes are not text in UTF-8 or UTF-16.
    #[error("the message is not text in UTF-8 or UTF-16")]
    NotText,
    /// A page for people, or plain text, instead of a SOAP envelope.
    #[error("the answer is not a SOAP envelope but {what}: {excerpt}")]
    NotSoap {
        /// `an HTML page`, `plain text`, or the name of the outermost element.
        what: String,
        /// Its readable text, shortened.
        excerpt: String,
    },
    /// The document ends in the middle.
    #[error("the message is cut off")]
    Truncated,
    /// Not well-formed.
    #[error("malformed XML at byte {offset}: {problem}")]
    Malformed {
        /// Byte offset in the text.
        offset: u64,
        /// What is wrong there.
        problem: String,
    },
    /// Something that must be there is not.
    #[error("the {inside} has no {what}")]
    Missing {
        /// Where it was looked for.
        inside: &'static str,
        /// What was looked for.
        what: &'static str,
    },
    /// Stream bytes are not base64.
    #[error("the bytes of stream `{stream}` are not valid base64")]
    Base64 {
        /// Name of the stream, or of the element that should have held base64.
        stream: String,
    },
    /// Stream bytes do not decompress.
    #[error("the bytes of stream `{stream}` do not decompress: {problem}")]
    Compression {
        /// Name of the stream.
        stream: String,
        /// What is wrong.
        problem: super::xpress::XpressError,
    },
}
