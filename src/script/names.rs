//! What may have been meant: the nearest name to a misspelt one.
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
}
