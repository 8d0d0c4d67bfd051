//! Operators on text: `-f`, `-match`, `-replace`, `-split`, `-join`.
//!
//! Comparison is in `compare`, arithmetic in `arith`.

use std::sync::Arc;

use super::block::Block;
use super::fault::{Problem, Res};
use super::regexes;
use super::state::Cx;
use super::text::{interpolated, to_string};
use super::value::{List, ListKind, V};
use crate::render::text::Culture;

/// `format -f values`.
///
/// # Errors
/// When an index has no value, the braces do not match, or a format is none of the value's.
pub(super) fn format(format: &str, values: &[V], culture: &Culture) -> Res<V> {
    let text: Vec<char> = format.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while let Some(brace) = text.get(at).copied() {
        at += 1;
        if brace != '{' && brace != '}' {
            out.push(brace);
            continue;
        }
        match text.get(at) {
            None => return malformed(at, "Format item ends prematurely.").err(),
            Some(next) if *next == brace => {
                out.push(brace);
                at += 1;
            }
            Some(_) if brace == '}' => {
                return malformed(at, "Unexpected closing brace without a corresponding opening brace.").err();
            }
            Some(_) => {
                let item = FormatItem::read(&text, &mut at)?;
                let Some(value) = values.get(item.index) else {
                    let message = "Index (zero based) must be greater than or equal to zero and less than the size of the argument list.";
                    return format_error(message).err();
                };
                if !fits(value, &item.pattern) {
                    return format_error(misfit(value)).err();
                }
                let shown = match value {
                    V::Obj(object) if object.is_custom() && object.own_text().is_none() => interpolated(value),
                    _ => super::text::formatted(value, &item.pattern, culture),
                };
                let size = item.width.unsigned_abs() as usize;
                out.push_str(&if item.width < 0 { format!("{shown:<size$}") } else { format!("{shown:>size$}") });
            }
        }
    }
    Ok(V::from(out))
}

/// What stands between two braces: `index[,width][:pattern]`.
struct FormatItem {
    index: usize,
    width: i32,
    pattern: String,
}

impl FormatItem {
    /// Reads from behind the opening brace to behind the closing one.
    fn read(text: &[char], at: &mut usize) -> Res<Self> {
        let digits = |at: &mut usize| -> Option<usize> {
            let taken: String = text.get(*at..)?.iter().take_while(|c| c.is_ascii_digit()).collect();
            *at += taken.len();
            taken.parse().ok()
        };
        let blanks = |at: &mut usize| *at += text.iter().skip(*at).take_while(|c| **c == ' ').count();
        let Some(index) = digits(at) else { return malformed(*at, "Expected an ASCII digit.").err() };
        let (mut width, mut pattern) = (0, String::new());
        blanks(at);
        if text.get(*at) == Some(&',') {
            *at += 1;
            blanks(at);
            let left = text.get(*at) == Some(&'-');
            *at += usize::from(left);
            let Some(size) = digits(at) else { return malformed(*at, "Expected an ASCII digit.").err() };
            let size = i32::try_from(size.min(1_000_000)).unwrap_or(0);
            width = if left { -size } else { size };
            blanks(at);
        }
        if text.get(*at) == Some(&':') {
            *at += 1;
            let rest = text.get(*at..).unwrap_or_default();
            pattern = rest.iter().take_while(|c| !matches!(c, '}' | '{')).collect();
            *at += pattern.chars().count();
        }
        match text.get(*at) {
            Some('}') => {
                *at += 1;
                Ok(Self { index, width, pattern })
            }
            Some(_) => malformed(*at, "Unexpected character.").err(),
            None => malformed(*at, "Format item ends prematurely.").err(),
        }
    }
}

fn malformed(offset: usize, reason: &str) -> Problem {
    format_error(&format!("Input string was not in a correct format. Failure to parse near offset {offset}. {reason}"))
}

fn format_error(message: &str) -> Problem {
    Problem::new("FormatError", "InvalidOperation", format!("Error formatting a string: {message}."))
        .inner("System.FormatException", message)
}

