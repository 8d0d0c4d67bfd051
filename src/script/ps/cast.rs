//! Conversions: `[type]value`, `-as`, typed variables and parameters.
//!
//! Numbers are read in `number`; what a conversion cannot do is an error with PowerShell's id.

use rust_decimal::Decimal;

use super::fault::{Problem, Res};
use super::number::{self, Num};
use super::text::interpolated;
use super::value::{Hash, HashKind, List, ListKind, Obj, Small, V};
use crate::catalog::bind::parse_time_span;
use crate::clixml::{DateTimeKind, PsDateTime, PsTimeSpan};

/// A date out of a value, without errors.
#[must_use]
pub(super) fn to_date(value: &V) -> Option<PsDateTime> {
    match value {
        V::Date(date) => Some(*date),
        V::Str(text) => super::dates::read(text, None),
        V::Obj(object) => match object.base() {
            V::Null => None,
            base => to_date(&base),
        },
        #[expect(clippy::cast_possible_truncation, reason = "ticks")]
        V::Int(_) | V::Long(_) | V::Double(_) => number::plain(value)
            .map(|number| PsDateTime { ticks: number.double() as i64, kind: DateTimeKind::Unspecified }),
        _ => None,
    }
}

/// A time span out of a value, without errors.
#[must_use]
pub(super) fn to_span(value: &V) -> Option<PsTimeSpan> {
    match value {
        V::Span(span) => Some(*span),
        V::Str(text) => parse_time_span(text),
        V::Int(number) => Some(PsTimeSpan { ticks: i64::from(*number) }),
        V::Long(number) => Some(PsTimeSpan { ticks: *number }),
        #[expect(clippy::cast_possible_truncation, reason = "ticks")]
        V::Double(number) => Some(PsTimeSpan { ticks: *number as i64 }),
        V::Obj(object) => match object.base() {
            V::Null => None,
            base => to_span(&base),
        },
        _ => None,
    }
}

/// What a typed parameter has when nothing was given.
#[must_use]
pub(super) fn default_of(name: &str) -> V {
    match name.to_ascii_lowercase().as_str() {
        "string" => V::from(""),
        "int" | "int32" => V::Int(0),
        "long" | "int64" => V::Long(0),
        "double" => V::Double(0.0),
        "decimal" => V::Decimal(Decimal::ZERO),
        "bool" | "boolean" => V::Bool(false),
        "switch" => V::Switch(false),
        "byte" | "sbyte" | "int16" | "short" | "uint16" | "ushort" | "uint32" | "uint" | "uint64" | "ulong"
        | "single" | "float" => cast(name, &V::Int(0)).unwrap_or_default(),
        _ => V::Null,
    }
}

/// What a parameter of a plain function holds when nothing is given and nothing is checked.
///
/// # Errors
/// For dates, as recorded runs show.
pub(super) fn unset(name: &str) -> Res<V> {
    let lower = name.to_ascii_lowercase();
    match lower.strip_prefix("system.").unwrap_or(&lower) {
        "datetime" => cast(name, &V::Null),
        _ => Ok(default_of(name)),
    }
}

