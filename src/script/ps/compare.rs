//! Comparison: equality, order, wildcards, regular expressions, membership; the left type decides.
//!
//! With a list on the left most operators filter; that is done here too.

use std::cmp::Ordering;

use super::fault::{Fault, Problem, Res};
use super::number::{self, Num};
use super::text::interpolated;
use super::value::{Obj, V, same_name};

/// Whether a value counts as true.
#[must_use]
pub(super) fn truthy(value: &V) -> bool {
    match value {
        V::Null | V::Nothing => false,
        V::Bool(truth) | V::Switch(truth) => *truth,
        V::Str(text) => !text.is_empty(),
        V::List(list) => {
            let items = list.lock();
            match items.as_slice() {
                [] => false,
                [V::List(inner)] => !inner.is_empty(),
                [only] => {
                    let only = only.clone();
                    drop(items);
                    truthy(&only)
                }
                _ => true,
            }
        }
        V::Char(c) => *c != '\0',
        V::Int(_) | V::Long(_) | V::Double(_) | V::Decimal(_) | V::Small(..) | V::Single(_) | V::Big(_) => {
            number::plain(value).is_some_and(|number| number.double() != 0.0)
        }
        V::Enum(value) => value.number != 0,
        V::Obj(object) => match object.base() {
            V::Null | V::Obj(_) => true,
            base => truthy(&base),
        },
        _ => true,
    }
}

/// A text by which it is told from others: accents written apart count as one with their letter, as cultures have it.
fn fold(text: &str, exact: bool) -> String {
    let folded = if exact { text.to_owned() } else { text.to_lowercase() };
    if folded.is_ascii() {
        return folded;
    }
    icu_normalizer::ComposingNormalizerBorrowed::new_nfc().normalize(&folded).into_owned()
}

/// `-eq` of two values that are no lists on the left.
#[must_use]
pub(super) fn equal(left: &V, right: &V, exact: bool) -> bool {
    match (left, right) {
        (V::Null | V::Nothing, _) => right.is_null(),
        (_, V::Null | V::Nothing) => false,
        (V::Str(a), b) => fold(a, exact) == fold(&interpolated(b), exact),
        (V::Char(a), b) => fold(&a.to_string(), exact) == fold(&interpolated(b), exact),
        (V::Bool(a) | V::Switch(a), b) => *a == truthy(b),
        (V::Big(a), b) => super::big::of(b).is_some_and(|b| **a == b),
        (V::Date(a), b) => super::cast::to_date(b).is_some_and(|b| a.ticks == b.ticks),
        (V::Span(a), b) => super::cast::to_span(b).is_some_and(|b| *a == b),
        (V::Guid(a), b) => interpolated(b).trim_matches(['{', '}']).eq_ignore_ascii_case(&a.to_string()),
        (V::Version(a), b) => interpolated(b).parse() == Ok(*a),
        (V::Enum(a), V::Str(b)) => same_name(&a.name, b),
        (V::Type(a), V::Type(b)) => a == b,
        (V::Type(a), b) => same_name(a, &interpolated(b)),
        (V::List(a), V::List(b)) => a.same(b),
        (V::Hash(a), V::Hash(b)) => a.same(b),
        (V::Obj(a), V::Obj(b)) if a.same(b) => true,
        (V::Obj(object), b) if is_written_out(object) && !b.is_null() => {
            interpolated(b).eq_ignore_ascii_case(&object.own_text().unwrap_or_default())
        }
        (V::Obj(object), b) => object_equal(object, b, exact),
        _ => match number::plain(left) {
            Some(a) => numeric_operand(right).is_some_and(|b| order_numbers(a, b) == Some(Ordering::Equal)),
            None => false,
        },
    }
}

fn object_equal(object: &Obj, right: &V, exact: bool) -> bool {
    if super::dotnet::offset::is(object) {
        return super::dotnet::offset::order(object, right) == Some(Ordering::Equal);
    }
    match (object.base(), right) {
        (V::Null, V::Obj(other)) => match (sized(object), sized(other)) {
            (Some(a), Some(b)) => a.total_cmp(&b) == Ordering::Equal,
            _ => false,
        },
        (V::Null, V::Str(text)) => object.own_text().is_some_and(|own| fold(&own, exact) == fold(text, exact)),
        (V::Null, other) => {
            sized(object).is_some_and(|size| number::plain(other).is_some_and(|n| (n.double() - size).abs() < 0.5))
        }
        (base, V::Obj(other)) if !other.base().is_null() => equal(&base, &other.base(), exact),
        (base, other) => equal(&base, other, exact),
    }
}

