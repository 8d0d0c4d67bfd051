//! What may have been meant: the nearest names to a misspelt one.
//!
//! Not here: which names exist.

use super::canonical_key;

/// The names that were probably meant, best first, at most three: a few letters off, or one within the other.
/// Case, hyphens and underscores do not count.
///
/// ```
/// use exsh::catalog::similar;
/// let names = ["Get-Mailbox", "Set-Mailbox", "Get-MailboxStatistics"];
/// assert_eq!(similar("get_mailbx", names).first(), Some(&"Get-Mailbox"));
/// assert_eq!(similar("statistics", names), ["Get-MailboxStatistics"]);
/// assert!(similar("quux", names).is_empty());
/// ```
#[must_use]
pub fn similar<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    const RELATED_LETTERS_MIN: usize = 4;
    const NAMES_MAX: usize = 3;
    let typed = canonical_key(typed);
    let letters = typed.chars().count();
    if letters == 0 {
        return Vec::new();
    }
    let far = (letters / 3).clamp(1, 3);
    let mut scored: Vec<(bool, usize, &str)> = names
        .into_iter()
        .filter_map(|name| {
            let known = canonical_key(name);
            let distance = strsim::damerau_levenshtein(&typed, &known);
            let related = letters >= RELATED_LETTERS_MIN && known.contains(&typed)
                || known.chars().count() >= RELATED_LETTERS_MIN && typed.contains(&known);
            (distance <= far || related).then_some((distance > far, distance, name))
        })
        .collect();
    scored.sort_by(|a, b| (a.0, a.1, a.2.len(), a.2).cmp(&(b.0, b.1, b.2.len(), b.2)));
    scored.dedup_by(|a, b| a.2 == b.2);
    scored.into_iter().take(NAMES_MAX).map(|(_, _, name)| name).collect()
}

/// The one name that was most probably meant.
#[must_use]
pub fn nearest_name<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    similar(typed, names).first().copied()
}
