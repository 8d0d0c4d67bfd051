//! Methods of values: of strings here, of the rest in `method_more`; script methods of objects.
//!
//! Static methods are in `statics`.

use std::sync::Arc;

use super::fault::{Problem, Res, method_threw};
use super::number;
use super::state::Cx;
use super::text::{interpolated, to_string};
use super::value::{List, ListKind, PropValue, V, same_name};
use crate::render::text::Culture;

/// `value.name(args)`.
///
/// # Errors
/// What the method throws; that there is no such method.
pub fn invoke(cx: Cx<'_>, value: &V, name: &str, args: &[V]) -> Res<V> {
    if value.is_null() {
        return Problem::new(
            "InvokeMethodOnNull",
            "InvalidOperation",
            "You cannot call a method on a null-valued expression.",
        )
        .err();
    }
    if let V::Obj(object) = value {
        if let Some(PropValue::Method(block)) = object.prop(name).map(|prop| prop.value) {
            let before = cx.rt.get("this");
            cx.rt.set("this", value.clone());
            let result = super::invoke::call_block(cx, &block, args.to_vec());
            cx.rt.set("this", before.unwrap_or_default());
            return Ok(V::from_outputs(result?));
        }
        if let Some(V::Block(block)) = object.note(name) {
            return Ok(V::from_outputs(super::invoke::call_block(cx, &block, args.to_vec())?));
        }
    }
    let lower = name.to_lowercase();
    let own = match value {
        V::Str(text) => string(cx, text, &lower, args)?,
        V::Char(c) => string(cx, &c.to_string(), &lower, args)?,
        V::List(list) => super::method_more::list(cx, list, &lower, args)?,
        V::Hash(hash) => super::method_more::hash(cx, hash, &lower, args)?,
        V::Date(date) => super::method_more::date(cx, *date, &lower, args)?,
        V::Span(span) => super::method_more::span(*span, &lower, args)?,
        V::Block(block) => super::method_more::block(cx, block, &lower, args)?,
        V::Obj(object) => super::method_more::object(cx, object, &lower, args)?,
        V::Type(full) => super::method_more::type_method(full, &lower, args)?,
        _ => None,
    };
    if let Some(found) = own {
        return Ok(found);
    }
    if let Some(found) = common(value, &lower, args)? {
        return Ok(found);
    }
    match value {
        // a list passes the call on to its items
        V::List(list) => {
            let mut found = Vec::new();
            for item in list.items() {
                match invoke(cx, &item, name, args)? {
                    V::Nothing => {}
                    V::List(inner) => found.extend(inner.items()),
                    other => found.push(other),
                }
            }
            Ok(V::from_outputs(found))
        }
        V::Obj(object) if !object.base().is_null() => invoke(cx, &object.base(), name, args),
        _ => Problem::new(
            "MethodNotFound",
            "InvalidOperation",
            format!(
                "Method invocation failed because [{}] does not contain a method named '{name}'.",
                value.type_name()
            ),
        )
        .err(),
    }
}

/// Methods that every value has.
fn common(value: &V, name: &str, args: &[V]) -> Res<Option<V>> {
    Ok(Some(match (name, args) {
        ("gettype", []) => V::Type(value.type_name()),
        ("tostring", []) => V::from(to_string(value)),
        ("tostring", [format, ..]) => {
            let culture = args.get(1).map_or(Culture::EN_US, super::statics::culture_of);
            let format = match format {
                V::Str(format) => format.to_string(),
                _ => String::new(),
            };
            V::from(super::text::formatted(value, &format, &culture))
        }
        ("equals", [other, ..]) => {
            V::Bool(super::compare::equal(value, other, true) && value.type_name() == other.type_name())
        }
        ("compareto", [other]) => V::Int(super::compare::order(value, other, true)?.map_or(0, |order| order as i32)),
        ("gethashcode", []) => V::Int(42),
        ("gettypecode", []) => V::from(super::types::short(&value.type_name())),
        ("foreach" | "where", _) => return Ok(None),
        _ => return Ok(None),
    }))
}

fn text(args: &[V], at: usize) -> String {
    args.get(at).map(interpolated).unwrap_or_default()
}

fn integer(args: &[V], at: usize) -> Res<i64> {
    match args.get(at) {
        Some(value) => Ok(number::of(value, "System.Int32")?.long().unwrap_or_default()),
        None => Ok(0),
    }
}

/// Whether a comparison argument asks for case to be ignored.
fn ignores_case(args: &[V]) -> bool {
    args.iter().any(|arg| match arg {
        V::Enum(value) => value.name.ends_with("IgnoreCase"),
        V::Str(text) => text.ends_with("IgnoreCase"),
        V::Bool(truth) => *truth,
        _ => false,
    })
}

fn out_of_range(method: &str, args: &[V], message: &str) -> Problem {
    method_threw(method, args.len(), "System.ArgumentOutOfRangeException", message)
}