/// The bytes of a size object (`1.5 GB (1,610,612,736 bytes)`).
fn sized(object: &Obj) -> Option<f64> {
    match object.note("__bytes") {
        Some(V::Double(bytes)) => Some(bytes),
        _ => None,
    }
}

/// Whether an object is equal to what has its text: addresses and versions.
fn is_written_out(object: &super::value::Obj) -> bool {
    let kind = object.type_name();
    matches!(
        &*kind,
        "System.Net.IPAddress" | "System.Net.Mail.MailAddress" | "System.Management.Automation.SemanticVersion"
    )
}

fn numeric_operand(value: &V) -> Option<Num> {
    match value {
        V::Str(text) => number::parse(text),
        other => number::plain(other),
    }
}

fn order_numbers(a: Num, b: Num) -> Option<Ordering> {
    match (a, b) {
        (Num::Double(_), _) | (_, Num::Double(_)) => a.double().partial_cmp(&b.double()),
        (Num::Decimal(_), _) | (_, Num::Decimal(_)) => Some(a.decimal()?.cmp(&b.decimal()?)),
        _ => Some(a.whole()?.cmp(&b.whole()?)),
    }
}

/// The order of two values, for `-lt` and its kin; `None` when neither is before the other.
///
/// # Errors
/// When the right value cannot become the left one's type.
pub(super) fn order(left: &V, right: &V, exact: bool) -> Res<Option<Ordering>> {
    Ok(match (left, right) {
        (V::Null | V::Nothing, V::Null | V::Nothing) => Some(Ordering::Equal),
        (V::Null | V::Nothing, other) => null_order(other),
        (other, V::Null | V::Nothing) => null_order(other).map(Ordering::reverse),
        (V::Str(a), b) => Some(texts(a, &interpolated(b), exact)),
        (V::Char(a), b) => Some(texts(&a.to_string(), &interpolated(b), exact)),
        (V::Date(a), b) => match super::cast::to_date(b) {
            Some(b) => Some(a.ticks.cmp(&b.ticks)),
            None => return not_comparable(left, right).err(),
        },
        (V::Span(a), b) => match super::cast::to_span(b) {
            Some(b) => Some(a.cmp(&b)),
            None => return not_comparable(left, right).err(),
        },
        (V::Version(a), b) => match interpolated(b).parse() {
            Ok(b) => Some(a.cmp(&b)),
            Err(_) => return not_comparable(left, right).err(),
        },
        (V::Obj(object), b) if object.is("System.Management.Automation.SemanticVersion") => {
            let version = |value: &V| {
                let text = interpolated(value);
                let plain = text.split(['-', '+']).next().unwrap_or_default();
                let whole = if plain.contains('.') { plain.to_owned() } else { format!("{plain}.0") };
                // Parts that are not written are zero.
                format!("{whole}{}", if whole.matches('.').count() == 1 { ".0" } else { "" })
                    .parse::<crate::clixml::PsVersion>()
                    .ok()
            };
            // A version with a label comes before the one without.
            let label = |value: &V| {
                interpolated(value)
                    .split('+')
                    .next()
                    .and_then(|text| text.split_once('-').map(|(_, label)| label.to_owned()))
            };
            match (version(left), version(b)) {
                (Some(a), Some(own)) => Some(a.cmp(&own).then_with(|| match (label(left), label(b)) {
                    (Some(a), Some(b)) => a.cmp(&b),
                    (a, b) => a.is_none().cmp(&b.is_none()),
                })),
                _ => return not_comparable(left, right).err(),
            }
        }
        (V::Obj(object), b) if super::dotnet::offset::is(object) => match super::dotnet::offset::order(object, b) {
            Some(found) => Some(found),
            None => return not_comparable(left, right).err(),
        },
        (V::Obj(object), b) => match (object.base(), sized(object)) {
            (_, Some(size)) => size_order(size, b),
            (V::Null, None) => match b {
                V::Obj(other) if object.same(other) => Some(Ordering::Equal),
                _ => return not_comparable(left, right).err(),
            },
            (base, None) => order(&base, b, exact)?,
        },
        (V::Enum(a), V::Str(b)) => match super::enums::by_name(&a.type_name, b) {
            Some(V::Enum(b)) => Some(a.number.cmp(&b.number)),
            _ => return not_comparable(left, right).err(),
        },
        (V::Bool(a) | V::Switch(a), b) => Some(a.cmp(&truthy(b))),
        _ => match number::plain(left) {
            Some(a) => match numeric_operand(right) {
                Some(b) => order_numbers(a, b),
                None if matches!(right, V::Str(_)) => {
                    return number::not_a_number(&interpolated(right), &left.type_name()).err();
                }
                None => return not_comparable(left, right).err(),
            },
            None => return not_comparable(left, right).err(),
        },
    })
}