/// `[name]value`.
///
/// # Errors
/// When there is no such type, or no way to it.
pub(super) fn cast(name: &str, value: &V) -> Res<V> {
    let name = name.trim();
    let lower = name.to_ascii_lowercase();
    if let Some(item) = lower.strip_suffix("[]") {
        return to_array(item, value);
    }
    match lower.strip_prefix("system.").unwrap_or(&lower) {
        "array" => Ok(match value {
            V::Null | V::Nothing => V::Null,
            V::List(list) if list.is_array() => value.clone(),
            other => V::array(other.clone().unrolled()),
        }),
        "collections.arraylist"
        | "uri"
        | "xml"
        | "xml.xmldocument"
        | "cultureinfo"
        | "globalization.cultureinfo"
        | "mailaddress"
        | "net.mail.mailaddress"
        | "ipaddress"
        | "net.ipaddress"
        | "version"
        | "regex"
            if value.is_null() =>
        {
            Ok(V::Null)
        }
        "object" | "psobject" | "management.automation.psobject" | "ref" | "management.automation.psreference" => {
            Ok(value.clone())
        }
        "void" => Ok(V::Nothing),
        "bigint" | "numerics.biginteger" => super::big::of(value)
            .map(super::big::value)
            .map_or_else(|| number::not_a_number(&interpolated(value), "System.Numerics.BigInteger").err(), Ok),
        "string" => Ok(V::from(interpolated(value))),
        "bool" | "boolean" => Ok(V::Bool(super::compare::truthy(value))),
        "switch" | "management.automation.switchparameter" => Ok(V::Switch(super::compare::truthy(value))),
        "char" => to_char(value),
        "datetime" => match value {
            V::Null | V::Nothing => {
                Problem { id: "nullToObjectInvalidCast".to_owned(), ..null_to("System.DateTime") }.err()
            }
            _ => to_date(value).map(V::Date).map_or_else(|| not_a_date(value).err(), Ok),
        },
        "timespan" => match value {
            V::Null | V::Nothing => null_to("System.TimeSpan").err(),
            _ => to_span(value).map(V::Span).map_or_else(
                || bad_text(value, "System.TimeSpan", &super::dotnet::unreadable_span(&interpolated(value))).err(),
                Ok,
            ),
        },
        "guid" if matches!(value, V::Guid(_)) => Ok(value.clone()),
        "guid" if value.is_null() => null_to("System.Guid").err(),
        "guid" => interpolated(value)
            .trim()
            .trim_matches(['{', '}', '(', ')'])
            .parse()
            .map(V::Guid)
            .or_else(|_| bad_text(value, "System.Guid", "Unrecognized Guid format.").err()),
        "version" => interpolated(value)
            .parse()
            .map(V::Version)
            .or_else(|_| bad_text(value, "System.Version", &unreadable_version(&interpolated(value))).err()),
        "regex" | "text.regularexpressions.regex" if matches!(value, V::Obj(_)) => Ok(value.clone()),
        "regex" | "text.regularexpressions.regex" => to_regex(value),
        "hashtable" | "collections.hashtable" => match value {
            V::Hash(hash) => Ok(V::Hash(Hash::from_entries(HashKind::Table, hash.entries()))),
            V::Null | V::Nothing => Ok(V::Null),
            other => number::cannot_convert(other, "System.Collections.Hashtable").err(),
        },
        "ordered" | "collections.specialized.ordereddictionary" => match value {
            V::Hash(hash) => Ok(V::Hash(Hash::from_entries(HashKind::Ordered, hash.entries()))),
            other => number::cannot_convert(other, "System.Collections.Specialized.OrderedDictionary").err(),
        },
        "pscustomobject" | "management.automation.pscustomobject" => Ok(match value {
            V::Hash(hash) => V::Obj(custom(hash)),
            other => other.clone(),
        }),
        "collections.arraylist" if matches!(value, V::List(list) if *list.kind() == ListKind::ArrayList) => {
            Ok(value.clone())
        }
        "collections.arraylist" => Ok(V::List(List::of(ListKind::ArrayList, value.clone().unrolled()))),
        short => {
            to_number(short, value).or_else(|| to_object(short, value)).unwrap_or_else(|| by_full_name(name, value))
        }
    }
}

/// A table as an object; its entry `PSTypeName` is the name of its type.
fn custom(table: &Hash) -> Obj {
    let (names, values): (Vec<_>, Vec<_>) = table
        .entries()
        .into_iter()
        .map(|(key, value)| (interpolated(&key), value))
        .partition(|(name, _)| name.eq_ignore_ascii_case("PSTypeName"));
    let object = Obj::custom(values);
    if let Some((_, name)) = names.first() {
        object.set_types(vec![interpolated(name).into(), super::value::CUSTOM_OBJECT.into()]);
    }
    object
}

