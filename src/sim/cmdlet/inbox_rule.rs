//! Get-, New-, Set-, Remove-, Enable- and Disable-InboxRule: what a mailbox does with what comes in.

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::find_one;
use super::writing::assign_all;
use super::{Each, Failure, Outcome, Spec};
use crate::clixml::PsValue;
use crate::sim::org::belongings::blank;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::schema::{self, View};
use crate::sim::org::{canonical_name, value};

const NOUN: &str = "InboxRule";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Get-InboxRule", &["Identity", "Mailbox", "~IncludeHidden"], |_| Box::new(Each(get))),
        spec("New-InboxRule", &["Name", "Mailbox", "*", "Force"], |_| Box::new(Each(new))),
        spec("Set-InboxRule", &["Identity", "Mailbox", "*", "Name", "Force"], |_| Box::new(Each(set))),
        spec("Remove-InboxRule", &["Identity", "Mailbox", "Force"], |_| Box::new(Each(remove))),
        spec("Enable-InboxRule", &["Identity", "Mailbox", "Force"], |_| Box::new(Each(|call| switch(call, true)))),
        spec("Disable-InboxRule", &["Identity", "Mailbox", "Force"], |_| Box::new(Each(|call| switch(call, false)))),
    ]
}

fn view() -> Result<&'static View, Halt> {
    schema::view(NOUN).ok_or(Halt::Stopped)
}

/// Whose rules: -Mailbox, or the part of -Identity before the backslash, or the caller.
fn owner(call: &Call<'_>) -> Result<(Entry, Option<String>), Failure> {
    let identity = call.text("Identity");
    let (mailbox, rule) = match identity.as_deref().and_then(|text| text.rsplit_once('\\')) {
        Some((mailbox, rule)) => (Some(mailbox.to_owned()), Some(rule.to_owned())),
        None => (None, identity),
    };
    let mailbox = call.text("Mailbox").or(mailbox).unwrap_or_else(|| call.context.user.clone());
    Ok((find_one(call, &mailbox, Class::MAILBOXES)?, rule))
}

fn rules(call: &Call<'_>, owner: &Entry) -> Vec<Entry> {
    call.organization().read(|state| state.children(owner, NOUN))
}

fn is_called(rule: &Entry, name: &str) -> bool {
    rule.name.eq_ignore_ascii_case(name)
        || rule.get("RuleIdentity").and_then(value::plain_text).as_deref() == Some(name)
}

fn show(call: &mut Call<'_>, owner: &Entry, rule: &Entry) -> Outcome {
    let mut rule = rule.clone();
    let number = rule.get("RuleIdentity").and_then(value::plain_text).unwrap_or_default();
    rule.set("Identity", format!("{}\\{number}", canonical_name(owner)));
    rule.set("MailboxOwnerId", canonical_name(owner));
    let object = call.organization().object(&rule, view()?);
    call.output(object)
}

fn get(call: &mut Call<'_>) -> Outcome {
    let (owner, name) = match owner(call) {
        Ok(found) => found,
        Err(failure) => return call.error(failure),
    };
    let all = rules(call, &owner);
    let found: Vec<Entry> =
        all.into_iter().filter(|rule| name.as_deref().is_none_or(|name| is_called(rule, name))).collect();
    if let Some(name) = name.filter(|_| found.is_empty()) {
        return call.error(Failure::not_found(&name, None));
    }
    found.iter().try_for_each(|rule| show(call, &owner, rule))
}

fn new(call: &mut Call<'_>) -> Outcome {
    let (owner, _) = match owner(call) {
        Ok(found) => found,
        Err(failure) => return call.error(failure),
    };
    let name = call.text("Name").unwrap_or_default();
    let mut all = rules(call, &owner);
    let number = all.iter().filter_map(|rule| value::number_of(rule.get("RuleIdentity")?)).max().unwrap_or(1_000) + 1;
    let mut rule = blank(&owner, NOUN, &name, number.unsigned_abs());
    rule.set("RuleIdentity", PsValue::I64(number));
    rule.set("Priority", PsValue::I32(i32::try_from(all.len()).unwrap_or(i32::MAX - 1) + 1));
    if let Err(failure) = assign_all(call, &mut rule, &[view()?]) {
        return call.error(failure);
    }
    if !call.should_process("New inbox rule", &name)? {
        return Ok(());
    }
    all.push(rule.clone());
    call.organization().write(|state| state.set_children(owner.id, NOUN, all));
    show(call, &owner, &rule)?;
    keep(call, owner);
    Ok(())
}

/// What is done with all rules of an owner, given the number of the one that is meant.
type Edit<'a> = &'a mut dyn FnMut(&Call<'_>, &mut Vec<Entry>, usize) -> Result<(), Failure>;

/// Changes the rule that the call means, with all rules of its owner at hand.
fn change(call: &mut Call<'_>, operation: &str, edit: Edit<'_>) -> Outcome {
    let (owner, name) = match owner(call) {
        Ok(found) => found,
        Err(failure) => return call.error(failure),
    };
    let name = name.unwrap_or_default();
    let mut all = rules(call, &owner);
    let Some(index) = all.iter().position(|rule| is_called(rule, &name)) else {
        return call.error(Failure::not_found(&name, None));
    };
    if let Err(failure) = edit(call, &mut all, index) {
        return call.error(failure);
    }
    if call.should_process(operation, &format!("{}\\{name}", canonical_name(&owner)))? {
        call.organization().write(|state| state.set_children(owner.id, NOUN, all));
        keep(call, owner);
    }
    Ok(())
}

fn set(call: &mut Call<'_>) -> Outcome {
    let view = view()?;
    change(call, "Set inbox rule", &mut |call, all, index| {
        if let Some(name) = call.text("Name") {
            all[index].name = name.into();
        }
        assign_all(call, &mut all[index], &[view]).map(drop)
    })
}

fn remove(call: &mut Call<'_>) -> Outcome {
    change(call, "Remove inbox rule", &mut |_, all, index| {
        all.remove(index);
        Ok(())
    })
}

fn switch(call: &mut Call<'_>, on: bool) -> Outcome {
    change(call, if on { "Enable inbox rule" } else { "Disable inbox rule" }, &mut |_, all, index| {
        all[index].set("Enabled", PsValue::Bool(on));
        Ok(())
    })
}
