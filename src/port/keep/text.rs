//! Rhai's literals as a person writes them: strings with or without interpolation, numbers.
//!
//! Line ends inside a literal are marked while the text is laid out, so that indenting does not reach them.

use super::super::ast::Number;

/// Stands for a line end inside a literal until the text is finished.
pub(super) const LINE_END: char = '\u{E000}';

/// A string literal.
pub(super) fn quoted(text: &str) -> String {
    let breaks = text.matches('\n').count();
    let is_short = breaks <= 2 && text.len() <= 60;
    if breaks > 0 && !is_short && !text.contains('\r') {
        return template(&[Piece::Text(text)]);
    }
    super::super::lower::quoted(text)
}

/// A part of a template.
pub(super) enum Piece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// An expression.
    Code(String),
}

/// A string in backticks.
pub(super) fn template(pieces: &[Piece<'_>]) -> String {
    let whole: Option<Vec<&str>> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => Some(*text),
            Piece::Code(_) => None,
        })
        .collect();
    if let Some(whole) = whole.filter(|whole| whole.len() > 1) {
        return quoted(&whole.concat());
    }
    let mut out = String::from("`");
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) => {
                // a line end right after the opening mark is not part of the string
                if index == 0 && text.starts_with(['\n', '\r']) {
                    out.push(LINE_END);
                }
                // Rhai leaves a carriage return out
                let mut safe = text
                    .replace('`', "``")
                    .replace("${", "\\${")
                    .replace("\r\n", "${\"\\r\\n\"}")
                    .replace('\n', &LINE_END.to_string());
                // before `${` a backslash is none
                if matches!(pieces.get(index + 1), Some(Piece::Code(_))) && safe.ends_with('\\') {
                    let kept = safe.trim_end_matches('\\').len();
                    let marks = "\\\\".repeat(safe.len() - kept);
                    safe.truncate(kept);
                    safe.push_str(&format!("${{\"{marks}\"}}"));
                }
                out.push_str(&safe);
            }
            Piece::Code(code) => {
                out.push_str("${");
                out.push_str(code);
                out.push('}');
            }
        }
    }
    out.push('`');
    out
}

/// A number.
pub(super) fn number(value: Number, raw: &str) -> String {
    let lower = raw.to_ascii_lowercase();
    for (suffix, unit) in [("kb", 10), ("mb", 20), ("gb", 30), ("tb", 40), ("pb", 50)] {
        if let Some(count) = lower.strip_suffix(suffix)
            && let Ok(count) = count.parse::<u32>()
            && i64::from(count) < i64::MAX >> unit
        {
            return format!("{suffix}({count})");
        }
    }
    match value {
        Number::Int(n) => n.to_string(),
        Number::Long(n) if n > i64::from(i32::MAX) || n < i64::from(i32::MIN) && n != i64::MIN => n.to_string(),
        Number::Long(n) => format!("to_long(\"{n}\")"),
        Number::Double(n) if n.is_finite() && n.abs() < 1e15 && (n == 0.0 || n.abs() > 1e-5) => {
            if n.fract() == 0.0 {
                format!("{n:.1}")
            } else {
                n.to_string()
            }
        }
        Number::Double(n) => format!("to_double(\"{n:e}\")"),
        Number::Decimal(n) => format!("to_decimal(\"{n}\")"),
        Number::Suffixed(suffix, n) => format!("cast_to(\"{n}\", \"{}\")", Number::type_of_suffix(suffix)),
    }
}
