//! What may help with an error that a cmdlet reported: what a parameter takes, how to look for an object.
//!
//! Not here: trouble on the way to the server (`remote`), mistakes in the text of a script (`advice`).

use crate::catalog::{Catalog, Cmdlet, Parameter, ParameterKind, nearest_name};

use super::outcome::CmdletError;

/// How many accepted values a hint names.
const VALUES_NAMED_MAX: usize = 12;

impl CmdletError {
    /// What the user can do about it: the server's own advice first.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        // PowerShell's ids end in the name of the cmdlet.
        let named = self.error_id.rsplit(',').next().unwrap_or_default();
        let name = if self.cmdlet.is_empty() { named } else { &self.cmdlet };
        let cmdlet = Catalog::built_in().find(name);
        let own = cmdlet.and_then(|cmdlet| self.about_parameter(&cmdlet).or_else(|| self.about_object(&cmdlet)));
        self.recommended_action.iter().cloned().chain(own).collect()
    }

    /// A parameter that is not there, or a value that it does not take.
    fn about_parameter(&self, cmdlet: &Cmdlet) -> Option<String> {
        if self.error_id.starts_with("NamedParameterNotFound") {
            let name = self.parameter.as_deref().or_else(|| quoted(&self.message).next())?;
            return cmdlet.resolve_spelling(name).err()?.hint();
        }
        let parameter = match &self.parameter {
            Some(name) => cmdlet.parameter(name)?,
            None if self.error_id.starts_with("Parameter") => parameter_in(&self.message, cmdlet)?,
            None => return None,
        };
        if let Some(word) = meant(&self.message, parameter) {
            return Some(format!("did you mean \"{word}\"?"));
        }
        Some(format!("{} takes {}", parameter.name, taken_by(parameter)?))
    }

    /// An object that is not there, or one of several.
    fn about_object(&self, cmdlet: &Cmdlet) -> Option<String> {
        let is = |exception: &str| self.category_line.contains(exception) || self.error_id.contains(exception);
        if is("ManagementObjectAmbiguousException") {
            return Some("its address or its Guid names one object only".to_owned());
        }
        if !is("ManagementObjectNotFoundException") {
            return None;
        }
        let name = quoted(&self.message).next().filter(|name| !name.is_empty())?;
        let getter = Catalog::built_in().find(&format!("Get-{}", cmdlet.noun()));
        let getter = getter.filter(|getter| getter.parameter("Anr").is_some())?;
        let begun: String = name.chars().take(3).collect();
        Some(format!(
            "{}(#{{ Anr: \"{}\" }}) lists those whose names begin so",
            getter.snake_name(),
            begun.escape_default()
        ))
    }
}

/// The parameter of a cmdlet that a text has in quotes: texts are translated, names are not.
pub(super) fn parameter_in<'a>(message: &str, cmdlet: &'a Cmdlet) -> Option<&'a Parameter> {
    quoted(message).find_map(|name| cmdlet.parameter(name))
}

/// The accepted value that a word in quotes was probably meant to be.
fn meant<'a>(message: &str, parameter: &'a Parameter) -> Option<&'a str> {
    let values = || parameter.values.iter().map(|value| &**value);
    let others = |word: &&str| !parameter.name.eq_ignore_ascii_case(word) && !values().any(|value| value == *word);
    (parameter.kind == ParameterKind::Enum)
        .then(|| quoted(message).filter(others).find_map(|word| nearest_name(word, values())))
        .flatten()
}

/// What stands in quotes, single or double; the apostrophe of `couldn't` is none.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let begins = |at: usize| text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
    let ends = |at: usize| text[at + 1..].chars().next().is_none_or(|after| !after.is_alphanumeric());
    let mut from = 0;
    std::iter::from_fn(move || {
        let quotes = text.match_indices(['\'', '"']);
        let (start, quote) = quotes.filter(|(at, _)| *at >= from).find(|(at, _)| begins(*at))?;
        let inside = start + 1;
        let end = text[inside..].match_indices(quote).map(|(at, _)| inside + at).find(|at| ends(*at))?;
        from = end + 1;
        text.get(inside..end)
    })
}

