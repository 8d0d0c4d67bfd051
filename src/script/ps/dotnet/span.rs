//! `System.TimeSpan`: its methods, static methods and constructors.
//!
//! No other types.

use super::super::fault::{Res, method_threw};
use super::super::number;
use super::super::state::Cx;
use super::super::text::interpolated;
use super::arguments::{float, refer, text};

use super::super::value::V;

use crate::clixml::PsTimeSpan;

/// Methods of time spans.
///
/// # Errors
/// When a factor is no number, or a format none of time spans.
pub(super) fn methods(span: PsTimeSpan, name: &str, args: &[V]) -> Res<Option<V>> {
    let other = || args.first().and_then(super::super::cast::to_span).unwrap_or_default().ticks;
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "that is what .NET does")]
    let scaled = |factor: f64| V::Span(PsTimeSpan { ticks: (span.ticks as f64 * factor).round() as i64 });
    let ticks = match name {
        "add" => span.ticks + other(),
        "subtract" => span.ticks - other(),
        "negate" => -span.ticks,
        "duration" => span.ticks.abs(),
        "multiply" => return Ok(Some(scaled(float(args, 0)?))),
        #[expect(clippy::cast_precision_loss, reason = "that is what .NET does")]
        "divide" if matches!(args.first(), Some(V::Span(_))) => {
            return Ok(Some(V::Double(span.ticks as f64 / other() as f64)));
        }
        "divide" => return Ok(Some(scaled(1.0 / float(args, 0)?))),
        "tostring" if !well_formed(&text(args, 0)) => {
            let message = "Input string was not in a correct format.";
            return method_threw("ToString", args.len(), "System.FormatException", message).err();
        }
        _ => return Ok(None),
    };
    Ok(Some(V::Span(PsTimeSpan { ticks })))
}

/// Whether a format is one of time spans: a standard letter, or custom with everything else escaped or quoted.
#[must_use]
pub(in crate::script::ps) fn well_formed(format: &str) -> bool {
    if matches!(format, "" | "c" | "t" | "T" | "g" | "G") {
        return true;
    }
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            'd' | 'h' | 'm' | 's' | 'f' | 'F' => {}
            '%' => {}
            '\\' => {
                chars.next();
            }
            '\'' | '"' => {
                if !chars.by_ref().any(|other| other == c) {
                    return false;
                }
            }
            _ => return false,
        }
    }
    format.chars().count() > 1
}

/// `[timespan]::…`.
///
/// # Errors
/// When a text is no time span.
pub(super) fn statics(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let unit: i64 = match name {
        "fromdays" => 864_000_000_000,
        "fromhours" => 36_000_000_000,
        "fromminutes" => 600_000_000,
        "fromseconds" => 10_000_000,
        "frommilliseconds" => 10_000,
        "frommicroseconds" => 10,
        "fromticks" => 1,
        "parse" | "parseexact" | "tryparse" | "tryparseexact" => return read(cx, name, args).map(Some),
        "compare" | "equals" => {
            let at = |at: usize| args.get(at).and_then(super::super::cast::to_span).unwrap_or_default();
            let order = at(0).cmp(&at(1));
            return Ok(Some(if name == "equals" { V::Bool(order.is_eq()) } else { V::Int(order as i32) }));
        }
        _ => return Ok(None),
    };
    let mut ticks = scaled(args.first(), unit)?;
    // Since .NET 9 smaller units may follow as further arguments.
    for (arg, unit) in args.iter().skip(1).zip(smaller(name)) {
        ticks += scaled(Some(arg), *unit)?;
    }
    Ok(Some(V::Span(PsTimeSpan { ticks })))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "that is what .NET does")]
fn scaled(amount: Option<&V>, unit: i64) -> Res<i64> {
    let amount = number::of(amount.unwrap_or(&V::Int(0)), "System.Double")?.double();
    Ok((amount * unit as f64).round() as i64)
}

/// The units below that of a method's name.
fn smaller(name: &str) -> &'static [i64] {
    match name {
        "fromdays" => &[36_000_000_000, 600_000_000, 10_000_000, 10_000, 10],
        "fromhours" => &[600_000_000, 10_000_000, 10_000, 10],
        "fromminutes" => &[10_000_000, 10_000, 10],
        "fromseconds" => &[10_000, 10],
        _ => &[],
    }
}

