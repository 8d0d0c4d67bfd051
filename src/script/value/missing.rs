//! Properties that no value has: what may have been meant, in few words, and which columns stay empty.
//!
//! Not here: whether that is an error or a warning, and who says it.

use std::sync::{Mutex, PoisonError};

use crate::catalog::{canonical_key, matches_wildcard, nearest_name};
use crate::clixml::PsValue;

use super::Record;

/// Objects with more properties than this do not have them listed.
const LISTED_MAX: usize = 12;
/// How many properties with a word in common are named.
const RELATED_MAX: usize = 5;
/// Shorter words of a name say too little.
const WORD_LETTERS_MIN: usize = 4;

/// What may help somebody who asked for `name` where there are only `names`.
#[must_use]
pub fn hint_for_missing(name: &str, names: &[String]) -> String {
    if let Some(near) = nearest_name(name, names.iter().map(String::as_str)) {
        return format!("did you mean {near}?");
    }
    let related = related(name, names);
    match names.len() {
        0 => "the object has no properties".to_owned(),
        _ if !related.is_empty() => format!("it has {}", related.join(", ")),
        count if count <= LISTED_MAX => format!("it has {}", names.join(", ")),
        count => format!("it has {count} properties; keys() names them, list(…, \"*Name*\") shows those with a word"),
    }
}

/// Properties that have a word of the name: `QuotaUsed` has one in common with `ProhibitSendQuota`.
fn related<'a>(name: &str, names: &'a [String]) -> Vec<&'a str> {
    let words: Vec<String> = words_of(name).into_iter().filter(|word| word.len() >= WORD_LETTERS_MIN).collect();
    let has_one = |known: &&String| words_of(known).iter().any(|word| words.contains(word));
    names.iter().filter(has_one).map(String::as_str).take(RELATED_MAX).collect()
}

/// The words of `ProhibitSendQuota` or `prohibit_send_quota`, in small letters.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut begins = true;
    for letter in name.chars() {
        if letter == '_' {
            begins = true;
            continue;
        }
        if begins || letter.is_uppercase() {
            words.push(String::new());
        }
        begins = false;
        words.iter_mut().last().into_iter().for_each(|word| word.extend(letter.to_lowercase()));
    }
    words
}

/// The columns asked for, until a value turns up that has them.
#[derive(Debug, Default)]
pub(in crate::script) struct Unseen(Mutex<Looked>);

#[derive(Debug, Default)]
struct Looked {
    /// Names and patterns that no value had so far.
    wanted: Vec<String>,
    /// The properties of the first value that lacked some of them.
    known: Option<Vec<String>>,
}

impl Unseen {
    /// Properties and patterns that some value should have.
    pub(in crate::script) fn of(wanted: Vec<String>) -> Self {
        Self(Mutex::new(Looked { wanted, known: None }))
    }

    /// Looks at a value on its way.
    pub(in crate::script) fn look(&self, value: &PsValue) {
        let mut looked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let PsValue::Object(object) = value else { return };
        if looked.wanted.is_empty() {
            return;
        }
        let record = Record(object.clone());
        looked.wanted.retain(|name| match name.contains(['*', '?', '[']) {
            true => !record.names().iter().any(|known| matches_wildcard(name, known)),
            false => record.get(name).is_none() && crate::render::select::property(value, name).is_none(),
        });
        if !looked.wanted.is_empty() && looked.known.is_none() {
            looked.known = Some(record.names());
        }
    }

    /// What is to be said of columns that no value had, once; nothing when no value came at all.
    pub(in crate::script) fn warnings(&self) -> Vec<String> {
        let looked = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let Some(known) = looked.known else { return Vec::new() };
        let warning = |name: String| match name.contains(['*', '?', '[']) {
            true => format!("no property is called like {name}"),
            false => format!("there is no property {name}; {}", hint_for_missing(&name, &known)),
        };
        looked.wanted.into_iter().map(warning).collect()
    }
}

/// How the value spells a property that is asked for in another spelling, `snake_case` for one.
pub(in crate::script) fn spelt(value: &PsValue, name: &str) -> Option<String> {
    let PsValue::Object(object) = value else { return None };
    if !name.contains('_') || object.get(name).is_some() {
        return None;
    }
    let wanted = canonical_key(name);
    Record(object.clone()).names().into_iter().find(|own| canonical_key(own) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clixml::PsObject;

    fn names(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_nearest_name_is_enough_else_names_with_a_word_in_common_else_a_few_else_their_number() {
        let quotas = "Name Alias IssueWarningQuota ProhibitSendQuota UseDatabaseQuotaDefaults Database";
        assert_eq!(hint_for_missing("Nmae", &names(quotas)), "did you mean Name?");
        assert_eq!(hint_for_missing("ProhibitSendQouta", &names(quotas)), "did you mean ProhibitSendQuota?");
        assert_eq!(
            hint_for_missing("quota_used_up", &names(quotas)),
            "it has IssueWarningQuota, ProhibitSendQuota, UseDatabaseQuotaDefaults"
        );
        assert_eq!(hint_for_missing("Xyzzy", &names("Name Alias")), "it has Name, Alias");
        let many: Vec<String> = (0..236).map(|number| format!("Property{number}")).collect();
        let hint = hint_for_missing("Quux", &many);
        assert!(hint.starts_with("it has 236 properties; keys() names them") && hint.len() < 100, "{hint}");
        assert_eq!(hint_for_missing("Quux", &[]), "the object has no properties");
    }

    #[test]
    fn columns_that_some_value_has_are_no_mistake() {
        let row = |name: &str| PsValue::from(PsObject::bag([(name, PsValue::from("x"))]));
        let unseen = Unseen::of(names("Name alias Nmae Q*"));
        assert_eq!(unseen.warnings(), Vec::<String>::new(), "nothing came: nothing is known");
        let unseen_of = |rows: &[&str]| {
            let unseen = Unseen::of(names("Name alias Nmae Q*"));
            rows.iter().for_each(|name| unseen.look(&row(name)));
            unseen.warnings()
        };
        assert_eq!(
            unseen_of(&["Name", "Alias"]),
            ["there is no property Nmae; did you mean Name?", "no property is called like Q*"]
        );
        assert_eq!(unseen_of(&["Name", "Alias", "Nmae", "Quota"]), Vec::<String>::new());
    }

    #[test]
    fn a_property_may_be_asked_for_in_snake_case() {
        let row = PsObject::bag([("PrimarySmtpAddress", PsValue::from("x"))]).into();
        assert_eq!(spelt(&row, "primary_smtp_address").as_deref(), Some("PrimarySmtpAddress"));
        assert_eq!(spelt(&row, "PrimarySmtpAddress"), None);
    }
}
