//! One deserialized value: a primitive of .NET or an object.

use std::fmt;
use std::sync::Arc;

use rust_decimal::Decimal;
use uuid::Uuid;

use super::{PsDateTime, PsObject, PsString, PsTimeSpan, PsVersion};

/// One PowerShell value ([MS-PSRP] 2.2.5.1 primitives, 2.2.5.2 objects). Cloning is cheap.
#[derive(Debug, Clone)]
pub enum PsValue {
    /// `$null`.
    Null,
    /// `System.Boolean`.
    Bool(bool),
    /// `System.Char`: one UTF-16 code unit.
    Char(u16),
    /// `System.Byte`.
    U8(u8),
    /// `System.SByte`.
    I8(i8),
    /// `System.UInt16`.
    U16(u16),
    /// `System.Int16`.
    I16(i16),
    /// `System.UInt32`.
    U32(u32),
    /// `System.Int32`.
    I32(i32),
    /// `System.UInt64`.
    U64(u64),
    /// `System.Int64`.
    I64(i64),
    /// `System.Single`.
    F32(f32),
    /// `System.Double`.
    F64(f64),
    /// `System.Decimal`; trailing zeros are significant.
    Decimal(Decimal),
    /// `System.String`.
    String(PsString),
    /// `System.DateTime`.
    DateTime(PsDateTime),
    /// `System.TimeSpan`.
    TimeSpan(PsTimeSpan),
    /// `System.Guid`.
    Guid(Uuid),
    /// `System.Uri`, as written.
    Uri(PsString),
    /// `System.Version`.
    Version(PsVersion),
    /// `System.Byte[]`.
    Bytes(Arc<[u8]>),
    /// `System.Xml.XmlDocument`, as text.
    Xml(PsString),
    /// `ScriptBlock`, as text; a reader gives a plain string.
    ScriptBlock(PsString),
    /// `SecureString`.
    SecureString(SecureText),
    /// `ProgressRecord` as a value.
    Progress(Arc<ProgressRecord>),
    /// Everything else.
    Object(PsObject),
}

impl PsValue {
    /// A string value.
    #[must_use]
    pub fn string(text: impl Into<PsString>) -> Self {
        Self::String(text.into())
    }

    /// The object, if it is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&PsObject> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The number in a value of any of the eight integer types.
    #[must_use]
    pub fn as_integer(&self) -> Option<i128> {
        Some(match self {
            Self::U8(number) => (*number).into(),
            Self::I8(number) => (*number).into(),
            Self::U16(number) => (*number).into(),
            Self::I16(number) => (*number).into(),
            Self::U32(number) => (*number).into(),
            Self::I32(number) => (*number).into(),
            Self::U64(number) => (*number).into(),
            Self::I64(number) => (*number).into(),
            _ => return None,
        })
    }

    /// Whether it is `$null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl From<&str> for PsValue {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for PsValue {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<bool> for PsValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i32> for PsValue {
    fn from(value: i32) -> Self {
        Self::I32(value)
    }
}

impl From<i64> for PsValue {
    fn from(value: i64) -> Self {
        Self::I64(value)
    }
}

impl From<PsObject> for PsValue {
    fn from(object: PsObject) -> Self {
        Self::Object(object)
    }
}

/// A `SecureString` on its way: still encrypted as it came, or plain and waiting for a session key.
///
/// Debug shows neither form.
#[derive(Clone)]
pub enum SecureText {
    /// The base64 text of an `SS` element as it was read ([MS-PSRP] 2.2.5.1.24).
    Encrypted(Arc<str>),
    /// Plain text that a writer encrypts with the session key; zeroed on drop.
    Plain(Arc<secrecy::SecretString>),
}

impl fmt::Debug for SecureText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecureText(redacted)")
    }
}

/// [MS-PSRP] 2.2.5.1.25, progress record: what a `PR` element holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProgressRecord {
    /// What is being done.
    pub activity: PsString,
    /// Which activity.
    pub activity_id: i32,
    /// The item at hand, if said.
    pub current_operation: Option<PsString>,
    /// The enclosing activity; −1 for none.
    pub parent_activity_id: i32,
    /// 0..=100, or −1 for unknown.
    pub percent_complete: i32,
    /// Whether the activity has ended (type 1) or goes on (type 0).
    pub completed: bool,
    /// Seconds, or −1 for unknown.
    pub seconds_remaining: i32,
    /// How it goes.
    pub status_description: PsString,
}
