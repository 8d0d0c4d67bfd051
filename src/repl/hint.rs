//! The pale text after the cursor: the signature of the call that is open, else the rest of an earlier input.
//!
//! Not here: drawing it, or accepting it with the right arrow key (`helper`).

use rhai::Engine;

use crate::catalog::Cmdlet;

use super::place::open_call;
use super::vocabulary::Vocabulary;

/// How many parameters a hint names.
const PARAMETERS_SHOWN_MAX: usize = 4;

/// Pale text after the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// What is shown.
    pub text: String,
    /// Whether the right arrow key takes it into the line: the rest of an earlier input is taken, a signature is not.
    pub can_be_taken: bool,
}

impl rustyline::hint::Hint for Hint {
    fn display(&self) -> &str {
        &self.text
    }

    fn completion(&self) -> Option<&str> {
        self.can_be_taken.then_some(&self.text)
    }
}

/// What to show after the end of `line`; `earlier` are inputs of the past, newest first.
#[must_use]
pub fn hint<'a>(
    _engine: &Engine,
    vocabulary: &Vocabulary,
    line: &str,
    cursor: usize,
    earlier: impl IntoIterator<Item = &'a str>,
) -> Option<Hint> {
    if cursor < line.len() || line.trim().is_empty() {
        return None;
    }
    if let Some(signature) = signature(vocabulary, line, cursor) {
        return Some(Hint { text: signature, can_be_taken: false });
    }
    let found = earlier.into_iter().find(|input| input.len() > line.len() && input.starts_with(line))?;
    let rest = found.get(line.len()..)?;
    let text = rest.lines().next().unwrap_or(rest).to_owned();
    (!text.is_empty()).then_some(Hint { text, can_be_taken: true })
}

/// What belongs into the call whose bracket has just been opened.
fn signature(vocabulary: &Vocabulary, line: &str, cursor: usize) -> Option<String> {
    let (function, in_table) = open_call(line, cursor)?;
    let begun = if in_table { "#{" } else { "(" };
    if !line.trim_end().ends_with(begun) {
        return None;
    }
    if let Some(cmdlet) = vocabulary.cmdlet(&function) {
        let names = parameter_names(cmdlet);
        return Some(if in_table { format!(" {names} }})") } else { format!("#{{ {names} }})") });
    }
    if let Some(document) = vocabulary.document(&function) {
        let names: Vec<&str> = document.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        let names = names.join(", ");
        return Some(if in_table { format!(" {names} }})") } else { format!("#{{ {names} }})") });
    }
    let form = vocabulary.function(&function)?.signatures.first()?;
    (!in_table)
        .then(|| form.get(function.len() + 1..).unwrap_or("").to_owned())
        .filter(|rest| rest != ")" && !rest.is_empty())
}

fn parameter_names(cmdlet: &Cmdlet) -> String {
    let mut names: Vec<&str> = cmdlet.main_parameters().iter().map(|parameter| &*parameter.name).collect();
    let usual = ["ResultSize", "Filter"];
    names.extend(usual.iter().filter(|name| cmdlet.parameter(name).is_some()));
    let more = cmdlet.parameters.len() > names.len().min(PARAMETERS_SHOWN_MAX);
    names.truncate(PARAMETERS_SHOWN_MAX);
    if more {
        names.push("…");
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn hinted(line: &str) -> Option<String> {
        let mut vocabulary = Vocabulary::default();
        let cmdlets = ["Get-Mailbox", "Add-MailboxPermission"].iter().filter_map(|name| Catalog::built_in().find(name));
        vocabulary.set_cmdlets(cmdlets.map(|cmdlet| (cmdlet.snake_name(), cmdlet)));
        vocabulary.learn("fn both(a, b) { a + b }");
        let earlier = ["get_mailbox(\"kim\")", "let x = 1;\nlet y = 2;", "let x = 0;"];
        hint(&Engine::new(), &vocabulary, line, line.len(), earlier).map(|hint| hint.text)
    }

    #[test]
    fn an_open_call_shows_what_belongs_into_it() {
        assert_eq!(hinted("get_mailbox(").as_deref(), Some("#{ Identity, ResultSize, Filter, … })"));
        assert_eq!(hinted("add_mailbox_permission(#{").as_deref(), Some(" Identity, AccessRights, User, … })"));
        assert_eq!(hinted("both(").as_deref(), Some("a, b)"));
        assert_eq!(hinted("get_mailbox(#{ ResultSize: 1"), None);
    }

    #[test]
    fn otherwise_the_newest_earlier_input_goes_on() {
        assert_eq!(hinted("get_mailbox(\"").as_deref(), Some("kim\")"));
        assert_eq!(hinted("let x").as_deref(), Some(" = 1;"));
        assert_eq!(hinted("zzz"), None);
        assert_eq!(hinted(""), None);
    }
}
