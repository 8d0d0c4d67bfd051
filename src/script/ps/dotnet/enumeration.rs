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
pub(in crate::script::ps) fn statics(cx: super::super::state::Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let Some(V::Type(full)) = args.first() else { return Ok(None) };
    let shape = super::super::enums::shape(full);
    Ok(Some(match name {
        "getnames" => shape.map_or(V::Null, |shape| shape.names()),
        "getvalues" => shape.map_or(V::Null, |shape| shape.all()),
        "parse" => {
            let text = args.get(1).map(to_string).unwrap_or_default();
            let any_case = args.get(2).is_some_and(super::super::compare::truthy);
            let found = super::super::enums::by_names(full, &text).filter(|found| {
                any_case
                    || text.trim().starts_with(|c: char| c.is_ascii_digit())
                    || to_string(found) == text.trim()
                    || text.contains(',')
            });
            match found.or_else(|| super::super::enums::by_number(full, text.trim().parse().ok()?)) {
                Some(found) => found,
                None => {
                    let message = format!("Requested value '{text}' was not found.");
                    return super::super::fault::method_threw(
                        "Parse",
                        args.len(),
                        "System.ArgumentException",
                        &message,
                    )
                    .err();
                }
            }
        }
        "toobject" => super::super::cast::cast(full, args.get(1).unwrap_or(&V::Null))?,
        "getname" => V::from(to_string(&super::super::cast::cast(full, args.get(1).unwrap_or(&V::Null))?)),
        "format" => {
            let value = super::super::cast::cast(full, args.get(1).unwrap_or(&V::Null))?;
            let form = args.get(2).map(to_string).unwrap_or_default();
            V::from(super::super::text::formatted(&value, &form, &crate::render::text::Culture::EN_US))
        }
        "getunderlyingtype" => V::Type("System.Int32".into()),
        "tryparse" => {
            let text = args.get(1).map(to_string).unwrap_or_default();
            let found = super::super::enums::by_names(full, &text);
            super::arguments::refer(
                cx,
                args,
                found.clone().unwrap_or_else(|| super::super::enums::by_number(full, 0).unwrap_or_default()),
            )?;
            V::Bool(found.is_some())
        }
        "isdefined" => {
            V::Bool(super::super::enums::by_name(full, &args.get(1).map(to_string).unwrap_or_default()).is_some())
        }
        _ => return Ok(None),
    }))
}
