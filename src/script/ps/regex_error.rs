//! What .NET says of a pattern that is none: where it goes wrong, and how.
//!
//! Whether it is one is decided by the engine that compiles it, in `regexes`.

/// `Invalid pattern '(' at offset 1. Not enough )'s.`
#[must_use]
pub(super) fn message(pattern: &str) -> String {
    let (offset, reason) = fault(&pattern.chars().collect::<Vec<char>>());
    format!("Invalid pattern '{pattern}' at offset {offset}. {reason}")
}

fn fault(chars: &[char]) -> (usize, String) {
    let mut open = 0_usize;
    let mut at = 0;
    // What a quantifier would repeat: nothing, something, or something already repeated.
    let mut unit = Unit::None;
    while let Some(c) = chars.get(at).copied() {
        at += 1;
        match c {
            '\\' if at == chars.len() => return (at, "Illegal \\ at end of pattern.".to_owned()),
            '\\' => {
                at += 1;
                unit = Unit::One;
            }
            '[' => match class(chars, at) {
                Ok(end) => {
                    at = end;
                    unit = Unit::One;
                }
                Err(fault) => return fault,
            },
            '(' => {
                open += 1;
                unit = Unit::None;
                if chars.get(at) == Some(&'?') {
                    at += 1; // what follows is no quantifier
                }
            }
            ')' if open == 0 => return (at, "Too many )'s.".to_owned()),
            ')' => {
                open -= 1;
                unit = Unit::One;
            }
            '|' => unit = Unit::None,
            '*' | '+' | '?' => match unit {
                Unit::None => return (at, format!("Quantifier '{c}' following nothing.")),
                Unit::Repeated => return (at, format!("Nested quantifier '{c}'.")),
                Unit::One => {
                    unit = Unit::Repeated;
                    if matches!(chars.get(at), Some('?')) {
                        at += 1;
                    }
                }
            },
            _ => unit = Unit::One,
        }
    }
    let reason = if open > 0 { "Not enough )'s." } else { "Unrecognized grouping construct." };
    (chars.len(), reason.to_owned())
}

enum Unit {
    None,
    One,
    Repeated,
}

/// The end of a class that begins before `from`.
fn class(chars: &[char], from: usize) -> Result<usize, (usize, String)> {
    let mut at = from + usize::from(chars.get(from) == Some(&'^'));
    let first = at;
    let mut before: Option<char> = None;
    while let Some(c) = chars.get(at).copied() {
        at += 1;
        match c {
            ']' if at - 1 > first => return Ok(at),
            '\\' => {
                at += 1;
                before = None;
            }
            '-' => match (before, chars.get(at)) {
                (Some(low), Some(high)) if !matches!(high, ']' | '\\') => {
                    if low > *high {
                        return Err((at + 1, "[x-y] range in reverse order.".to_owned()));
                    }
                    at += 1;
                    before = None;
                }
                _ => before = Some('-'),
            },
            other => before = Some(other),
        }
    }
    Err((chars.len(), "Unterminated [] set.".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn places_and_reasons_are_those_of_the_documentation() {
        for (pattern, wanted) in [
            ("(", "Invalid pattern '(' at offset 1. Not enough )'s."),
            ("a)", "Invalid pattern 'a)' at offset 2. Too many )'s."),
            ("[a", "Invalid pattern '[a' at offset 2. Unterminated [] set."),
            ("*a", "Invalid pattern '*a' at offset 1. Quantifier '*' following nothing."),
            ("a\\", "Invalid pattern 'a\\' at offset 2. Illegal \\ at end of pattern."),
            ("[z-a]", "Invalid pattern '[z-a]' at offset 4. [x-y] range in reverse order."),
        ] {
            assert_eq!(message(pattern), wanted);
        }
    }
}
