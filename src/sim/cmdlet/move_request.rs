//! New-, Get-, Set-, Suspend-, Resume- and Remove-MoveRequest with their statistics: mailboxes on their way to another
//! database.
//!
//! Nothing is copied: a move advances with the clock. The mailbox is in its new database once somebody looks at a
//! request that is done.

use jiff::SignedDuration;

use super::mailbox::keep;
use super::reading::{find_one, objects, result_size, short_name, show};
use super::request::{contents, halt_or_go, progress};
use super::writing::{assign_all, finish_change};
use super::{Attempt, Call, Each, Failure, Halt, Outcome, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{canonical_name, schema, value};

pub(super) const NOUN: &str = "MoveRequest";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec(
            "New-MoveRequest",
            &[
                "Identity",
                "?TargetDatabase",
                "BatchName",
                "?BadItemLimit",
                "?LargeItemLimit",
                "Suspend",
                "SuspendWhenReadyToComplete",
                "PrimaryOnly",
                "ArchiveOnly",
                "?ArchiveTargetDatabase",
                "CompleteAfter",
                "Remote",
                "RemoteHostName",
                "TargetDeliveryDomain",
                "?SourceEndpoint",
            ],
            |_| Box::new(Tries(new)),
        ),
        spec(
            "Get-MoveRequest",
            &[
                "Identity",
                "BatchName",
                "?MoveStatus",
                "?Status",
                "?SourceDatabase",
                "?TargetDatabase",
                "Suspend",
                "SuspendWhenReadyToComplete",
                "RemoteHostName",
                "ResultSize",
            ],
            |_| Box::new(Tries(get)),
        ),
        spec("Get-MoveRequestStatistics", &["Identity"], |_| Box::new(Tries(statistics))),
        spec("Set-MoveRequest", &["Identity", "*"], |_| Box::new(Each(set))),
        spec("Suspend-MoveRequest", &["Identity", "SuspendComment"], |_| Box::new(Tries(|call| suspend(call, true)))),
        spec("Resume-MoveRequest", &["Identity", "SuspendWhenReadyToComplete"], |_| {
            Box::new(Tries(|call| suspend(call, false)))
        }),
        spec("Remove-MoveRequest", &["Identity", "Force"], |_| Box::new(Tries(remove))),
    ]
}

/// A request as it stands now; the mailbox of one that is done goes to its place.
fn settled(call: &Call<'_>, mut entry: Entry) -> Entry {
    let now = call.organization().now();
    let progress = progress(&entry, now);
    let target = entry.text("TargetDatabase");
    if progress.done.is_some()
        && !target.is_empty()
        && entry.text("Status") != "Completed"
        && let Ok(mut mailbox) = find_one(call, &entry.text("MailboxGuid"), Class::MAILBOXES)
    {
        let database = if entry.text("Flags").contains("ArchiveOnly") { "ArchiveDatabase" } else { "Database" };
        mailbox.set(database, target);
        keep(call, mailbox);
        entry.set("Status", "Completed");
        call.organization().write(|state| state.put(entry.clone()));
    }
    entry.set("Status", progress.status);
    entry
}

/// The request of a mailbox, by any name of the mailbox or the request's own.
fn meant(call: &Call<'_>) -> Result<Entry, Failure> {
    let text = call.text("Identity").unwrap_or_default();
    let mailbox = find_one(call, &text, Class::MAILBOXES).ok();
    let guid = mailbox.as_ref().map(|mailbox| mailbox.text("ExchangeGuid"));
    let found = objects(call, NOUN).into_iter().find(|one| {
        guid.as_ref().is_some_and(|guid| one.text("MailboxGuid") == *guid)
            || one.guid.to_string() == text.to_lowercase()
    });
    found.map(|entry| settled(call, entry)).ok_or_else(|| Failure::not_found(&text, None))
}

