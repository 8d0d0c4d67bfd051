//! The names that a wildcard stands for, as PowerShell's `-like` and `Get-Command` have it.
//!
//! Not here: which names there are.

/// Whether `text` matches a pattern of `*`, `?` and `[a-z]`, ignoring case, as PowerShell's wildcards do.
#[must_use]
pub fn matches_wildcard(pattern: &str, text: &str) -> bool {
    let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<Vec<char>>();
    wildcard(&lower(pattern), &lower(text))
}

fn wildcard(pattern: &[char], text: &[char]) -> bool {
    // The usual two-pointer walk: on a mismatch, go back to the last star and let it take one more letter.
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some('?') => {
                p += 1;
                t += 1;
            }
            Some('[') if let Some((end, hit)) = class(&pattern[p..], text[t]) => {
                if hit {
                    p += end;
                    t += 1;
                } else if !retry(&mut p, &mut t, &mut star) {
                    return false;
                }
            }
            Some(letter) if *letter == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                if !retry(&mut p, &mut t, &mut star) {
                    return false;
                }
            }
        }
    }
    pattern[p..].iter().all(|letter| *letter == '*')
}

fn retry(p: &mut usize, t: &mut usize, star: &mut Option<(usize, usize)>) -> bool {
    let Some((at, taken)) = star else { return false };
    *taken += 1;
    (*p, *t) = (*at + 1, *taken);
    true
}

/// The length of a `[…]` class and whether the letter is in it; `None` when it has no end.
fn class(pattern: &[char], letter: char) -> Option<(usize, bool)> {
    let end = pattern.iter().skip(2).position(|c| *c == ']')? + 2;
    let inside = &pattern[1..end];
    let mut hit = false;
    let mut at = 0;
    while at < inside.len() {
        if inside.get(at + 1) == Some(&'-') && at + 2 < inside.len() {
            hit |= (inside[at]..=inside[at + 2]).contains(&letter);
            at += 3;
        } else {
            hit |= inside[at] == letter;
            at += 1;
        }
    }
    Some((end + 1, hit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_as_in_powershell() {
        for (pattern, text, expected) in [
            ("*Mailbox", "Get-Mailbox", true),
            ("get-*", "GET-USER", true),
            ("Get-?ser", "Get-User", true),
            ("[gs]et-User", "Set-User", true),
            ("[a-f]et-User", "Set-User", false),
            ("*a*b*", "xaxxbx", true),
            ("*a*b", "xaxxbx", false),
            ("", "x", false),
        ] {
            assert_eq!(matches_wildcard(pattern, text), expected, "{pattern} {text}");
        }
    }
}
