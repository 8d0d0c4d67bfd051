//! GUIDs, versions, decimals and enumeration values of the server as values of the language.
//!
//! Each compares with its own kind and with the plain Rhai value people write beside it.

use std::fmt;
use std::str::FromStr;

use rhai::{Engine, FLOAT, INT, ImmutableString};
use rust_decimal::Decimal as Number;
use rust_decimal::prelude::ToPrimitive;
use uuid::Uuid;

use crate::clixml::{Base, PsObject, PsValue, PsVersion};

use super::super::failure::Failure;
use super::super::state::RhaiResult;

/// `System.Guid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub struct Guid(pub Uuid);

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// `System.Version`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub struct Version(pub PsVersion);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// `System.Decimal`, and whole numbers too large for an `int`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Decimal(pub Number);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A value of an enumeration: a name with a number behind it.
#[derive(Debug, Clone)]
pub struct EnumValue {
    name: ImmutableString,
    number: INT,
    type_name: ImmutableString,
}

impl EnumValue {
    /// From an object that an enumeration value arrived as.
    #[must_use]
    pub fn from_object(object: &PsObject) -> Option<Self> {
        let types = object.type_names()?;
        if !types.contains("System.Enum") {
            return None;
        }
        let Base::Value(value) = object.base() else { return None };
        let number = super::whole_number(&value)?;
        let name = object.to_string_text().map_or_else(|| number.to_string(), |text| text.to_text().into_owned());
        let type_name = types.first().unwrap_or("System.Enum");
        let type_name = type_name.strip_prefix("Deserialized.").unwrap_or(type_name);
        Some(Self { name: name.into(), number, type_name: type_name.into() })
    }

    /// What goes to the server: the name, which every enumeration parameter reads.
    #[must_use]
    pub fn to_value(&self) -> PsValue {
        PsValue::from(self.name.as_str())
    }

    /// Whether a text names this value, or is among the names of a combination of flags.
    fn is_named(&self, text: &str) -> bool {
        let squeezed = |text: &str| text.replace(' ', "").to_ascii_lowercase();
        squeezed(&self.name) == squeezed(text)
    }
}

impl fmt::Display for EnumValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Registers all four.
pub(crate) fn register(engine: &mut Engine) {
    register_guid_and_version(engine);
    register_enum(engine);
    register_decimal(engine);
}

fn register_guid_and_version(engine: &mut Engine) {
    engine.register_type_with_name::<Guid>("Guid").register_type_with_name::<Version>("Version");
    super::text_forms::<Guid>(engine);
    super::text_forms::<Version>(engine);
    super::comparisons::<Guid, Guid>(engine, |a, b| a.partial_cmp(b));
    super::comparisons::<Guid, ImmutableString>(engine, |a, b| a.0.partial_cmp(&Uuid::parse_str(b.trim()).ok()?));
    super::comparisons::<Version, Version>(engine, |a, b| a.partial_cmp(b));
    super::comparisons::<Version, ImmutableString>(engine, |a, b| a.0.partial_cmp(&PsVersion::from_str(b).ok()?));
    engine
        .register_fn("guid", |text: &str| -> RhaiResult<Guid> {
            let read = Uuid::parse_str(text.trim());
            read.map(Guid).map_err(|_| Failure::script(format!("{text:?} is not a GUID")).into())
        })
        .register_fn("version", |text: &str| -> RhaiResult<Version> {
            let read = PsVersion::from_str(text);
            read.map(Version).map_err(|_| Failure::script(format!("{text:?} is not a version")).into())
        });
    for (index, part) in ["Major", "Minor", "Build", "Revision"].into_iter().enumerate() {
        engine.register_get(part, move |version: &mut Version| INT::from(version.0.parts()[index]));
    }
}

fn register_enum(engine: &mut Engine) {
    engine.register_type_with_name::<EnumValue>("Enum");
    super::text_forms::<EnumValue>(engine);
    super::comparisons::<EnumValue, EnumValue>(engine, |a, b| {
        // Values of two enumerations have no order, but their names may be the same.
        if a.type_name == b.type_name {
            a.number.partial_cmp(&b.number)
        } else {
            a.is_named(&b.name).then_some(std::cmp::Ordering::Equal)
        }
    });
    super::comparisons::<EnumValue, ImmutableString>(engine, |a, b| {
        if a.is_named(b) {
            return Some(std::cmp::Ordering::Equal);
        }
        a.name.to_lowercase().partial_cmp(&b.to_lowercase())
    });
    super::comparisons::<EnumValue, INT>(engine, |a, b| a.number.partial_cmp(b));
    engine
        .register_fn("to_int", |value: &mut EnumValue| value.number)
        .register_fn("+", |value: EnumValue, text: ImmutableString| value.name + text)
        .register_fn("+", |text: ImmutableString, value: EnumValue| text + value.name)
        .register_get("value__", |value: &mut EnumValue| value.number)
        .register_get("Value", |value: &mut EnumValue| value.name.clone());
}

fn register_decimal(engine: &mut Engine) {
    engine.register_type_with_name::<Decimal>("Decimal");
    super::text_forms::<Decimal>(engine);
    super::comparisons::<Decimal, Decimal>(engine, |a, b| a.partial_cmp(b));
    super::comparisons::<Decimal, INT>(engine, |a, b| a.0.partial_cmp(&Number::from(*b)));
    super::comparisons::<Decimal, FLOAT>(engine, |a, b| a.0.to_f64()?.partial_cmp(b));
    type Operation = fn(Number, Number) -> Option<Number>;
    let operations: [(&str, Operation); 5] = [
        ("+", |a, b| a.checked_add(b)),
        ("-", |a, b| a.checked_sub(b)),
        ("*", |a, b| a.checked_mul(b)),
        ("/", |a, b| a.checked_div(b)),
        ("%", |a, b| a.checked_rem(b)),
    ];
    for (name, operation) in operations {
        let apply = move |a: Number, b: Number| -> RhaiResult<Decimal> {
            operation(a, b)
                .map(Decimal)
                .ok_or_else(|| Failure::script(format!("{a} {name} {b} cannot be calculated")).into())
        };
        engine
            .register_fn(name, move |a: Decimal, b: Decimal| apply(a.0, b.0))
            .register_fn(name, move |a: Decimal, b: INT| apply(a.0, b.into()))
            .register_fn(name, move |a: INT, b: Decimal| apply(a.into(), b.0));
    }
    engine
        .register_fn("to_float", |value: &mut Decimal| value.0.to_f64().unwrap_or(FLOAT::NAN))
        .register_fn("to_int", |value: &mut Decimal| -> RhaiResult<INT> {
            value.0.trunc().to_i64().ok_or_else(|| Failure::script(format!("{value} does not fit an int")).into())
        })
        .register_fn("decimal", |text: &str| -> RhaiResult<Decimal> {
            let read = Number::from_str(text.trim());
            read.map(Decimal).map_err(|_| Failure::script(format!("{text:?} is not a decimal number")).into())
        });
}
