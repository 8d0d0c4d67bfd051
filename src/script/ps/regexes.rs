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
        let _ = error; // .NET's own words are expected
        let message = super::regex_error::message(pattern);
        Problem::new(
            "InvalidRegularExpression",
            "InvalidOperation",
            format!("The regular expression pattern {pattern} is not valid."),
        )
        .inner("System.Text.RegularExpressions.RegexParseException", message)
        .fault()
    })
}

/// [`compile`] for what passes .NET's exception on as it is: `-match`, the methods of `[regex]`.
///
/// # Errors
/// When it is none.
pub(super) fn thrown<T>(result: Res<T>, method: Option<(&'static str, usize)>) -> Res<T> {
    const PARSE: &str = "System.Text.RegularExpressions.RegexParseException";
    result.map_err(|fault| {
        let super::fault::Fault::Error(record, _) = &*fault else { return fault };
        let inner = match record.note("Exception") {
            Some(V::Obj(exception)) => exception.note("InnerException"),
            _ => None,
        };
        let Some(V::Obj(inner)) = inner.filter(|inner| matches!(inner, V::Obj(found) if found.is(PARSE))) else {
            return fault;
        };
        let message = inner.note("Message").map(|text| super::text::to_string(&text)).unwrap_or_default();
        match method {
            Some((method, count)) => super::fault::method_threw(method, count, PARSE, &message).fault(),
            None => Problem::new(PARSE, "OperationStopped", message).exception(PARSE).fault(),
        }
    })
}

/// A `Regex` object of a pattern with options.
///
/// # Errors
/// When the pattern is none.
pub(super) fn object(pattern: &str, options: i32) -> Res<V> {
    let options_value = super::enums::by_number(OPTIONS, options).unwrap_or_default();
    let object = Obj::new(
        "System.Text.RegularExpressions.Regex",
        [
            ("Options", options_value),
            ("RightToLeft", V::Bool(false)),
            ("MatchTimeout", V::Span(crate::clixml::PsTimeSpan { ticks: -10_000 })),
        ],
    );
    let object = object.with_text(pattern);
    of_object(&object)?;
    Ok(V::Obj(object))
}

/// The compiled expression of a `Regex` object.
///
/// # Errors
/// When its pattern is none.
pub(super) fn of_object(object: &Obj) -> Res<fancy_regex::Regex> {
    let options = match object.note("Options") {
        Some(V::Enum(options)) => options.number,
        _ => 0,
    };
    with_options(&object.own_text().unwrap_or_default(), options)
}

const OPTIONS: &str = "System.Text.RegularExpressions.RegexOptions";

/// The options that an argument means: their name, their number, or what they are.
#[must_use]
pub(super) fn options(value: &V) -> i32 {
    match value {
        V::Enum(found) => found.number,
        V::Str(text) => match super::enums::by_names(OPTIONS, text) {
            Some(V::Enum(found)) => found.number,
            _ => 0,
        },
        other => super::number::plain(other)
            .and_then(super::number::Num::long)
            .and_then(|n| i32::try_from(n).ok())
            .unwrap_or(0),
    }
}

/// A compiled expression with .NET's options.
///
/// # Errors
/// When the pattern is none.
pub(super) fn with_options(pattern: &str, options: i32) -> Res<fancy_regex::Regex> {
    let letters: String = [(1, 'i'), (2, 'm'), (16, 's'), (32, 'x')]
        .iter()
        .filter(|(bit, _)| options & bit != 0)
        .map(|(_, letter)| *letter)
        .collect();
    if letters.is_empty() { compile(pattern, false) } else { compile(&format!("(?{letters}){pattern}"), false) }
}

/// The match after one, in the text it was found in.
///
/// # Errors
/// When matching takes too long.
pub(super) fn next_match(found: &Obj) -> Res<V> {
    let text = |name: &str| found.note(name).map(|value| super::text::to_string(&value)).unwrap_or_default();
    let (pattern, whole) = (text("__pattern"), text("__text"));
    let Some(V::Int(end)) = found.note("__end") else { return Ok(V::Obj(found.clone())) };
    let Ok(regex) = fancy_regex::Regex::new(&pattern) else { return Ok(V::Obj(found.clone())) };
    let end = usize::try_from(end).unwrap_or(0).min(whole.len());
    let next = regex.captures_from_pos(whole.as_str(), end).map_err(|error| failed(&error))?;
    Ok(match_object(&regex, next.as_ref(), &whole))
}

/// A replacement pattern with what a match has found.
///
/// # Errors
/// When matching takes too long.
pub(super) fn result(found: &Obj, replacement: &str) -> Res<String> {
    let text = |name: &str| found.note(name).map(|value| super::text::to_string(&value)).unwrap_or_default();
    let Ok(regex) = fancy_regex::Regex::new(&text("__pattern")) else { return Ok(String::new()) };
    let whole = text("Value");
    let captures = regex.captures(whole.as_str()).map_err(|error| failed(&error))?;
    Ok(captures.map(|captures| expanded(replacement, &captures, &whole, regex.captures_len())).unwrap_or_default())
}

/// `-split` with a negative number of pieces: counted from the end.
#[must_use]
pub(super) fn split_from_right(regex: &fancy_regex::Regex, text: &str, limit: u64) -> Vec<String> {
    let all: Vec<(usize, usize)> = regex.find_iter(text).flatten().map(|found| (found.start(), found.end())).collect();
    let kept = usize::try_from(limit.saturating_sub(1)).unwrap_or(usize::MAX).min(all.len());
    let mut pieces = Vec::new();
    let mut last = 0;
    for (start, end) in &all[all.len() - kept..] {
        pieces.push(text.get(last..*start).unwrap_or_default().to_owned());
        last = *end;
    }
    pieces.push(text.get(last..).unwrap_or_default().to_owned());
    pieces
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
                    } else if let Some(end) = category(&chars[at..]) {
                        let name: String = chars[at + 2..at + end].iter().collect();
                        out.push_str(&format!("{next}{{{}}}", name.strip_prefix("Is").map_or(&*name, block)));
                        at += end;
                    } else {
                        out.push(*next);
                    }
                }
            }
            // A class without those of another one.
            '-' if class && chars.get(at + 1) == Some(&'[') && chars[at..].contains(&']') => {
                let end = chars[at..].iter().position(|c| *c == ']').unwrap_or(0);
                let inner: String = chars[at + 2..at + end].iter().collect();
                out.push_str(&format!("--[{inner}]"));
                at += end;
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

/// Where the name of `p{…}` ends, if that is what stands here.
fn category(rest: &[char]) -> Option<usize> {
    let named = matches!(rest, ['p' | 'P', '{', ..]);
    named.then(|| rest.iter().position(|c| *c == '}')).flatten()
}

/// .NET's blocks by the scripts they hold.
fn block(name: &str) -> &str {
    match name {
        "BasicLatin" => "ASCII",
        "GreekandCoptic" => "Greek",
        "CJKUnifiedIdeographs" => "Han",
        other => other,
    }
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
    object.set("ValueSpan", V::Null);
    let groups: Vec<V> = regex
        .capture_names()
        .enumerate()
        .map(|(index, name)| {
            let name = name.map_or_else(|| index.to_string(), str::to_owned);
            let group = group(found.and_then(|found| found.get(index)), &name, "System.Text.RegularExpressions.Group");
            group.set("ValueSpan", V::Null);
            group.set("Captures", one_capture(&group));
            V::Obj(group)
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
    for (number, group) in groups.iter().enumerate() {
        if let V::Obj(group) = group {
            group.set("Name", V::from(number.to_string()));
        }
    }
    groups.extend(last);
    let groups = List::of(ListKind::Other("System.Text.RegularExpressions.GroupCollection".into()), groups);
    object.set("Captures", one_capture(&object));
    let props = object.props();
    let result = Obj::new("System.Text.RegularExpressions.Match", [("Groups", V::List(groups))]);
    for prop in props {
        result.set_prop(&prop.name, prop.value);
    }
    let text_of = whole.map_or("", |m| m.as_str());
    result.set("__pattern", V::from(regex.as_str()));
    result.set("__text", V::from(text));
    result.set("__end", V::count(whole.map_or(0, |m| m.end())));
    V::Obj(result.with_text(text_of))
}

/// The captures of a group: the last one is all that is kept.
fn one_capture(group: &Obj) -> V {
    let kind = ListKind::Other("System.Text.RegularExpressions.CaptureCollection".into());
    if !group.note("Success").is_some_and(|value| super::compare::truthy(&value)) {
        return V::List(List::of(kind, Vec::new()));
    }
    // The last capture is the group itself.
    let properties = ["Name", "Index", "Length", "Value"].map(|name| (name, group.note(name).unwrap_or_default()));
    let capture = Obj::new("System.Text.RegularExpressions.Group", properties);
    let capture = capture.with_text(&group.own_text().unwrap_or_default());
    V::List(List::of(kind, vec![V::Obj(capture)]))
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

/// `$1`, `${name}`, `$$`, `$&` and what is around the match in a replacement; `text` is what was searched.
#[must_use]
pub(super) fn expanded(
    replacement: &str,
    captures: &fancy_regex::Captures<'_, str>,
    text: &str,
    groups: usize,
) -> String {
    let whole = captures.get(0).map_or((0, 0), |found| (found.start(), found.end()));
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
        let around = match after.chars().next() {
            Some('&') => text.get(whole.0..whole.1),
            Some('`') => text.get(..whole.0),
            Some('\'') => text.get(whole.1..),
            Some('_') => Some(text),
            Some('+') => captures.get(groups.saturating_sub(1)).map(|found| found.as_str()).or(Some("")),
            _ => None,
        };
        if let Some(around) = around {
            out.push_str(around);
            rest = &after[1..];
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
    replace_with(regex, text, |captures| Ok(expanded(replacement, captures, text, groups)))
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
