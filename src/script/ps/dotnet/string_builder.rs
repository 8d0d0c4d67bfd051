//! `System.Text.StringBuilder`.
//!
//! No other types.

use super::super::fault::Res;
use super::arguments::integer;

use super::super::text::{interpolated, to_string};
use super::super::value::{Obj, V};

use crate::render::text::Culture;

pub(in crate::script::ps) fn methods(object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let text = to_string(&object.base());
    let put = |text: String| {
        object.set_base(V::from(text));
        V::Obj(object.clone())
    };
    let first = args.first().map(interpolated).unwrap_or_default();
    Ok(Some(match name {
        "appendline" => put(format!("{text}{first}\n")),
        "appendformat" => {
            let values: Vec<_> = args[1..]
                .iter()
                .flat_map(|arg| arg.clone().unrolled())
                .map(|value| super::super::text::to_wire(&value))
                .collect();
            put(format!(
                "{text}{}",
                crate::render::text::composite(&first, &values, &Culture::EN_US).unwrap_or_default()
            ))
        }
        "insert" => {
            let at = usize::try_from(integer(args, 0)?).unwrap_or(0).min(text.len());
            let mut text = text;
            text.insert_str(at, &args.get(1).map(interpolated).unwrap_or_default());
            put(text)
        }
        "replace" => put(text.replace(&first, &args.get(1).map(interpolated).unwrap_or_default())),
        "remove" => {
            let (at, count) =
                (usize::try_from(integer(args, 0)?).unwrap_or(0), usize::try_from(integer(args, 1)?).unwrap_or(0));
            put(text
                .chars()
                .enumerate()
                .filter(|(index, _)| *index < at || *index >= at + count)
                .map(|(_, c)| c)
                .collect())
        }
        "appendjoin" => {
            let items: Vec<String> = args[1..]
                .iter()
                .flat_map(|arg| arg.clone().unrolled())
                .map(|value| super::super::text::to_string(&value))
                .collect();
            put(format!("{text}{}", items.join(&first)))
        }
        "tostring" if args.len() == 2 => {
            let (at, count) =
                (usize::try_from(integer(args, 0)?).unwrap_or(0), usize::try_from(integer(args, 1)?).unwrap_or(0));
            V::from(text.chars().skip(at).take(count).collect::<String>())
        }
        "append" if args.len() == 2 => {
            put(format!("{text}{}", first.repeat(usize::try_from(integer(args, 1)?).unwrap_or(0))))
        }
        "append" => put(format!("{text}{first}")),
        "clear" => put(String::new()),
        "tostring" => V::from(text),
        _ => return Ok(None),
    }))
}
