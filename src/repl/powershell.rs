//! PowerShell lines at the prompt: which they are, what they are in Rhai, running them, completing them.
//!
//! Their meaning is `script::ps`'s business, the translation `port`'s.

use std::sync::{Arc, Mutex, PoisonError};

use rhai::Engine;

use super::complete::Candidate;
use super::screen::Screen;
use super::vocabulary::Vocabulary;
use crate::script::ps::{
    Console, Message, Recognised, Reported, command_names, is_command, is_kept, parameters_of, recognise,
};
use crate::script::{CmdletError, Grid, MessageKind, Ui as _};

/// What is done with PowerShell lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mode {
    /// They run.
    #[default]
    On,
    /// They are mistakes in Rhai.
    Off,
    /// They run after a question.
    Ask,
}

/// What a text is: Rhai wins where both would take it, except for a command's name and its parameters, which Rhai
/// takes for a subtraction.
pub(super) fn kind(engine: &Engine, vocabulary: &Vocabulary, text: &str) -> Recognised {
    let known = |name: &str| vocabulary.cmdlets().any(|(_, cmdlet)| cmdlet.name.eq_ignore_ascii_case(name));
    if engine.compile(text).is_ok() {
        let mut words = text.split_whitespace();
        let first = words.next().unwrap_or_default();
        let is_call = first.contains('-') && first.starts_with(|c: char| c.is_ascii_alphabetic());
        // `dir`, `ls -Force`: no variable and no function here
        let is_free = words.next().is_none_or(|next| next.starts_with('-') && next.len() > 1);
        let is_alias = is_free && first.chars().all(char::is_alphanumeric) && !vocabulary.can_call(first);
        if !(is_call && (is_command(first) || known(first)) || is_alias && is_command(first)) {
            return Recognised::No;
        }
    }
    // A function that earlier lines defined is not known here; it is called with words of PowerShell, or not at all.
    recognise(text, &known)
}

/// Whether a text that is no PowerShell goes by its rules all the same: it was ported, or could have been.
///
/// `all` says that an input before asked for that with `import "powershell"`.
pub(super) fn is_ported(engine: &Engine, vocabulary: &Vocabulary, text: &str, all: bool) -> bool {
    let plain = engine.compile(text).is_ok();
    is_kept(text, plain && !all, &|name| vocabulary.can_call(name))
}

/// The console of PowerShell lines: whole lines on the screen of the prompt.
pub(super) struct PromptConsole {
    screen: Arc<Screen>,
    begun: Mutex<String>,
}

impl PromptConsole {
    pub(super) fn new(screen: Arc<Screen>) -> Self {
        Self { screen, begun: Mutex::default() }
    }

    /// Shows a line that has no end yet.
    pub(super) fn finish(&self) {
        let rest = std::mem::take(&mut *self.begun.lock().unwrap_or_else(PoisonError::into_inner));
        if !rest.is_empty() {
            let _ = self.screen.print(&rest); // nobody reads any more
        }
    }
}

impl Console for PromptConsole {
    fn out(&self, text: &str) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.push_str(text);
        if let Some(end) = begun.rfind('\n') {
            let rest = begun.split_off(end + 1);
            let whole = std::mem::replace(&mut *begun, rest);
            let _ = self.screen.print(whole.trim_end_matches('\n')); // nobody reads any more
        }
    }

    fn message(&self, kind: Message, text: &str) {
        if text.starts_with('\0') {
            return; // information that was not asked for
        }
        let kind = match kind {
            Message::Information => return self.out(&format!("{text}\n")),
            Message::Warning => MessageKind::Warning,
            Message::Verbose => MessageKind::Verbose,
            Message::Debug => MessageKind::Debug,
        };
        self.screen.message(kind, text);
    }

    fn error(&self, error: &Reported<'_>) {
        let Reported { message, id, category, .. } = *error;
        // The sentence may begin with the cmdlet already.
        let own = message.split_once(": ").filter(|(cmdlet, rest)| rest.starts_with(&format!("{cmdlet} ")));
        self.screen.error(&CmdletError {
            cmdlet: String::new(),
            message: own.map_or(message, |(_, rest)| rest).to_owned(),
            error_id: id.to_owned(),
            category: category.to_owned(),
            category_line: category.to_owned(),
            ..CmdletError::default()
        });
    }

    fn look_through(&self, grid: &Grid) -> Option<Vec<usize>> {
        self.screen.look_through(grid)
    }

    fn ask(&self, prompt: &str) -> Option<String> {
        self.screen.is_interactive().then(|| self.screen.ask_line(prompt)).flatten()
    }
}

/// The command that the cursor is in, and the words before the one at the cursor.
fn command_at(before: &str) -> (Option<&str>, Vec<&str>) {
    let start = before.rfind(['|', ';', '{', '(', '\n']).map_or(0, |at| at + 1);
    let mut words: Vec<&str> = before[start..].split_whitespace().collect();
    if !before.ends_with(char::is_whitespace) {
        words.pop();
    }
    (words.first().copied(), words)
}

/// The cmdlet that begins the pipeline before the cursor.
fn cmdlet_before(vocabulary: &Vocabulary, before: &str) -> Option<String> {
    let start = before.rfind([';', '\n']).map_or(0, |at| at + 1);
    let first = before[start..].split('|').next()?.split_whitespace().find(|word| word.contains('-'))?;
    vocabulary.cmdlet(first).map(|cmdlet| cmdlet.snake_name())
}