/// `Parse`, `ParseExact` and their `Try` forms.
fn read(cx: Cx<'_>, name: &str, args: &[V]) -> Res<V> {
    let text = text(args, 0);
    let found = if name.ends_with("exact") {
        let formats = args.get(1).cloned().unwrap_or_default().unrolled();
        formats.iter().find_map(|format| by_format(&text, &interpolated(format)))
    } else {
        super::super::cast::to_span(&V::from(text.as_str()))
    };
    if name.starts_with("try") {
        refer(cx, args, V::Span(found.unwrap_or_default()))?;
        return Ok(V::Bool(found.is_some()));
    }
    match found {
        Some(found) => Ok(V::Span(found)),
        None => {
            let message = unreadable(&text);
            let method = if name == "parse" { "Parse" } else { "ParseExact" };
            let kind = if message.contains("could not be parsed") {
                "System.OverflowException"
            } else {
                "System.FormatException"
            };
            method_threw(method, args.len(), kind, &message).err()
        }
    }
}

/// Why a text is no time span, in .NET's words.
#[must_use]
pub(in crate::script::ps) fn unreadable(text: &str) -> String {
    let numeric = !text.trim().is_empty()
        && text.trim().trim_start_matches('-').chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.'))
        && text.contains(':');
    if numeric {
        format!(
            "The TimeSpan string '{text}' could not be parsed because at least one of the numeric components is out of range or contains too many digits."
        )
    } else {
        format!("String '{text}' was not recognized as a valid TimeSpan.")
    }
}

/// A time span by a custom format.
fn by_format(text: &str, format: &str) -> Option<PsTimeSpan> {
    if matches!(format, "c" | "t" | "T" | "g" | "G") {
        return super::super::cast::to_span(&V::from(text));
    }
    let source: Vec<char> = text.chars().collect();
    let format: Vec<char> = format.chars().collect();
    let (mut at, mut f, mut ticks) = (0, 0, 0_i64);
    while let Some(c) = format.get(f).copied() {
        let run = format[f..].iter().take_while(|other| **other == c).count();
        f += run;
        match c {
            'd' | 'h' | 'm' | 's' | 'f' => {
                let most = if run == 1 && c != 'f' { 8 } else { run };
                let digits: String = source.get(at..)?.iter().take(most).take_while(|c| c.is_ascii_digit()).collect();
                at += digits.len();
                let value: i64 = digits.parse().ok()?;
                ticks += match c {
                    'd' => value * 864_000_000_000,
                    'h' => value * 36_000_000_000,
                    'm' => value * 600_000_000,
                    's' => value * 10_000_000,
                    _ => value * 10_i64.pow(u32::try_from(7_usize.saturating_sub(digits.len())).ok()?),
                };
            }
            '%' => {}
            '\\' => {
                if source.get(at) != format.get(f) {
                    return None;
                }
                at += 1;
                f += 1;
            }
            '\'' | '"' => {
                while let Some(quoted) = format.get(f).filter(|other| **other != c) {
                    if source.get(at) != Some(quoted) {
                        return None;
                    }
                    at += 1;
                    f += 1;
                }
                f += 1;
            }
            _ => return None,
        }
    }
    (at == source.len()).then_some(PsTimeSpan { ticks })
}

pub(in crate::script::ps) fn make(args: &[V]) -> Res<V> {
    let n = super::date::integers(args)?;
    let ticks = match n.as_slice() {
        [ticks] => *ticks,
        [h, m, s] => ((h * 60 + m) * 60 + s) * 10_000_000,
        [d, h, m, s] => (((d * 24 + h) * 60 + m) * 60 + s) * 10_000_000,
        [d, h, m, s, ms, us] => (((d * 24 + h) * 60 + m) * 60 + s) * 10_000_000 + ms * 10_000 + us * 10,
        [d, h, m, s, ms] => (((d * 24 + h) * 60 + m) * 60 + s) * 10_000_000 + ms * 10_000,
        _ => 0,
    };
    Ok(V::Span(PsTimeSpan { ticks }))
}