/// What a parameter takes, in words.
fn taken_by(parameter: &Parameter) -> Option<String> {
    let quoted = |value: &crate::catalog::Name| format!("\"{value}\"");
    let named = (1..=VALUES_NAMED_MAX).contains(&parameter.values.len());
    let values = || parameter.values.iter().map(quoted).collect::<Vec<_>>().join(", ");
    let taken = match parameter.kind {
        ParameterKind::Switch | ParameterKind::Bool => "true or false".to_owned(),
        ParameterKind::Int => "a whole number".to_owned(),
        // of what there is no limit, only the name says
        ParameterKind::Unlimited if is_size(&parameter.name) => "a size such as mb(500) or \"Unlimited\"".to_owned(),
        ParameterKind::Unlimited => "a whole number or \"Unlimited\"".to_owned(),
        ParameterKind::Size => "a size such as mb(500)".to_owned(),
        ParameterKind::Float => "a number".to_owned(),
        ParameterKind::TimeSpan => "a span of time such as \"1.00:00:00\", a day".to_owned(),
        ParameterKind::DateTime => "a date such as \"2026-01-31\"".to_owned(),
        ParameterKind::Guid => "a GUID".to_owned(),
        ParameterKind::Enum if named => values(),
        ParameterKind::Enum if !parameter.values.is_empty() => {
            let few: Vec<String> = parameter.values.iter().take(VALUES_NAMED_MAX).map(quoted).collect();
            format!("{} and {} more", few.join(", "), parameter.values.len() - VALUES_NAMED_MAX)
        }
        _ if named => values(),
        _ => return None,
    };
    Some(taken)
}

fn is_size(name: &str) -> bool {
    name.ends_with("Quota") || name.ends_with("Size") && name != "ResultSize"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(cmdlet: &str, parameter: Option<&str>, category_line: &str) -> CmdletError {
        CmdletError {
            cmdlet: cmdlet.to_owned(),
            message: "It couldn't be done: the object 'alicia' couldn't be found on 'dc01'.".to_owned(),
            category_line: category_line.to_owned(),
            parameter: parameter.map(str::to_owned),
            ..CmdletError::default()
        }
    }

    #[test]
    fn a_value_that_does_not_fit_is_told_what_would() {
        let hints = |cmdlet: &str, parameter: &str| error(cmdlet, Some(parameter), "").hints();
        assert_eq!(hints("Get-Mailbox", "ResultSize"), ["ResultSize takes a whole number or \"Unlimited\""]);
        assert_eq!(
            hints("Set-Mailbox", "ProhibitSendQuota"),
            ["ProhibitSendQuota takes a size such as mb(500) or \"Unlimited\""]
        );
        assert_eq!(hints("Get-Mailbox", "Archive"), ["Archive takes true or false"]);
    }

    #[test]
    fn a_misspelt_word_of_an_enumeration_is_told_which_was_meant() {
        let message = "Cannot convert value \"SharedMailbax\" for 'RecipientTypeDetails'";
        let error =
            CmdletError { message: message.to_owned(), ..error("Get-Mailbox", Some("RecipientTypeDetails"), "") };
        assert_eq!(error.hints(), ["did you mean \"SharedMailbox\"?"]);
    }

    #[test]
    fn what_powershell_reports_is_answered_by_its_id() {
        let reported = |id: &str, message: &str| {
            let error = CmdletError { error_id: id.to_owned(), message: message.to_owned(), ..CmdletError::default() };
            error.hints()
        };
        let hints = reported("NamedParameterNotFound,Get-Mailbox", "Get-Mailbox has no parameter 'ResultSise'");
        assert_eq!(hints, ["did you mean ResultSize?"]);
        let hints = reported("ParameterArgumentTransformationError,Get-Mailbox", "Wert für \"ResultSize\" geht nicht");
        assert_eq!(hints, ["ResultSize takes a whole number or \"Unlimited\""]);
    }

    #[test]
    fn an_object_that_is_not_there_is_looked_for_by_the_beginning_of_its_name() {
        let found =
            error("Set-Mailbox", None, "NotSpecified: (:) [Set-Mailbox], ManagementObjectNotFoundException").hints();
        assert_eq!(found, ["get_mailbox(#{ Anr: \"ali\" }) lists those whose names begin so"]);
        assert!(error("Get-OrganizationConfig", None, "ManagementObjectNotFoundException").hints().is_empty());
    }
}
