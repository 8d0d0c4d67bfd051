//! What the type of a parameter means: to people ([`ParameterKind`]) and to the binder ([`ValueType`]).
//!
//! Not here: converting values (`bind`).

/// What a parameter's type is for. Arrays have the kind of their elements; see [`super::Parameter::is_list`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ParameterKind {
    /// `SwitchParameter`.
    Switch,
    /// Text, also in types such as `Fqdn` or `SmtpAddress`.
    String,
    /// `Boolean`: takes true or false.
    Bool,
    /// Names an object of the organization (`MailboxIdParameter`).
    Identity,
    /// `MultiValuedProperty`: values, or a table with `Add` and `Remove`.
    MultiValued,
    /// One of a fixed list of words.
    Enum,
    /// A whole number.
    Int,
    /// A number or `Unlimited`.
    Unlimited,
    /// A number with fraction.
    Float,
    /// `EnhancedTimeSpan`, `TimeSpan`.
    TimeSpan,
    /// `DateTime`, `ExDateTime`.
    DateTime,
    /// `Guid`.
    Guid,
    /// A table of keys and values.
    Hashtable,
    /// `ByteQuantifiedSize`: `10MB`.
    Size,
    /// `PSCredential`.
    Credential,
    /// `Byte[]`.
    Bytes,
    /// `SecureString`.
    SecureString,
    /// Any object.
    Object,
    /// Something else.
    Other,
}

impl ParameterKind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [Self; 19] = [
        Self::Switch,
        Self::String,
        Self::Bool,
        Self::Identity,
        Self::MultiValued,
        Self::Enum,
        Self::Int,
        Self::Unlimited,
        Self::Float,
        Self::TimeSpan,
        Self::DateTime,
        Self::Guid,
        Self::Hashtable,
        Self::Size,
        Self::Credential,
        Self::Bytes,
        Self::SecureString,
        Self::Object,
        Self::Other,
    ];

    /// A guess from a type's name, for parameters that no documentation describes.
    #[must_use]
    pub fn of_type(type_name: &str) -> Self {
        match ValueType::of(type_name) {
            ValueType::Switch => Self::Switch,
            ValueType::String | ValueType::Uri | ValueType::CultureInfo | ValueType::IpAddress | ValueType::Version => {
                Self::String
            }
            ValueType::Bool => Self::Bool,
            ValueType::Integer(_) => Self::Int,
            ValueType::Double => Self::Float,
            ValueType::Guid => Self::Guid,
            ValueType::DateTime | ValueType::DateTimeOffset => Self::DateTime,
            ValueType::TimeSpan => Self::TimeSpan,
            ValueType::Credential => Self::Credential,
            ValueType::SecureString => Self::SecureString,
            ValueType::Bytes => Self::Bytes,
            ValueType::Hashtable => Self::Hashtable,
            ValueType::ScriptBlock => Self::Other,
            ValueType::Object => {
                let element = type_name.trim_end_matches("[]");
                if element.contains("MultiValuedProperty") || element.ends_with("ProxyAddressCollection") {
                    Self::MultiValued
                } else if element.contains("Unlimited") {
                    Self::Unlimited
                } else if element.ends_with("IdParameter") || element.ends_with("Identity") {
                    Self::Identity
                } else if element.ends_with("ByteQuantifiedSize") {
                    Self::Size
                } else if element.ends_with("EnhancedTimeSpan") {
                    Self::TimeSpan
                } else if element.ends_with("ExDateTime") {
                    Self::DateTime
                } else if element.ends_with("PswsHashtable") {
                    Self::Hashtable
                } else if element.ends_with("PSObject") || element == "Object" || element == "System.Object" {
                    Self::Object
                } else {
                    Self::Other
                }
            }
        }
    }
}

/// What the binder converts an argument to. Every type of Exchange itself is [`ValueType::Object`]: the client
/// sends what it has and the server decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Anything, unconverted.
    Object,
    /// `SwitchParameter`.
    Switch,
    /// `String`.
    String,
    /// `Boolean`.
    Bool,
    /// A whole number.
    Integer(IntegerType),
    /// `Double`.
    Double,
    /// `Guid`.
    Guid,
    /// `Uri`.
    Uri,
    /// `Version`.
    Version,
    /// `DateTime`.
    DateTime,
    /// `DateTimeOffset`.
    DateTimeOffset,
    /// `TimeSpan`.
    TimeSpan,
    /// `CultureInfo`.
    CultureInfo,
    /// `IPAddress`.
    IpAddress,
    /// `PSCredential`.
    Credential,
    /// `SecureString`.
    SecureString,
    /// `Byte[]`; an array, but one value on the wire.
    Bytes,
    /// `Hashtable`.
    Hashtable,
    /// `ScriptBlock`.
    ScriptBlock,
}

/// The whole number types of .NET.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the names say it
pub enum IntegerType {
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
}

impl ValueType {
    /// The type of a value, or of an element where `type_name` is an array (`Byte[]` excepted).
    ///
    /// Arrays of anything but texts and tables have elements of type object.
    #[must_use]
    pub fn of(type_name: &str) -> Self {
        let short = type_name.strip_prefix("System.").unwrap_or(type_name);
        let short = short.rsplit('.').next().unwrap_or(short);
        if let Some(element) = short.strip_suffix("[]") {
            return match element {
                "Byte" => Self::Bytes,
                "String" | "string" => Self::String,
                "Hashtable" => Self::Hashtable,
                _ => Self::Object,
            };
        }
        match short {
            "SwitchParameter" => Self::Switch,
            "String" | "string" => Self::String,
            "Boolean" | "bool" => Self::Bool,
            "Byte" => Self::Integer(IntegerType::U8),
            "Int16" => Self::Integer(IntegerType::I16),
            "UInt16" => Self::Integer(IntegerType::U16),
            "Int32" | "int" => Self::Integer(IntegerType::I32),
            "UInt32" => Self::Integer(IntegerType::U32),
            "Int64" | "long" => Self::Integer(IntegerType::I64),
            "UInt64" => Self::Integer(IntegerType::U64),
            "Double" => Self::Double,
            "Guid" => Self::Guid,
            "Uri" => Self::Uri,
            "Version" => Self::Version,
            "DateTime" => Self::DateTime,
            "DateTimeOffset" => Self::DateTimeOffset,
            "TimeSpan" => Self::TimeSpan,
            "CultureInfo" => Self::CultureInfo,
            "IPAddress" => Self::IpAddress,
            "PSCredential" => Self::Credential,
            "SecureString" => Self::SecureString,
            "Hashtable" => Self::Hashtable,
            "ScriptBlock" => Self::ScriptBlock,
            _ => Self::Object,
        }
    }
}
