//! Lines that are no code: `name?`, `help words`, and words that people type at any prompt, such as `exit`.
//!
//! Not here: answering (`commands`).

/// What a line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked<'a> {
    /// `name?`, `help name`, `help some words`.
    Meaning(&'a str),
    /// `name??`
    Source(&'a str),
    /// A `:command` without its colon: `help`, `exit`.
    Command(&'static str),
    /// `clear`
    Clear,
}

/// What `line` asks for, if it is no code.
pub(super) fn asked_about(line: &str) -> Option<Asked<'_>> {
    let is_name =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ':'));
    let name = |ending: &str| line.strip_suffix(ending).map(str::trim_end).filter(|name| is_name(name));
    if let Some(name) = name("??") {
        return Some(Asked::Source(name));
    }
    let words = line.strip_prefix("help ").map(str::trim);
    let words =
        words.filter(|words| !words.is_empty() && words.split(' ').all(|word| word.is_empty() || is_name(word)));
    name("?").or(words).map(Asked::Meaning)
}

/// What a word alone on a line asks for, where nothing of that name has been defined.
pub(super) fn asked_by_word(line: &str) -> Option<Asked<'_>> {
    match line {
        "help" | "?" => Some(Asked::Command(":help")),
        "exit" | "quit" | "logout" | "bye" => Some(Asked::Command(":quit")),
        "clear" | "cls" => Some(Asked::Clear),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_mark_or_help_asks_about_a_name() {
        assert_eq!(asked_about("get_mailbox?"), Some(Asked::Meaning("get_mailbox")));
        assert_eq!(asked_about("help Get-Mailbox"), Some(Asked::Meaning("Get-Mailbox")));
        assert_eq!(asked_about("help mailbox size"), Some(Asked::Meaning("mailbox size")));
        assert_eq!(asked_about("m::f??"), Some(Asked::Source("m::f")));
        assert_eq!(asked_about("a ?? b"), None);
        assert_eq!(asked_about("x.y?"), None);
        assert_eq!(asked_about("help(\"x\")"), None);
    }

    #[test]
    fn words_of_other_prompts_are_understood() {
        assert_eq!(asked_by_word("exit"), Some(Asked::Command(":quit")));
        assert_eq!(asked_by_word("help"), Some(Asked::Command(":help")));
        assert_eq!(asked_by_word("exit()"), None);
    }
}
