//! `System.Char`: what a character is, and its other case.
//!
//! Methods of a character are those of a text of one.

use super::super::fault::{Res, method_threw};
use super::super::number::{self, Num};
use super::super::text::interpolated;
use super::super::value::V;

/// `[char]::…`.
///
/// # Errors
/// When a text has not exactly one character.
pub(super) fn statics(name: &str, args: &[V]) -> Res<Option<V>> {
    let given = match args.first() {
        Some(V::Char(c)) => c.to_string(),
        Some(number @ (V::Int(_) | V::Long(_))) => number::plain(number)
            .and_then(Num::long)
            .and_then(|code| u32::try_from(code).ok())
            .and_then(char::from_u32)
            .map(String::from)
            .unwrap_or_default(),
        other => other.map(interpolated).unwrap_or_default(),
    };
    let at = args.get(1).and_then(number::plain).and_then(Num::long).and_then(|at| usize::try_from(at).ok());
    let c = given.chars().nth(at.unwrap_or(0)).unwrap_or_default();
    let is = |truth: bool| Some(V::Bool(truth));
    Ok(match name {
        "isdigit" | "isasciidigit" => is(c.is_ascii_digit()),
        "isnumber" => is(c.is_numeric()),
        "isletter" => is(c.is_alphabetic()),
        "isasciiletter" => is(c.is_ascii_alphabetic()),
        "isasciiletterordigit" => is(c.is_ascii_alphanumeric()),
        "isasciihexdigit" => is(c.is_ascii_hexdigit()),
        "isletterordigit" => is(c.is_alphanumeric()),
        "isupper" => is(c.is_uppercase()),
        "islower" => is(c.is_lowercase()),
        "iswhitespace" => is(c.is_whitespace()),
        "iscontrol" => is(c.is_control()),
        "isascii" => is(c.is_ascii()),
        "isasciiletterlower" => is(c.is_ascii_lowercase()),
        "isasciiletterupper" => is(c.is_ascii_uppercase()),
        "isbetween" => {
            let end =
                |at: usize| args.get(at).map(interpolated).and_then(|text| text.chars().next()).unwrap_or_default();
            is((end(1)..=end(2)).contains(&c))
        }
        "issurrogate" | "ishighsurrogate" | "islowsurrogate" => is(false),
        "issymbol" => is(
            matches!(c, '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~' | '¢'..='©' | '¬' | '®'..='±' | '´' | '¸' | '×' | '÷' | '€'),
        ),
        "ispunctuation" => is((c.is_ascii_punctuation()
            && !matches!(c, '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~'))
            || matches!(c, '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' | '‐'..='‧' | '‰'..='⁞')),
        "isseparator" => is(matches!(c, ' ' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}')),
        "toupper" | "toupperinvariant" => Some(V::Char(c.to_uppercase().next().unwrap_or(c))),
        "tolower" | "tolowerinvariant" => Some(V::Char(c.to_lowercase().next().unwrap_or(c))),
        "tostring" | "convertfromutf32" => Some(V::from(c.to_string())),
        "converttoutf32" => Some(V::integer(u32::from(c).into())),
        "getnumericvalue" => Some(V::Double(c.to_digit(10).map_or(-1.0, f64::from))),
        "parse" if given.chars().count() != 1 => {
            let message = "String must be exactly one character long.";
            return method_threw("Parse", args.len(), "System.FormatException", message).err();
        }
        "parse" => Some(V::Char(c)),
        _ => None,
    })
}
