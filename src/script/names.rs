//! What may have been meant: the nearest name to a misspelt one, and the names that a wildcard stands for.
//!
//! Not here: which names exist.

use crate::catalog::canonical_key;

/// The candidate that was probably meant: a few letters off, or one that contains what was typed.
pub(super) fn suggest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = canonical_key(typed);
    if typed.is_empty() {
        return None;
    }
    let far = (typed.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let known = canonical_key(candidate);
            let distance = strsim::damerau_levenshtein(&typed, &known);
            let related = typed.len() >= 4 && (known.contains(&typed) || typed.contains(&known) && known.len() >= 4);
            (distance <= far || related).then_some(((distance > far, distance), candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Whether `text` matches a pattern of `*`, `?` and `[a-z]`, ignoring case, as PowerShell's wildcards do.
pub(super) fn matches_wildcard(pattern: &str, text: &str) -> bool {
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
    fn the_nearest_name_is_suggested_and_a_far_one_is_not() {
        let names = ["Get-Mailbox", "Set-Mailbox", "Get-MailboxStatistics"];
        assert_eq!(suggest("get_mailbx", names), Some("Get-Mailbox"));
        assert_eq!(suggest("statistics", names), Some("Get-MailboxStatistics"));
        assert_eq!(suggest("quux", names), None);
    }

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
