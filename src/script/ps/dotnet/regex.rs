//! `System.Text.RegularExpressions`: static methods and those of a pattern.
//!
//! No other types.

use super::super::fault::Res;

use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{List, ListKind, V};

pub(in crate::script::ps) fn statics(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    if name == "escape" {
        return Ok(Some(V::from(escape(&text(0)))));
    }
    if name == "unescape" {
        return Ok(Some(V::from(text(0).replace('\\', ""))));
    }
    let options = args.iter().skip(2).any(|arg| to_string(arg).contains("IgnoreCase"));
    let compiled = super::super::regexes::compile(&text(1), options)?;
    matched(cx, name, &compiled, &text(0), args.get(2))
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

pub(in crate::script::ps) fn matched(
    cx: Cx<'_>,
    name: &str,
    compiled: &fancy_regex::Regex,
    text: &str,
    with: Option<&V>,
) -> Res<Option<V>> {
    let kind = "System.Text.RegularExpressions.MatchCollection";
    Ok(Some(match name {
        "ismatch" => V::Bool(compiled.is_match(text).unwrap_or(false)),
        "match" => {
            let found = compiled.captures(text).ok().flatten();
            super::super::regexes::match_object(compiled, found.as_ref(), text)
        }
        "matches" => {
            V::List(List::of(ListKind::Other(kind.into()), super::super::regexes::all_matches(compiled, text)?))
        }
        "replace" => match with {
            Some(V::Block(block)) => V::from(super::super::operators::replace_with_block(cx, compiled, text, block)?),
            other => {
                V::from(super::super::regexes::replace(compiled, text, &other.map(interpolated).unwrap_or_default())?)
            }
        },
        "split" => V::List(List::of(
            ListKind::Array("System.String".into()),
            super::super::regexes::split(compiled, text, 0)?.into_iter().map(V::from).collect(),
        )),
        _ => return Ok(None),
    }))
}
