//! Inside the table of a call: parameters and options that are not there yet, and the values they accept.
//!
//! Not here: where the table is (`place`).

use crate::catalog::{COMMON_PARAMETERS, Cmdlet, Parameter, ParameterKind, Resolved};
use crate::script::{Document, Shape};

use super::super::options;
use super::super::vocabulary::Vocabulary;
use super::{Candidate, begins, matching};

/// Parameters of a cmdlet, or options of one of our own functions or of a module's, that are not there yet.
pub(super) fn keys(vocabulary: &Vocabulary, function: &str, given: &[String], typed: &str) -> Vec<Candidate> {
    if let Some(document) = vocabulary.document(function) {
        return options_of(document, given, typed);
    }
    let Some(cmdlet) = vocabulary.cmdlet(function) else {
        let known = options::of(function).iter().filter(|option| begins(option.name, typed));
        let free = known.filter(|option| !given.iter().any(|given| given.eq_ignore_ascii_case(option.name)));
        return free
            .map(|option| Candidate::with_remark(option.name, option.about, format!("{}: ", option.name)))
            .collect();
    };
    let taken: Vec<String> = given
        .iter()
        .map(|name| cmdlet.resolve_spelling(name).map_or_else(|_| name.clone(), |resolved| resolved.name().to_owned()))
        .collect();
    let wanted = typed.replace('_', "");
    let free = |name: &str| begins(name, &wanted) && !taken.iter().any(|taken| taken.eq_ignore_ascii_case(name));
    let mut own: Vec<&Parameter> = cmdlet.parameters.iter().filter(|parameter| free(&parameter.name)).collect();
    own.sort_by(|a, b| a.name.cmp(&b.name));
    let mut found: Vec<Candidate> = own
        .into_iter()
        .map(|parameter| {
            Candidate::with_remark(&parameter.name, &remark(cmdlet, parameter), format!("{}: ", parameter.name))
        })
        .collect();
    if !typed.is_empty() {
        let common = COMMON_PARAMETERS.iter().filter(|common| free(common.name));
        found
            .extend(common.map(|common| {
                Candidate::with_remark(common.name, "every cmdlet has it", format!("{}: ", common.name))
            }));
    }
    found
}

/// Options that a function of a module declares.
fn options_of(document: &Document, given: &[String], typed: &str) -> Vec<Candidate> {
    let is_free = |name: &str| begins(name, typed) && !given.iter().any(|given| given.eq_ignore_ascii_case(name));
    let declared = document.parameters.iter().filter(|parameter| is_free(&parameter.name));
    let mut found: Vec<Candidate> = declared
        .map(|parameter| {
            let required = if parameter.required { ", required" } else { "" };
            let remark = format!("{}{required}: {}", parameter.shape, parameter.about);
            Candidate::with_remark(&parameter.name, &remark, format!("{}: ", parameter.name))
        })
        .collect();
    if document.changes {
        let further = [("WhatIf", "show what would change"), ("Confirm", "ask before it changes something")];
        let free = further.iter().filter(|(name, _)| is_free(name));
        found.extend(free.map(|(name, about)| Candidate::with_remark(name, about, format!("{name}: "))));
    }
    found
}

/// Identities that were seen, where the argument at `position` of a cmdlet is one.
pub(super) fn identities(vocabulary: &Vocabulary, function: &str, position: usize, typed: &str) -> Vec<Candidate> {
    let Some(cmdlet) = vocabulary.cmdlet(function) else { return Vec::new() };
    let sets = cmdlet.default_set.map_or_else(|| cmdlet.all_sets(), crate::catalog::ParameterSets::only);
    match cmdlet.positional(sets).get(position) {
        Some(parameter) if parameter.kind == ParameterKind::Identity => matching(typed, vocabulary.identities()),
        _ => Vec::new(),
    }
}

