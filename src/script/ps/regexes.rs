//! Regular expressions as .NET writes them: compiling, matching, replacing, splitting.
//!
//! The engine is `fancy_regex`; what it does not know is an error with .NET's id.

use super::fault::{Problem, Res};
use super::value::{Hash, HashKind, List, ListKind, Obj, V};

/// A compiled expression.
///
/// # Errors
/// When it is none.
pub(super) fn compile(pattern: &str, ignore_case: bool) -> Res<fancy_regex::Regex> {
    let mut text = String::with_capacity(pattern.len() + 4);
    if ignore_case {
        text.push_str("(?i)");
    }
    text.push_str(&translated(pattern));
    fancy_regex::Regex::new(&text).map_err(|error| {
        let message = format!("Invalid pattern '{pattern}': {error}");
        Problem::new(
            "RuntimeException",
            "InvalidOperation",
            format!("The regular expression pattern {pattern} is not valid."),
        )
        .inner("System.Text.RegularExpressions.RegexParseException", message)
        .fault()
    })
}

/// .NET's spelling to ours: `(?'name'…)`, a lone `{`, a `[` inside a class.
fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let chars: Vec<char> = pattern.chars().collect();
    let (mut at, mut class) = (0, false);
    while at < chars.len() {
        let c = chars[at];
        match c {
            '\\' => {
                out.push(c);
                at += 1;
                if let Some(next) = chars.get(at) {
                    if matches!(next, '"' | '\'' | '@' | '%' | '=' | '!' | ',' | ';' | ':' | '`' | ' ' | '_') {
                        out.pop();
                    }
                    if *next == 'Z' {
                        out.pop();
                        out.push_str("(?=\\n?\\z)");
                    } else {
                        out.push(*next);
                    }
                }
            }
            '[' if class => out.push_str("\\["),
            '[' => {
                class = true;
                out.push(c);
                if chars.get(at + 1) == Some(&'^') {
                    out.push('^');
                    at += 1;
                }
                if chars.get(at + 1) == Some(&']') {
                    out.push_str("\\]");
                    at += 1;
                }
            }
            ']' => {
                class = false;
                out.push(c);
            }
            '&' | '~' if class && chars.get(at + 1) == Some(&c) => {
                out.push('\\');
                out.push(c);
            }
            '{' if !class && !quantifier(&chars[at..]) => out.push_str("\\{"),
            '}' if !class && !closes_quantifier(&chars[..at]) => out.push_str("\\}"),
            _ => out.push(c),
        }
        at += 1;
    }
    out
}

fn quantifier(rest: &[char]) -> bool {
    let Some(end) = rest.iter().position(|c| *c == '}') else { return false };
    end > 1 && rest[1].is_ascii_digit() && rest[1..end].iter().all(|c| c.is_ascii_digit() || *c == ',')
}

fn closes_quantifier(before: &[char]) -> bool {
    let Some(start) = before.iter().rposition(|c| *c == '{') else { return false };
    let escaped = start > 0 && before[start - 1] == '\\';
    let unicode = start > 1 && matches!(before[start - 1], 'p' | 'P' | 'x' | 'u');
    unicode
        || !escaped && start + 1 < before.len() && before[start + 1..].iter().all(|c| c.is_ascii_digit() || *c == ',')
}

fn failed(error: &fancy_regex::Error) -> Box<super::fault::Fault> {
    Problem::new("RegexMatchTimeout", "InvalidOperation", error.to_string()).fault()
}

/// The first match, as `$Matches` has it.
///
/// # Errors
/// When matching takes too long.
pub(super) fn matches(regex: &fancy_regex::Regex, text: &str) -> Res<Option<Hash>> {
    let Some(found) = regex.captures(text).map_err(|error| failed(&error))? else { return Ok(None) };
    let hash = Hash::new(HashKind::Table);
    let names: Vec<Option<&str>> = regex.capture_names().collect();
    let mut number = 0;
    for (index, name) in names.iter().enumerate() {
        let key = match name {
            Some(name) => V::from(*name),
            None => {
                number += 1;
                V::Int(number - 1)
            }
        };
        if let Some(group) = found.get(index) {
            hash.set(key, V::from(group.as_str()));
        }
    }
    Ok(Some(hash))
}

