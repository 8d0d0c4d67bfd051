//! Methods of small values: `Guid`, `Version` and values of enumerations.
//!
//! Their texts are in `text`, how they compare in `compare`.

use super::super::fault::{Res, method_threw};
use super::super::number::{self, Num};
use super::super::text::to_string;
use super::super::value::{EnumValue, V};
use super::arguments::integer;
use super::statics::byte_array;
use crate::clixml::PsVersion;

/// Methods of a GUID.
pub(super) fn guid(guid: uuid::Uuid, name: &str) -> Option<V> {
    (name == "tobytearray").then(|| byte_array(&guid.to_bytes_le()))
}

/// Methods of a version.
///
/// # Errors
/// When it has fewer parts than are asked for.
pub(super) fn version(version: PsVersion, name: &str, args: &[V]) -> Res<Option<V>> {
    if name != "tostring" || args.is_empty() {
        return Ok(None);
    }
    let count = usize::try_from(integer(args, 0)?).unwrap_or(0);
    let parts: Vec<String> = version.parts().iter().filter(|part| **part >= 0).map(ToString::to_string).collect();
    if count > parts.len() {
        let message = format!("Argument must be between 0 and {}. (Parameter 'fieldCount')", parts.len());
        return method_threw("ToString", 1, "System.ArgumentException", &message).err();
    }
    Ok(Some(V::from(parts[..count].join("."))))
}

/// Methods of a value of an enumeration.
pub(super) fn enumeration(own: &EnumValue, name: &str, args: &[V]) -> Option<V> {
    let number = |value: &V| match value {
        V::Str(text) => match super::super::enums::by_name(&own.type_name, text) {
            Some(V::Enum(found)) => Some(found.number),
            _ => None,
        },
        other => number::plain(other).and_then(Num::long).and_then(|n| i32::try_from(n).ok()),
    };
    Some(match name {
        "hasflag" => {
            let flag = number(args.first()?)?;
            V::Bool(own.number & flag == flag)
        }
        "compareto" => V::Int(own.number.cmp(&number(args.first()?)?) as i32),
        "gethashcode" => V::Int(own.number),
        "gettypecode" => V::from("Int32"),
        "tostring" => match args.first().map(to_string).unwrap_or_default().as_str() {
            "d" | "D" => V::from(own.number.to_string()),
            "x" | "X" => V::from(format!("{:08X}", own.number)),
            _ => V::from(own.name.as_str()),
        },
        _ => return None,
    })
}
