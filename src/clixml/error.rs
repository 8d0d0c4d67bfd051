//! What can be wrong with CLIXML, by blame: the text, a limit, or the caller.
//!
//! Says what is wrong and where; what to do about it is the business of the layers above.

/// Why CLIXML was refused, or could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClixmlError {
    /// The bytes are neither UTF-8 nor marked UTF-16.
    #[error("the text is not valid UTF-8 at byte {offset}")]
    NotText {
        /// Offset of the first bad byte.
        offset: usize,
    },
    /// It is not well-formed XML.
    #[error("not well-formed XML at byte {offset}: {what}")]
    NotXml {
        /// Where the reader stood.
        offset: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// Well-formed, but not CLIXML.
    #[error("not CLIXML at byte {offset}: {what}")]
    NotClixml {
        /// Where the reader stood.
        offset: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// An element that CLIXML does not know.
    #[error("unknown CLIXML element <{name}> at byte {offset}")]
    UnknownElement {
        /// Where the element is.
        offset: usize,
        /// Its name, cut if it is long.
        name: String,
    },
    /// The text of a primitive is not one of its type.
    #[error("the text of <{tag}> at byte {offset} is not a valid {type_name}")]
    BadPrimitive {
        /// Where the element is.
        offset: usize,
        /// Its tag.
        tag: &'static str,
        /// The .NET type.
        type_name: &'static str,
    },
    /// A `Ref` or `TNRef` to nothing that came before.
    #[error("no {what} was read before for reference {id} at byte {offset}")]
    DanglingReference {
        /// Where the reference is.
        offset: usize,
        /// `object` or `type names`.
        what: &'static str,
        /// The reference, cut if it is long.
        id: String,
    },
    /// Written by a version of the format that this reader does not know.
    #[error("CLIXML version {version} is not supported, only major version 1 is")]
    Version {
        /// The version as it stands there, cut if it is long.
        version: String,
    },
    /// More levels of objects inside objects than PowerShell allows.
    #[error("the serialized XML is nested more than {levels_max} levels deep")]
    TooDeep {
        /// The limit.
        levels_max: usize,
    },
    /// More bytes than allowed.
    #[error("{bytes} bytes of CLIXML are more than the limit of {bytes_max}")]
    TooLong {
        /// How many came.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// The file holds a character that no XML document can hold.
    #[error("the character U+{code:04X} cannot be written to an XML file")]
    Unwritable {
        /// The code unit.
        code: u16,
    },
    /// A plain secret is to be written, and there is no session key to encrypt it with.
    #[error("a secure string cannot be written without a session key")]
    NoSessionKey,
    /// A secret that is not encrypted with this session key, or damaged.
    #[error("a secure string cannot be decrypted with this session key")]
    BadSecret,
}