/// Conversions to types whose values are objects; `None` when the type is none of them.
fn to_object(short: &str, value: &V) -> Option<Res<V>> {
    Some(match short {
        "uri" => Ok(super::dotnet::net::uri(&interpolated(value))),
        "xml" | "xml.xmldocument" => super::xml::document(&interpolated(value)),
        "cultureinfo" | "globalization.cultureinfo" => {
            Ok(V::Obj(super::dotnet::culture::culture(&interpolated(value))))
        }
        "scriptblock" | "management.automation.scriptblock" if matches!(value, V::Str(_)) => {
            number::cannot_convert(value, "System.Management.Automation.ScriptBlock").err()
        }
        "scriptblock" | "management.automation.scriptblock" => Ok(value.clone()),
        "type" if matches!(value, V::Type(_) | V::Null) => Ok(value.clone()),
        "type" => super::types::resolve(&interpolated(value))
            .map(V::Type)
            .map_or_else(|| number::cannot_convert(value, "System.Type").err(), Ok),
        "management.automation.host.choicedescription" => match value {
            V::Obj(_) => Ok(value.clone()),
            other => super::dotnet::make::new_object(
                "System.Management.Automation.Host.ChoiceDescription",
                vec![other.clone()],
            ),
        },
        "dateonly" | "timeonly" => {
            let full = if short == "dateonly" { super::dotnet::day::DAY } else { super::dotnet::day::TIME };
            let text = interpolated(value);
            let reason = format!("String '{text}' was not recognized as a valid {}.", super::types::short(full));
            super::dotnet::day::cast(full, value).map_or_else(|| bad_text(value, full, &reason).err(), Ok)
        }
        "semver" | "management.automation.semanticversion" => match value {
            V::Obj(_) | V::Null => Ok(value.clone()),
            other => super::automatic::semantic_version(&interpolated(other)).map_or_else(
                || {
                    let full = "System.Management.Automation.SemanticVersion";
                    bad_text(
                        value,
                        full,
                        "Cannot process argument because the value of argument \"version\" is not valid.",
                    )
                    .err()
                },
                |version| Ok(V::Obj(version)),
            ),
        },
        "mailaddress" | "net.mail.mailaddress" => super::dotnet::net::mail_cast(value),
        "datetimeoffset" => super::dotnet::offset::cast(value).map_or_else(|| not_a_date(value).err(), Ok),
        "ipaddress" | "net.ipaddress" => match value {
            V::Obj(_) => Ok(value.clone()),
            other => super::dotnet::net::ip_address(&interpolated(other)).map_or_else(
                || bad_text(value, "System.Net.IPAddress", "An invalid IP address was specified.").err(),
                Ok,
            ),
        },
        "pscredential" | "management.automation.pscredential" | "securestring" => Ok(value.clone()),
        _ => return None,
    })
}

