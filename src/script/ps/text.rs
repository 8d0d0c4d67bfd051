//! Texts of live values: `"$x"`, `ToString()`, `-f`, and the way to the values that `render` lays out.
//!
//! How numbers and dates are written is `render::text`'s business.

use std::sync::Arc;

use super::value::{CUSTOM_OBJECT, HashKind, ListKind, PropValue, Small, V};
use crate::clixml::text::span_text;
use crate::clixml::{Base, ListKind as WireList, PsObject, PsString, PsValue, TypeNames};
use crate::render::text::{Culture, general, round_trip};

/// `"$x"` and `+` with a string on the left: invariant, lists joined by blanks.
#[must_use]
pub(super) fn interpolated(value: &V) -> String {
    joined(value, " ")
}

/// [`interpolated`] with `$OFS` between the items of a list.
#[must_use]
pub(super) fn joined(value: &V, separator: &str) -> String {
    match value {
        V::Double(number) if number.is_infinite() => if *number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned(),
        V::Double(number) => general(*number, 15, &Culture::INVARIANT),
        V::Single(number) => general(f64::from(*number), 7, &Culture::INVARIANT),
        V::Date(date) => crate::render::text::format_value(&PsValue::DateTime(*date), "", &Culture::INVARIANT),
        V::Type(name) => super::types::literal(name),
        V::List(list) => {
            let items: Vec<String> = list
                .items()
                .iter()
                .map(|item| match item {
                    V::List(_) => super::types::display(&item.type_name()),
                    V::Obj(object) if object.is_custom() && object.own_text().is_none() => bag_text(object),
                    other => interpolated(other),
                })
                .collect();
            items.join(separator)
        }
        V::Obj(object) if object.is_custom() && object.own_text().is_none() => bag_text(object),
        V::Obj(object) if object.is("System.DateTimeOffset") => {
            super::dotnet::offset::text(object, &Culture::INVARIANT)
        }
        V::Obj(object) if super::dotnet::day::invariant(object).is_some() => {
            super::dotnet::day::invariant(object).unwrap_or_default()
        }
        V::Obj(object) => match object.base() {
            V::Null => to_string(value),
            base if object.own_text().is_none() => joined(&base, separator),
            _ => to_string(value),
        },
        other => to_string(other),
    }
}

fn bag_text(object: &super::value::Obj) -> String {
    let parts: Vec<String> = object
        .props()
        .iter()
        .filter_map(|prop| match &prop.value {
            PropValue::Note(value) => Some(format!("{}={}", prop.name, inner_text(value))),
            _ => None,
        })
        .collect();
    format!("@{{{}}}", parts.join("; "))
}

/// A value within `@{…}`.
fn inner_text(value: &V) -> String {
    match value {
        V::List(_) | V::Hash(_) => value.type_name().to_string(),
        V::Obj(object) if object.is_custom() && object.own_text().is_none() => String::new(),
        other => interpolated(other),
    }
}

/// `ToString()` in the culture en-US, which `Write-Host`, `-join`, CSV and files use.
#[must_use]
pub(super) fn to_string(value: &V) -> String {
    match value {
        V::Null | V::Nothing => String::new(),
        V::Bool(truth) | V::Switch(truth) => if *truth { "True" } else { "False" }.to_owned(),
        V::Int(number) => number.to_string(),
        V::Long(number) => number.to_string(),
        V::Double(number) => round_trip(*number, &Culture::EN_US),
        V::Single(number) => general(f64::from(*number), 7, &Culture::EN_US),
        V::Small(_, number) => number.to_string(),
        V::Big(number) => number.to_string(),
        V::Decimal(number) => number.to_string(),
        V::Char(c) => c.to_string(),
        V::Str(text) => text.to_string(),
        V::Date(date) => crate::render::text::format_value(&PsValue::DateTime(*date), "", &Culture::EN_US),
        V::Span(span) => span_text(*span),
        V::Guid(guid) => guid.to_string(),
        V::Version(version) => version.to_string(),
        V::Enum(value) => value.name.clone(),
        V::Type(name) => super::types::display(name),
        V::Block(block) => block.text().to_owned(),
        V::List(_) | V::Hash(_) => super::types::display(&value.type_name()),
        V::Param(name, _) => format!("-{name}"),
        V::Pipe(_) => String::new(),
        V::Obj(object) => match (object.own_text(), object.base()) {
            (Some(text), _) => text.to_string(),
            (None, V::Null) if object.is_custom() => String::new(),
            (None, V::Null) => object.type_name().to_string(),
            (None, base) => to_string(&base),
        },
    }
}

