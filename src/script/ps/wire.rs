//! Values that came over the wire, live: what a server's objects are in a script.
//!
//! The way back is in `text`.

use super::text::interpolated;
use super::value::{Hash, HashKind, List, ListKind, Obj, Small, V};
use crate::clixml::PsValue;
use crate::script::value::Size;

/// A value that came over the wire, live.
#[must_use]
pub(super) fn from_wire(value: &PsValue) -> V {
    match value {
        PsValue::Null => V::Null,
        PsValue::Bool(truth) => V::Bool(*truth),
        PsValue::Char(unit) => V::Char(char::from_u32(u32::from(*unit)).unwrap_or('\u{fffd}')),
        PsValue::U8(n) => V::Small(Small::Byte, (*n).into()),
        PsValue::I8(n) => V::Small(Small::SByte, (*n).into()),
        PsValue::U16(n) => V::Small(Small::UInt16, (*n).into()),
        PsValue::I16(n) => V::Small(Small::Int16, (*n).into()),
        PsValue::U32(n) => V::Small(Small::UInt32, (*n).into()),
        PsValue::I32(n) => V::Int(*n),
        PsValue::U64(n) => V::Small(Small::UInt64, (*n).into()),
        PsValue::I64(n) => V::Long(*n),
        PsValue::F32(n) => V::Single(*n),
        PsValue::F64(n) => V::Double(*n),
        PsValue::Decimal(n) => V::Decimal(*n),
        PsValue::String(text) | PsValue::Uri(text) | PsValue::Xml(text) | PsValue::ScriptBlock(text) => {
            V::from(text.to_text().as_ref())
        }
        PsValue::DateTime(date) => V::Date(*date),
        PsValue::TimeSpan(span) => V::Span(*span),
        PsValue::Guid(guid) => V::Guid(*guid),
        PsValue::Version(version) => V::Version(*version),
        PsValue::Bytes(bytes) => V::List(List::of(
            ListKind::Array("System.Byte".into()),
            bytes.iter().map(|b| V::Small(Small::Byte, (*b).into())).collect(),
        )),
        PsValue::SecureString(_) => V::Obj(Obj::new("System.Security.SecureString", Vec::<(&str, V)>::new())),
        PsValue::Progress(_) => V::Null,
        PsValue::Object(object) => object_from_wire(object),
    }
}

fn object_from_wire(object: &crate::clixml::PsObject) -> V {
    use crate::clixml::Base;
    let names: Vec<String> =
        object.type_names().map(|names| names.iter().map(str::to_owned).collect()).unwrap_or_default();
    if let Some(size) = names.first().and_then(|name| Size::from_object(object, name)) {
        return size_object(&size, &names);
    }
    let props: Vec<(std::sync::Arc<str>, V)> =
        object.properties().into_iter().map(|(name, value)| (name, from_wire(&value))).collect();
    let base = match object.base() {
        Base::None => V::Null,
        Base::Value(value) => from_wire(&value),
        Base::List(_, items) => {
            let items: Vec<V> = items.iter().map(from_wire).collect();
            let array = names.first().is_some_and(|name| name.ends_with("[]"));
            V::List(if array { List::array(items) } else { List::of(ListKind::ArrayList, items) })
        }
        Base::Dictionary(entries) => V::Hash(Hash::from_entries(
            HashKind::Table,
            entries.iter().map(|(key, value)| (from_wire(key), from_wire(value))),
        )),
    };
    let named =
        object.to_string_text().is_some_and(|text| matches!(base, V::Int(_)) && text.to_text() != interpolated(&base));
    if props.is_empty() && !base.is_null() && !named {
        return base;
    }
    let kind = if named { base.type_name() } else { super::value::CUSTOM_OBJECT.into() };
    let built = Obj::new(&kind, props).with_base(base);
    if !names.is_empty() {
        built.set_types(names.iter().map(|name| name.as_str().into()).collect());
    }
    V::Obj(match object.to_string_text() {
        Some(text) => built.with_text(&text.to_text()),
        None => built,
    })
}

/// A size of Exchange: its text, compared by bytes; `Value` is the same without the question of limits.
fn size_object(size: &Size, names: &[String]) -> V {
    let text = size.to_string();
    #[expect(clippy::cast_precision_loss, reason = "sizes stay below 2^53")]
    let bytes = V::Double(size.bytes().map_or(f64::MAX, |bytes| bytes as f64));
    let plain = |types: Vec<&str>| {
        let object = Obj::with_types(types, Vec::new()).with_text(&text);
        object.set("__bytes", bytes.clone());
        object
    };
    let types: Vec<&str> = names.iter().map(String::as_str).collect();
    let quantity = "ByteQuantifiedSize";
    if types.first().is_some_and(|name| name.ends_with(quantity)) {
        return V::Obj(plain(types));
    }
    let whole = plain(types);
    whole.set("IsUnlimited", V::Bool(size.bytes().is_none()));
    let value = plain(vec!["Microsoft.Exchange.Data.ByteQuantifiedSize", "System.ValueType", "System.Object"]);
    whole.set("Value", if size.bytes().is_none() { V::Null } else { V::Obj(value) });
    V::Obj(whole)
}
