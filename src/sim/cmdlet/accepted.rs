//! Values of enumerations: a word that is documented nowhere for its type is refused before the cmdlet runs, as the
//! server's binder refuses it; the beginning of one word stands for it.
//!
//! Not here: .NET's own types, which the binder converts; words that only some cmdlets take, which those check.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::Failure;
use crate::catalog::bind::BoundCall;
use crate::catalog::{Catalog, Cmdlet, Parameter, ParameterKind, matches_wildcard};
use crate::clixml::{Base, ListKind, PsObject, PsValue};

/// The words documented for each enumeration by any cmdlet: pages list those that make sense for theirs.
static WORDS: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| {
    let mut words: HashMap<String, Vec<String>> = HashMap::new();
    for cmdlet in Catalog::built_in().cmdlets() {
        for parameter in cmdlet.parameters.iter().filter(|parameter| parameter.kind == ParameterKind::Enum) {
            let known = words.entry(type_of(parameter)).or_default();
            for value in &parameter.values {
                if !known.iter().any(|known| known.eq_ignore_ascii_case(value)) {
                    known.push(value.to_string());
                }
            }
        }
    }
    words
});

/// The enumeration of a parameter: `RecipientTypeDetails` of `RecipientTypeDetails[]`.
fn type_of(parameter: &Parameter) -> String {
    let name = parameter.type_name.trim_end_matches("[]").trim_matches(['<', '>']);
    name.rsplit(['.', '+']).next().unwrap_or(name).to_ascii_lowercase()
}

/// Checks what was given by name or place; what was piped comes from objects that were taken before.
///
/// # Errors
/// The error of the binder that names the words there are.
pub(super) fn settle(cmdlet: &Cmdlet, bound: &mut BoundCall) -> Result<(), Failure> {
    for given in bound.parameters.iter_mut().filter(|given| !given.piped) {
        let Some(parameter) = cmdlet.parameter(&given.name).filter(|parameter| is_closed(parameter)) else { continue };
        if let Some(changed) = settled(parameter, &given.value)? {
            given.value = changed;
        }
    }
    Ok(())
}

/// Whether words are documented for it. Where numbers are, the words behind them are not known.
fn is_closed(parameter: &Parameter) -> bool {
    let is_number = |value: &str| value.starts_with(|first: char| first.is_ascii_digit());
    parameter.kind == ParameterKind::Enum
        && !parameter.values.is_empty()
        && !parameter.values.iter().any(|value| is_number(value))
}

/// The value with words written out, where they were not.
fn settled(parameter: &Parameter, value: &PsValue) -> Result<Option<PsValue>, Failure> {
    match value {
        PsValue::String(text) => Ok(whole(parameter, &text.to_text())?.map(PsValue::from)),
        PsValue::Object(object) => match object.base() {
            Base::List(kind, items) => {
                let changed = items.iter().map(|item| settled(parameter, item)).collect::<Result<Vec<_>, _>>()?;
                Ok(changed.iter().any(Option::is_some).then(|| list(kind, &items, changed)))
            }
            _ => Ok(None), // an enumeration read back, or a table of changes
        },
        _ => Ok(None), // numbers are values of every enumeration
    }
}

fn list(kind: ListKind, items: &Arc<[PsValue]>, changed: Vec<Option<PsValue>>) -> PsValue {
    let items: Vec<PsValue> =
        items.iter().zip(changed).map(|(item, changed)| changed.unwrap_or_else(|| item.clone())).collect();
    PsObject::builder().base(Base::List(kind, items.into())).build().into()
}

/// A text of one or several words with each of them in full; `None` if they are already.
fn whole(parameter: &Parameter, text: &str) -> Result<Option<String>, Failure> {
    let words: Vec<&str> = text.split(',').map(str::trim).collect();
    let full = words.iter().map(|word| word_of(parameter, word)).collect::<Result<Vec<_>, _>>()?;
    Ok(full.iter().any(Option::is_some).then(|| {
        let written = words.iter().zip(full).map(|(word, full)| full.unwrap_or_else(|| (*word).to_owned()));
        written.collect::<Vec<_>>().join(", ")
    }))
}

