//! What could stand at the cursor of a PowerShell line: commands, -Parameters, values, variables, properties, files.
//!
//! Never waits for a server: everything comes from the [`Vocabulary`]. What a line of Rhai could go on with is
//! `complete`'s.

use crate::catalog::{Cmdlet, Resolved};
use crate::port::builtin;
use crate::repl::complete::{Candidate, begins, files, matching};
use crate::repl::vocabulary::Vocabulary;
use crate::script::ps::{command_names, is_command, parameters_of};

/// Variables that PowerShell has by itself and people write.
const AUTOMATIC: [&str; 4] = ["_", "false", "null", "true"];

/// Commands whose words are properties of what comes through the pipeline, with the parameters that take such.
const BY_PROPERTY: [&str; 8] = [
    "Format-List",
    "Format-Table",
    "Format-Wide",
    "Group-Object",
    "Measure-Object",
    "Select-Object",
    "Sort-Object",
    "Where-Object",
];
const PROPERTY_PARAMETERS: [&str; 4] = ["Property", "ExpandProperty", "ExcludeProperty", "GroupBy"];

/// The command that the cursor is in, and the words before the one at the cursor.
fn command_at(before: &str) -> (Option<&str>, Vec<&str>) {
    let start = before.rfind(['|', ';', '{', '(', '=', '\n']).map_or(0, |at| at + 1);
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

/// Whether a line is PowerShell so far: a command stands before the place, or a variable or type begins it.
fn is_begun(vocabulary: &Vocabulary, before: &str) -> bool {
    before.trim_start().starts_with(['$', '['])
        || before.split(['|', ';', '{', '(', '\n', '=']).any(|part| {
            let word = part.split_whitespace().next().unwrap_or_default();
            word.contains('-') && (vocabulary.cmdlet(word).is_some() || is_command(word))
        })
}

/// Candidates in PowerShell's syntax; `None` where the line is none.
pub(in crate::repl) fn complete(vocabulary: &Vocabulary, line: &str, cursor: usize) -> Option<(usize, Vec<Candidate>)> {
    let before = line.get(..cursor)?;
    let start = before.rfind(|c: char| c.is_whitespace() || "|;{(,=".contains(c)).map_or(0, |at| at + 1);
    let typed = &before[start..];
    if let Some(variable) = typed.strip_prefix('$') {
        return Some(variables(vocabulary, before, start, variable));
    }
    let (command, words) = command_at(before);
    let Some(command) = command else {
        let begun = is_begun(vocabulary, &before[..start]);
        if typed.is_empty() || !begun && !typed.contains('-') {
            return None;
        }
        let found = matching(typed, commands(vocabulary));
        return (begun || !found.is_empty()).then_some((start, found)); // a hyphen may be Rhai's
    };
    let full = builtin::full_name(command);
    let cmdlet = vocabulary.cmdlet(full).map(|cmdlet| &**cmdlet);
    if cmdlet.is_none() && !is_command(full) {
        return None;
    }
    if typed.starts_with('-') {
        return Some((start, matching(typed, parameters(full, cmdlet))));
    }
    let identities = || {
        let known: Vec<&str> = vocabulary.identities().filter(|known| begins(known, typed)).collect();
        (start, known.into_iter().map(quoted_where_needed).map(Candidate::plain).collect())
    };
    let parameter = words.last().and_then(|word| word.strip_prefix('-'));
    let takes_properties = parameter.is_none_or(|name| PROPERTY_PARAMETERS.iter().any(|known| begins(known, name)));
    if BY_PROPERTY.contains(&full) && takes_properties {
        let by = cmdlet_before(vocabulary, before);
        let names = vocabulary.properties_of(None, by.as_deref()).filter(|name| begins(name, typed));
        return Some((start, names.map(quoted_where_needed).map(Candidate::plain).collect()));
    }
    match parameter {
        Some(name) if name.eq_ignore_ascii_case("Identity") => Some(identities()),
        Some(name) => {
            let values = values(name, cmdlet);
            let is_path = name.to_lowercase().ends_with("path");
            let found = if values.is_empty() && is_path { files(typed) } else { matching(typed, &values) };
            Some((start, found))
        }
        // The first word after the cmdlet names an object.
        None if cmdlet.is_some() && words.len() == 1 && !typed.is_empty() => Some(identities()),
        None if cmdlet.is_none() && !typed.is_empty() => Some((start, files(typed))),
        None => Some((start, Vec::new())),
    }
}

/// Variables, and properties of one behind its point.
fn variables(vocabulary: &Vocabulary, before: &str, start: usize, typed: &str) -> (usize, Vec<Candidate>) {
    if let Some((of, name)) = typed.rsplit_once('.') {
        let variable = of.split('.').next().filter(|variable| *variable != "_");
        let by = cmdlet_before(vocabulary, before);
        let found = vocabulary.properties_of(variable, by.as_deref()).filter(|known| begins(known, name));
        return (before.len() - name.len(), found.map(Candidate::plain).collect());
    }
    let known = vocabulary.variables().chain(AUTOMATIC).filter(|known| begins(known, typed));
    let names: std::collections::BTreeSet<String> = known.map(|known| format!("${known}")).collect();
    (start, names.into_iter().map(Candidate::plain).collect())
}

/// The names of all commands, in order.
fn commands(vocabulary: &Vocabulary) -> Vec<String> {
    let cmdlets = vocabulary.cmdlets().map(|(_, cmdlet)| cmdlet.name.to_string());
    let mut names: Vec<String> = cmdlets.chain(command_names().map(str::to_owned)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn parameters(command: &str, cmdlet: Option<&Cmdlet>) -> Vec<String> {
    let mut names: Vec<String> = match cmdlet {
        Some(cmdlet) => cmdlet.parameters.iter().map(|parameter| format!("-{}", parameter.name)).collect(),
        None => parameters_of(command).into_iter().map(|(name, _)| format!("-{name}")).collect(),
    };
    names.extend(["-ErrorAction", "-Verbose", "-WarningAction"].map(str::to_owned));
    names
}

/// What a parameter accepts, where that is known.
fn values(parameter: &str, cmdlet: Option<&Cmdlet>) -> Vec<String> {
    match cmdlet.and_then(|cmdlet| cmdlet.resolve_spelling(parameter).ok()) {
        Some(Resolved::Own(_, own)) => own.values.iter().map(ToString::to_string).collect(),
        _ if parameter.to_lowercase().ends_with("action") => {
            ["Continue", "Ignore", "SilentlyContinue", "Stop"].map(str::to_owned).to_vec()
        }
        _ => Vec::new(),
    }
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
        assert_eq!(offered("Get-Mailbox -WarningAction ig"), ["Ignore"]);
        assert_eq!(offered("$bo"), ["$boat"]);
        assert_eq!(offered("Set-Mailbox -HiddenFromAddressListsEnabled $tr"), ["$true"]);
        assert_eq!(offered("Set-Mailbox -HiddenFromAddressListsEnabled "), ["$true", "$false"]);
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
        for command in ["Where-Object", "select Alias,", "Sort-Object -Property", "ft"] {
            assert_eq!(offered(&format!("Get-Mailbox | {command} dis")), ["DisplayName"], "{command}");
        }
    }

    #[test]
    fn commands_go_on_in_powershell_once_a_line_is_powershell() {
        assert_eq!(offered("Get-Mailbox | Sel"), ["Select-Object", "Select-String", "Select-Xml"]);
        assert_eq!(offered("$m = Get-Mailb"), ["Get-Mailbox"]);
        assert_eq!(offered("let m = sel"), Vec::<String>::new(), "that is Rhai");
        assert_eq!(offered("get_mailbox().sel"), Vec::<String>::new());
    }
}
