//! `System.String`: its methods and static methods.
//!
//! Operators on texts are in `operators`, patterns in `regexes`.

use super::super::fault::{Res, method_threw};
use super::arguments::{ignores_case, integer, no_overload, number_for, out_of_range, text};

use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{List, ListKind, V, same_name};
use super::culture::culture_of;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use crate::render::text::Culture;

/// Methods of a text.
///
/// # Errors
/// What the method throws.
pub(super) fn methods(cx: Cx<'_>, own: &str, name: &str, args: &[V]) -> Res<Option<V>> {
    if let Some((method, least, most)) = ARITIES.iter().find(|(method, ..)| method.eq_ignore_ascii_case(name))
        && !(*least..=*most).contains(&args.len())
    {
        return no_overload(method, args).err();
    }
    let folded = |value: &str| {
        if ignores_case(args.get(1..).unwrap_or_default()) { value.to_lowercase() } else { value.to_owned() }
    };
    Ok(Some(match name {
        "toupper" | "toupperinvariant" => V::from(own.chars().map(upper).collect::<String>()),
        "tolower" | "tolowerinvariant" => V::from(own.chars().map(lower).collect::<String>()),
        "tostring" => V::from(own),
        "trim" => V::from(own.trim_matches(trimmed(args).as_slice()).to_owned()),
        "trimstart" => V::from(own.trim_start_matches(trimmed(args).as_slice()).to_owned()),
        "trimend" => V::from(own.trim_end_matches(trimmed(args).as_slice()).to_owned()),
        "substring" => substring(own, args)?,
        "split" => V::List(List::of(ListKind::Array("System.String".into()), split(own, args)?)),
        "replace" => replaced(own, args)?,
        "replacelineendings" => {
            let with = if args.is_empty() { "\n".to_owned() } else { text(args, 0) };
            V::from(own.replace("\r\n", "\n").replace(['\r', '\u{c}', '\u{85}'], "\n").replace('\n', &with))
        }
        "contains" => V::Bool(folded(own).contains(&folded(&text(args, 0)))),
        "startswith" => V::Bool(folded(own).starts_with(&folded(&text(args, 0)))),
        "endswith" => V::Bool(folded(own).ends_with(&folded(&text(args, 0)))),
        "indexof" | "lastindexof" | "indexofany" | "lastindexofany" => V::Int(position(own, name, args)?),
        "padleft" | "padright" => padded(own, name, args)?,
        "insert" | "remove" => edited(own, name, args)?,
        "tochararray" => {
            let skipped = usize::try_from(integer(args, 0)?).unwrap_or(0);
            let count = if args.len() > 1 { usize::try_from(integer(args, 1)?).unwrap_or(0) } else { usize::MAX };
            V::List(List::of(
                ListKind::Array("System.Char".into()),
                own.chars().skip(skipped).take(count).map(V::Char).collect(),
            ))
        }
        "getenumerator" => super::super::walk::enumerator(own.chars().map(V::Char).collect()),
        "compareto" => V::Int(super::super::compare::texts(own, &text(args, 0), true) as i32),
        "equals" => V::Bool(folded(own) == folded(&text(args, 0))),
        "clone" => V::from(own),
        "normalize" | "isnormalized" => {
            let form = match text(args, 0).to_lowercase().as_str() {
                "formd" => DecomposingNormalizerBorrowed::new_nfd().normalize(own),
                "formkc" => ComposingNormalizerBorrowed::new_nfkc().normalize(own),
                "formkd" => DecomposingNormalizerBorrowed::new_nfkd().normalize(own),
                _ => ComposingNormalizerBorrowed::new_nfc().normalize(own),
            };
            if name == "normalize" { V::from(form.into_owned()) } else { V::Bool(form == own) }
        }
        "isnullorempty" => V::Bool(own.is_empty()),
        "chars" | "get_chars" => super::super::index::index(cx, &V::from(own), args.first().unwrap_or(&V::Int(0)))?,
        "tobytes" | "tokb" | "tomb" | "togb" | "totb" => return Ok(None),
        "todatetime" => {
            V::Date(super::super::cast::to_date(&V::from(own)).unwrap_or_else(|| super::super::dates::now(cx.rt)))
        }
        _ => return Ok(None),
    }))
}