fn by_full_name(name: &str, value: &V) -> Res<V> {
    let Some(full) = super::types::resolve(name) else { return type_not_found(name).err() };
    if let Some(enumeration) = super::enums::find(&full) {
        let found = match value {
            V::Enum(found) if found.type_name == enumeration => Some(value.clone()),
            V::Str(text) => super::enums::by_names(&enumeration, text)
                .or_else(|| text.trim().parse().ok().and_then(|n| super::enums::by_number(&enumeration, n))),
            other => number::plain(other)
                .and_then(Num::long)
                .and_then(|n| i32::try_from(n).ok())
                .and_then(|n| super::enums::by_number(&enumeration, n)),
        };
        return found.map_or_else(|| enum_failed(value, &enumeration).err(), Ok);
    }
    if full.starts_with("System.Collections.Generic.List`1") {
        let item = full.split(['[', ']']).nth(1).unwrap_or("System.Object").to_owned();
        let items: Res<Vec<V>> = value.clone().unrolled().iter().map(|v| cast(&item, v)).collect();
        return Ok(V::List(List::of(ListKind::Generic(item.into()), items?)));
    }
    if full.starts_with("System.Collections.Generic.HashSet`1") {
        return super::dotnet::make::new_object(&full, value.clone().unrolled());
    }
    if super::declared::class(&full).is_some() {
        return match value {
            V::Null | V::Nothing => Ok(V::Null),
            V::Obj(object) if object.is(&full) => Ok(value.clone()),
            other => number::cannot_convert(other, &full).err(),
        };
    }
    // Types that are made of a text.
    if matches!(
        &*full,
        "System.Text.StringBuilder" | "System.IO.FileInfo" | "System.IO.DirectoryInfo" | "System.IO.StringReader"
    ) && matches!(value, V::Str(_))
    {
        return super::dotnet::make::new_object(&full, vec![value.clone()]);
    }
    if full.to_lowercase().ends_with("exception") && !matches!(value, V::Obj(_)) {
        return Ok(V::Obj(super::fault::exception(&full, &interpolated(value))));
    }
    Ok(value.clone())
}

fn enum_failed(value: &V, enumeration: &str) -> Problem {
    let text = interpolated(value);
    let shape = super::enums::shape(enumeration);
    let names: Vec<&str> = shape.iter().flat_map(|shape| &shape.values).map(|(name, _)| &**name).collect();
    if number::plain(value).is_some() && !matches!(value, V::Str(_)) {
        let message = format!(
            "Cannot convert value \"{text}\" to type \"{enumeration}\" due to enumeration values that are not valid. Specify one of the following enumeration values and try again. The possible enumeration values are \"{}\".",
            names.join(",")
        );
        return Problem::new("UndefinedIntegerToEnum", "InvalidArgument", message.clone())
            .inner("System.Management.Automation.PSInvalidCastException", message);
    }
    let message = format!(
        "Unable to match the identifier name {text} to a valid enumerator name. Specify one of the following enumerator names and try again:\n{}",
        names.join(", ")
    );
    Problem::new(
        "SubstringDisambiguationEnumParseThrewAnException",
        "InvalidArgument",
        format!("Cannot convert value \"{text}\" to type \"{enumeration}\". Error: \"{message}\""),
    )
    .inner("System.Management.Automation.PSInvalidCastException", message)
}

/// `value -as [name]`: null when it cannot be.
#[must_use]
pub(super) fn cast_or_null(name: &str, value: &V) -> V {
    cast(name, value).unwrap_or(V::Null)
}

fn to_array(item: &str, value: &V) -> Res<V> {
    if value.is_null() && !matches!(value, V::Nothing) {
        return Ok(V::Null);
    }
    if item == "char"
        && let V::Str(text) = value
    {
        return Ok(V::List(List::of(ListKind::Array("System.Char".into()), text.chars().map(V::Char).collect())));
    }
    if let V::Hash(_) = value {
        return Ok(V::array(vec![cast(item, value)?]));
    }
    let items: Res<Vec<V>> = value.clone().unrolled().iter().map(|v| cast(item, v)).collect();
    let name = super::types::resolve(item).unwrap_or_else(|| "System.Object".into());
    Ok(V::List(List::of(ListKind::Array(name), items?)))
}

fn to_char(value: &V) -> Res<V> {
    match value {
        V::Char(_) => Ok(value.clone()),
        V::Str(text) => {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => Ok(V::Char(c)),
                _ => bad_text(value, "System.Char", "String must be exactly one character long.").err(),
            }
        }
        other => {
            let code = number::of(other, "System.Char")?.long().unwrap_or_default();
            let c = u16::try_from(code).ok().and_then(|code| char::from_u32(code.into()));
            c.map(V::Char).map_or_else(
                || bad_text(other, "System.Char", "Value was either too large or too small for a character.").err(),
                Ok,
            )
        }
    }
}

