//! New-, Get-, Set-, Start-, Stop- and Remove-ComplianceSearch, and ComplianceSearchAction: searching everybody's mail.
//!
//! What a search finds is made up where Search-Mailbox's is; no content is read.

use super::mailbox::keep;
use super::reading::{find_one, identified, objects, show};
use super::writing::{assign_all, check_name, finish_change};
use super::{Attempt, Call, Each, Failure, Halt, Outcome, Spec, Tries, search_mailbox};
use crate::clixml::PsValue;
use crate::sim::org::Walk;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{schema, value};

const NOUN: &str = "ComplianceSearch";
const ACTION: &str = "ComplianceSearchAction";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Get-ComplianceSearch", &["Identity"], |_| Box::new(Tries(get))),
        spec("New-ComplianceSearch", &["Name", "*"], |_| Box::new(Tries(new))),
        spec("Set-ComplianceSearch", &["Identity", "*"], |_| Box::new(Each(set))),
        spec("Start-ComplianceSearch", &["Identity", "Force"], |_| Box::new(Tries(start))),
        spec("Stop-ComplianceSearch", &["Identity"], |_| Box::new(Tries(stop))),
        spec("Remove-ComplianceSearch", &["Identity"], |_| Box::new(Tries(remove))),
        spec(
            "New-ComplianceSearchAction",
            &["SearchName", "Preview", "Purge", "PurgeType", "Export", "Report", "Force"],
            |_| Box::new(Tries(act)),
        ),
        spec("Get-ComplianceSearchAction", &["Identity", "Preview", "Purge", "Export"], |_| Box::new(Tries(actions))),
        spec("Remove-ComplianceSearchAction", &["Identity"], |_| Box::new(Tries(remove_action))),
    ]
}

fn get(call: &mut Call<'_>) -> Attempt {
    let found = match call.text("Identity") {
        Some(_) => vec![identified(call, schema::config_classes(NOUN))?],
        None => objects(call, NOUN),
    };
    found.iter().try_for_each(|search| show(call, search, NOUN)).map_err(Into::into)
}

fn new(call: &mut Call<'_>) -> Attempt {
    let name = call.text("Name").unwrap_or_default();
    let now = call.organization().now();
    let mut search = call.organization().write(|state| state.fresh(Class::Config(NOUN), &name, now));
    check_name(call, &name, &search)?;
    assign_all(call, &mut search, &[schema::view(NOUN).ok_or(Halt::Stopped)?])?;
    mailboxes(call, &search)?;
    search.set("CreatedBy", call.context.user.as_str());
    search.set("Status", "NotStarted");
    if call.should_process("New compliance search", &name)? {
        keep(call, search.clone());
        show(call, &search, NOUN)?;
    }
    Ok(())
}

fn set(call: &mut Call<'_>) -> Outcome {
    let view = schema::view(NOUN).ok_or(Halt::Stopped)?;
    let changed = identified(call, schema::config_classes(NOUN)).and_then(|mut search| {
        let changed = assign_all(call, &mut search, &[view])?;
        Ok((search, changed))
    });
    finish_change(call, "Set compliance search", changed)
}

/// The mailboxes of a search: those named, or all.
fn mailboxes(call: &Call<'_>, search: &Entry) -> Result<Vec<Entry>, Failure> {
    let places = search.texts("ExchangeLocation");
    if places.iter().any(|place| place.eq_ignore_ascii_case("all")) {
        let mut walk = Walk::new(Class::MAILBOXES);
        return Ok(std::iter::from_fn(|| walk.next(call.organization())).take(2_000).collect());
    }
    let mut found = Vec::new();
    for place in places {
        let entry = find_one(call, &place, Class::RECIPIENTS)?;
        if entry.class.is_mailbox() {
            found.push(entry);
        } else {
            found.extend(call.organization().read(|state| state.members(entry.id)));
        }
    }
    Ok(found)
}

fn start(call: &mut Call<'_>) -> Attempt {
    let mut search = identified(call, schema::config_classes(NOUN))?;
    let name = search.name.to_string();
    let now = call.organization().now();
    let words = search.text("ContentMatchQuery");
    let (mut items, mut bytes, mut results) = (0, 0, Vec::new());
    for mailbox in mailboxes(call, &search)? {
        let (found, part) = search_mailbox::found(call, &mailbox, &words);
        items += found;
        bytes += part;
        results.push(format!("Location: {}, Item count: {found}, Total size: {part}", mailbox.primary_address()));
    }
    if call.should_process("Start compliance search", &name)? {
        search.set("Status", "Completed");
        search.set("RunBy", call.context.user.as_str());
        search.set("JobStartTime", value::utc(now));
        search.set("JobEndTime", value::utc(now));
        search.set("JobProgress", PsValue::I32(100));
        search.set("Items", PsValue::I64(items as i64));
        search.set("Size", PsValue::I64(bytes as i64));
        search.set("SuccessResults", format!("{{{}}}", results.join("; ")));
        keep(call, search);
    }
    Ok(())
}

