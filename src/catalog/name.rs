//! Names of cmdlets in their three spellings: `Get-CASMailbox`, `get_cas_mailbox`, and the key both share.

/// The key under which a name is found: ASCII lower case without `_` and `-`.
///
/// ```
/// use exsh::catalog::canonical_key;
/// assert_eq!(canonical_key("Get-CASMailbox"), "getcasmailbox");
/// assert_eq!(canonical_key("get_cas_mailbox"), canonical_key("GetCasMailbox"));
/// ```
#[must_use]
pub fn canonical_key(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

/// The name as a script writes it; runs of capitals stay one word.
///
/// ```
/// use exsh::catalog::snake_name;
/// assert_eq!(snake_name("Get-EXOMailboxStatistics"), "get_exo_mailbox_statistics");
/// assert_eq!(snake_name("Get-UMMailboxPIN"), "get_um_mailbox_pin");
/// ```
#[must_use]
pub fn snake_name(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 6);
    for (index, &letter) in letters.iter().enumerate() {
        if matches!(letter, '-' | '_') {
            if !snake.ends_with('_') {
                snake.push('_');
            }
            continue;
        }
        if letter.is_ascii_uppercase() && index > 0 && !snake.ends_with('_') {
            let before = letters[index - 1];
            let lower_follows = letters.get(index + 1).is_some_and(char::is_ascii_lowercase);
            if before.is_ascii_lowercase() || before.is_ascii_digit() || (before.is_ascii_uppercase() && lower_follows)
            {
                snake.push('_');
            }
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_cmdlet_has_one_key() {
        for spelling in ["Get-Mailbox", "get_mailbox", "GetMailbox", "getmailbox", "GET-MAILBOX"] {
            assert_eq!(canonical_key(spelling), "getmailbox", "{spelling}");
        }
        assert_eq!(canonical_key("test_oauth_connectivity"), canonical_key("test_o_auth_connectivity"));
    }

    #[test]
    fn snake_names_keep_acronyms_together() {
        // shared/facts/rhai.md, section A
        assert_eq!(snake_name("Get-CASMailbox"), "get_cas_mailbox");
        assert_eq!(snake_name("Get-EXOMailbox"), "get_exo_mailbox");
        assert_eq!(snake_name("Test-OAuthConnectivity"), "test_o_auth_connectivity");
        assert_eq!(snake_name("Get-MessageTraceDetailV2"), "get_message_trace_detail_v2");
    }
}
