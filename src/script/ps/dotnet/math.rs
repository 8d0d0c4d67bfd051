//! `System.Math`.
//!
//! No other types.

use super::super::fault::{Res, method_threw};
use super::super::number::{self, Num};

use super::super::state::Cx;
use super::super::text::to_string;
use super::super::value::V;
use super::arguments::refer;

/// `[math]::…`.
///
/// # Errors
/// When an argument is no number, or a divisor is zero.
#[expect(clippy::too_many_lines, reason = "one arm a method")]
pub(in crate::script::ps) fn statics(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let zero = V::Int(0);
    let only = match name {
        "sqrt" | "exp" | "log10" | "cbrt" | "sin" | "cos" | "tan" | "asin" | "acos" | "atan" => Some("d"),
        "pow" => Some("x"),
        _ => None,
    };
    let a = match only {
        Some(parameter) => {
            let method = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
            super::arguments::number_for(args, 0, &method, parameter, "System.Double")?
        }
        None => number::of(args.first().unwrap_or(&zero), "System.Double")?,
    };
    let b = args.get(1).filter(|value| !matches!(value, V::Enum(_) | V::Str(_)));
    let b = match b {
        Some(value) => Some(number::of(value, "System.Double")?),
        None => None,
    };
    let float = |f: fn(f64) -> f64| Some(V::Double(f(a.double())));
    Ok(match name {
        "round" => {
            let mode =
                args.iter().skip(1).filter(|arg| matches!(arg, V::Enum(_) | V::Str(_))).map(to_string).next_back();
            if let Some(digits) = b.and_then(Num::long)
                && !matches!(a, Num::Decimal(_))
                && !(0..=15).contains(&digits)
            {
                let message = "Rounding digits must be between 0 and 15, inclusive. (Parameter 'digits')";
                return method_threw("Round", args.len(), "System.ArgumentOutOfRangeException", message).err();
            }
            Some(round(a, b.and_then(Num::long).unwrap_or(0), &mode.unwrap_or_default().to_lowercase()))
        }
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
            unsigned @ (Num::UInt(_) | Num::ULong(_)) => unsigned.value(),
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
        "divrem" if args.len() > 2 => {
            let (Some(a), Some(b)) = (a.long(), b.and_then(Num::long).filter(|b| *b != 0)) else {
                return method_threw("DivRem", 3, "System.DivideByZeroException", "Attempted to divide by zero.").err();
            };
            refer(cx, args, V::integer(a % b))?;
            Some(V::integer(a / b))
        }
        "divrem" => match (a.long(), b.and_then(Num::long)) {
            (Some(_), Some(0)) => {
                return method_threw("DivRem", 2, "System.DivideByZeroException", "Attempted to divide by zero.").err();
            }
            (Some(a), Some(b)) => Some(V::Obj(
                super::super::value::Obj::new(
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
        "maxmagnitude" | "minmagnitude" => {
            let (x, y) = (a.double(), b.map_or(0.0, Num::double));
            Some(V::Double(if (x.abs() >= y.abs()) == (name == "maxmagnitude") { x } else { y }))
        }
        "fusedmultiplyadd" => {
            let third = number::of(args.get(2).unwrap_or(&zero), "System.Double")?;
            Some(V::Double(a.double().mul_add(b.map_or(0.0, Num::double), third.double())))
        }
        "ilogb" => Some(V::Double(a.double().abs().log2().floor())),
        "asinh" => float(f64::asinh),
        "acosh" => float(f64::acosh),
        "atanh" => float(f64::atanh),
        "copysign" => Some(V::Double(a.double().copysign(b.map_or(0.0, Num::double)))),
        "sin" => float(f64::sin),
        "cos" => float(f64::cos),
        "tan" => float(f64::tan),
        _ => None,
    })
}

fn round(value: Num, digits: i64, mode: &str) -> V {
    let digits = u32::try_from(digits).unwrap_or(0);
    if let Num::Decimal(exact) = value {
        use rust_decimal::RoundingStrategy as Strategy;
        let strategy = match mode {
            "awayfromzero" => Strategy::MidpointAwayFromZero,
            "tozero" => Strategy::ToZero,
            "tonegativeinfinity" => Strategy::ToNegativeInfinity,
            "topositiveinfinity" => Strategy::ToPositiveInfinity,
            _ => Strategy::MidpointNearestEven,
        };
        return V::Decimal(exact.round_dp_with_strategy(digits, strategy));
    }
    let power = 10_f64.powi(i32::try_from(digits).unwrap_or(0));
    let number = value.double();
    let scaled = number * power;
    if !scaled.is_finite() {
        return V::Double(number);
    }
    let whole = match mode {
        "awayfromzero" => scaled.round(),
        "tozero" => scaled.trunc(),
        "tonegativeinfinity" => scaled.floor(),
        "topositiveinfinity" => scaled.ceil(),
        _ => scaled.round_ties_even(),
    };
    V::Double(whole / power)
}
