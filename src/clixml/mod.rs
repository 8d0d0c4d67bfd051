//! CLIXML, the serialized form of PowerShell values ([MS-PSRP] 2.2.5): the value model, its reader and writer.
//!
//! Pure: bytes come in, values go out, and back. Not here: what a property bag means (`psrp`),
//! how a value looks on a screen (`render`), what a script sees of it (`script`).

mod number;
mod object;
mod string;
mod time;
mod value;

pub use number::PsVersion;
pub use object::{Base, ListKind, Member, PsObject, PsObjectBuilder, TypeNames};
pub use string::PsString;
pub use time::{DateTimeKind, PsDateTime, PsTimeSpan};
pub use value::{ProgressRecord, PsValue, SecureText};