/// A word of PowerShell that holds blanks or quotes, in quotes.
fn quoted_where_needed(text: &str) -> String {
    let is_plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@'));
    if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

/// Candidates in PowerShell's syntax; `None` where the line is none.
pub(super) fn complete(vocabulary: &Vocabulary, line: &str, cursor: usize) -> Option<(usize, Vec<Candidate>)> {
    let before = line.get(..cursor)?;
    let start = before.rfind(|c: char| c.is_whitespace() || "|;{(,=".contains(c)).map_or(0, |at| at + 1);
    let typed = &before[start..];
    let (command, words) = command_at(before);
    let starts = |name: &str| name.get(..typed.len()).is_some_and(|head| head.eq_ignore_ascii_case(typed));
    if let Some((of, name)) = typed.strip_prefix('$').and_then(|typed| typed.rsplit_once('.')) {
        let variable = of.split('.').next().filter(|variable| *variable != "_");
        let by = cmdlet_before(vocabulary, before);
        let names = vocabulary.properties_of(variable, by.as_deref());
        let found = names.filter(|known| known.to_lowercase().starts_with(&name.to_lowercase()));
        let point = start + typed.len() - name.len();
        return Some((point, found.map(Candidate::plain).collect()));
    }
    if let Some(name) = typed.strip_prefix('$') {
        let found = vocabulary.variables().filter(|known| known.to_lowercase().starts_with(&name.to_lowercase()));
        return Some((start, found.map(|known| Candidate::plain(format!("${known}"))).collect()));
    }
    let Some(command) = command else {
        if !typed.contains('-') {
            return None;
        }
        let cmdlets = vocabulary.cmdlets().map(|(_, cmdlet)| cmdlet.name.to_string());
        let mut names: Vec<String> =
            cmdlets.chain(command_names().map(str::to_owned)).filter(|name| starts(name)).collect();
        names.sort_unstable();
        names.dedup();
        return Some((start, names.iter().map(Candidate::plain).collect()));
    };
    let cmdlet =
        vocabulary.cmdlets().map(|(_, cmdlet)| cmdlet).find(|cmdlet| cmdlet.name.eq_ignore_ascii_case(command));
    if cmdlet.is_none() && !is_command(command) {
        return None;
    }
    if typed.starts_with('-') {
        let mut names: Vec<String> = match cmdlet {
            Some(cmdlet) => cmdlet.parameters.iter().map(|parameter| format!("-{}", parameter.name)).collect(),
            None => parameters_of(command).into_iter().map(|(name, _)| format!("-{name}")).collect(),
        };
        names.extend(["-ErrorAction", "-Verbose", "-WarningAction"].map(str::to_owned));
        names.retain(|name| starts(name));
        return Some((start, names.iter().map(Candidate::plain).collect()));
    }
    let identities = || {
        let known = vocabulary.identities().filter(|known| starts(known)).map(quoted_where_needed);
        Some((start, known.map(Candidate::plain).collect()))
    };
    let Some(parameter) = words.last().and_then(|word| word.strip_prefix('-')) else {
        // The first word after the cmdlet names an object.
        return if cmdlet.is_some() && words.len() == 1 && !typed.is_empty() { identities() } else { None };
    };
    if parameter.eq_ignore_ascii_case("Identity") {
        return identities();
    }
    let values: Vec<String> = match cmdlet.and_then(|cmdlet| cmdlet.resolve_spelling(parameter).ok()) {
        Some(crate::catalog::Resolved::Own(_, parameter)) => parameter.values.iter().map(ToString::to_string).collect(),
        _ if parameter.to_lowercase().starts_with("erroraction") => {
            ["Continue", "Ignore", "SilentlyContinue", "Stop"].map(str::to_owned).to_vec()
        }
        _ => Vec::new(),
    };
    Some((start, values.iter().filter(|value| starts(value)).map(Candidate::plain).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn offered(line: &str) -> Vec<String> {
        let mut vocabulary = Vocabulary::default();
        let cmdlets = ["Get-Mailbox", "Set-Mailbox"].iter().filter_map(|name| Catalog::built_in().find(name));
        vocabulary.set_cmdlets(cmdlets.map(|cmdlet| (cmdlet.snake_name(), cmdlet)));
        vocabulary.set_properties_given_by("get_mailbox", ["Alias".to_owned(), "DisplayName".to_owned()]);
        vocabulary.set_variable_properties([("boat".to_owned(), vec!["Tons".to_owned()])]);
        vocabulary.add_identity("kim.akers".to_owned());
        vocabulary.add_identity("Kim Akers".to_owned());
        let found = complete(&vocabulary, line, line.len()).map(|(_, found)| found).unwrap_or_default();
        found.into_iter().map(|candidate| candidate.replacement).collect()
    }

    #[test]
    fn parameters_values_and_variables_are_offered_in_powershells_syntax() {
        assert_eq!(offered("Get-Mailbox -Arch"), ["-Archive"]);
        assert_eq!(offered("Get-Mailbox -ErrorAction Si"), ["SilentlyContinue"]);
        assert_eq!(offered("$bo"), ["$boat"]);
    }

    #[test]
    fn identities_that_were_seen_are_offered_in_quotes_where_they_need_some() {
        assert_eq!(offered("Set-Mailbox ki"), ["'Kim Akers'", "kim.akers"]);
        assert_eq!(offered("Set-Mailbox -Identity kim."), ["kim.akers"]);
        assert_eq!(offered("Set-Mailbox kim.akers ki"), Vec::<String>::new());
    }

    #[test]
    fn properties_are_those_of_the_variable_or_of_what_the_pipeline_begins_with() {
        assert_eq!(offered("$boat.To"), ["Tons"]);
        assert_eq!(offered("Get-Mailbox | Where-Object { $_.Dis"), ["DisplayName"]);
    }
}
