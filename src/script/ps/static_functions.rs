//! Static methods of .NET's small types: `[math]`, `[string]`, `[datetime]`, `[timespan]`, `[Convert]`, `[regex]`.
//!
//! `None` means that there is no such method. What is found by type and name is in `statics`.

use super::fault::{Res, method_threw};
use super::number::{self, Num};
use super::state::Cx;
use super::statics::{byte_array, culture_of};
use super::text::{interpolated, to_string};
use super::value::{List, ListKind, V};
use crate::clixml::{DateTimeKind, PsDateTime, PsTimeSpan};
use crate::render::text::Culture;

pub(super) fn math(name: &str, args: &[V]) -> Res<Option<V>> {
    let zero = V::Int(0);
    let a = number::of(args.first().unwrap_or(&zero), "System.Double")?;
    let b = args.get(1).filter(|value| !matches!(value, V::Enum(_) | V::Str(_)));
    let b = match b {
        Some(value) => Some(number::of(value, "System.Double")?),
        None => None,
    };
    let float = |f: fn(f64) -> f64| Some(V::Double(f(a.double())));
    Ok(match name {
        "round" => Some(round(
            a,
            b.and_then(Num::long).unwrap_or(0),
            args.iter().any(|arg| {
                matches!(arg, V::Enum(mode) if mode.name == "AwayFromZero")
                    || matches!(arg, V::Str(mode) if mode.eq_ignore_ascii_case("AwayFromZero"))
            }),
        )),
        "ceiling" | "floor" | "truncate" => Some(match a {
            Num::Decimal(exact) => V::Decimal(match name {
                "ceiling" => exact.ceil(),
                "floor" => exact.floor(),
                _ => exact.trunc(),
            }),
            _ => V::Double(match name {
                "ceiling" => a.double().ceil(),
                "floor" => a.double().floor(),
                _ => a.double().trunc(),
            }),
        }),
        "abs" => Some(match a {
            Num::Int(n) => n.checked_abs().map_or(V::Double(f64::from(n).abs()), V::Int),
            Num::Long(n) => V::Long(n.saturating_abs()),
            Num::Double(n) => V::Double(n.abs()),
            Num::Decimal(n) => V::Decimal(n.abs()),
        }),
        "max" | "min" => {
            let (x, y) = (args.first().cloned().unwrap_or_default(), args.get(1).cloned().unwrap_or_default());
            let first = (a.double() >= b.map_or(0.0, Num::double)) == (name == "max");
            let found = number::of(if first { &x } else { &y }, "System.Double")?;
            Some(if matches!(a, Num::Double(_)) || matches!(b, Some(Num::Double(_))) {
                V::Double(found.double())
            } else {
                found.value()
            })
        }
        "pow" => Some(V::Double(a.double().powf(b.map_or(0.0, Num::double)))),
        "sign" => Some(V::Int(if a.double() > 0.0 { 1 } else { -i32::from(a.double() < 0.0) })),
        "sqrt" => float(f64::sqrt),
        "log10" => float(f64::log10),
        "log2" => float(f64::log2),
        "log" => Some(V::Double(b.map_or_else(|| a.double().ln(), |base| a.double().log(base.double())))),
        "exp" => float(f64::exp),
        "cbrt" => float(f64::cbrt),
        "asin" => float(f64::asin),
        "acos" => float(f64::acos),
        "atan" => float(f64::atan),
        "sinh" => float(f64::sinh),
        "cosh" => float(f64::cosh),
        "tanh" => float(f64::tanh),
        "atan2" => Some(V::Double(a.double().atan2(b.map_or(0.0, Num::double)))),
        "ieeeremainder" => {
            let divisor = b.map_or(0.0, Num::double);
            Some(V::Double(a.double() - divisor * (a.double() / divisor).round_ties_even()))
        }
        "bigmul" => a.long().zip(b.and_then(Num::long)).and_then(|(a, b)| a.checked_mul(b)).map(V::Long),
        "divrem" => match (a.long(), b.and_then(Num::long)) {
            (Some(_), Some(0)) => {
                return method_threw("DivRem", 2, "System.DivideByZeroException", "Attempted to divide by zero.").err();
            }
            (Some(a), Some(b)) => Some(V::Obj(
                super::value::Obj::new(
                    "System.ValueTuple`2[System.Int32,System.Int32]",
                    [("Item1", V::integer(a / b)), ("Item2", V::integer(a % b))],
                )
                .with_text(&format!("({}, {})", a / b, a % b)),
            )),
            _ => None,
        },
        "clamp" => {
            let high = number::of(args.get(2).unwrap_or(&zero), "System.Double")?;
            let low = b.unwrap_or(a);
            let found = if a.double() < low.double() {
                low
            } else if a.double() > high.double() {
                high
            } else {
                a
            };
            let any_double = [a, low, high].iter().any(|n| matches!(n, Num::Double(_)));
            Some(if any_double { V::Double(found.double()) } else { found.value() })
        }
        "sin" => float(f64::sin),
        "cos" => float(f64::cos),
        "tan" => float(f64::tan),
        _ => None,
    })
}

