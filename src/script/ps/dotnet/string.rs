//! `System.String`: its methods and static methods.
//!
//! Operators on texts are in `operators`, patterns in `regexes`.

use super::super::fault::{Res, method_threw};

use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{List, ListKind, V, same_name};
use super::arguments::text;
use super::culture::culture_of;

use crate::render::text::Culture;

pub(in crate::script::ps) fn methods(cx: Cx<'_>, own: &str, name: &str, args: &[V]) -> Res<Option<V>> {
    let folded = |value: &str| {
        if super::arguments::ignores_case(args.get(1..).unwrap_or_default()) {
            value.to_lowercase()
        } else {
            value.to_owned()
        }
    };
    Ok(Some(match name {
        "toupper" | "toupperinvariant" => V::from(own.to_uppercase()),
        "tolower" | "tolowerinvariant" => V::from(own.to_lowercase()),
        "tostring" => V::from(own),
        "trim" => V::from(own.trim_matches(trimmed(args).as_slice()).to_owned()),
        "trimstart" => V::from(own.trim_start_matches(trimmed(args).as_slice()).to_owned()),
        "trimend" => V::from(own.trim_end_matches(trimmed(args).as_slice()).to_owned()),
        "substring" => substring(own, args)?,
        "split" => V::List(List::of(ListKind::Array("System.String".into()), split(own, args)?)),
        "replace" => {
            let from = text(args, 0);
            if from.is_empty() {
                return method_threw(
                    "Replace",
                    args.len(),
                    "System.ArgumentException",
                    "String cannot be of zero length. (Parameter 'oldValue')",
                )
                .err();
            }
            if args.len() > 2 && super::arguments::ignores_case(&args[2..]) {
                let regex = super::super::regexes::compile(&regex::escape(&from), true)?;
                let with = text(args, 1);
                V::from(super::super::regexes::replace_with(&regex, own, |_| Ok(with.clone()))?)
            } else {
                V::from(own.replace(&from, &text(args, 1)))
            }
        }
        "contains" => V::Bool(folded(own).contains(&folded(&text(args, 0)))),
        "startswith" => V::Bool(folded(own).starts_with(&folded(&text(args, 0)))),
        "endswith" => V::Bool(folded(own).ends_with(&folded(&text(args, 0)))),
        "indexof" | "lastindexof" | "indexofany" => V::Int(position(own, name, args)?),
        "padleft" | "padright" => {
            let width = usize::try_from(super::arguments::integer(args, 0)?).unwrap_or(0);
            let fill = text(args, 1).chars().next().unwrap_or(' ');
            let padding: String = std::iter::repeat_n(fill, width.saturating_sub(own.chars().count())).collect();
            V::from(if name == "padleft" { format!("{padding}{own}") } else { format!("{own}{padding}") })
        }
        "insert" | "remove" => edited(own, name, args)?,
        "tochararray" => V::List(List::of(ListKind::Array("System.Char".into()), own.chars().map(V::Char).collect())),
        "getenumerator" => V::array(own.chars().map(V::Char).collect()),
        "compareto" => V::Int(super::super::compare::texts(own, &text(args, 0), true) as i32),
        "equals" => V::Bool(folded(own) == folded(&text(args, 0))),
        "clone" | "normalize" => V::from(own),
        "isnullorempty" => V::Bool(own.is_empty()),
        "chars" => super::super::member::index(cx, &V::from(own), args.first().unwrap_or(&V::Int(0)))?,
        "tobytes" | "tokb" | "tomb" | "togb" | "totb" => return Ok(None),
        "todatetime" => {
            V::Date(super::super::cast::to_date(&V::from(own)).unwrap_or_else(|| super::super::dates::now(cx.rt)))
        }
        _ => return Ok(None),
    }))
}

pub(in crate::script::ps) fn trimmed(args: &[V]) -> Vec<char> {
    let chars: Vec<char> = args
        .iter()
        .flat_map(|arg| arg.clone().unrolled())
        .flat_map(|arg| interpolated(&arg).chars().collect::<Vec<_>>())
        .collect();
    if chars.is_empty() {
        vec![' ', '\t', '\n', '\r', '\u{b}', '\u{c}', '\u{a0}', '\u{2003}', '\u{2009}', '\u{3000}', '\u{feff}']
    } else {
        chars
    }
}