/// Why a value does not know a format, in .NET's words.
pub(super) fn misfit(value: &V) -> &'static str {
    match value {
        V::Date(_) | V::Span(_) => "Input string was not in a correct format.",
        _ => "Format specifier was invalid.",
    }
}

/// Whether a value knows a format: one letter, perhaps with digits, is a standard format and must be one of its type.
#[must_use]
pub(super) fn fits(value: &V, pattern: &str) -> bool {
    let mut rest = pattern.chars();
    let Some(letter) = rest.next().filter(char::is_ascii_alphabetic) else {
        return !matches!(value, V::Span(_)) || super::dotnet::fits_span(pattern);
    };
    let standard = rest.as_str().chars().all(|c| c.is_ascii_digit()) && rest.as_str().len() < 10;
    match value {
        V::Int(_) | V::Long(_) | V::Small(..) if standard => "BCDEFGNPXbcdefgnpx".contains(letter),
        V::Double(_) | V::Decimal(_) if standard => "CEFGNPRcefgnpr".contains(letter),
        V::Date(_) if pattern.len() == 1 => "dDfFgGmMoOrRstTuUyY".contains(letter),
        V::Span(_) => super::dotnet::fits_span(pattern),
        _ => true,
    }
}

fn each(left: &V, mut work: impl FnMut(&V) -> Res<V>) -> Res<V> {
    match left {
        V::List(list) => {
            let items: Res<Vec<V>> = list.items().iter().map(&mut work).collect();
            Ok(V::array(items?))
        }
        one => work(one),
    }
}

/// `-match` and its kin; a list on the left is filtered, otherwise `$Matches` is set.
///
/// # Errors
/// When the pattern is none.
pub(super) fn matches(cx: Cx<'_>, left: &V, op: &str, right: &V) -> Res<V> {
    let negative = op.contains("notmatch");
    let regex = regexes::thrown(pattern(right, !op.starts_with("-c")), None)?;
    if let V::List(list) = left {
        let mut kept = Vec::new();
        for item in list.items() {
            if regex.is_match(&interpolated(&item)).unwrap_or(false) != negative {
                kept.push(item);
            }
        }
        return Ok(V::array(kept));
    }
    match regexes::matches(&regex, &interpolated(left))? {
        Some(found) => {
            cx.rt.set("Matches", V::Hash(found));
            Ok(V::Bool(!negative))
        }
        None => Ok(V::Bool(negative)),
    }
}

fn pattern(value: &V, ignore_case: bool) -> Res<fancy_regex::Regex> {
    match value {
        V::Obj(object) if object.is("System.Text.RegularExpressions.Regex") => regexes::of_object(object),
        other => regexes::compile(&interpolated(other), ignore_case),
    }
}

/// `-replace`.
///
/// # Errors
/// When the pattern is none.
pub(super) fn replace(cx: Cx<'_>, left: &V, right: &V, exact: bool) -> Res<V> {
    let parts = match right {
        V::List(list) => list.items(),
        other => vec![other.clone()],
    };
    let regex = pattern(parts.first().unwrap_or(&V::Null), !exact)?;
    let with = parts.get(1).cloned().unwrap_or_default();
    let result = each(left, |value| {
        let text = interpolated(value);
        Ok(V::from(match &with {
            V::Block(block) => replace_with_block(cx, &regex, &text, block)?,
            other => regexes::replace(&regex, &text, &interpolated(other))?,
        }))
    })?;
    Ok(result)
}

/// A replacement that a script block computes from `$_`, the match.
///
/// # Errors
/// What the block gives.
pub(super) fn replace_with_block(cx: Cx<'_>, regex: &fancy_regex::Regex, text: &str, block: &Block) -> Res<String> {
    regexes::replace_with(regex, text, |captures| {
        let found = regexes::match_object(regex, Some(captures), text);
        let outputs = super::invoke::collect_with_item(cx, block, found.clone(), vec![found])?;
        Ok(interpolated(&V::from_outputs(outputs)))
    })
}

