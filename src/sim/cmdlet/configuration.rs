//! Objects of the configuration: Get-, New-, Set-, Remove-, Enable- and Disable- for every noun whose table in
//! `org/schema` names its cmdlets.
//!
//! What many nouns share (one default, an order of rules, one organization) is here; what one noun does alone is in its own file.

use std::sync::Arc;

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::{Reading, find_one, short_name};
use super::writing::{assign_all, check_name};
use super::{Failure, Outcome, Spec, Start, Work};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::schema::{self, Column, View};
use crate::sim::org::{Walk, value};

/// One cmdlet for each that a table names.
pub(super) fn specs() -> Vec<Spec> {
    let views = schema::views().iter().filter(|view| !view.in_mailbox);
    views.flat_map(|view| view.cmdlets.iter().map(|name| spec(name))).collect()
}

fn spec(name: &'static str) -> Spec {
    let (parameters, start): (&[&str], Start) = match name.split_once('-') {
        Some(("Get", _)) => {
            (&["?Identity", "?ResultSize", "?Filter", "?SortBy", "?Server", "=", "~DistributionDetail"], |noun| {
                Box::new(Get(noun))
            })
        }
        Some(("New", _)) => (&["?Name", "*", "?Enabled"], |noun| Box::new(New(noun))),
        Some(("Set", _)) => (&["?Identity", "*", "?Name", "?MakeDefault"], |noun| Box::new(Set(noun))),
        Some(("Enable", _)) => (&["?Identity"], |noun| Box::new(Switch(noun, true))),
        Some(("Disable", _)) => (&["?Identity"], |noun| Box::new(Switch(noun, false))),
        _ => (&["?Identity"], |noun| Box::new(Remove(noun))),
    };
    Spec { name, parameters, output: "", start }
}

/// The table of a noun and the class of its objects.
fn kind(noun: &'static str) -> Result<(&'static View, &'static [Class]), Halt> {
    let view = schema::view(noun).ok_or(Halt::Stopped)?;
    Ok((view, schema::config_classes(noun)))
}

/// Where an organization has exactly one, it needs no name.
fn meant(call: &Call<'_>, classes: &'static [Class]) -> Result<Entry, Failure> {
    match call.text("Identity") {
        Some(identity) => find_one(call, &identity, classes),
        None => Walk::new(classes).next(call.organization()).ok_or_else(|| Failure::not_found("", None)),
    }
}

struct Get(&'static str);

impl Work for Get {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let (view, classes) = kind(self.0)?;
        let server = call.text("Server").map(|server| short_name(server).to_lowercase());
        let wanted = wanted(call, view);
        let organization = Arc::clone(&call.context.organization);
        let keeps = |entry: &Entry| {
            server.as_deref().is_none_or(|server| is_on(entry, server))
                && wanted.iter().all(|(column, text)| {
                    let own = value::texts_of(&organization.property(entry, column));
                    own.iter().any(|own| value::wildcard(text, own))
                })
        };
        let reading = Reading { view, classes, keeps: &keeps };
        if view.column(PRIORITY).is_none() {
            return reading.each(call, &mut |call, entry| {
                let object = call.organization().object(entry, view);
                call.output(object)
            });
        }
        let mut found = Vec::new();
        reading.each(call, &mut |_, entry| {
            found.push(entry.clone());
            Ok(())
        })?;
        found.sort_by_key(priority);
        found.iter().try_for_each(|entry| {
            let object = call.organization().object(entry, view);
            call.output(object)
        })
    }
}

/// What else is asked for: parameters that are properties, such as -BatchName or -Status.
pub(super) fn wanted(call: &Call<'_>, view: &'static View) -> Vec<(&'static Column, String)> {
    let general = ["Identity", "ResultSize", "Filter", "SortBy", "Server"];
    let asked = call.bound.parameters.iter().filter(|bound| !general.contains(&&*bound.name));
    asked.filter_map(|bound| Some((view.column(&bound.name)?, call.text(&bound.name)?))).collect()
}

fn is_on(entry: &Entry, server: &str) -> bool {
    let places = ["Server", "MailboxServer", "Servers"].map(|name| entry.texts(name).join(",").to_lowercase());
    places.iter().any(|place| place.split(',').any(|one| one == server))
        || entry.name.to_lowercase().starts_with(&format!("{server}\\"))
}

/// Rules are asked one after the other; the property says in which order.
const PRIORITY: &str = "Priority";

fn priority(entry: &Entry) -> i64 {
    entry.get(PRIORITY).and_then(value::number_of).unwrap_or(i64::MAX)
}