fn size_order(size: f64, other: &V) -> Option<Ordering> {
    let other = match other {
        V::Obj(other) => sized(other),
        other => numeric_operand(other).map(Num::double),
    };
    other.and_then(|other| size.partial_cmp(&other))
}

fn null_order(other: &V) -> Option<Ordering> {
    match other {
        V::Str(text) if text.is_empty() => None,
        _ => match number::plain(other) {
            Some(number) if number.double() < 0.0 => Some(Ordering::Greater),
            _ => Some(Ordering::Less),
        },
    }
}

fn not_comparable(left: &V, right: &V) -> Problem {
    let (left_text, right_text) = (interpolated(left), interpolated(right));
    let to = left.type_name();
    let bare = matches!(left, V::Obj(_) | V::Hash(_) | V::Block(_));
    if bare {
        return Problem::new(
            if matches!(left, V::Obj(_)) { "PSObjectCompareTo" } else { "NotIcomparable" },
            if matches!(left, V::Obj(_)) { "NotSpecified" } else { "InvalidOperation" },
            match left {
                V::Obj(_) => format!(
                    "Cannot compare \"{left_text}\" to \"{right_text}\" because the objects are not the same type or the object \"{left_text}\" does not implement \"IComparable\"."
                ),
                _ => format!("Cannot compare \"{left_text}\" because it is not IComparable."),
            },
        );
    }
    let reason = match super::cast::cast(&to, right) {
        Err(fault) => match *fault {
            Fault::Error(record, _) => super::fault::summary(&record).0,
            _ => String::new(),
        },
        Ok(_) => format!("Cannot convert value \"{right_text}\" to type \"{to}\". Error: \"Invalid cast.\""),
    };
    Problem::new(
        "ComparisonFailure",
        "InvalidOperation",
        format!("Could not compare \"{left_text}\" to \"{right_text}\". Error: \"{reason}\""),
    )
}

/// The order of two texts as en-US sorts them.
#[must_use]
pub(super) fn texts(a: &str, b: &str, exact: bool) -> Ordering {
    let (x, y) = (keys(a), keys(b));
    let base = x.iter().map(|key| key.0).cmp(y.iter().map(|key| key.0));
    base.then_with(|| x.iter().map(|key| key.1).cmp(y.iter().map(|key| key.1)))
        .then_with(|| if exact { x.iter().map(|key| key.2).cmp(y.iter().map(|key| key.2)) } else { Ordering::Equal })
}

/// For each character: its place in the alphabet, its accent, its case.
fn keys(text: &str) -> Vec<(u32, u32, u32)> {
    const MARKS: &str = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
    text.chars()
        .flat_map(|c| {
            let lower: Vec<char> = c.to_lowercase().collect();
            let upper = u32::from(!lower.contains(&c));
            lower.into_iter().map(move |l| (l, upper))
        })
        .map(|(c, upper)| {
            if c.is_whitespace() {
                return (1, 0, 0);
            }
            if let Some(at) = MARKS.find(c) {
                return (2 + u32::try_from(at).unwrap_or(0), 0, 0);
            }
            if c.is_ascii_digit() {
                return (100 + u32::from(c), 0, 0);
            }
            let base = unaccented(c);
            (1000 + u32::from(base), if base == c { 0 } else { u32::from(c) }, upper)
        })
        .collect()
}

fn unaccented(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'š' | 'ś' => 's',
        'ž' | 'ż' | 'ź' => 'z',
        other => other,
    }
}