/// The text for a pipeline of strings (`Out-File`, `Write-Host`): lists joined by blanks, bags as `@{…}`.
#[must_use]
pub(super) fn host_text(value: &V) -> String {
    match value {
        V::List(list) => list.items().iter().map(host_text).collect::<Vec<_>>().join(" "),
        V::Obj(object) if object.is_custom() && object.own_text().is_none() => bag_text(object),
        other => to_string(other),
    }
}

/// A format string applied to a value; what knows no formats gives its text.
#[must_use]
pub(super) fn formatted(value: &V, format: &str, culture: &Culture) -> String {
    match value {
        V::Str(text) => text.to_string(),
        V::Enum(found) if matches!(format, "d" | "D") => found.number.to_string(),
        V::Enum(found) if matches!(format, "x" | "X") => format!("{:08X}", found.number),
        V::Obj(object) if super::dotnet::offset::is(object) => {
            super::dotnet::offset::formatted(object, format, culture)
        }
        V::Obj(object) if !matches!(object.base(), V::Null) => formatted(&object.base(), format, culture),
        V::Date(date) if format.contains('z') && date.kind == crate::clixml::DateTimeKind::Unspecified => {
            // A date without a place is written with the offset of the local one.
            let placed = crate::clixml::PsDateTime { kind: super::dates::local_kind(date.ticks), ..*date };
            crate::render::text::format_value(&PsValue::DateTime(placed), format, culture)
        }
        V::List(_) | V::Hash(_) | V::Obj(_) | V::Enum(_) | V::Bool(_) | V::Type(_) => to_string(value),
        other => crate::render::text::format_value(&to_wire(other), format, culture),
    }
}

/// The value as it would travel, and as `render` lays it out.
#[must_use]
pub(super) fn to_wire(value: &V) -> PsValue {
    wire(value, 0)
}

fn wire(value: &V, depth: usize) -> PsValue {
    if depth > 24 {
        return PsValue::string(to_string(value));
    }
    match value {
        V::Null | V::Nothing | V::Pipe(_) => PsValue::Null,
        V::Bool(truth) => PsValue::Bool(*truth),
        V::Int(number) => PsValue::I32(*number),
        V::Long(number) => PsValue::I64(*number),
        V::Double(number) => PsValue::F64(*number),
        V::Small(kind, number) => small(*kind, *number),
        V::Single(number) => PsValue::F32(*number),
        V::Big(number) => object(&["System.Numerics.BigInteger", "System.ValueType", "System.Object"])
            .to_string_text(number.to_string())
            .build()
            .into(),
        V::Decimal(number) => PsValue::Decimal(*number),
        V::Char(c) => PsValue::Char(u16::try_from(u32::from(*c)).unwrap_or(0xfffd)),
        V::Str(text) => PsValue::String(PsString::Text(text.clone())),
        V::Date(date) => PsValue::DateTime(*date),
        V::Span(span) => PsValue::TimeSpan(*span),
        V::Guid(guid) => PsValue::Guid(*guid),
        V::Version(version) => PsValue::Version(*version),
        V::Switch(on) => object(&["System.Management.Automation.SwitchParameter", "System.ValueType", "System.Object"])
            .to_string_text(to_string(value))
            .adapted("IsPresent", *on)
            .build()
            .into(),
        V::Enum(found) => PsObject::builder()
            .to_string_text(found.name.clone())
            .base(Base::Value(PsValue::I32(found.number)))
            .build()
            .into(),
        V::Type(name) => object(&["System.RuntimeType", "System.Type", "System.Object"])
            .to_string_text(super::types::display(name))
            .adapted("Name", super::types::short(name))
            .adapted("FullName", &**name)
            .adapted("IsPublic", true)
            .adapted("IsSerializable", super::facets::is_serializable(name))
            .adapted("BaseType", &*super::facets::base_type(name))
            .build()
            .into(),
        V::Block(block) => PsValue::ScriptBlock(block.text().into()),
        V::Param(name, _) => PsValue::string(format!("-{name}")),
        V::List(list) => list_wire(list, depth),
        V::Hash(hash) => {
            let entries: Vec<_> =
                hash.entries().iter().map(|(key, value)| (wire(key, depth + 1), wire(value, depth + 1))).collect();
            let name = match hash.kind() {
                HashKind::Ordered => "System.Collections.Specialized.OrderedDictionary",
                _ => "System.Collections.Hashtable",
            };
            object(&[name, "System.Object"]).base(Base::Dictionary(entries.into())).build().into()
        }
        V::Obj(found) if found.is("System.Security.SecureString") => {
            let plain = to_string(&found.note("__plain").unwrap_or_default());
            PsValue::SecureString(crate::clixml::SecureText::Plain(Arc::new(plain.into())))
        }
        V::Obj(found) if super::xml::is_node(found) => {
            let mut builder = object(&[&found.type_name(), "System.Object"]).to_string_text(super::xml::name_of(found));
            for (name, value) in super::xml::properties(found) {
                builder = builder.extended(name, wire(&value, depth + 1));
            }
            builder.build().into()
        }
        V::Obj(found) => obj_wire(found, depth),
    }
}

