//! `.ForEach( )` and `.Where( )` of collections.
//!
//! The cmdlets of those names are built-ins.

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::value::{List, ListKind, V};

/// `items.ForEach(…)` and `items.Where(…)`.
///
/// # Errors
/// What the script block gives.
pub(in crate::script::ps) fn query(cx: Cx<'_>, items: &[V], name: &str, args: &[V], kind: &ListKind) -> Res<V> {
    let collection = |items| {
        V::List(List::of(
            ListKind::Other(
                "System.Collections.ObjectModel.Collection`1[System.Management.Automation.PSObject]".into(),
            ),
            items,
        ))
    };
    let mut found = Vec::new();
    match (name, args.first()) {
        ("foreach", Some(V::Block(block))) => {
            for item in items {
                found.extend(super::super::invoke::collect_with_item(cx, block, item.clone(), args[1..].to_vec())?);
            }
            if matches!(kind, ListKind::Generic(_)) {
                return Ok(V::Nothing); // there it is .NET's own method, which gives nothing
            }
        }
        ("foreach", Some(V::Type(full))) => {
            for item in items {
                found.push(super::super::cast::cast(full, item)?);
            }
        }
        ("foreach", Some(member)) => {
            let name = super::super::text::interpolated(member);
            for item in items {
                if super::super::member::has_property(item, &name) {
                    if let Some(value) = args.get(1) {
                        super::super::member::set(cx, item, &name, value.clone())?;
                        continue;
                    }
                    found.push(super::super::member::get(cx, item, &name)?);
                } else {
                    found.push(super::methods::invoke(cx, item, &name, &args[1..])?);
                }
            }
        }
        ("where", Some(V::Block(block))) => {
            let mode = args.get(1).map(super::super::text::to_string).unwrap_or_default().to_lowercase();
            let limit = args
                .get(2)
                .and_then(super::super::number::plain)
                .and_then(super::super::number::Num::long)
                .and_then(|n| usize::try_from(n).ok());
            let mut rest = Vec::new();
            let mut met = false;
            for item in items {
                let kept = super::super::compare::truthy(&V::from_outputs(super::super::invoke::collect_with_item(
                    cx,
                    block,
                    item.clone(),
                    Vec::new(),
                )?));
                met |= kept;
                match mode.as_str() {
                    "until" if met => break,
                    "until" => found.push(item.clone()),
                    "skipuntil" if met => found.push(item.clone()),
                    _ if kept => found.push(item.clone()),
                    _ => rest.push(item.clone()),
                }
                if mode == "first" && found.len() >= limit.unwrap_or(1) {
                    break;
                }
            }
            match mode.as_str() {
                "last" => found = found.split_off(found.len().saturating_sub(limit.unwrap_or(1))),
                "split" => return Ok(V::array(vec![collection(found), collection(rest)])),
                _ => {}
            }
        }
        _ => {}
    }
    Ok(collection(found))
}
