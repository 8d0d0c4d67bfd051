//! What can be wrong with CLIXML, by blame: the text, a limit, or the caller.
//!
//! Says what is wrong and where, and what whoever has such a file can do.

/// Why CLIXML was refused, or could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClixmlError {
    /// The bytes are neither UTF-8 nor marked UTF-16.
    #[error("the text is not valid UTF-8 or UTF-16 at byte {offset}")]
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

impl ClixmlError {
    /// What can be done about a file that is refused for this.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotText { .. } => "files of Export-Clixml are UTF-8 or UTF-16: save it again in one of them",
            Self::NotXml { what, .. } if what.ends_with("inside an element") || what.ends_with("does not end") => {
                "the file seems to be cut off: copy it once more from where it was saved"
            }
            Self::NotXml { .. } | Self::NotClixml { .. } | Self::UnknownElement { .. } => {
                "files of CLIXML are written by Export-Clixml, or by `export_clixml` here; what ConvertTo-Xml writes is \
                 something else"
            }
            Self::BadPrimitive { .. } | Self::DanglingReference { .. } => {
                "the file was changed or damaged after it was saved: save the objects again"
            }
            Self::Version { .. } => {
                "no PowerShell writes such files; the Version of the first element is to be 1.1.0.1"
            }
            Self::TooDeep { .. } => "PowerShell refuses it as well: save with a smaller -Depth",
            Self::TooLong { .. } => "save fewer objects in one file",
            Self::Unwritable { .. } => "take the character out of the text",
            Self::NoSessionKey | Self::BadSecret => "passwords cannot be read on another computer: save without them",
        }
    }
}
