//! Questions on the terminal: a line, a secret without echo, one of several answers.
//!
//! Prompts go to standard error, so that a redirected standard output holds data only.

use std::io::{self, BufRead as _, Write as _};

use super::mode::Keys;
use super::waiting::Waiting;
use crate::render::{Part, Theme};
use crate::script::Choice;
use crate::secret::SecretString;

/// A line typed with echo; `None` at the end of input, or when the question was given up.
pub(super) fn line(prompt: &str, waiting: &Waiting) -> Option<String> {
    asked(prompt, waiting)?;
    let mut typed = String::new();
    match io::stdin().lock().read_line(&mut typed) {
        Ok(0) | Err(_) => {
            let _ = writeln!(io::stderr().lock());
            None
        }
        Ok(_) => Some(typed.trim_end_matches(['\r', '\n']).to_owned()),
    }
}

/// A line typed without echo; `None` at the end of input, or when the question was given up.
pub(super) fn secret(prompt: &str, waiting: &Waiting) -> Option<SecretString> {
    let _keys = Keys::secret();
    asked(prompt, waiting)?;
    match rpassword::read_password() {
        Ok(typed) => Some(typed.into()),
        Err(error) => {
            if error.kind() == io::ErrorKind::Interrupted {
                waiting.signalled(); // it saw Ctrl-C and raised the signal
            }
            None
        }
    }
}

/// One of several answers; `None` at the end of input, or when the question was given up.
pub(super) fn choice(question: &Choice, theme: Theme, waiting: &Waiting) -> Option<usize> {
    let mut err = io::stderr();
    if !question.caption.is_empty() {
        let _ = writeln!(err, "{}", theme.paint(Part::Emphasis, &question.caption));
    }
    if !question.message.is_empty() {
        let _ = writeln!(err, "{}", question.message);
    }
    let prompt = prompt(question);
    loop {
        let typed = line(&prompt, waiting)?;
        let typed = typed.trim();
        if typed.is_empty() {
            if question.default.is_some() {
                return question.default;
            }
        } else if typed == "?" {
            help(question);
        } else if let Some(chosen) = chosen(question, typed) {
            return Some(chosen);
        }
    }
}

/// Puts a question and waits until its answer can be read; `None` when it was given up.
fn asked(prompt: &str, waiting: &Waiting) -> Option<()> {
    waiting.begin();
    let mut err = io::stderr();
    let _ = err.write_all(prompt.as_bytes());
    let _ = err.flush();
    let is_answered = waiting.is_answered();
    if !is_answered {
        let _ = writeln!(err);
    }
    is_answered.then_some(())
}

/// `[Y] Yes  [A] Yes to All  [N] No  [?] Help (default is "Y"): `
fn prompt(question: &Choice) -> String {
    let mut text = String::new();
    for answer in &question.answers {
        let (key, label) = parts(&answer.label);
        text.push_str(&format!("[{key}] {label}  "));
    }
    text.push_str("[?] help");
    if let Some(answer) = question.default.and_then(|index| question.answers.get(index)) {
        text.push_str(&format!(" (enter for {})", parts(&answer.label).0));
    }
    text.push_str(": ");
    text
}

fn help(question: &Choice) {
    let mut err = io::stderr().lock();
    for answer in &question.answers {
        let (key, label) = parts(&answer.label);
        let text = if answer.help.is_empty() { label } else { answer.help.clone() };
        let _ = writeln!(err, "{key} - {text}");
    }
}

/// The key that selects an answer, and its label without the mark: `Yes to &All` is `A` and `Yes to All`.
fn parts(label: &str) -> (String, String) {
    let plain = label.replacen('&', "", 1);
    let key = label.split_once('&').and_then(|(_, after)| after.chars().next());
    let key = key.map_or_else(|| plain.clone(), |key| key.to_uppercase().collect());
    (key, plain)
}

fn chosen(question: &Choice, typed: &str) -> Option<usize> {
    let same = |a: &str| a.to_lowercase() == typed.to_lowercase();
    question.answers.iter().map(|answer| parts(&answer.label)).position(|(key, label)| same(&key) || same(&label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Answer;

    fn confirm() -> Choice {
        let answer = |label: &str| Answer { label: label.to_owned(), help: String::new() };
        Choice {
            caption: "Confirm".to_owned(),
            message: "Remove the mailbox?".to_owned(),
            answers: vec![answer("&Yes"), answer("Yes to &All"), answer("&No"), answer("No to A&ll")],
            default: Some(0),
        }
    }

    #[test]
    fn an_answer_is_chosen_by_its_letter_or_its_label_in_any_case() {
        assert_eq!(chosen(&confirm(), "y"), Some(0));
        assert_eq!(chosen(&confirm(), "A"), Some(1));
        assert_eq!(chosen(&confirm(), "L"), Some(3));
        assert_eq!(chosen(&confirm(), "no to all"), Some(3));
        assert_eq!(chosen(&confirm(), "maybe"), None);
    }

    #[test]
    fn the_prompt_names_every_letter_and_the_default() {
        assert_eq!(prompt(&confirm()), "[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] help (enter for Y): ");
    }
}
