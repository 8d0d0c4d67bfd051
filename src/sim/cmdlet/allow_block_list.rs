//! Get-, New-, Set- and Remove-TenantAllowBlockListItems: senders, addresses, files that are let in or kept out.

use jiff::SignedDuration;

use super::mailbox::keep;
use super::reading::{objects, show};
use super::{Attempt, Call, Failure, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::value;

const NOUN: &str = "TenantAllowBlockListItems";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec(
            "Get-TenantAllowBlockListItems",
            &["ListType", "Entry", "Allow", "Block", "NoExpiration", "ExpirationDate", "ListSubType"],
            |_| Box::new(Tries(get)),
        ),
        spec(
            "New-TenantAllowBlockListItems",
            &[
                "ListType",
                "Entries",
                "Allow",
                "Block",
                "NoExpiration",
                "ExpirationDate",
                "Notes",
                "ListSubType",
                "RemoveAfter",
            ],
            |_| Box::new(Tries(new)),
        ),
        spec(
            "Set-TenantAllowBlockListItems",
            &["ListType", "Ids", "Entries", "Allow", "Block", "NoExpiration", "ExpirationDate", "Notes", "RemoveAfter"],
            |_| Box::new(Tries(set)),
        ),
        spec("Remove-TenantAllowBlockListItems", &["ListType", "Ids", "Entries"], |_| Box::new(Tries(remove))),
    ]
}

const LISTS: [&str; 5] = ["Sender", "Url", "FileHash", "IP", "BulkSender"];