fn object(types: &[&str]) -> crate::clixml::PsObjectBuilder {
    PsObject::builder().types(TypeNames::new(types.iter()))
}

fn small(kind: Small, number: i128) -> PsValue {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the kind bounds the number")]
    match kind {
        Small::Byte => PsValue::U8(number as u8),
        Small::SByte => PsValue::I8(number as i8),
        Small::Int16 => PsValue::I16(number as i16),
        Small::UInt16 => PsValue::U16(number as u16),
        Small::UInt32 => PsValue::U32(number as u32),
        Small::UInt64 => PsValue::U64(number as u64),
    }
}

/// An item of a list; groups of a match are shown by their names.
fn named_item(item: &V, depth: usize) -> PsValue {
    const GROUPS: [&str; 2] = ["System.Text.RegularExpressions.Group", "System.Text.RegularExpressions.Match"];
    match item {
        V::Obj(object) if depth > 1 && GROUPS.iter().any(|name| object.is(name)) => {
            PsValue::string(to_string(&object.note("Name").unwrap_or_default()))
        }
        other => wire(other, depth),
    }
}

fn list_wire(list: &super::value::List, depth: usize) -> PsValue {
    let items = list.items();
    if matches!(list.kind(), ListKind::Array(item) if &**item == "System.Byte") {
        return PsValue::Bytes(bytes(&items).into());
    }
    let items: Vec<_> = items.iter().map(|item| named_item(item, depth + 1)).collect();
    let name = V::List(list.clone()).type_name();
    let kind = match list.kind() {
        ListKind::Stack(_) => WireList::Stack,
        ListKind::Queue(_) => WireList::Queue,
        _ => WireList::List,
    };
    object(&[&*name, "System.Object"]).base(Base::List(kind, items.into())).build().into()
}

/// The bytes of a `Byte[]`.
#[must_use]
pub(super) fn bytes(items: &[V]) -> Vec<u8> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "items of a byte array are bytes")]
    items
        .iter()
        .map(|item| match item {
            V::Small(_, number) => *number as u8,
            V::Int(number) => *number as u8,
            _ => 0,
        })
        .collect()
}

fn obj_wire(found: &super::value::Obj, depth: usize) -> PsValue {
    let types: Vec<Arc<str>> = found.types();
    let mut names: Vec<&str> = types.iter().map(AsRef::as_ref).collect();
    if !names.contains(&"System.Object") {
        names.push("System.Object");
    }
    let plain = types.len() == 1 && found.is_custom();
    let mut builder = if plain { PsObject::builder() } else { object(&names) };
    let base = found.base();
    if let (V::Date(_), Some(V::Enum(hint))) = (&base, found.note("DisplayHint")) {
        let form = if hint.name == "Date" { "D" } else { "T" };
        return PsValue::string(formatted(&base, form, &Culture::EN_US));
    }
    match (&base, found.own_text()) {
        (_, Some(text)) => builder = builder.to_string_text(&*text),
        (V::Null, None) if !found.is(CUSTOM_OBJECT) => builder = builder.to_string_text(&*found.type_name()),
        _ => {}
    }
    if !base.is_null() && found.own_text().is_none() {
        let inner = wire(&base, depth + 1);
        builder = match inner {
            PsValue::Object(inner) => builder.base(inner.base()),
            plain => builder.base(Base::Value(plain)),
        };
    }
    for prop in found.props() {
        if prop.name.starts_with("__") && !prop.name.starts_with("__computed") {
            continue;
        }
        let value = match &prop.value {
            PropValue::Note(value) => wire(value, depth + 1),
            PropValue::Alias(other) => wire(&found.note(other).unwrap_or_default(), depth + 1),
            PropValue::Script(_) | PropValue::Method(_) => continue,
        };
        builder = builder.extended(prop.name.clone(), value);
    }
    builder.build().into()
}