fn string(cx: Cx<'_>, own: &str, name: &str, args: &[V]) -> Res<Option<V>> {
    let folded = |value: &str| {
        if ignores_case(args.get(1..).unwrap_or_default()) { value.to_lowercase() } else { value.to_owned() }
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
            if args.len() > 2 && ignores_case(&args[2..]) {
                let regex = super::regexes::compile(&regex::escape(&from), true)?;
                let with = text(args, 1);
                V::from(super::regexes::replace_with(&regex, own, |_| Ok(with.clone()))?)
            } else {
                V::from(own.replace(&from, &text(args, 1)))
            }
        }
        "contains" => V::Bool(folded(own).contains(&folded(&text(args, 0)))),
        "startswith" => V::Bool(folded(own).starts_with(&folded(&text(args, 0)))),
        "endswith" => V::Bool(folded(own).ends_with(&folded(&text(args, 0)))),
        "indexof" | "lastindexof" | "indexofany" => V::Int(position(own, name, args)?),
        "padleft" | "padright" => {
            let width = usize::try_from(integer(args, 0)?).unwrap_or(0);
            let fill = text(args, 1).chars().next().unwrap_or(' ');
            let padding: String = std::iter::repeat_n(fill, width.saturating_sub(own.chars().count())).collect();
            V::from(if name == "padleft" { format!("{padding}{own}") } else { format!("{own}{padding}") })
        }
        "insert" | "remove" => edited(own, name, args)?,
        "tochararray" => V::List(List::of(ListKind::Array("System.Char".into()), own.chars().map(V::Char).collect())),
        "getenumerator" => V::array(own.chars().map(V::Char).collect()),
        "compareto" => V::Int(super::compare::texts(own, &text(args, 0), true) as i32),
        "equals" => V::Bool(folded(own) == folded(&text(args, 0))),
        "clone" | "normalize" => V::from(own),
        "isnullorempty" => V::Bool(own.is_empty()),
        "chars" => super::member::index(cx, &V::from(own), args.first().unwrap_or(&V::Int(0)))?,
        "tobytes" | "tokb" | "tomb" | "togb" | "totb" => return Ok(None),
        "todatetime" => V::Date(super::cast::to_date(&V::from(own)).unwrap_or_else(|| super::dates::now(cx.rt))),
        _ => return Ok(None),
    }))
}

fn trimmed(args: &[V]) -> Vec<char> {
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

fn substring(own: &str, args: &[V]) -> Res<V> {
    let chars: Vec<char> = own.chars().collect();
    let start = integer(args, 0)?;
    let all = i64::try_from(chars.len()).unwrap_or(i64::MAX);
    if start < 0 {
        return out_of_range("Substring", args, "StartIndex cannot be less than zero. (Parameter 'startIndex')").err();
    }
    if start > all {
        return out_of_range(
            "Substring",
            args,
            "startIndex cannot be larger than length of string. (Parameter 'startIndex')",
        )
        .err();
    }
    let length = if args.len() > 1 { integer(args, 1)? } else { all - start };
    if length < 0 {
        return out_of_range("Substring", args, "Length cannot be less than zero. (Parameter 'length')").err();
    }
    if start + length > all {
        return out_of_range(
            "Substring",
            args,
            "Index and length must refer to a location within the string. (Parameter 'length')",
        )
        .err();
    }
    let (start, end) = (usize::try_from(start).unwrap_or(0), usize::try_from(start + length).unwrap_or(0));
    Ok(V::from(chars[start..end].iter().collect::<String>()))
}

fn split(own: &str, args: &[V]) -> Res<Vec<V>> {
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
            V::Str(option) if index > 0 && super::enums::by_name("System.StringSplitOptions", option).is_some() => {
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

fn position(own: &str, name: &str, args: &[V]) -> Res<i32> {
    let chars: Vec<char> = own.chars().collect();
    let start = match args.get(1) {
        Some(V::Int(start)) => usize::try_from(*start).unwrap_or(0),
        _ => 0,
    };
    if start > chars.len() {
        return out_of_range("IndexOf", args, "startIndex").err();
    }
    let fold = |text: &str| {
        if ignores_case(args.get(1..).unwrap_or_default()) { text.to_lowercase() } else { text.to_owned() }
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

fn edited(own: &str, name: &str, args: &[V]) -> Res<V> {
    let mut chars: Vec<char> = own.chars().collect();
    let at = integer(args, 0)?;
    let Some(at) = usize::try_from(at).ok().filter(|at| *at <= chars.len()) else {
        return out_of_range(
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
    let count = if args.len() > 1 { usize::try_from(integer(args, 1)?).unwrap_or(0) } else { chars.len() - at };
    if at + count > chars.len() {
        return out_of_range(
            "Remove",
            args,
            "Index and count must refer to a location within the string. (Parameter 'count')",
        )
        .err();
    }
    chars.drain(at..at + count);
    Ok(V::from(chars.into_iter().collect::<String>()))
}

/// A shared text.
#[must_use]
pub fn shared(text: &str) -> Arc<str> {
    text.into()
}
