//! CLIXML, the serialized form of PowerShell values ([MS-PSRP] 2.2.5): the value model, its reader and writer.
//!
//! Pure: bytes come in, values go out, and back. Not here: what a property bag means (`psrp`),
//! how a value looks on a screen (`render`), what a script sees of it (`script`).

mod characters;
mod decoder;
mod error;
mod escape;
mod names;
mod number;
mod object;
mod packed;
mod primitive;
mod read;
pub mod reading;
mod references;
mod scan;
mod session_key;
mod shape;
mod string;
pub mod text;
mod time;
mod uri;
mod value;
mod write;
mod xml;
mod xml_document;

pub use decoder::Decoder;
pub use error::ClixmlError;
pub use number::{PsVersion, general_form};
pub use object::{Base, ListKind, Member, PsObject, PsObjectBuilder, TypeNames};
pub use read::{ReadLimits, read_document, read_document_text, read_fragment};
pub use session_key::SessionKey;
pub use string::PsString;
pub use time::{CivilTime, DateTimeKind, MONTHS, PsDateTime, PsTimeSpan, WEEKDAYS};
pub use value::{ProgressRecord, PsValue, SecureText};
pub use write::{holds_plain_secret, write_document, write_fragment};