pub(in crate::script::ps) fn substring(own: &str, args: &[V]) -> Res<V> {
    let chars: Vec<char> = own.chars().collect();
    let start = super::arguments::integer(args, 0)?;
    let all = i64::try_from(chars.len()).unwrap_or(i64::MAX);
    if start < 0 {
        return super::arguments::out_of_range(
            "Substring",
            args,
            "StartIndex cannot be less than zero. (Parameter 'startIndex')",
        )
        .err();
    }
    if start > all {
        return super::arguments::out_of_range(
            "Substring",
            args,
            "startIndex cannot be larger than length of string. (Parameter 'startIndex')",
        )
        .err();
    }
    let length = if args.len() > 1 { super::arguments::integer(args, 1)? } else { all - start };
    if length < 0 {
        return super::arguments::out_of_range(
            "Substring",
            args,
            "Length cannot be less than zero. (Parameter 'length')",
        )
        .err();
    }
    if start + length > all {
        return super::arguments::out_of_range(
            "Substring",
            args,
            "Index and length must refer to a location within the string. (Parameter 'length')",
        )
        .err();
    }
    let (start, end) = (usize::try_from(start).unwrap_or(0), usize::try_from(start + length).unwrap_or(0));
    Ok(V::from(chars[start..end].iter().collect::<String>()))
}

pub(in crate::script::ps) fn split(own: &str, args: &[V]) -> Res<Vec<V>> {
    let mut separators: Vec<String> = Vec::new();
    let mut limit = usize::MAX;
    let (mut remove_empty, mut trim) = (false, false);
    for (index, arg) in args.iter().enumerate() {
        match arg {
            V::Enum(option) if option.type_name == "System.StringSplitOptions" => {
                remove_empty |= option.number & 1 == 1;
                trim |= option.number & 2 == 2;
            }
            V::Int(number) if index > 0 => limit = usize::try_from(*number).unwrap_or(usize::MAX),
            V::Str(option)
                if index > 0 && super::super::enums::by_name("System.StringSplitOptions", option).is_some() =>
            {
                remove_empty |= same_name(option, "RemoveEmptyEntries");
                trim |= same_name(option, "TrimEntries");
            }
            V::List(list)
                if matches!(list.kind(), ListKind::Array(item) if &**item == "System.Object")
                    && list.items().iter().any(|item| !matches!(item, V::Char(_))) =>
            {
                separators.push(interpolated(arg));
            }
            V::List(list) => separators.extend(list.items().iter().map(interpolated)),
            other => separators.push(interpolated(other)),
        }
    }
    separators.retain(|separator| !separator.is_empty());
    let mut pieces: Vec<String> = Vec::new();
    let mut rest = own;
    while pieces.len() + 1 < limit {
        let found = if separators.is_empty() {
            rest.char_indices().find(|(_, c)| c.is_whitespace()).map(|(at, c)| (at, c.len_utf8()))
        } else {
            separators
                .iter()
                .filter_map(|separator| rest.find(separator.as_str()).map(|at| (at, separator.len())))
                .min_by_key(|(at, length)| (*at, usize::MAX - length))
        };
        let Some((at, length)) = found else { break };
        let piece = &rest[..at];
        rest = &rest[at + length..];
        if !(remove_empty && piece.is_empty()) {
            pieces.push(piece.to_owned());
        }
    }
    pieces.push(rest.to_owned());
    if trim {
        pieces = pieces.iter().map(|piece| piece.trim().to_owned()).collect();
    }
    if remove_empty {
        pieces.retain(|piece| !piece.is_empty());
    }
    Ok(pieces.into_iter().map(V::from).collect())
}