/// A `Match` object.
#[must_use]
pub(super) fn match_object(
    regex: &fancy_regex::Regex,
    found: Option<&fancy_regex::Captures<'_, str>>,
    text: &str,
) -> V {
    let group = |at: Option<fancy_regex::Match<'_>>, name: &str, kind: &str| {
        let value = at.map_or("", |m| m.as_str());
        let index = at.map_or(0, |m| text.get(..m.start()).map_or(0, |before| before.chars().count()));
        Obj::new(
            kind,
            [
                ("Success", V::Bool(at.is_some())),
                ("Name", V::from(name)),
                ("Captures", V::Null),
                ("Index", V::count(index)),
                ("Length", V::count(value.chars().count())),
                ("Value", V::from(value)),
            ],
        )
        .with_text(value)
    };
    let whole = found.and_then(|found| found.get(0));
    let object = group(whole, "0", "System.Text.RegularExpressions.Match");
    let groups: Vec<V> = regex
        .capture_names()
        .enumerate()
        .map(|(index, name)| {
            let name = name.map_or_else(|| index.to_string(), str::to_owned);
            V::Obj(group(found.and_then(|found| found.get(index)), &name, "System.Text.RegularExpressions.Group"))
        })
        .collect();
    let (mut groups, last): (Vec<V>, Vec<V>) = groups.into_iter().zip(regex.capture_names()).fold(
        (Vec::new(), Vec::new()),
        |(mut plain, mut named), (group, name)| {
            if name.is_some() {
                named.push(group)
            } else {
                plain.push(group)
            }
            (plain, named)
        },
    );
    groups.extend(last);
    let groups = List::of(ListKind::Other("System.Text.RegularExpressions.GroupCollection".into()), groups);
    object.remove("Captures");
    let props = object.props();
    let result = Obj::new("System.Text.RegularExpressions.Match", [("Groups", V::List(groups))]);
    for prop in props {
        result.set_prop(&prop.name, prop.value);
    }
    V::Obj(result.with_text(whole.map_or("", |m| m.as_str())))
}

/// All matches.
///
/// # Errors
/// When matching takes too long.
pub(super) fn all_matches(regex: &fancy_regex::Regex, text: &str) -> Res<Vec<V>> {
    let mut found = Vec::new();
    for captures in regex.captures_iter(text) {
        let captures = captures.map_err(|error| failed(&error))?;
        found.push(match_object(regex, Some(&captures), text));
    }
    Ok(found)
}

/// Replaces every match by what `with` gives for it.
///
/// # Errors
/// What `with` gives, and matching that takes too long.
pub(super) fn replace_with(
    regex: &fancy_regex::Regex,
    text: &str,
    mut with: impl FnMut(&fancy_regex::Captures<'_, str>) -> Res<String>,
) -> Res<String> {
    let mut out = String::new();
    let mut last = 0;
    for captures in regex.captures_iter(text) {
        let captures = captures.map_err(|error| failed(&error))?;
        let Some(whole) = captures.get(0) else { continue };
        out.push_str(text.get(last..whole.start()).unwrap_or_default());
        out.push_str(&with(&captures)?);
        last = whole.end();
    }
    out.push_str(text.get(last..).unwrap_or_default());
    Ok(out)
}

/// `$1`, `${name}`, `$$`, `$&` in a replacement.
#[must_use]
pub(super) fn expanded(replacement: &str, captures: &fancy_regex::Captures<'_, str>, groups: usize) -> String {
    let mut out = String::new();
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(next) = after.strip_prefix('$') {
            out.push('$');
            rest = next;
            continue;
        }
        if let Some(next) = after.strip_prefix('&') {
            out.push_str(captures.get(0).map_or("", |m| m.as_str()));
            rest = next;
            continue;
        }
        if let Some((name, next)) = after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            let group = name.parse::<usize>().map_or_else(|_| captures.name(name), |index| captures.get(index));
            out.push_str(group.map_or("", |m| m.as_str()));
            rest = next;
            continue;
        }
        let mut length = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        while length > 1 && after[..length].parse::<usize>().is_ok_and(|index| index >= groups) {
            length -= 1;
        }
        match after[..length].parse::<usize>() {
            Ok(index) if index < groups => {
                out.push_str(captures.get(index).map_or("", |m| m.as_str()));
                rest = &after[length..];
            }
            _ => {
                out.push('$');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// `-replace` with a text.
///
/// # Errors
/// When matching takes too long.
pub(super) fn replace(regex: &fancy_regex::Regex, text: &str, replacement: &str) -> Res<String> {
    let groups = regex.captures_len();
    replace_with(regex, text, |captures| Ok(expanded(replacement, captures, groups)))
}

/// `-split`: empty pieces stay, groups are pieces too; at most `limit` pieces unless 0.
///
/// # Errors
/// When matching takes too long.
pub(super) fn split(regex: &fancy_regex::Regex, text: &str, limit: usize) -> Res<Vec<String>> {
    let mut pieces = Vec::new();
    let mut last = 0;
    for captures in regex.captures_iter(text) {
        let captures = captures.map_err(|error| failed(&error))?;
        let Some(whole) = captures.get(0) else { continue };
        if limit > 0 && pieces.len() + 1 >= limit {
            break;
        }
        if whole.as_str().is_empty() && (whole.start() == 0 && pieces.is_empty() && text.is_empty()) {
            continue;
        }
        pieces.push(text.get(last..whole.start()).unwrap_or_default().to_owned());
        for index in 1..captures.len() {
            if let Some(group) = captures.get(index) {
                pieces.push(group.as_str().to_owned());
            }
        }
        last = whole.end();
    }
    pieces.push(text.get(last..).unwrap_or_default().to_owned());
    Ok(pieces)
}