/// The order for sorting: null first, numbers among themselves, everything else as the left one compares.
#[must_use]
pub(super) fn sort_order(a: &V, b: &V, exact: bool) -> Ordering {
    match (a.is_null(), b.is_null()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Less,
        (false, true) => return Ordering::Greater,
        _ => {}
    }
    // property bags have no order, and the text of what is below their properties is empty
    if let (V::Obj(a), V::Obj(b)) = (a, b)
        && a.is_custom()
        && b.is_custom()
    {
        return Ordering::Equal;
    }
    match order(a, b, exact) {
        Ok(Some(found)) => found,
        _ => texts(&interpolated(a), &interpolated(b), exact),
    }
}

/// `-like`.
#[must_use]
pub(super) fn like(text: &str, pattern: &str, exact: bool) -> bool {
    let text: Vec<char> = fold(text, exact).chars().collect();
    let pattern: Vec<char> = fold(pattern, exact).chars().collect();
    wildcard(&text, &pattern)
}

fn wildcard(text: &[char], pattern: &[char]) -> bool {
    let (mut t, mut p) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        let matched = match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            None if t == text.len() => return true,
            None => None,
            Some(_) if t == text.len() => None,
            Some(_) => one(text[t], &pattern[p..]),
        };
        if let Some(length) = matched {
            p += length;
            t += 1;
        } else if let Some((at, from)) = star.filter(|(_, from)| *from < text.len()) {
            p = at + 1;
            t = from + 1;
            star = Some((at, from + 1));
        } else {
            return false;
        }
    }
}

/// Whether one character fits the beginning of the pattern, and how long that beginning is.
fn one(c: char, pattern: &[char]) -> Option<usize> {
    match pattern {
        ['?', ..] => Some(1),
        ['`', escaped, ..] => (c == *escaped).then_some(2),
        ['[', rest @ ..] if rest.contains(&']') => {
            let end = rest.iter().position(|c| *c == ']')?;
            let set = &rest[..end];
            let mut at = 0;
            while at < set.len() {
                if set.get(at + 1) == Some(&'-') && at + 2 < set.len() {
                    if (set[at]..=set[at + 2]).contains(&c) {
                        return Some(end + 2);
                    }
                    at += 3;
                } else {
                    if set[at] == c {
                        return Some(end + 2);
                    }
                    at += 1;
                }
            }
            None
        }
        [same, ..] => (c == *same).then_some(1),
        [] => None,
    }
}

/// Whether a list contains an item.
#[must_use]
pub(super) fn contains(list: &V, item: &V, exact: bool) -> bool {
    list.clone().unrolled().iter().any(|own| equal(own, item, exact))
}

/// A comparison by its operator (`-eq`, `-clike` …; not `-match`), filtering when the left is a list.
///
/// # Errors
/// When the values cannot be ordered.
pub(super) fn compare(left: &V, op: &str, right: &V) -> Res<V> {
    let name = op.trim_start_matches('-');
    let exact = name.starts_with('c') && !matches!(name, "contains");
    let name = if exact { &name[1..] } else { name };
    match name {
        "contains" => return Ok(V::Bool(contains(left, right, exact))),
        "notcontains" => return Ok(V::Bool(!contains(left, right, exact))),
        "in" => return Ok(V::Bool(contains(right, left, exact))),
        "notin" => return Ok(V::Bool(!contains(right, left, exact))),
        _ => {}
    }
    let test = |value: &V| -> Res<bool> {
        Ok(match name {
            "eq" => equal(value, right, exact),
            "ne" => !equal(value, right, exact),
            "like" => like(&interpolated(value), &interpolated(right), exact),
            "notlike" => !like(&interpolated(value), &interpolated(right), exact),
            _ => {
                let found = order(value, right, exact)?;
                match name {
                    "lt" => found == Some(Ordering::Less),
                    "le" => matches!(found, Some(Ordering::Less | Ordering::Equal)),
                    "gt" => found == Some(Ordering::Greater),
                    _ => matches!(found, Some(Ordering::Greater | Ordering::Equal)),
                }
            }
        })
    };
    if let V::List(list) = left {
        let mut kept = Vec::new();
        for item in list.items() {
            if test(&item)? {
                kept.push(item);
            }
        }
        return Ok(V::array(kept));
    }
    test(left).map(V::Bool)
}
