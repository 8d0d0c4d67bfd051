//! `System.Text.RegularExpressions`: static methods and those of a pattern.
//!
//! No other types.

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{List, ListKind, Obj, V};

/// `[regex]::…`.
///
/// # Errors
/// When a pattern is none, and what a script block gives.
pub(super) fn statics(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    if name == "escape" {
        return Ok(Some(V::from(escape(&text(0)))));
    }
    if name == "unescape" {
        return Ok(Some(V::from(unescape(&text(0)))));
    }
    let options = args.get(if name == "replace" { 3 } else { 2 }).map_or(0, super::super::regexes::options);
    let method = match name {
        "match" => "Match",
        "matches" => "Matches",
        "ismatch" => "IsMatch",
        "replace" => "Replace",
        "split" => "Split",
        _ => "Count",
    };
    let compiled = super::super::regexes::with_options(&text(1), options);
    let compiled = super::super::regexes::thrown(compiled, Some((method, args.len())))?;
    let rest = if name == "replace" { args.get(2..3).unwrap_or_default() } else { &[] };
    matched(cx, name, &compiled, &text(0), rest)
}

/// Methods of a pattern.
///
/// # Errors
/// What a script block gives.
pub(super) fn methods(cx: Cx<'_>, object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let compiled = super::super::regexes::of_object(object)?;
    let names = || compiled.capture_names().enumerate();
    match name {
        "getgroupnames" | "getgroupnumbers" => {
            let (plain, named): (Vec<_>, Vec<_>) = names().partition(|(_, name)| name.is_none());
            let all = plain.into_iter().chain(named).enumerate();
            let shown = all.map(|(at, (_, own))| match own {
                Some(own) if name == "getgroupnames" => V::from(own),
                None if name == "getgroupnames" => V::from(at.to_string()),
                _ => V::count(at),
            });
            return Ok(Some(V::array(shown.collect())));
        }
        "groupnamefromnumber" | "groupnumberfromname" => {
            let (plain, named): (Vec<_>, Vec<_>) = names().partition(|(_, name)| name.is_none());
            let all: Vec<String> = plain
                .into_iter()
                .chain(named)
                .enumerate()
                .map(|(at, (_, own))| own.map_or_else(|| at.to_string(), str::to_owned))
                .collect();
            let wanted = args.first().map(interpolated).unwrap_or_default();
            return Ok(Some(match name {
                "groupnamefromnumber" => {
                    V::from(wanted.parse::<usize>().ok().and_then(|at| all.get(at).cloned()).unwrap_or_default())
                }
                _ => all.iter().position(|own| *own == wanted).map_or(V::Int(-1), V::count),
            }));
        }
        "tostring" if args.is_empty() => return Ok(Some(V::from(object.own_text().unwrap_or_default().as_ref()))),
        "gettype" | "equals" | "gethashcode" => return Ok(None),
        _ => {}
    }
    matched(cx, name, &compiled, &args.first().map(interpolated).unwrap_or_default(), args.get(1..).unwrap_or_default())
}

/// Methods of a match.
///
/// # Errors
/// When matching takes too long.
pub(super) fn of_match(object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    Ok(Some(match name {
        "nextmatch" => super::super::regexes::next_match(object)?,
        "result" => {
            V::from(super::super::regexes::result(object, &args.first().map(interpolated).unwrap_or_default())?)
        }
        _ => return Ok(None),
    }))
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

pub(in crate::script::ps) fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | '*' | '+' | '?' | '|' | '{' | '[' | '(' | ')' | '^' | '$' | '.' | '#' => {
                out.push('\\');
                out.push(c);
            }
            ' ' => out.push_str("\\ "),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            other => out.push(other),
        }
    }
    out
}

/// What matching a text gives; `rest` are the arguments after the text.
fn matched(cx: Cx<'_>, name: &str, compiled: &fancy_regex::Regex, text: &str, rest: &[V]) -> Res<Option<V>> {
    let kind = "System.Text.RegularExpressions.MatchCollection";
    let number = |at: usize| {
        let value = rest.get(at).and_then(super::super::number::plain).and_then(super::super::number::Num::long);
        value.and_then(|n| usize::try_from(n).ok())
    };
    let from = number(0).map_or(0, |at| text.char_indices().nth(at).map_or(text.len(), |(at, _)| at));
    Ok(Some(match name {
        "ismatch" => V::Bool(compiled.find_from_pos(text, from).is_ok_and(|found| found.is_some())),
        "count" => V::count(compiled.find_iter(text).flatten().count()),
        "match" => {
            let found = compiled.captures_from_pos(text, from).ok().flatten();
            super::super::regexes::match_object(compiled, found.as_ref(), text)
        }
        "matches" => {
            V::List(List::of(ListKind::Other(kind.into()), super::super::regexes::all_matches(compiled, text)?))
        }
        "replace" => {
            let most = number(1).unwrap_or(usize::MAX);
            let groups = compiled.captures_len();
            let mut done = 0;
            V::from(super::super::regexes::replace_with(compiled, text, |captures| {
                done += 1;
                if done > most {
                    return Ok(captures.get(0).map_or("", |found| found.as_str()).to_owned());
                }
                match rest.first() {
                    Some(V::Block(block)) => {
                        let found = super::super::regexes::match_object(compiled, Some(captures), text);
                        let outputs =
                            cx.with_item(found.clone(), || super::super::invoke::call_block(cx, block, vec![found]))?;
                        Ok(interpolated(&V::from_outputs(outputs)))
                    }
                    other => {
                        let with = other.map(interpolated).unwrap_or_default();
                        Ok(super::super::regexes::expanded(&with, captures, text, groups))
                    }
                }
            })?)
        }
        "split" => V::List(List::of(
            ListKind::Array("System.String".into()),
            super::super::regexes::split(compiled, text, number(0).unwrap_or(0))?.into_iter().map(V::from).collect(),
        )),
        _ => return Ok(None),
    }))
}