fn round(value: Num, digits: i64, away: bool) -> V {
    let digits = u32::try_from(digits).unwrap_or(0);
    if let Num::Decimal(exact) = value {
        let strategy = if away {
            rust_decimal::RoundingStrategy::MidpointAwayFromZero
        } else {
            rust_decimal::RoundingStrategy::MidpointNearestEven
        };
        return V::Decimal(exact.round_dp_with_strategy(digits, strategy));
    }
    let power = 10_f64.powi(i32::try_from(digits).unwrap_or(0));
    let number = value.double();
    let scaled = number * power;
    if !scaled.is_finite() {
        return V::Double(number);
    }
    V::Double(if away { scaled.round() } else { scaled.round_ties_even() } / power)
}

pub(super) fn string(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
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
            super::operators::format(&format, &values, &culture)?
        }
        "concat" => V::from(
            args.iter().flat_map(|arg| arg.clone().unrolled()).map(|value| to_string(&value)).collect::<String>(),
        ),
        "compare" => {
            let ignore = args.get(2).is_some_and(|arg| {
                super::compare::truthy(arg) && !matches!(arg, V::Enum(value) if !value.name.ends_with("IgnoreCase"))
            });
            V::Int(super::compare::texts(&text(0), &text(1), !ignore) as i32)
        }
        "equals" => V::Bool(text(0) == text(1)),
        "copy" => V::from(text(0)),
        _ => {
            let _ = cx;
            return Ok(None);
        }
    }))
}

pub(super) fn date(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    let int = |at: usize| -> Res<i64> {
        Ok(number::of(args.get(at).unwrap_or(&V::Int(0)), "System.Int32")?.long().unwrap_or_default())
    };
    let unreadable = |method: &str| {
        method_threw(
            method,
            args.len(),
            "System.FormatException",
            &format!("String '{}' was not recognized as a valid DateTime.", text(0)),
        )
    };
    Ok(Some(match name {
        "parse"
            if args
                .get(1)
                .is_some_and(|culture| matches!(to_string(culture).as_str(), "en-GB" | "de-DE" | "fr-FR")) =>
        {
            let forms = [
                "dd/MM/yyyy",
                "d/M/yyyy",
                "dd.MM.yyyy",
                "d.M.yyyy",
                "dd/MM/yyyy HH:mm",
                "dd.MM.yyyy HH:mm",
                "yyyy-MM-dd",
            ];
            match forms.iter().find_map(|form| super::dates::parse_exact(&text(0), form)) {
                Some(date) => V::Date(date),
                None => return unreadable("Parse").err(),
            }
        }
        "parse" => match super::cast::to_date(&V::from(text(0))) {
            Some(date) => V::Date(date),
            None => return unreadable("Parse").err(),
        },
        "parseexact" => {
            let formats = args.get(1).cloned().unwrap_or_default().unrolled();
            match formats.iter().find_map(|format| super::dates::parse_exact(&text(0), &interpolated(format))) {
                Some(date) => V::Date(date),
                None => return unreadable("ParseExact").err(),
            }
        }
        "tryparse" => {
            let found = super::cast::to_date(&V::from(text(0)));
            if let Some(reference @ V::Obj(_)) = args.last() {
                let least = V::Date(PsDateTime { ticks: 0, kind: DateTimeKind::Unspecified });
                super::member::set(cx, reference, "Value", found.map_or(least, V::Date))?;
            }
            V::Bool(found.is_some())
        }
        "daysinmonth" => V::integer(super::dates::days_in_month(int(0)?, int(1)?)),
        "isleapyear" => V::Bool(super::dates::is_leap_year(int(0)?)),
        "fromfiletime" | "fromfiletimeutc" => {
            let kind =
                if name == "fromfiletimeutc" { DateTimeKind::Utc } else { DateTimeKind::Local { offset_minutes: 0 } };
            V::Date(PsDateTime { ticks: int(0)? + 504_911_232_000_000_000, kind })
        }
        "fromoadate" => V::Date(PsDateTime {
            ticks: 599_264_352_000_000_000 + int(0)? * PsDateTime::TICKS_PER_DAY,
            kind: DateTimeKind::Unspecified,
        }),
        "fromunixtimeseconds" | "fromunixtimemilliseconds" => {
            let unit = if name == "fromunixtimeseconds" { 10_000_000 } else { 10_000 };
            V::Date(PsDateTime { ticks: super::dates::UNIX_EPOCH_TICKS + int(0)? * unit, kind: DateTimeKind::Utc })
        }
        "specifykind" => match (args.first(), args.get(1)) {
            (Some(V::Date(date)), Some(kind)) => {
                let kind = match to_string(kind).to_lowercase().as_str() {
                    "utc" => DateTimeKind::Utc,
                    "local" => DateTimeKind::Local { offset_minutes: 0 },
                    _ => DateTimeKind::Unspecified,
                };
                V::Date(PsDateTime { kind, ..*date })
            }
            _ => return Ok(None),
        },
        "compare" => V::Int(
            super::compare::order(
                &args.first().cloned().unwrap_or_default(),
                &args.get(1).cloned().unwrap_or_default(),
                false,
            )?
            .map_or(0, |order| order as i32),
        ),
        _ => return Ok(None),
    }))
}

