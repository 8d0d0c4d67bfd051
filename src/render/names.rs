//! Which properties of an object are meant: patterns of names, default sets, what remoting hides.

use std::sync::Arc;

use super::request::Column;
use super::settings::Settings;
use super::subject::{self, COMPUTER_NAME, RUNSPACE_ID, SHOW_COMPUTER_NAME};
use super::view::Source;
use crate::clixml::PsValue;

/// Whether a name is a pattern.
#[must_use]
pub(crate) fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

/// Whether `text` matches a pattern of `*`, `?` and `[a-z]`, ignoring case.
#[must_use]
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let text: Vec<char> = text.to_lowercase().chars().collect();
    matches_at(&pattern, &text)
}

/// Greedy: a later `*` makes going back to an earlier one needless.
fn matches_at(pattern: &[char], text: &[char]) -> bool {
    let (mut at, mut seen, mut star) = (0, 0, None);
    loop {
        let step = match pattern.get(at) {
            Some('*') => {
                star = Some((at + 1, seen));
                at += 1;
                continue;
            }
            Some(_) => text.get(seen).and_then(|letter| one(&pattern[at..], *letter)),
            None if seen == text.len() => return true,
            None => None,
        };
        match (step, star) {
            (Some(length), _) => {
                at += length;
                seen += 1;
            }
            (None, Some((after, from))) if from < text.len() => {
                star = Some((after, from + 1));
                at = after;
                seen = from + 1;
            }
            (None, _) => return false,
        }
    }
}

/// The length of the pattern's first part if it matches one letter.
fn one(pattern: &[char], letter: char) -> Option<usize> {
    match pattern {
        ['?', ..] => Some(1),
        ['`', escaped, ..] => (*escaped == letter).then_some(2),
        ['[', rest @ ..] if rest.contains(&']') => {
            let end = rest.iter().position(|other| *other == ']').unwrap_or(0);
            in_class(&rest[..end], letter).then_some(end + 2)
        }
        [first, ..] => (*first == letter).then_some(1),
        [] => None,
    }
}

fn in_class(class: &[char], letter: char) -> bool {
    let mut at = 0;
    while at < class.len() {
        if class.get(at + 1) == Some(&'-') && at + 2 < class.len() {
            if (class[at]..=class[at + 2]).contains(&letter) {
                return true;
            }
            at += 3;
        } else {
            if class[at] == letter {
                return true;
            }
            at += 1;
        }
    }
    false
}

/// Columns with their patterns replaced by the names the object has, in its spelling.
///
/// A plain name that is missing stays when `keep_missing`; a pattern that nothing matches never does.
#[must_use]
pub(crate) fn resolve(columns: &[Column], value: &PsValue, keep_missing: bool) -> Vec<Column> {
    let mut found = Vec::new();
    for column in columns {
        let Source::Property(name) = &column.source else {
            found.push(column.clone());
            continue;
        };
        let own: Vec<Arc<str>> = if is_pattern(name) {
            subject::properties(value).into_iter().map(|(own, _)| own).filter(|own| matches(name, own)).collect()
        } else {
            let spelled = subject::properties(value).into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
            spelled.map(|(own, _)| own).into_iter().collect()
        };
        if own.is_empty() && keep_missing && !is_pattern(name) {
            found.push(column.clone());
        }
        found.extend(own.into_iter().map(|own| Column { source: Source::Property(own), ..column.clone() }));
    }
    found
}

/// What is shown of an object when nothing is asked for: its default set, else all that remoting does not hide.
#[must_use]
pub(crate) fn default_columns(value: &PsValue, settings: &Settings) -> Vec<Column> {
    let set = default_set(value, settings);
    if !set.is_empty() {
        let mut columns = set;
        if subject::shows_computer_name(value) {
            columns.push(Column::property(COMPUTER_NAME));
        }
        return columns;
    }
    let properties = subject::properties_shown(value);
    let remote = properties.iter().any(|(name, _)| name.eq_ignore_ascii_case(SHOW_COMPUTER_NAME));
    let shown = subject::shows_computer_name(value);
    properties
        .iter()
        .map(|(name, _)| name)
        .filter(|name| {
            let internal = name.eq_ignore_ascii_case(SHOW_COMPUTER_NAME);
            !remote || !(internal || !shown && name.eq_ignore_ascii_case(COMPUTER_NAME))
        })
        .map(|name| Column::property(name))
        .collect()
}

/// The default set of the object's type, as far as the object has it.
#[must_use]
pub(crate) fn default_set(value: &PsValue, settings: &Settings) -> Vec<Column> {
    let names = settings.display_set(&subject::type_names(value)).map(|set| set.properties.clone()).unwrap_or_default();
    let wanted: Vec<Column> = names.iter().map(|name| Column::property(name)).collect();
    resolve(&wanted, value, false)
}

/// The property that names an object: its type's, else one called like a name, an id or a key.
#[must_use]
pub(crate) fn naming_property(value: &PsValue, settings: &Settings) -> Option<Arc<str>> {
    if let Some(own) = settings.display_set(&subject::type_names(value)).and_then(|set| set.property.clone()) {
        return Some(own);
    }
    let hidden = |name: &str| {
        [COMPUTER_NAME, SHOW_COMPUTER_NAME, RUNSPACE_ID, "PSSourceJobInstanceId"]
            .iter()
            .any(|hidden| hidden.eq_ignore_ascii_case(name))
    };
    let names: Vec<Arc<str>> =
        subject::properties(value).into_iter().map(|(name, _)| name).filter(|name| !hidden(name)).collect();
    ["name", "id", "key", "*key", "*name", "*id"]
        .iter()
        .find_map(|pattern| names.iter().find(|name| matches(pattern, name)).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_ignore_case_and_know_classes() {
        assert!(matches("k*", "Kind") && matches("*NAME", "BoatName") && matches("[a-c]?", "bX"));
        assert!(!matches("k*", "Bark") && !matches("[a-c]", "d"));
        assert!(matches("*a*b", "xaxbab") && matches("*", "") && !matches("a*b", "a") && matches("`*x", "*x"));
    }

    #[test]
    fn a_missing_name_stays_in_a_table_and_goes_from_a_list() {
        let value: PsValue = crate::clixml::PsObject::bag([("Name", PsValue::I32(1))]).into();
        let asked = [Column::property("nAmE"), Column::property("Nowhere"), Column::property("zz*")];
        let titles = |keep| resolve(&asked, &value, keep).iter().map(Column::title).collect::<Vec<_>>();
        assert_eq!(titles(true), ["Name".into(), Arc::from("Nowhere")]);
        assert_eq!(titles(false), [Arc::from("Name")]);
    }
}