fn stop(call: &mut Call<'_>) -> Attempt {
    let search = identified(call, schema::config_classes(NOUN))?;
    let message = format!("\"{}\" is not running.", search.name);
    Err(Failure::refused(message).into())
}

fn remove(call: &mut Call<'_>) -> Attempt {
    let search = identified(call, schema::config_classes(NOUN))?;
    let name = search.name.to_string();
    if call.should_process("Remove compliance search", &name)? {
        for action in objects(call, ACTION).into_iter().filter(|action| action.text("SearchName") == name) {
            call.organization().write(|state| state.remove(action.id));
        }
        call.organization().write(|state| state.remove(search.id));
    }
    Ok(())
}

fn act(call: &mut Call<'_>) -> Attempt {
    let kinds = ["Preview", "Purge", "Export", "Report"];
    let kind = kinds.into_iter().find(|kind| call.flag(kind)).unwrap_or("Export");
    for text in call.texts("SearchName") {
        let search = find_one(call, &text, schema::config_classes(NOUN))?;
        if search.text("Status") != "Completed" {
            return Err(Failure::refused(format!("\"{}\" has not been run; start it first.", search.name)).into());
        }
        let name = format!("{}_{kind}", search.name);
        if find_one(call, &name, schema::config_classes(ACTION)).is_ok() {
            return Err(Failure::already_exists("search action", &name).into());
        }
        let purge = call.text("PurgeType").unwrap_or_else(|| "SoftDelete".to_owned());
        if kind == "Purge" && !["SoftDelete", "HardDelete"].iter().any(|known| known.eq_ignore_ascii_case(&purge)) {
            return Err(Failure::conversion("PurgeType", &purge, "one of SoftDelete, HardDelete").into());
        }
        let now = call.organization().now();
        let mut action = call.organization().write(|state| state.fresh(Class::Config(ACTION), &name, now));
        let items = value::number_of(search.get("Items").unwrap_or(&PsValue::Null)).unwrap_or(0);
        // A purge takes at most ten items of each mailbox.
        let results = match kind {
            "Purge" => format!("Purge Type: {purge}; Item count: {}", items.min(10)),
            _ => format!("Item count: {items}"),
        };
        for (property, text) in [
            ("Action", kind.to_owned()),
            ("SearchName", search.name.to_string()),
            ("Status", "Completed".to_owned()),
            ("RunBy", call.context.user.clone()),
            ("Results", results),
            ("PurgeType", if kind == "Purge" { purge } else { String::new() }),
        ] {
            action.set(property, text);
        }
        action.set("JobStartTime", value::utc(now));
        action.set("JobEndTime", value::utc(now));
        // Taking mail away is asked about, as removing is.
        let agreed = if kind == "Purge" && !call.given("Confirm") && !call.flag("Force") {
            call.confirmed("Purge what the search found", &name)?
        } else {
            call.should_process("New compliance search action", &name)?
        };
        if agreed {
            if kind == "Purge" {
                // Ten items of each mailbox go at a time.
                let words = search.text("ContentMatchQuery");
                for mailbox in mailboxes(call, &search)? {
                    search_mailbox::take_away(call, &mailbox, &words, 10);
                }
            }
            keep(call, action.clone());
            show(call, &action, ACTION)?;
        }
    }
    Ok(())
}

fn actions(call: &mut Call<'_>) -> Attempt {
    let mut found = match call.text("Identity") {
        Some(_) => vec![identified(call, schema::config_classes(ACTION))?],
        None => objects(call, ACTION),
    };
    for kind in ["Preview", "Purge", "Export"] {
        if call.flag(kind) {
            found.retain(|action| action.text("Action") == kind);
        }
    }
    found.iter().try_for_each(|action| show(call, action, ACTION)).map_err(Into::into)
}

fn remove_action(call: &mut Call<'_>) -> Attempt {
    let action = identified(call, schema::config_classes(ACTION))?;
    let name = action.name.to_string();
    if call.should_process("Remove compliance search action", &name)? {
        call.organization().write(|state| state.remove(action.id));
    }
    Ok(())
}