pub(super) fn span(name: &str, args: &[V]) -> Res<Option<V>> {
    let unit: i64 = match name {
        "fromdays" => 864_000_000_000,
        "fromhours" => 36_000_000_000,
        "fromminutes" => 600_000_000,
        "fromseconds" => 10_000_000,
        "frommilliseconds" => 10_000,
        "fromticks" => 1,
        "parse" => return super::cast::cast("timespan", args.first().unwrap_or(&V::Null)).map(Some),
        _ => return Ok(None),
    };
    let amount = number::of(args.first().unwrap_or(&V::Int(0)), "System.Double")?.double();
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "that is what .NET does")]
    Ok(Some(V::Span(PsTimeSpan { ticks: (amount * unit as f64).round() as i64 })))
}

pub(super) fn convert(name: &str, args: &[V]) -> Res<Option<V>> {
    let value = args.first().cloned().unwrap_or_default();
    Ok(Some(match name {
        "tobase64string" => V::from(base64_simd::STANDARD.encode_to_string(super::text::bytes(&value.unrolled()))),
        "frombase64string" => {
            let text = interpolated(&value);
            match base64_simd::forgiving_decode_to_vec(text.as_bytes()) {
                Ok(bytes) => byte_array(&bytes),
                Err(_) => return method_threw("FromBase64String", 1, "System.FormatException", "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters.").err(),
            }
        }
        "toboolean" => match &value {
            V::Str(text) => match text.trim().to_lowercase().as_str() {
                "true" => V::Bool(true),
                "false" => V::Bool(false),
                _ => {
                    return method_threw(
                        "ToBoolean",
                        1,
                        "System.FormatException",
                        &format!("String '{text}' was not recognized as a valid Boolean."),
                    )
                    .err();
                }
            },
            other => V::Bool(super::compare::truthy(other)),
        },
        "toint32" | "toint64" if args.len() == 2 => {
            let radix = number::of(&args[1], "System.Int32")?.long().and_then(|n| u32::try_from(n).ok()).unwrap_or(10);
            V::integer(
                i64::from_str_radix(interpolated(&value).trim_start_matches("0x"), radix.clamp(2, 36))
                    .unwrap_or_default(),
            )
        }
        "toint32" => super::cast::cast("int", &value)?,
        "toint64" => super::cast::cast("long", &value)?,
        "todouble" => super::cast::cast("double", &value)?,
        "todecimal" => super::cast::cast("decimal", &value)?,
        "todatetime" => super::cast::cast("datetime", &value)?,
        "tostring" => match args.get(1).and_then(number::plain).and_then(Num::long) {
            Some(2) => V::from(format!("{:b}", number::of(&value, "System.Int32")?.long().unwrap_or_default())),
            Some(16) => V::from(format!("{:x}", number::of(&value, "System.Int32")?.long().unwrap_or_default())),
            Some(8) => V::from(format!("{:o}", number::of(&value, "System.Int32")?.long().unwrap_or_default())),
            _ => V::from(to_string(&value)),
        },
        "tobyte" => super::cast::cast("byte", &value)?,
        "tochar" => super::cast::cast("char", &value)?,
        _ => return Ok(None),
    }))
}

pub(super) fn regex(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    if name == "escape" {
        return Ok(Some(V::from(escape(&text(0)))));
    }
    if name == "unescape" {
        return Ok(Some(V::from(text(0).replace('\\', ""))));
    }
    let options = args.iter().skip(2).any(|arg| to_string(arg).contains("IgnoreCase"));
    let compiled = super::regexes::compile(&text(1), options)?;
    matched(cx, name, &compiled, &text(0), args.get(2))
}

fn escape(text: &str) -> String {
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

pub(super) fn matched(
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
            super::regexes::match_object(compiled, found.as_ref(), text)
        }
        "matches" => V::List(List::of(ListKind::Other(kind.into()), super::regexes::all_matches(compiled, text)?)),
        "replace" => match with {
            Some(V::Block(block)) => V::from(super::operators::replace_with_block(cx, compiled, text, block)?),
            other => V::from(super::regexes::replace(compiled, text, &other.map(interpolated).unwrap_or_default())?),
        },
        "split" => V::List(List::of(
            ListKind::Array("System.String".into()),
            super::regexes::split(compiled, text, 0)?.into_iter().map(V::from).collect(),
        )),
        _ => return Ok(None),
    }))
}
