//! Set- and Update-EmailAddressPolicy: how addresses are made, and giving recipients the addresses that are due.
//!
//! Policies are made, shown and removed as their table says. Of the conditions only the filter counts.

use super::mailbox::keep;
use super::reading::{identified, objects, property};
use super::writing::{assign_all, assign_name, check_address, finish_change};
use super::{Attempt, Call, Each, Failure, Halt, Outcome, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::Walk;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::filter::Filter;
use crate::sim::org::{schema, value};

const NOUN: &str = "EmailAddressPolicy";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Set-EmailAddressPolicy", &["Identity", "*", "Name", "~ForceUpgrade"], |_| Box::new(Each(set))),
        spec("Update-EmailAddressPolicy", &["Identity", "UpdateSecondaryAddressesOnly", "~FixMissingAlias"], |_| {
            Box::new(Tries(update))
        }),
    ]
}

fn set(call: &mut Call<'_>) -> Outcome {
    let view = schema::view(NOUN).ok_or(Halt::Stopped)?;
    let changed = identified(call, schema::config_classes(NOUN)).and_then(|mut policy| {
        let mut changed = assign_all(call, &mut policy, &[view])?;
        changed |= assign_name(call, &mut policy)?;
        check_filter(&policy)?;
        let templates = policy.texts("EnabledEmailAddressTemplates");
        if let Some(primary) = call.text("EnabledPrimarySMTPAddressTemplate") {
            let others = templates.into_iter().filter(|template| !template.starts_with("SMTP:"));
            let all: Vec<String> = std::iter::once(format!("SMTP:{primary}")).chain(others).collect();
            policy.set("EnabledEmailAddressTemplates", value::texts(all));
        } else if templates.iter().filter(|template| template.starts_with("SMTP:")).count() != 1 {
            let message = "One template must be that of the primary address, and begin with SMTP: in capitals.";
            return Err(Failure::invalid("EnabledEmailAddressTemplates", message));
        } else if let Some(primary) = templates.iter().find_map(|template| template.strip_prefix("SMTP:")) {
            policy.set("EnabledPrimarySMTPAddressTemplate", primary);
        }
        if changed {
            policy.set("RecipientFilterApplied", false);
        }
        Ok((policy, changed))
    });
    finish_change(call, "Set e-mail address policy", changed)
}

fn check_filter(policy: &Entry) -> Result<Option<Filter>, Failure> {
    let text = policy.text("RecipientFilter");
    if text.is_empty() {
        return Ok(None);
    }
    Filter::parse(&text).map(Some).map_err(|error| Failure::invalid("RecipientFilter", error.to_string()))
}

/// Whose addresses a policy makes: who fits its filter and no policy's that goes before it.
fn is_for(call: &Call<'_>, filters: &[Option<Filter>], recipient: &Entry) -> bool {
    let Some(view) = schema::view("Recipient") else { return false };
    let fits = |filter: &Option<Filter>| {
        filter.as_ref().is_none_or(|filter| filter.fits(&mut |name| property(call, view, recipient, name)))
    };
    let Some((own, before)) = filters.split_last() else { return false };
    fits(own) && !before.iter().any(fits)
}

fn update(call: &mut Call<'_>) -> Attempt {
    let mut policy = identified(call, schema::config_classes(NOUN))?;
    let rank = |policy: &Entry| policy.text("Priority").parse::<u32>().unwrap_or(u32::MAX);
    let mut all = objects(call, NOUN);
    all.retain(|other| other.id != policy.id && rank(other) < rank(&policy));
    all.push(policy.clone());
    let filters = all.iter().map(check_filter).collect::<Result<Vec<_>, _>>()?;
    let name = policy.name.to_string();
    if !call.should_process("Update e-mail address policy", &name)? {
        return Ok(());
    }
    let templates = policy.texts("EnabledEmailAddressTemplates");
    let mut walk = Walk::new(Class::RECIPIENTS);
    while let Some(mut recipient) = walk.next(call.organization()) {
        let by_policy = recipient.get("EmailAddressPolicyEnabled").and_then(value::bool_of).unwrap_or(true);
        if !by_policy || !is_for(call, &filters, &recipient) {
            continue;
        }
        let before = recipient.texts("EmailAddresses");
        let after = addresses(call, &recipient, &templates, call.flag("UpdateSecondaryAddressesOnly"));
        if after != before {
            recipient.set("EmailAddresses", value::addresses(after));
            keep(call, recipient);
        }
    }
    policy.set("RecipientFilterApplied", PsValue::Bool(true));
    keep(call, policy);
    Ok(())
}

/// The addresses that somebody has then: none that was there goes.
fn addresses(call: &Call<'_>, recipient: &Entry, templates: &[String], only_second: bool) -> Vec<String> {
    let mut list = recipient.texts("EmailAddresses");
    for template in templates {
        let (scheme, pattern) = template.split_once(':').unwrap_or(("smtp", template));
        let Some(address) = made(call, recipient, pattern) else { continue };
        let primary = scheme == "SMTP" && !only_second;
        if primary {
            list.retain(|known| !known[known.find(':').map_or(0, |at| at + 1)..].eq_ignore_ascii_case(&address));
            for known in &mut list {
                if let Some(rest) = known.strip_prefix("SMTP:") {
                    *known = format!("smtp:{rest}");
                }
            }
            list.insert(0, format!("SMTP:{address}"));
        } else if !list.iter().any(|known| known.to_lowercase().ends_with(&format!(":{}", address.to_lowercase()))) {
            list.push(format!("smtp:{address}"));
        }
    }
    list
}

/// The address that a template makes for somebody; a number makes it one that nobody else has.
fn made(call: &Call<'_>, recipient: &Entry, template: &str) -> Option<String> {
    let (local, domain) = template.split_once('@')?;
    let local = filled(recipient, local);
    let local: String = local.chars().filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c)).collect();
    let numbered = (1..100).map(|number| if number == 1 { String::new() } else { number.to_string() });
    let mut tries = numbered.map(|number| format!("{local}{number}@{domain}"));
    tries
        .find(|address| check_address(call, recipient, &format!("smtp:{address}")).is_ok())
        .filter(|_| !local.is_empty())
}

/// `%m` alias, `%g` given name, `%s` surname, `%d` display name; with a number before the letter only so many letters of it.
fn filled(recipient: &Entry, pattern: &str) -> String {
    let mut out = String::new();
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let mut count = String::new();
        while let Some(digit) = letters.next_if(char::is_ascii_digit) {
            count.push(digit);
        }
        let property = match letters.next() {
            Some('m') => "Alias",
            Some('g') => "FirstName",
            Some('s') => "LastName",
            Some('i') => "Initials",
            Some('d') => "DisplayName",
            Some(other) => {
                out.push(other);
                continue;
            }
            None => break,
        };
        let text = recipient.text(property);
        out.extend(text.chars().take(count.parse().unwrap_or(usize::MAX)));
    }
    out
}
