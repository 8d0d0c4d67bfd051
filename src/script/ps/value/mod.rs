//! Values as a running PowerShell script sees them: live, shared by reference, typed as .NET types them.
//!
//! No operators and no texts here; `clixml` has the values that travel, [`super::text::to_wire`] leads there.

mod hash;
mod list;
mod object;

use std::sync::{Arc, Mutex, MutexGuard};

use num_bigint::BigInt;
use rust_decimal::Decimal;
use uuid::Uuid;

pub use hash::{Hash, HashKind};
pub use list::{List, ListKind};
pub(super) use object::CUSTOM_OBJECT;
pub use object::Obj;
pub(super) use object::{Prop, PropValue};

use super::block::Block;
use crate::clixml::{PsDateTime, PsTimeSpan, PsVersion};

/// A lock whose poisoning is of no interest: the data is replaced whole.
pub(super) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// One value.
#[derive(Debug, Clone, Default)]
pub enum V {
    /// `$null`.
    #[default]
    Null,
    /// What a command without output gives: null that a pipeline does not pass on.
    Nothing,
    /// `System.Boolean`.
    Bool(bool),
    /// `System.Int32`.
    Int(i32),
    /// `System.Int64`.
    Long(i64),
    /// `System.Double`.
    Double(f64),
    /// `System.Decimal`.
    Decimal(Decimal),
    /// The integers that scripts seldom have.
    Small(Small, i128),
    /// `System.Single`.
    Single(f32),
    /// `System.Numerics.BigInteger`.
    Big(Arc<BigInt>),
    /// `System.Char`.
    Char(char),
    /// `System.String`.
    Str(Arc<str>),
    /// `SwitchParameter`.
    Switch(bool),
    /// `System.DateTime`.
    Date(PsDateTime),
    /// `System.TimeSpan`.
    Span(PsTimeSpan),
    /// `System.Guid`.
    Guid(Uuid),
    /// `System.Version`.
    Version(PsVersion),
    /// A value of an enumeration.
    Enum(Arc<EnumValue>),
    /// A type as a value.
    Type(Arc<str>),
    /// Arrays and lists.
    List(List),
    /// Hashtables and dictionaries.
    Hash(Hash),
    /// Objects.
    Obj(Obj),
    /// A script block.
    Block(Block),
    /// `-Name` among the arguments of a command; true with a colon after it.
    Param(Arc<str>, bool),
    /// A pipeline that has not run yet.
    Pipe(Arc<super::pipe::Pipe>),
}

/// Integers of the sizes that scripts seldom use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Small {
    /// `System.Byte`.
    Byte,
    /// `System.SByte`.
    SByte,
    /// `System.Int16`.
    Int16,
    /// `System.UInt16`.
    UInt16,
    /// `System.UInt32`.
    UInt32,
    /// `System.UInt64`.
    UInt64,
}

impl Small {
    /// The least and the greatest number of the type.
    #[must_use]
    pub fn bounds(self) -> (i128, i128) {
        match self {
            Self::Byte => (0, u8::MAX.into()),
            Self::SByte => (i8::MIN.into(), i8::MAX.into()),
            Self::Int16 => (i16::MIN.into(), i16::MAX.into()),
            Self::UInt16 => (0, u16::MAX.into()),
            Self::UInt32 => (0, u32::MAX.into()),
            Self::UInt64 => (0, u64::MAX.into()),
        }
    }

    /// The kind of integer that a full type name means.
    #[must_use]
    pub fn named(full: &str) -> Option<Self> {
        [Self::Byte, Self::SByte, Self::Int16, Self::UInt16, Self::UInt32, Self::UInt64]
            .into_iter()
            .find(|kind| kind.type_name() == full)
    }

    /// The .NET type.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Byte => "System.Byte",
            Self::SByte => "System.SByte",
            Self::Int16 => "System.Int16",
            Self::UInt16 => "System.UInt16",
            Self::UInt32 => "System.UInt32",
            Self::UInt64 => "System.UInt64",
        }
    }
}

/// A value of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumValue {
    /// The enumeration.
    pub type_name: Arc<str>,
    /// The value's name.
    pub name: String,
    /// Its number.
    pub number: i32,
}