fn list(call: &Call<'_>) -> Result<&'static str, Failure> {
    let text = call.text("ListType").unwrap_or_default();
    let known = LISTS.into_iter().find(|known| known.eq_ignore_ascii_case(&text));
    known.ok_or_else(|| Failure::conversion("ListType", &text, &format!("one of {}", LISTS.join(", "))))
}

/// What has not run out.
fn living(call: &Call<'_>, list: &str) -> Vec<Entry> {
    let now = call.organization().now();
    let mut all = objects(call, NOUN);
    all.retain(|item| {
        let end = item.get("ExpirationDate").and_then(value::timestamp_of);
        item.text("ListType") == list && end.is_none_or(|end| end > now)
    });
    all
}

fn get(call: &mut Call<'_>) -> Attempt {
    let list = list(call)?;
    let before = call.value("ExpirationDate").and_then(value::timestamp_of);
    let (entry, kind) = (call.text("Entry"), call.text("ListSubType"));
    let mut found = living(call, list);
    found.retain(|item| {
        let end = item.get("ExpirationDate").and_then(value::timestamp_of);
        let action = item.text("Action");
        entry.as_deref().is_none_or(|text| item.text("Value").eq_ignore_ascii_case(text))
            && kind.as_deref().is_none_or(|kind| item.text("ListSubType").eq_ignore_ascii_case(kind))
            && !(call.flag("Allow") && action != "Allow")
            && !(call.flag("Block") && action != "Block")
            && !(call.flag("NoExpiration") && end.is_some())
            && before.is_none_or(|before| end.is_some_and(|end| end <= before))
    });
    found.iter().try_for_each(|item| show(call, item, NOUN)).map_err(Into::into)
}

/// When an item ends: as asked, never, or after thirty days.
fn ending(call: &Call<'_>, action: &str) -> Result<PsValue, Failure> {
    let now = call.organization().now();
    if let Some(end) = call.value("ExpirationDate").and_then(value::timestamp_of) {
        if end <= now {
            return Err(Failure::invalid("ExpirationDate", "ExpirationDate must be in the future."));
        }
        if action == "Allow" && end > now + SignedDuration::from_hours(24 * 30) {
            return Err(Failure::invalid("ExpirationDate", "What is let in is let in for at most 30 days."));
        }
        return Ok(value::utc(end));
    }
    match (call.flag("NoExpiration"), action) {
        (true, "Allow") => Err(Failure::invalid("NoExpiration", "What is let in needs an end.")),
        (true, _) => Ok(PsValue::Null),
        _ => Ok(value::utc(now + SignedDuration::from_hours(24 * 30))),
    }
}

fn check(list: &str, text: &str) -> Result<(), Failure> {
    let fits = match list {
        "FileHash" => text.len() == 64 && text.chars().all(|c| c.is_ascii_hexdigit()),
        "IP" => text.split('/').next().is_some_and(|text| text.parse::<std::net::IpAddr>().is_ok()),
        _ => text.contains('.') && !text.contains(' '),
    };
    if fits { Ok(()) } else { Err(Failure::invalid("Entries", format!("\"{text}\" is no entry for the list {list}."))) }
}

fn new(call: &mut Call<'_>) -> Attempt {
    let list = list(call)?;
    let action = if call.flag("Allow") { "Allow" } else { "Block" };
    let end = ending(call, action)?;
    let now = call.organization().now();
    let known = living(call, list);
    for text in call.texts("Entries") {
        check(list, &text)?;
        if known.iter().any(|item| item.text("Value").eq_ignore_ascii_case(&text)) {
            return Err(Failure::already_exists("entry", &text).into());
        }
        let mut item = call.organization().write(|state| state.fresh(Class::Config(NOUN), &text, now));
        let id = item.guid.simple().to_string();
        for (property, text) in [
            ("Identity", id.as_str()),
            ("EntryValueHash", &id),
            ("Value", &text),
            ("Action", action),
            ("ListType", list),
            ("ModifiedBy", &call.context.user),
            ("ListSubType", &call.text("ListSubType").unwrap_or_else(|| "Tenant".to_owned())),
            ("Notes", &call.text("Notes").unwrap_or_default()),
        ] {
            item.set(property, text);
        }
        item.set("ExpirationDate", end.clone());
        item.set("LastModifiedDateTime", value::utc(now));
        if let Some(days) = call.text("RemoveAfter") {
            item.set("RemoveAfter", days);
        }
        if call.should_process("New tenant allow/block list item", &text)? {
            keep(call, item.clone());
            show(call, &item, NOUN)?;
        }
    }
    Ok(())
}

/// The items that -Ids or -Entries mean.
fn meant(call: &Call<'_>) -> Result<Vec<Entry>, Failure> {
    let known = living(call, list(call)?);
    let texts = [call.texts("Ids"), call.texts("Entries")].concat();
    let find = |text: &String| {
        let is = |item: &&Entry| ["Identity", "Value"].iter().any(|name| item.text(name).eq_ignore_ascii_case(text));
        known.iter().find(is).cloned().ok_or_else(|| Failure::not_found(text, None))
    };
    texts.iter().map(find).collect()
}

fn set(call: &mut Call<'_>) -> Attempt {
    let now = call.organization().now();
    for mut item in meant(call)? {
        for (flag, action) in [("Allow", "Allow"), ("Block", "Block")] {
            if call.flag(flag) {
                item.set("Action", action);
            }
        }
        if call.given("ExpirationDate") || call.flag("NoExpiration") {
            let end = ending(call, &item.text("Action"))?;
            item.set("ExpirationDate", end);
        }
        for property in ["Notes", "RemoveAfter"] {
            if let Some(text) = call.text(property) {
                item.set(property, text);
            }
        }
        item.set("LastModifiedDateTime", value::utc(now));
        if call.should_process("Set tenant allow/block list item", &item.text("Value"))? {
            keep(call, item.clone());
            show(call, &item, NOUN)?;
        }
    }
    Ok(())
}

fn remove(call: &mut Call<'_>) -> Attempt {
    for item in meant(call)? {
        if call.should_process("Remove tenant allow/block list item", &item.text("Value"))? {
            call.organization().write(|state| state.remove(item.id));
            show(call, &item, NOUN)?;
        }
    }
    Ok(())
}
