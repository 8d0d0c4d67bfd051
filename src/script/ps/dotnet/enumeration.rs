//! Static methods of `System.Enum`.
//!
//! No other types.

use super::super::fault::Res;

use super::super::text::to_string;
use super::super::value::V;

/// `[Enum]::GetNames` and its kin.
///
/// # Errors
/// Never; for the shape of its neighbours.
pub(in crate::script::ps) fn statics(name: &str, args: &[V]) -> Res<Option<V>> {
    let Some(V::Type(full)) = args.first() else { return Ok(None) };
    let values = super::super::enums::values(full).unwrap_or_default();
    Ok(Some(match name {
        "getnames" => V::array(values.iter().map(|(name, _)| V::from(*name)).collect()),
        "getvalues" => {
            V::array(values.iter().filter_map(|(name, _)| super::super::enums::by_name(full, name)).collect())
        }
        "parse" => super::super::cast::cast(full, args.get(1).unwrap_or(&V::Null))?,
        "isdefined" => {
            V::Bool(super::super::enums::by_name(full, &args.get(1).map(to_string).unwrap_or_default()).is_some())
        }
        _ => return Ok(None),
    }))
}