/// Whether two names are one, ignoring case.
#[must_use]
pub(super) fn same_name(a: &str, b: &str) -> bool {
    a.len() == b.len() && (a.eq_ignore_ascii_case(b) || a.to_lowercase() == b.to_lowercase())
}

impl V {
    /// A string.
    #[must_use]
    pub fn str(text: impl AsRef<str>) -> Self {
        Self::Str(text.as_ref().into())
    }

    /// `Object[]`.
    #[must_use]
    pub fn array(items: Vec<Self>) -> Self {
        Self::List(List::array(items))
    }

    /// A count, as `Int32`.
    #[must_use]
    pub fn count(number: usize) -> Self {
        Self::Int(i32::try_from(number).unwrap_or(i32::MAX))
    }

    /// An `Int32` if it fits, else an `Int64`.
    #[must_use]
    pub fn integer(number: i64) -> Self {
        i32::try_from(number).map_or(Self::Long(number), Self::Int)
    }

    /// Whether it is null or nothing.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null | Self::Nothing)
    }

    /// What a statement's outputs are as one value: nothing, the only one, or an array.
    #[must_use]
    pub fn from_outputs(mut outputs: Vec<Self>) -> Self {
        match outputs.len() {
            0 => Self::Nothing,
            1 => outputs.remove(0),
            _ => Self::array(outputs),
        }
    }

    /// What a value gives when a pipeline or `foreach` walks it: a list its items, nothing none.
    #[must_use]
    pub fn unrolled(self) -> Vec<Self> {
        match self {
            Self::Nothing => Vec::new(),
            Self::List(list) => list.items(),
            Self::Obj(object) => match object.base() {
                Self::List(list) if object.is("unrolls") => list.items(),
                _ => vec![Self::Obj(object)],
            },
            other => vec![other],
        }
    }

    /// The full name of its type.
    #[must_use]
    pub fn type_name(&self) -> Arc<str> {
        let name = match self {
            Self::Null | Self::Nothing => "",
            Self::Bool(_) => "System.Boolean",
            Self::Int(_) => "System.Int32",
            Self::Long(_) => "System.Int64",
            Self::Double(_) => "System.Double",
            Self::Decimal(_) => "System.Decimal",
            Self::Small(kind, _) => kind.type_name(),
            Self::Single(_) => "System.Single",
            Self::Big(_) => "System.Numerics.BigInteger",
            Self::Char(_) => "System.Char",
            Self::Str(_) => "System.String",
            Self::Switch(_) => "System.Management.Automation.SwitchParameter",
            Self::Date(_) => "System.DateTime",
            Self::Span(_) => "System.TimeSpan",
            Self::Guid(_) => "System.Guid",
            Self::Version(_) => "System.Version",
            Self::Enum(value) => return value.type_name.clone(),
            Self::Type(_) => "System.RuntimeType",
            Self::Block(_) => "System.Management.Automation.ScriptBlock",
            Self::Param(..) | Self::Pipe(_) => "System.Object",
            Self::Obj(object) => return object.type_name(),
            Self::List(list) => return list.type_name(),
            Self::Hash(hash) => match hash.kind() {
                HashKind::Table => "System.Collections.Hashtable",
                HashKind::Ordered => "System.Collections.Specialized.OrderedDictionary",
                HashKind::Dictionary(key, _, _) if &**key == "json" => "System.Management.Automation.OrderedHashtable",
                HashKind::Dictionary(key, value, _) if key.ends_with("|sorted") => {
                    let key = key.trim_end_matches("|sorted");
                    return format!("System.Collections.Generic.SortedDictionary`2[{key},{value}]").into();
                }
                HashKind::Dictionary(key, value, _) => {
                    return format!("System.Collections.Generic.Dictionary`2[{key},{value}]").into();
                }
            },
        };
        name.into()
    }
}

impl From<&str> for V {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl From<String> for V {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}

impl From<bool> for V {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i32> for V {
    fn from(value: i32) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for V {
    fn from(value: f64) -> Self {
        Self::Double(value)
    }
}