pub(in crate::script::ps) fn position(own: &str, name: &str, args: &[V]) -> Res<i32> {
    let chars: Vec<char> = own.chars().collect();
    let start = match args.get(1) {
        Some(V::Int(start)) => usize::try_from(*start).unwrap_or(0),
        _ => 0,
    };
    if start > chars.len() {
        return super::arguments::out_of_range("IndexOf", args, "startIndex").err();
    }
    let fold = |text: &str| {
        if super::arguments::ignores_case(args.get(1..).unwrap_or_default()) {
            text.to_lowercase()
        } else {
            text.to_owned()
        }
    };
    let found = if name == "indexofany" {
        let any: Vec<String> =
            args.first().cloned().map(V::unrolled).unwrap_or_default().iter().map(interpolated).collect();
        chars.iter().skip(start).position(|c| any.contains(&c.to_string())).map(|at| at + start)
    } else {
        let tail: String = fold(&chars[start..].iter().collect::<String>());
        let needle = fold(&text(args, 0));
        let at = if name == "indexof" { tail.find(&needle) } else { tail.rfind(&needle) };
        at.map(|at| tail[..at].chars().count() + start)
    };
    Ok(found.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1))
}

pub(in crate::script::ps) fn edited(own: &str, name: &str, args: &[V]) -> Res<V> {
    let mut chars: Vec<char> = own.chars().collect();
    let at = super::arguments::integer(args, 0)?;
    let Some(at) = usize::try_from(at).ok().filter(|at| *at <= chars.len()) else {
        return super::arguments::out_of_range(
            if name == "insert" { "Insert" } else { "Remove" },
            args,
            "startIndex must be less than length of string. (Parameter 'startIndex')",
        )
        .err();
    };
    if name == "insert" {
        let tail = chars.split_off(at);
        chars.extend(text(args, 1).chars());
        chars.extend(tail);
        return Ok(V::from(chars.into_iter().collect::<String>()));
    }
    let count = if args.len() > 1 {
        usize::try_from(super::arguments::integer(args, 1)?).unwrap_or(0)
    } else {
        chars.len() - at
    };
    if at + count > chars.len() {
        return super::arguments::out_of_range(
            "Remove",
            args,
            "Index and count must refer to a location within the string. (Parameter 'count')",
        )
        .err();
    }
    chars.drain(at..at + count);
    Ok(V::from(chars.into_iter().collect::<String>()))
}

pub(in crate::script::ps) fn statics(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    Ok(Some(match name {
        "isnullorempty" => V::Bool(text(0).is_empty()),
        "isnullorwhitespace" => V::Bool(text(0).trim().is_empty()),
        "join" => {
            let items = match args {
                [_, list @ V::List(_)] => list.clone().unrolled(),
                [_, rest @ ..] => rest.to_vec(),
                [] => Vec::new(),
            };
            V::from(items.iter().map(to_string).collect::<Vec<_>>().join(&text(0)))
        }
        "format" => {
            let culture = args.first().filter(|value| matches!(value, V::Obj(_))).map_or(Culture::EN_US, culture_of);
            let (format, rest) = match args {
                [V::Obj(provider), format, rest @ ..] if provider.is("System.Globalization.CultureInfo") => {
                    (interpolated(format), rest)
                }
                [format, rest @ ..] => (interpolated(format), rest),
                [] => (String::new(), args),
            };
            let values = match rest {
                [list @ V::List(_)] => list.clone().unrolled(),
                many => many.to_vec(),
            };
            super::super::operators::format(&format, &values, &culture)?
        }
        "concat" => V::from(
            args.iter().flat_map(|arg| arg.clone().unrolled()).map(|value| to_string(&value)).collect::<String>(),
        ),
        "compare" => {
            let ignore = args.get(2).is_some_and(|arg| {
                super::super::compare::truthy(arg)
                    && !matches!(arg, V::Enum(value) if !value.name.ends_with("IgnoreCase"))
            });
            V::Int(super::super::compare::texts(&text(0), &text(1), !ignore) as i32)
        }
        "equals" => V::Bool(text(0) == text(1)),
        "copy" => V::from(text(0)),
        _ => {
            let _ = cx;
            return Ok(None);
        }
    }))
}
