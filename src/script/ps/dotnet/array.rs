//! Static methods of `System.Array`.
//!
//! No other types.

use super::super::number::{self};

use super::super::value::V;

/// `[array]::…`.
pub(in crate::script::ps) fn statics(name: &str, args: &[V]) -> Option<V> {
    if name == "createinstance" {
        let item = match args.first() {
            Some(V::Type(full)) => full.clone(),
            _ => "System.Object".into(),
        };
        let count = args.get(1).and_then(number::plain).and_then(number::Num::long).unwrap_or(0);
        let empty = super::super::cast::default_of(&super::super::types::short(&item));
        let items = vec![empty; usize::try_from(count).unwrap_or(0)];
        return Some(V::List(super::super::value::List::of(super::super::value::ListKind::Array(item), items)));
    }
    let Some(V::List(list)) = args.first() else { return None };
    Some(match name {
        "lastindexof" => {
            let at = list
                .items()
                .iter()
                .rposition(|own| args.get(1).is_some_and(|value| super::super::compare::equal(own, value, true)));
            V::Int(at.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1))
        }
        "clear" => {
            list.lock().iter_mut().for_each(|item| *item = V::Null);
            V::Nothing
        }
        "copy" => {
            let count = args.get(2).and_then(number::plain).and_then(number::Num::long).unwrap_or(0);
            if let Some(V::List(target)) = args.get(1) {
                let items = list.items();
                let mut to = target.lock();
                for (at, item) in items.into_iter().take(usize::try_from(count).unwrap_or(0)).enumerate() {
                    if let Some(place) = to.get_mut(at) {
                        *place = item;
                    }
                }
            }
            V::Nothing
        }
        "reverse" => {
            list.lock().reverse();
            V::Nothing
        }
        "sort" => {
            list.lock().sort_by(|a, b| super::super::compare::sort_order(a, b, true));
            V::Nothing
        }
        "indexof" => {
            let at = list
                .items()
                .iter()
                .position(|own| args.get(1).is_some_and(|value| super::super::compare::equal(own, value, true)));
            V::Int(at.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1))
        }
        _ => return None,
    })
}