/// The type of a parameter, its accepted values if they are few, and whether it is required.
fn remark(cmdlet: &Cmdlet, parameter: &Parameter) -> String {
    const VALUES_SHOWN_MAX: usize = 4;
    let mut remark = match parameter.kind {
        ParameterKind::Switch => "switch".to_owned(),
        _ => parameter.type_name.to_string(),
    };
    if (1..=VALUES_SHOWN_MAX).contains(&parameter.values.len()) {
        remark = format!("{remark} {}", parameter.values.join("|"));
    }
    let sets = cmdlet.default_set.map_or_else(|| cmdlet.all_sets(), crate::catalog::ParameterSets::only);
    if !(parameter.required_in & sets).is_empty() {
        remark.push_str(", required");
    }
    if cmdlet.positional(sets).first().is_some_and(|first| first.name == parameter.name) {
        remark.push_str(", may stand first without its name");
    } else if parameter.pipeline.any() {
        remark.push_str(", from piped objects");
    }
    if let Some(sets) = sets_of(cmdlet, parameter) {
        remark.push_str(&sets);
    }
    remark
}

/// With which parameter sets a parameter goes, where that are not all of them.
fn sets_of(cmdlet: &Cmdlet, parameter: &Parameter) -> Option<String> {
    const SETS_SHOWN_MAX: usize = 2;
    let all = cmdlet.all_sets();
    let own = parameter.sets & all;
    if own.is_empty() || own == all {
        return None;
    }
    let names: Vec<&str> = own.iter().filter_map(|index| cmdlet.sets.get(index)).map(|name| &**name).collect();
    let more = names.len().saturating_sub(SETS_SHOWN_MAX);
    let shown = names.iter().take(SETS_SHOWN_MAX).copied().collect::<Vec<_>>().join(", ");
    Some(if more > 0 { format!(", in set {shown} and {more} more") } else { format!(", in set {shown}") })
}

/// Accepted values of a parameter; texts come with quotes unless the cursor is inside of some.
pub(super) fn values(vocabulary: &Vocabulary, function: &str, key: &str, typed: &str, quote: bool) -> Vec<Candidate> {
    if let Some(document) = vocabulary.document(function) {
        return values_of_option(document, key, typed, quote);
    }
    let Some(cmdlet) = vocabulary.cmdlet(function) else {
        return options::values(function, key)
            .iter()
            .filter(|value| begins(value, typed))
            .map(|value| {
                Candidate::plain(if quote && !is_literal(value) { format!("\"{value}\"") } else { (*value).to_owned() })
            })
            .collect();
    };
    let Ok(resolved) = cmdlet.resolve_spelling(key) else { return Vec::new() };
    let bare = |values: &[&'static str]| if quote { matching(typed, values.iter().copied()) } else { Vec::new() };
    let texts = |values: &mut dyn Iterator<Item = String>| -> Vec<Candidate> {
        values
            .filter(|value| begins(value, typed))
            .map(|value| Candidate::plain(if quote { format!("\"{value}\"") } else { value }))
            .collect()
    };
    match resolved {
        Resolved::Common(common) if common.is_switch => bare(&["true", "false"]),
        Resolved::Common(common) if common.name.ends_with("Action") => {
            let actions = ["Continue", "Ignore", "Inquire", "SilentlyContinue", "Stop"];
            texts(&mut actions.into_iter().map(str::to_owned))
        }
        Resolved::Common(_) => Vec::new(),
        Resolved::Own(_, parameter) => match parameter.kind {
            ParameterKind::Switch | ParameterKind::Bool => bare(&["true", "false"]),
            ParameterKind::Identity => texts(&mut vocabulary.identities().map(str::to_owned)),
            ParameterKind::Unlimited if parameter.values.is_empty() => {
                texts(&mut std::iter::once("Unlimited".to_owned()))
            }
            _ => texts(&mut parameter.values.iter().filter(|value| !value.starts_with('$')).map(ToString::to_string)),
        },
    }
}

fn is_literal(value: &str) -> bool {
    matches!(value, "true" | "false") || value.parse::<i64>().is_ok()
}

/// Accepted values of an option that a function of a module declares.
fn values_of_option(document: &Document, key: &str, typed: &str, quote: bool) -> Vec<Candidate> {
    let switch = || if quote { matching(typed, ["true", "false"]) } else { Vec::new() };
    let declared = document.parameters.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(key));
    match declared.map(|parameter| &parameter.shape) {
        Some(Shape::Flag) => switch(),
        Some(Shape::Choice(words)) => words
            .iter()
            .filter(|word| begins(word, typed))
            .map(|word| Candidate::plain(if quote { format!("\"{word}\"") } else { word.clone() }))
            .collect(),
        None if document.changes && (key == "WhatIf" || key == "Confirm") => switch(),
        _ => Vec::new(),
    }
}