/// `-split`.
///
/// # Errors
/// When the pattern is none.
pub(super) fn split(cx: Cx<'_>, left: &V, right: &V, exact: bool) -> Res<V> {
    let parts = match right {
        V::List(list) => list.items(),
        other => vec![other.clone()],
    };
    let limit = match parts.get(1) {
        Some(value) => super::number::of(value, "System.Int32")?.long().unwrap_or(0),
        None => 0,
    };
    let options = parts.get(2).map(|options| to_string(options).to_lowercase()).unwrap_or_default();
    let simple = options.contains("simplematch");
    let modes = [("ignorepatternwhitespace", 'x'), ("multiline", 'm'), ("singleline", 's'), ("ignorecase", 'i')];
    let modes: String = modes.iter().filter(|(name, _)| options.contains(name)).map(|(_, mode)| *mode).collect();
    let mut pieces = Vec::new();
    for value in match left {
        V::List(list) => list.items(),
        other => vec![other.clone()],
    } {
        let text = interpolated(&value);
        match parts.first() {
            Some(V::Block(block)) => {
                let mut piece = String::new();
                let (before, most) = (pieces.len(), usize::try_from(limit).ok().filter(|limit| *limit > 0));
                for c in text.chars() {
                    if most.is_some_and(|most| pieces.len() - before + 1 >= most) {
                        piece.push(c);
                        continue;
                    }
                    let outputs = super::invoke::collect_with_item(cx, block, V::from(c.to_string()), Vec::new())?;
                    if super::compare::truthy(&V::from_outputs(outputs)) {
                        pieces.push(V::from(std::mem::take(&mut piece)))
                    } else {
                        piece.push(c)
                    }
                }
                pieces.push(V::from(piece));
            }
            other => {
                let pattern = other.map(interpolated).unwrap_or_default();
                let pattern = match simple {
                    true => regex::escape(&pattern),
                    false if !modes.is_empty() => format!("(?{modes}){pattern}"),
                    false => pattern,
                };
                let regex = regexes::compile(&pattern, !exact)?;
                let found = match usize::try_from(limit) {
                    Ok(limit) => regexes::split(&regex, &text, limit)?,
                    Err(_) => regexes::split_from_right(&regex, &text, limit.unsigned_abs()),
                };
                pieces.extend(found.into_iter().map(V::from));
            }
        }
    }
    Ok(V::List(List::of(ListKind::Array("System.String".into()), pieces)))
}

/// `-split text`: at white space, without empty pieces.
#[must_use]
pub(super) fn split_words(value: &V) -> V {
    let words = value
        .clone()
        .unrolled()
        .iter()
        .flat_map(|text| interpolated(text).split_whitespace().map(V::from).collect::<Vec<_>>())
        .collect();
    V::List(List::of(ListKind::Array("System.String".into()), words))
}

/// `left -join right`.
#[must_use]
pub(super) fn join(left: &V, right: &V) -> V {
    let items = left.clone().unrolled();
    let texts: Vec<String> = items
        .iter()
        .map(|item| match item {
            V::Double(number) => crate::render::text::general(*number, 15, &Culture::EN_US),
            V::Obj(object) if super::dotnet::offset::is(object) || super::dotnet::day::invariant(object).is_some() => {
                to_string(item)
            }
            V::List(_) | V::Obj(_) | V::Type(_) => interpolated(item),
            other => to_string(other),
        })
        .collect();
    V::from(texts.join(&interpolated(right)))
}

/// The parts of an expandable string as one text.
#[must_use]
pub(super) fn text(cx: Cx<'_>, parts: &[V]) -> V {
    let separator = cx.rt.get("OFS").map_or_else(|| " ".to_owned(), |ofs| interpolated(&ofs));
    let text: String = parts.iter().map(|part| super::text::joined(part, &separator)).collect();
    V::Str(Arc::from(text))
}