/// Gives rules their numbers again, with `entry` where it wants to be, or last; `None` when one went.
fn renumber(call: &Call<'_>, classes: &'static [Class], entry: Option<&mut Entry>) {
    let mut walk = Walk::new(classes);
    let own = entry.as_ref().map(|entry| entry.id);
    let mut others: Vec<Entry> = std::iter::from_fn(|| walk.next(call.organization())).collect();
    others.retain(|other| Some(other.id) != own);
    others.sort_by_key(priority);
    let place = entry.as_ref().map(|entry| usize::try_from(priority(entry)).unwrap_or(usize::MAX).min(others.len()));
    if let (Some(entry), Some(place)) = (entry, place) {
        entry.set(PRIORITY, PsValue::I32(i32::try_from(place).unwrap_or(i32::MAX)));
    }
    for (index, mut other) in others.into_iter().enumerate() {
        let number = index + usize::from(place.is_some_and(|place| index >= place));
        if priority(&other) != number as i64 {
            other.set(PRIORITY, PsValue::I32(i32::try_from(number).unwrap_or(i32::MAX)));
            call.organization().write(|state| state.put(other));
        }
    }
}

struct New(&'static str);

impl Work for New {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let (view, classes) = kind(self.0)?;
        let name = call.text("Name").or_else(|| call.text(view.named_by)).unwrap_or_default();
        let class = classes.first().copied().ok_or(Halt::Stopped)?;
        let now = call.organization().now();
        let mut entry = call.organization().write(|state| state.fresh(class, &name, now));
        let filled = check_name(call, &name, &entry).and_then(|()| assign_all(call, &mut entry, &[view]));
        if let Err(failure) = filled {
            return call.error(failure);
        }
        if call.given("Enabled") && view.column("Enabled").is_none() {
            entry.set(view.switch.0, if call.flag("Enabled") { view.switch.1 } else { view.switch.2 });
        }
        if !call.should_process(&format!("New {}", self.0), &name)? {
            return Ok(());
        }
        if view.column(PRIORITY).is_some() {
            renumber(call, classes, Some(&mut entry));
        }
        let object = call.organization().object(&entry, view);
        keep(call, entry);
        call.output(object)
    }
}

struct Set(&'static str);

impl Work for Set {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let (view, classes) = kind(self.0)?;
        let changed = meant(call, classes).and_then(|mut entry| {
            let mut changed = assign_all(call, &mut entry, &[view])?;
            if let Some(name) = call.text("Name").filter(|name| *name != *entry.name) {
                check_name(call, &name, &entry)?;
                entry.name = name.into();
                changed = true;
            }
            Ok((entry, changed))
        });
        let (mut entry, changed) = match changed {
            Ok(changed) => changed,
            Err(failure) => return call.error(failure),
        };
        let name = entry.name.to_string();
        if !call.should_process(&format!("Set {}", self.0), &name)? {
            return Ok(());
        }
        let default = call.flag("MakeDefault");
        if default {
            make_default(call, classes, &mut entry);
        }
        if call.given(PRIORITY) && view.column(PRIORITY).is_some() {
            renumber(call, classes, Some(&mut entry));
        }
        if !changed && !default {
            return call.warning(&format!("nothing of \"{name}\" was changed: it was all as asked"));
        }
        keep(call, entry);
        Ok(())
    }
}

/// There is one default domain.
fn make_default(call: &Call<'_>, classes: &'static [Class], entry: &mut Entry) {
    let mut walk = Walk::new(classes);
    while let Some(mut other) = walk.next(call.organization()) {
        if other.id != entry.id && is_default(&other) {
            other.set("Default", PsValue::Bool(false));
            keep(call, other);
        }
    }
    entry.set("Default", PsValue::Bool(true));
}

fn is_default(entry: &Entry) -> bool {
    ["Default", "IsDefault"].iter().any(|name| entry.get(name).and_then(value::bool_of).unwrap_or(false))
}

struct Remove(&'static str);

impl Work for Remove {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let (view, classes) = kind(self.0)?;
        let entry = match meant(call, classes) {
            Ok(entry) => entry,
            Err(failure) => return call.error(failure),
        };
        if is_default(&entry) {
            return call.error(Failure::refused(format!("\"{}\" is the default and cannot be removed.", entry.name)));
        }
        let name = entry.name.to_string();
        if call.should_process(&format!("Remove {}", self.0), &name)? {
            call.organization().write(|state| state.remove(entry.id));
            if view.column(PRIORITY).is_some() {
                renumber(call, classes, None);
            }
        }
        Ok(())
    }
}

/// Enable- and Disable-: a rule stays where it is and works or does not.
struct Switch(&'static str, bool);

impl Work for Switch {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let (view, classes) = kind(self.0)?;
        let mut entry = match meant(call, classes) {
            Ok(entry) => entry,
            Err(failure) => return call.error(failure),
        };
        let name = entry.name.to_string();
        let operation = if self.1 { "Enable" } else { "Disable" };
        if call.should_process(&format!("{operation} {}", self.0), &name)? {
            let (property, on, off) = view.switch;
            let Some(column) = view.column(property) else { return Err(Halt::Stopped) };
            let text = if self.1 { on } else { off };
            entry.properties.insert(column.key.clone(), schema::shape_value(column.shape, text));
            keep(call, entry);
        }
        Ok(())
    }
}