/// Methods with how many arguments they take at least and at most.
const ARITIES: [(&str, usize, usize); 11] = [
    ("Substring", 1, 2),
    ("Replace", 2, 4),
    ("Contains", 1, 2),
    ("StartsWith", 1, 3),
    ("EndsWith", 1, 3),
    ("IndexOf", 1, 4),
    ("LastIndexOf", 1, 4),
    ("Insert", 2, 2),
    ("Remove", 1, 2),
    ("PadLeft", 1, 2),
    ("PadRight", 1, 2),
];

fn replaced(own: &str, args: &[V]) -> Res<V> {
    let from = text(args, 0);
    if from.is_empty() {
        let message = "The value cannot be an empty string. (Parameter 'oldValue')";
        return method_threw("Replace", args.len(), "System.ArgumentException", message).err();
    }
    if args.len() > 2 && ignores_case(&args[2..]) {
        let regex = super::super::regexes::compile(&regex::escape(&from), true)?;
        let with = text(args, 1);
        return Ok(V::from(super::super::regexes::replace_with(&regex, own, |_| Ok(with.clone()))?));
    }
    Ok(V::from(own.replace(&from, &text(args, 1))))
}

fn padded(own: &str, name: &str, args: &[V]) -> Res<V> {
    let Ok(width) = usize::try_from(integer(args, 0)?) else {
        let method = if name == "padleft" { "PadLeft" } else { "PadRight" };
        return out_of_range(method, args, "Non-negative number required. (Parameter 'totalWidth')").err();
    };
    let fill = match args.get(1) {
        Some(V::Str(text)) if text.chars().count() != 1 => {
            let method = if name == "padleft" { "PadLeft" } else { "PadRight" };
            let inner = format!(
                "Cannot convert value \"{text}\" to type \"System.Char\". Error: \"String must be exactly one character long.\""
            );
            let message = format!(
                "Cannot convert argument \"paddingChar\", with value: \"{text}\", for \"{method}\" to type \"System.Char\": \"{inner}\""
            );
            return super::super::fault::Problem::new(
                "MethodArgumentConversionInvalidCastArgument",
                "NotSpecified",
                message,
            )
            .exception("System.Management.Automation.MethodException")
            .err();
        }
        _ => text(args, 1).chars().next().unwrap_or(' '),
    };
    let padding: String = std::iter::repeat_n(fill, width.saturating_sub(own.chars().count())).collect();
    Ok(V::from(if name == "padleft" { format!("{padding}{own}") } else { format!("{own}{padding}") }))
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
    let start = number_for(args, 0, "Substring", "startIndex", "System.Int32")?.long().unwrap_or(0);
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

pub(in crate::script::ps) fn split(own: &str, args: &[V]) -> Res<Vec<V>> {
    let mut separators: Vec<String> = Vec::new();
    let mut limit = usize::MAX;
    let (mut remove_empty, mut trim) = (false, false);
    for (index, arg) in args.iter().enumerate() {
        match arg {
            V::Enum(option) if &*option.type_name == "System.StringSplitOptions" => {
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
    // The last piece begins where there is something.
    while remove_empty && let Some(separator) = separators.iter().find(|separator| rest.starts_with(separator.as_str()))
    {
        rest = &rest[separator.len()..];
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

/// `IndexOf`, `LastIndexOf` and their kin: with a place to start at and a number of characters to look at.
fn position(own: &str, name: &str, args: &[V]) -> Res<i32> {
    let options = args.get(1..).unwrap_or_default();
    let numbers: Vec<i64> = options
        .iter()
        .filter_map(|arg| match arg {
            V::Int(number) => Some(i64::from(*number)),
            V::Long(number) => Some(*number),
            _ => None,
        })
        .collect();
    let fold = |c: char| if ignores_case(options) { c.to_lowercase().next().unwrap_or(c) } else { c };
    let chars: Vec<char> = own.chars().map(fold).collect();
    let all = i64::try_from(chars.len()).unwrap_or(i64::MAX);
    let backwards = name.starts_with("last");
    let start = numbers.first().copied().unwrap_or(if backwards { (all - 1).max(0) } else { 0 });
    if start < 0 || start > all {
        let method = if backwards { "LastIndexOf" } else { "IndexOf" };
        let message = "Index was out of range. Must be non-negative and less than or equal to the size of the collection. (Parameter 'startIndex')";
        return out_of_range(method, args, message).err();
    }
    let count = numbers.get(1).copied();
    let (from, to) = if backwards {
        let to = (start + 1).min(all);
        ((to - count.unwrap_or(to)).max(0), to)
    } else {
        (start, (start + count.unwrap_or(all)).min(all))
    };
    let (from, to) = (usize::try_from(from).unwrap_or(0), usize::try_from(to).unwrap_or(0));
    let needles: Vec<Vec<char>> = if name.ends_with("any") {
        let given = args.first().cloned().map(V::unrolled).unwrap_or_default();
        given.iter().flat_map(|value| interpolated(value).chars().collect::<Vec<_>>()).map(|c| vec![c]).collect()
    } else {
        vec![text(args, 0).chars().map(fold).collect()]
    };
    let at = |at: &usize| needles.iter().any(|needle| at + needle.len() <= to && chars[*at..].starts_with(needle));
    let found = if backwards { (from..=to).rev().find(at) } else { (from..=to).find(at) };
    Ok(found.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1))
}

pub(in crate::script::ps) fn edited(own: &str, name: &str, args: &[V]) -> Res<V> {
    let mut chars: Vec<char> = own.chars().collect();
    let at = integer(args, 0)?;
    let Some(at) = usize::try_from(at).ok().filter(|at| *at <= chars.len()) else {
        let method = if name == "insert" { "Insert" } else { "Remove" };
        let message = match name {
            _ if at < 0 => format!(
                "startIndex ('{at}') must be a non-negative value. (Parameter 'startIndex')\nActual value was {at}."
            ),
            "insert" => format!(
                "startIndex ('{at}') must be less than or equal to '{0}'. (Parameter 'startIndex')\nActual value was {at}.",
                chars.len()
            ),
            _ => "startIndex must be less than length of string. (Parameter 'startIndex')".to_owned(),
        };
        return out_of_range(method, args, &message).err();
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

pub(in crate::script::ps) fn statics(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    Ok(Some(match name {
        "isnullorempty" => V::Bool(text(0).is_empty()),
        "isnullorwhitespace" => V::Bool(text(0).trim().is_empty()),
        "join" => {
            let items = match args {
                [_, list @ V::List(_)] => list.clone().unrolled(),
                [_, list @ V::List(_), V::Int(start), V::Int(count)] => {
                    let number = |number: i32| usize::try_from(number).unwrap_or(0);
                    list.clone().unrolled().into_iter().skip(number(*start)).take(number(*count)).collect()
                }
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
            super::parse::convert_failure(
                "Format",
                args.len(),
                super::super::operators::format(&format, &values, &culture),
            )?
        }
        "concat" => V::from(
            args.iter().flat_map(|arg| arg.clone().unrolled()).map(|value| to_string(&value)).collect::<String>(),
        ),
        "compare" if args.len() >= 5 => {
            let part = |at: usize| -> Res<String> {
                let skipped = usize::try_from(integer(args, at + 1)?).unwrap_or(0);
                let length = usize::try_from(integer(args, 4)?).unwrap_or(0);
                Ok(text(at).chars().skip(skipped).take(length).collect())
            };
            V::Int(super::super::compare::texts(&part(0)?, &part(2)?, !ignores_case(&args[5..])) as i32)
        }
        "compareordinal" => V::Int(by_code(&text(0), &text(1))),
        "compare" if text(2).to_lowercase().starts_with("ordinal") => match ignores_case(&args[2..]) {
            true => V::Int(by_code(&text(0).to_uppercase(), &text(1).to_uppercase())),
            false => V::Int(by_code(&text(0), &text(1))),
        },
        "compare" => {
            let ignore = args.get(2).is_some_and(|arg| match arg {
                V::Enum(_) | V::Str(_) => ignores_case(&args[2..]),
                other => super::super::compare::truthy(other),
            });
            V::Int(super::super::compare::texts(&text(0), &text(1), !ignore) as i32)
        }
        "equals" if args.len() > 2 && ignores_case(&args[2..]) => {
            V::Bool(text(0).to_lowercase() == text(1).to_lowercase())
        }
        "equals" => V::Bool(text(0) == text(1)),
        "intern" => V::from(text(0)),
        "copy" => V::from(text(0)),
        _ => {
            let _ = cx;
            return Ok(None);
        }
    }))
}

/// How the first characters that differ are apart, else the lengths.
fn by_code(a: &str, b: &str) -> i32 {
    let different = a.encode_utf16().zip(b.encode_utf16()).find(|(a, b)| a != b);
    let length = |text: &str| i32::try_from(text.encode_utf16().count()).unwrap_or(i32::MAX);
    different.map_or(length(a) - length(b), |(a, b)| i32::from(a) - i32::from(b))
}

/// The upper case of a character, if it is one character, too.
fn upper(c: char) -> char {
    let mut found = c.to_uppercase();
    match (found.next(), found.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// The lower case of a character.
fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}