fn new(call: &mut Call<'_>) -> Attempt {
    let mailbox = find_one(call, &call.text("Identity").unwrap_or_default(), Class::MAILBOXES)?;
    let guid = mailbox.text("ExchangeGuid");
    if objects(call, NOUN).iter().any(|one| one.text("MailboxGuid") == guid) {
        let message = format!("\"{}\" has a move request already; remove it first.", canonical_name(&mailbox));
        return Err(Failure::refused(message).into());
    }
    let parameter = if call.flag("ArchiveOnly") { "ArchiveTargetDatabase" } else { "TargetDatabase" };
    let target = match call.text(parameter).map(short_name) {
        Some(target) => find_one(call, &target, schema::config_classes("MailboxDatabase"))?.name.to_string(),
        None if call.given("TargetDeliveryDomain") => String::new(),
        // Without a database the server chooses one.
        None => if mailbox.text("Database") == "DB01" { "DB02" } else { "DB01" }.to_owned(),
    };
    if target.eq_ignore_ascii_case(&mailbox.text("Database")) && parameter == "TargetDatabase" {
        let message = format!("\"{}\" is in \"{target}\" already.", canonical_name(&mailbox));
        return Err(Failure::refused(message).into());
    }
    let now = call.organization().now();
    let mut entry = call.organization().write(|state| state.fresh(Class::Config(NOUN), &mailbox.name, now));
    let flags = match (call.flag("Remote"), call.flag("PrimaryOnly"), call.flag("ArchiveOnly")) {
        (true, ..) => "CrossOrg, Push",
        (_, true, _) => "IntraOrg, Pull, MoveOnlyPrimaryMailbox",
        (.., true) => "IntraOrg, Pull, MoveOnlyArchiveMailbox, ArchiveOnly",
        _ => "IntraOrg, Pull",
    };
    for (property, text) in [
        ("Identity", canonical_name(&mailbox)),
        ("DisplayName", mailbox.text("DisplayName")),
        ("Alias", mailbox.text("Alias")),
        ("MailboxIdentity", canonical_name(&mailbox)),
        ("SourceDatabase", mailbox.text("Database")),
        ("TargetDatabase", target),
        ("Flags", flags.to_owned()),
        ("RequestStyle", if call.flag("Remote") { "CrossOrg" } else { "IntraOrg" }.to_owned()),
        ("Direction", if call.flag("Remote") { "Push" } else { "Pull" }.to_owned()),
    ] {
        entry.set(property, text);
    }
    entry.set("MailboxGuid", mailbox.get("ExchangeGuid").cloned().unwrap_or(PsValue::Null));
    entry.set("Queued", value::utc(now));
    for property in
        ["BatchName", "BadItemLimit", "LargeItemLimit", "RemoteHostName", "TargetDeliveryDomain", "SourceEndpoint"]
    {
        if let Some(text) = call.text(property) {
            entry.set(property, text);
        }
    }
    if let Some(after) = call.value("CompleteAfter").and_then(value::timestamp_of) {
        entry.set("CompleteAfter", value::utc(after));
        entry.set("SuspendWhenReadyToComplete", after > now + SignedDuration::from_mins(10));
    }
    if call.flag("SuspendWhenReadyToComplete") {
        entry.set("SuspendWhenReadyToComplete", true);
    }
    if call.flag("Suspend") {
        halt_or_go(&mut entry, now, true);
    }
    if call.should_process("New move request", &canonical_name(&mailbox))? {
        keep(call, entry.clone());
        let entry = settled(call, entry);
        show(call, &entry, NOUN)?;
    }
    Ok(())
}

fn get(call: &mut Call<'_>) -> Attempt {
    if call.given("Identity") {
        let entry = meant(call)?;
        return Ok(show(call, &entry, NOUN)?);
    }
    let (limit, _) = result_size(call)?;
    let all: Vec<Entry> = objects(call, NOUN).into_iter().map(|entry| settled(call, entry)).collect();
    let status = call.text("MoveStatus").or_else(|| call.text("Status"));
    let named = |entry: &Entry, name: &str| {
        let wanted = call.text(name).map(short_name);
        wanted.is_none_or(|wanted| value::wildcard(&wanted, &entry.text(name)))
    };
    let switched = |entry: &Entry, parameter: &str, property: &str| {
        let own = entry.get(property).and_then(value::bool_of).unwrap_or(false);
        !call.given(parameter) || own == call.flag(parameter)
    };
    let fits = |entry: &&Entry| {
        status.as_deref().is_none_or(|status| entry.text("Status").eq_ignore_ascii_case(status))
            && ["BatchName", "SourceDatabase", "TargetDatabase", "RemoteHostName"].iter().all(|name| named(entry, name))
            && switched(entry, "Suspend", "Suspended")
            && switched(entry, "SuspendWhenReadyToComplete", "SuspendWhenReadyToComplete")
    };
    let found: Vec<Entry> = all.iter().filter(fits).take(limit).cloned().collect();
    found.iter().try_for_each(|entry| show(call, entry, NOUN)).map_err(Into::into)
}