fn to_number(name: &str, value: &V) -> Option<Res<V>> {
    let full = match name {
        "int" | "int32" => "System.Int32",
        "long" | "int64" => "System.Int64",
        "double" => "System.Double",
        "decimal" => "System.Decimal",
        "float" | "single" => "System.Single",
        "byte" => "System.Byte",
        "sbyte" => "System.SByte",
        "short" | "int16" => "System.Int16",
        "ushort" | "uint16" => "System.UInt16",
        "uint" | "uint32" => "System.UInt32",
        "ulong" | "uint64" => "System.UInt64",
        _ => return None,
    };
    Some(number_of_type(full, value))
}

fn number_of_type(full: &'static str, value: &V) -> Res<V> {
    let value = match value {
        V::Char(c) => &V::Int(u32::from(*c).try_into().unwrap_or_default()),
        V::Date(_) => {
            return Problem { id: "InvalidCastIConvertible".to_owned(), ..number::cannot_convert(value, full) }.err();
        }
        V::Span(_) | V::Guid(_) => return number::cannot_convert(value, full).err(),
        V::Obj(object) => match object.note("__bytes") {
            Some(V::Double(_)) => return number::cannot_convert(value, full).err(),
            _ => value,
        },
        V::List(list) if list.len() == 1 => return number_of_type(full, &list.items()[0]),
        other => other,
    };
    if full == "System.Decimal"
        && let V::Str(text) = value
    {
        let plain: String = text.trim().chars().filter(|c| *c != ',').collect();
        if let Ok(exact) = plain.parse::<Decimal>() {
            // Zeros at the end go, except where groups of digits are told apart.
            return Ok(V::Decimal(if text.contains(',') { exact } else { exact.normalize() }));
        }
        if number::parse(text).is_none() {
            return Problem { id: "InvalidCastFromStringToDecimal".to_owned(), ..number::not_a_number(text, full) }
                .err();
        }
    }
    let number = number::of(value, full)?;
    let too_large = || {
        let kind = match full.trim_start_matches("System.") {
            "Byte" => "an unsigned byte".to_owned(),
            "SByte" => "a signed byte".to_owned(),
            unsigned if unsigned.starts_with('U') || unsigned == "Decimal" => format!("a {unsigned}"),
            other => format!("an {other}"),
        };
        let reason = format!("Value was either too large or too small for {kind}.");
        let id = if matches!(value, V::Str(_)) { "InvalidCastFromStringToInteger" } else { "InvalidCastIConvertible" };
        Problem::new(
            id,
            "InvalidArgument",
            format!("Cannot convert value \"{}\" to type \"{full}\". Error: \"{reason}\"", interpolated(value)),
        )
        .inner("System.OverflowException", reason)
    };
    let integer = |(low, high): (i128, i128)| -> Res<i128> {
        let found = number.whole().filter(|n| (low..=high).contains(n));
        found.map_or_else(|| too_large().err(), Ok)
    };
    if let Some(kind) = Small::named(full) {
        return Ok(V::Small(kind, integer(kind.bounds())?));
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
    Ok(match full {
        "System.Int32" => V::Int(integer((i32::MIN.into(), i32::MAX.into()))? as i32),
        "System.Int64" => V::Long(integer((i64::MIN.into(), i64::MAX.into()))? as i64),
        "System.Double" => V::Double(number.double()),
        "System.Decimal" => match number.decimal() {
            Some(found) => V::Decimal(found),
            None => return too_large().err(),
        },
        _ => V::Single(number.double() as f32),
    })
}

/// Why a text is no version, in .NET's words.
fn unreadable_version(text: &str) -> String {
    let parts: Vec<&str> = text.split('.').collect();
    match parts.iter().find(|part| part.trim().parse::<i32>().is_err()) {
        Some(part) if (2..=4).contains(&parts.len()) => {
            format!("The input string '{part}' was not in a correct format.")
        }
        _ => "Version string portion was too short or too long. (Parameter 'input')".to_owned(),
    }
}

fn to_regex(value: &V) -> Res<V> {
    let text = interpolated(value);
    super::regexes::object(&text, 0).or_else(|_| {
        let full = "System.Text.RegularExpressions.Regex";
        let reason = super::regex_error::message(&text);
        Problem { id: "InvalidCastFromStringToRegex".to_owned(), ..bad_text(value, full, &reason) }.err()
    })
}

fn bad_text(value: &V, full: &str, reason: &str) -> Problem {
    let text = interpolated(value);
    Problem::new(
        if matches!(full, "System.TimeSpan" | "System.Guid" | "System.DateOnly" | "System.TimeOnly") {
            "InvalidCastParseTargetInvocationWithFormatProvider"
        } else {
            "InvalidCastParseTargetInvocation"
        },
        "InvalidArgument",
        format!("Cannot convert value \"{text}\" to type \"{full}\". Error: \"{reason}\""),
    )
    .inner("System.FormatException", reason)
}

fn not_a_date(value: &V) -> Problem {
    let text = interpolated(value);
    let reason = super::dates::unreadable(&text);
    match value {
        V::Str(_) => Problem::new(
            "InvalidCastParseTargetInvocationWithFormatProvider",
            "InvalidArgument",
            format!("Cannot convert value \"{text}\" to type \"System.DateTime\". Error: \"{reason}\""),
        )
        .inner("System.FormatException", reason),
        other => number::cannot_convert(other, "System.DateTime"),
    }
}

fn null_to(full: &str) -> Problem {
    Problem::new("RuntimeException", "InvalidArgument", format!("Cannot convert null to type \"{full}\".")).inner(
        "System.Management.Automation.PSInvalidCastException",
        format!("Cannot convert null to type \"{full}\"."),
    )
}

/// There is no such type.
#[must_use]
pub(super) fn type_not_found(name: &str) -> Problem {
    Problem::new("TypeNotFound", "InvalidOperation", format!("Unable to find type [{name}]."))
}

/// `value -is [name]`.
#[must_use]
pub(super) fn is(value: &V, name: &str) -> bool {
    let Some(full) = super::types::resolve(name) else { return false };
    if value.is_null() {
        return false;
    }
    let own = value.type_name();
    if own.eq_ignore_ascii_case(&full) {
        return true;
    }
    match &*full {
        "System.Object" => true,
        "System.Type" => matches!(value, V::Type(_)),
        "System.Array" => matches!(value, V::List(list) if list.is_array()),
        "System.ValueType" => matches!(
            value,
            V::Bool(_)
                | V::Int(_)
                | V::Long(_)
                | V::Double(_)
                | V::Decimal(_)
                | V::Small(..)
                | V::Single(_)
                | V::Big(_)
                | V::Char(_)
                | V::Date(_)
                | V::Span(_)
                | V::Guid(_)
                | V::Enum(_)
        ),
        "System.Enum" => matches!(value, V::Enum(_)),
        "System.Collections.IEnumerable" => matches!(value, V::List(_) | V::Hash(_) | V::Str(_)),
        "System.Collections.IDictionary" => matches!(value, V::Hash(_)),
        "System.Collections.IList" | "System.Collections.ICollection" => matches!(value, V::List(_)),
        "System.IComparable" | "System.IFormattable" => match value {
            V::Str(_) | V::Bool(_) => &*full == "System.IComparable",
            V::Version(_) => true,
            other => is(other, "System.ValueType"),
        },
        "System.Management.Automation.PSObject" | "System.Management.Automation.PSCustomObject" => {
            matches!(value, V::Obj(object) if object.is_custom())
        }
        _ => matches!(value, V::Obj(object) if object.is(&full) || object.base().type_name() == full),
    }
}
