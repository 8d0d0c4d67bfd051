//! Rhai literals.

use super::super::ast::Number;

/// A string literal.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if u32::from(c) < 0x20 || u32::from(c) == 0x7f => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A number literal, or a call that makes the number.
#[must_use]
pub(super) fn number(value: Number) -> String {
    match value {
        Number::Int(n) if n < 0 => format!("({n})"),
        Number::Int(n) => n.to_string(),
        Number::Long(i64::MIN) => "long(\"-9223372036854775808\")".to_owned(),
        Number::Long(n) => format!("long({n})"),
        Number::Double(n) if n.is_finite() && n.abs() < 1e15 && n.fract() == 0.0 => {
            if n < 0.0 {
                format!("({n:.1})")
            } else {
                format!("{n:.1}")
            }
        }
        Number::Double(n) if n.is_finite() && n.abs() < 1e15 && n.abs() > 1e-5 => {
            if n < 0.0 {
                format!("({n})")
            } else {
                n.to_string()
            }
        }
        Number::Double(n) => format!("double(\"{n:e}\")"),
        Number::Decimal(n) => format!("decimal(\"{n}\")"),
        Number::Suffixed(suffix, n) => format!("cast(\"{}\", \"{n}\")", Number::type_of_suffix(suffix)),
    }
}