fn statistics(call: &mut Call<'_>) -> Attempt {
    let entry = meant(call)?;
    let now = call.organization().now();
    let progress = progress(&entry, now);
    let mailbox = find_one(call, &entry.text("MailboxGuid"), Class::MAILBOXES)?;
    let (items, bytes) = contents(call, &mailbox);
    let queued = entry.get("Queued").and_then(value::timestamp_of).unwrap_or(entry.created);
    let span = |from, to: jiff::Timestamp| value::ticks_text(to.duration_since(from).as_secs().max(0) * 10_000_000);
    let end = progress.done.unwrap_or(now);
    let number = |number: u64| PsValue::I64(number as i64);
    let failure = if progress.status == "Failed" { "StoragePermanentException: the mailbox is locked" } else { "" };
    let own = |name: &str| PsValue::from(entry.text(name));
    let view = schema::view("MoveRequestStatistics").ok_or(Halt::Stopped)?;
    let object = view.record(&[
        ("DisplayName", own("DisplayName")),
        ("Alias", own("Alias")),
        ("Identity", own("MailboxIdentity")),
        ("MailboxIdentity", own("MailboxIdentity")),
        ("ExchangeGuid", entry.get("MailboxGuid").cloned().unwrap_or(PsValue::Null)),
        ("Status", progress.status.into()),
        ("StatusDetail", progress.detail.into()),
        ("SourceDatabase", own("SourceDatabase")),
        ("TargetDatabase", own("TargetDatabase")),
        ("BatchName", own("BatchName")),
        ("BadItemLimit", own("BadItemLimit")),
        ("PercentComplete", PsValue::I32(progress.percent as i32)),
        ("TotalMailboxSize", value::size_text(bytes).into()),
        ("TotalMailboxItemCount", number(items)),
        ("BytesTransferred", value::size_text(bytes / 100 * progress.percent).into()),
        ("ItemsTransferred", number(items * progress.percent / 100)),
        ("BadItemsEncountered", PsValue::I32(0)),
        ("QueuedTimestamp", value::local(queued)),
        ("StartTimestamp", value::local(queued + SignedDuration::from_mins(1))),
        ("LastUpdateTimestamp", value::local(end)),
        ("CompletionTimestamp", progress.done.map_or(PsValue::Null, value::local)),
        ("OverallDuration", span(queued, end).into()),
        ("TotalInProgressDuration", span(queued + SignedDuration::from_mins(1), end).into()),
        ("FailureType", if failure.is_empty() { PsValue::Null } else { "StoragePermanentException".into() }),
        ("Message", failure.into()),
    ]);
    Ok(call.output(object)?)
}

fn set(call: &mut Call<'_>) -> Outcome {
    let view = schema::view(NOUN).ok_or(Halt::Stopped)?;
    let changed = meant(call).and_then(|mut entry| {
        let changed = assign_all(call, &mut entry, &[view])?;
        Ok((entry, changed))
    });
    finish_change(call, "Set move request", changed)
}

fn suspend(call: &mut Call<'_>, halt: bool) -> Attempt {
    let mut entry = meant(call)?;
    let now = call.organization().now();
    let target = entry.text("MailboxIdentity");
    if progress(&entry, now).done.is_some() {
        return Err(Failure::refused(format!("The move of \"{target}\" is completed.")).into());
    }
    if call.should_process(if halt { "Suspend move request" } else { "Resume move request" }, &target)? {
        halt_or_go(&mut entry, now, halt);
        if call.flag("SuspendWhenReadyToComplete") {
            entry.set("SuspendWhenReadyToComplete", true);
        }
        if let Some(comment) = call.text("SuspendComment") {
            entry.set("Message", comment);
        }
        keep(call, entry);
    }
    Ok(())
}

fn remove(call: &mut Call<'_>) -> Attempt {
    let entry = meant(call)?;
    if call.should_process("Remove move request", &entry.text("MailboxIdentity"))? {
        call.organization().write(|state| state.remove(entry.id));
    }
    Ok(())
}