/// The word that is meant, where it is not written in full.
fn word_of(parameter: &Parameter, word: &str) -> Result<Option<String>, Failure> {
    let own = parameter.values.iter().map(|value| &**value);
    let others = WORDS.get(&type_of(parameter)).into_iter().flatten().map(String::as_str);
    let is_number = word.parse::<i64>().is_ok();
    let is_word = || own.clone().chain(others.clone()).chain(["None"]).any(|known| known.eq_ignore_ascii_case(word));
    if word.is_empty() || is_number || is_word() {
        return Ok(None);
    }
    let begins = |known: &&str| {
        known.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)) || matches_wildcard(word, known)
    };
    let mut meant: Vec<&str> = others.filter(begins).collect();
    match (meant.pop(), meant.is_empty()) {
        (Some(one), true) => Ok(Some(one.to_owned())),
        _ => {
            let wanted = format!("one of {}", own.collect::<Vec<_>>().join(", "));
            Err(Failure::conversion(&parameter.name, word, &wanted))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled_text(cmdlet: &str, parameter: &str, value: impl Into<PsValue>) -> String {
        let cmdlet = Catalog::built_in().find(cmdlet).unwrap();
        let parameter = cmdlet.parameter(parameter).unwrap();
        if !is_closed(parameter) {
            return "as it is".to_owned();
        }
        match settled(parameter, &value.into()) {
            Ok(None) => "as it is".to_owned(),
            Ok(Some(PsValue::String(text))) => text.to_text().into_owned(),
            Ok(Some(PsValue::Object(object))) => match object.base() {
                Base::List(_, items) => items.iter().map(|item| format!("{item:?}")).collect(),
                _ => "an object".to_owned(),
            },
            Ok(Some(other)) => format!("{other:?}"),
            Err(failure) => format!("{failure:?}"),
        }
    }

    #[test]
    fn what_exchange_takes_is_taken_in_any_case_as_number_as_list_and_from_other_pages() {
        // RemoteUserMailbox is on Get-Recipient's page, not on Get-Mailbox's.
        for word in ["SharedMailbox", "sharedmailbox", "RemoteUserMailbox", "4", "none", "SharedMailbox, RoomMailbox"] {
            assert_eq!(settled_text("Get-Mailbox", "RecipientTypeDetails", word), "as it is", "{word}");
        }
        assert_eq!(settled_text("Get-Mailbox", "RecipientTypeDetails", PsValue::I32(4)), "as it is");
        // Its page lists numbers, whose names are not documented.
        assert_eq!(settled_text("Set-CASMailbox", "PopMessagesRetrievalMimeFormat", "HtmlOnly"), "as it is");
        assert_eq!(settled_text("Set-Mailbox", "Identity", "anything"), "as it is");
    }

    #[test]
    fn the_beginning_of_one_word_is_that_word() {
        assert_eq!(settled_text("Get-Mailbox", "RecipientTypeDetails", "sched"), "SchedulingMailbox");
        assert_eq!(
            settled_text("Get-Mailbox", "RecipientTypeDetails", "Sched,RoomMailbox"),
            "SchedulingMailbox, RoomMailbox"
        );
        let refused = settled_text("Get-Mailbox", "RecipientTypeDetails", "Shared");
        assert!(refused.contains("Cannot convert"), "SharedWithMailUser begins so as well: {refused}");
    }

    #[test]
    fn a_word_that_no_page_knows_is_refused_with_those_of_the_own_page() {
        let refused = settled_text("Get-Mailbox", "RecipientTypeDetails", "SharedMailbax");
        assert!(refused.contains("ParameterArgumentTransformationError") && refused.contains("SharedMailbax"));
        assert!(refused.contains("one of DiscoveryMailbox, ") && !refused.contains("RemoteUserMailbox"), "{refused}");
    }
}
