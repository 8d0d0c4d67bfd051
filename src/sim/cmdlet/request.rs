//! Requests that take their time: New-, Get-, Set-, Suspend-, Resume- and Remove-MailboxExportRequest, -ImportRequest and
//! -RestoreRequest, with their statistics.
//!
//! Nothing is copied and no file is touched: a request advances with the clock and is done after ten minutes.

use jiff::{SignedDuration, Timestamp};

use super::mailbox::keep;
use super::reading::{find_one, objects, result_size, show};
use super::writing::{assign_all, finish_change};
use super::{Call, Failure, Halt, Outcome, Spec, Start, Trouble, Work};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{canonical_name, distinguished_name, schema, value};

const NOUNS: [&str; 3] = ["MailboxExportRequest", "MailboxImportRequest", "MailboxRestoreRequest"];

pub(super) fn specs() -> Vec<Spec> {
    const NAMES: [&str; 21] = [
        "New-MailboxExportRequest",
        "Get-MailboxExportRequest",
        "Set-MailboxExportRequest",
        "Suspend-MailboxExportRequest",
        "Resume-MailboxExportRequest",
        "Remove-MailboxExportRequest",
        "Get-MailboxExportRequestStatistics",
        "New-MailboxImportRequest",
        "Get-MailboxImportRequest",
        "Set-MailboxImportRequest",
        "Suspend-MailboxImportRequest",
        "Resume-MailboxImportRequest",
        "Remove-MailboxImportRequest",
        "Get-MailboxImportRequestStatistics",
        "New-MailboxRestoreRequest",
        "Get-MailboxRestoreRequest",
        "Set-MailboxRestoreRequest",
        "Suspend-MailboxRestoreRequest",
        "Resume-MailboxRestoreRequest",
        "Remove-MailboxRestoreRequest",
        "Get-MailboxRestoreRequestStatistics",
    ];
    NAMES.iter().map(|name| spec(name)).collect()
}

fn spec(name: &'static str) -> Spec {
    let verb = name.split_once('-').map_or("", |(verb, _)| verb);
    let (parameters, start): (&[&str], Start) = match verb {
        "New" => (
            &[
                "?Mailbox",
                "?FilePath",
                "?SourceStoreMailbox",
                "?SourceMailbox",
                "?SourceDatabase",
                "?TargetMailbox",
                "Name",
                "BatchName",
                "Suspend",
                "BadItemLimit",
                "?LargeItemLimit",
                "SourceRootFolder",
                "TargetRootFolder",
            ],
            |noun| Box::new(Request(noun, "New")),
        ),
        "Get" if name.ends_with("Statistics") => (&["Identity"], |noun| Box::new(Request(noun, "Statistics"))),
        "Get" => (
            &["Identity", "Name", "?Mailbox", "?TargetMailbox", "BatchName", "Status", "Suspend", "ResultSize"],
            |noun| Box::new(Request(noun, "Get")),
        ),
        "Set" => {
            (&["Identity", "?BadItemLimit", "?LargeItemLimit", "?BatchName"], |noun| Box::new(Request(noun, "Set")))
        }
        "Suspend" => (&["Identity"], |noun| Box::new(Request(noun, "Suspend"))),
        "Resume" => (&["Identity"], |noun| Box::new(Request(noun, "Resume"))),
        _ => (&["Identity", "Force"], |noun| Box::new(Request(noun, "Remove"))),
    };
    Spec { name, parameters, output: "", start }
}

/// One verb of one noun.
struct Request(&'static str, &'static str);

impl Work for Request {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let plain = self.0.trim_end_matches("Statistics");
        let noun = NOUNS.into_iter().find(|known| *known == plain).unwrap_or(NOUNS[0]);
        let done = match self.1 {
            "New" => new(call, noun),
            "Get" => get(call, noun),
            "Set" => set(call, noun).map_err(Trouble::from),
            "Statistics" => statistics(call, noun),
            "Suspend" => suspend(call, noun, true),
            "Resume" => suspend(call, noun, false),
            _ => remove(call, noun),
        };
        match done {
            Err(Trouble::Failure(failure)) => call.error(failure),
            Err(Trouble::Halt(halt)) => Err(halt),
            Ok(()) => Ok(()),
        }
    }
}

/// How far a request is.
pub(super) struct Progress {
    pub(super) status: &'static str,
    pub(super) detail: &'static str,
    pub(super) percent: u64,
    /// When it was done.
    pub(super) done: Option<Timestamp>,
}

/// Minutes that every request takes.
const MINUTES: i64 = 10;

/// How far a request is at a moment: the clock alone moves it, unless it is suspended or failed.
pub(super) fn progress(entry: &Entry, now: Timestamp) -> Progress {
    let is = |name: &str| entry.get(name).and_then(value::bool_of).unwrap_or(false);
    let queued = entry.get("Queued").and_then(value::timestamp_of).unwrap_or(entry.created);
    let stopped = entry.get("SuspendedAt").and_then(value::timestamp_of);
    let minutes = stopped.unwrap_or(now).duration_since(queued).as_mins().max(0);
    let percent = (minutes * 100 / MINUTES).clamp(0, 100) as u64;
    let at = |status, detail, percent, done| Progress { status, detail, percent, done };
    if is("Failed") {
        return at("Failed", "FailedOther", percent.min(37), None);
    }
    let waits = is("SuspendWhenReadyToComplete") || is("PreventCompletion");
    match (is("Suspended"), percent) {
        (true, _) if percent < 100 => at("Suspended", "Suspended", percent.min(95), None),
        (_, 95..) if waits => at("AutoSuspended", "AutoSuspended", 95, None),
        (_, 0..=9) => at("Queued", "Queued", 0, None),
        (_, 10..=24) => at("InProgress", "CreatingFolderHierarchy", percent, None),
        (_, 25..=99) => at("InProgress", "CopyingMessages", percent, None),
        _ => at("Completed", "Completed", 100, Some(queued + SignedDuration::from_mins(MINUTES))),
    }
}

/// Stops a request where it is, or lets it go on from there.
pub(super) fn halt_or_go(entry: &mut Entry, now: Timestamp, halt: bool) {
    if halt {
        entry.set("Suspended", true);
        entry.set("SuspendedAt", value::utc(now));
        return;
    }
    let is_halted = entry.get("SuspendedAt").and_then(value::timestamp_of);
    if let (Some(at), Some(queued)) = (is_halted, entry.get("Queued").and_then(value::timestamp_of)) {
        entry.set("Queued", value::utc(queued + now.duration_since(at)));
    }
    entry.set("Suspended", false);
    entry.properties.remove("SuspendedAt");
    for name in ["SuspendWhenReadyToComplete", "Failed"] {
        entry.properties.remove(name);
    }
}

/// The mailbox that a request is about, by path.
fn subject(noun: &str) -> &'static str {
    if noun == NOUNS[2] { "TargetMailbox" } else { "Mailbox" }
}

/// `Path\Name`, as a request is called; a request's own name is not unique.
fn identity(noun: &str, entry: &Entry) -> String {
    format!("{}\\{}", entry.text(subject(noun)), entry.text("Name"))
}

/// The request that -Identity means: `mailbox\name`, its GUID, or a name that only one has.
fn meant(call: &Call<'_>, noun: &'static str) -> Result<Entry, Failure> {
    let text = call.text("Identity").unwrap_or_default();
    // What is piped goes by its distinguished name.
    let is_piped = |one: &Entry| distinguished_name(one).eq_ignore_ascii_case(&text);
    if let Some(one) = objects(call, noun).into_iter().find(is_piped) {
        return Ok(one);
    }
    let (mailbox, name) = match text.rsplit_once('\\') {
        Some((mailbox, name)) => (Some(mailbox), name),
        None => (None, text.as_str()),
    };
    let path = match mailbox {
        Some(mailbox) => Some(canonical_name(&find_one(call, mailbox, Class::MAILBOXES)?)),
        None => None,
    };
    let mut found = objects(call, noun);
    found.retain(|one| {
        let here = path.as_ref().is_none_or(|path| *path == one.text(subject(noun)));
        here && (one.text("Name").eq_ignore_ascii_case(name) || one.guid.to_string().eq_ignore_ascii_case(name))
    });
    match found.len() {
        0 => Err(Failure::not_found(&text, None)),
        1 => Ok(found.remove(0)),
        _ => Err(Failure::ambiguous(&text)),
    }
}

fn told(call: &Call<'_>, noun: &'static str, mut entry: Entry) -> Entry {
    let identity = identity(noun, &entry);
    entry.set("Identity", identity);
    entry.set("Status", progress(&entry, call.organization().now()).status);
    entry
}

fn new(call: &mut Call<'_>, noun: &'static str) -> Result<(), Trouble> {
    let mailbox = find_one(call, &call.text(subject(noun)).unwrap_or_default(), Class::MAILBOXES)?;
    let path = call.text("FilePath");
    if path.as_deref().is_some_and(|path| !path.starts_with("\\\\") || !path.to_lowercase().ends_with(".pst")) {
        let problem = "FilePath must be a PST file on a share, such as \\\\server\\share\\file.pst.";
        return Err(Failure::invalid("FilePath", problem).into());
    }
    let mine = |one: &&Entry| one.text(subject(noun)) == canonical_name(&mailbox);
    let others: Vec<Entry> = objects(call, noun);
    let taken: Vec<String> = others.iter().filter(mine).map(|one| one.text("Name")).collect();
    let short = noun.trim_start_matches("Mailbox").trim_end_matches("Request");
    let free = |name: &String| !taken.contains(name);
    let name = match call.text("Name") {
        Some(name) if !free(&name) => return Err(Failure::already_exists("name of a request", &name).into()),
        Some(name) => name,
        // Without a name they are numbered, ten of them.
        None => std::iter::once(format!("Mailbox{short}"))
            .chain((1..10).map(|number| format!("Mailbox{short}{number}")))
            .find(free)
            .ok_or_else(|| {
                Failure::refused("There are ten unnamed requests for this mailbox; give this one a name.")
            })?,
    };
    let now = call.organization().now();
    let mut entry = call.organization().write(|state| {
        let mut entry = state.fresh(Class::Config(noun), &name, now);
        entry.name = format!("{}\\{name}", mailbox.name).into();
        entry
    });
    entry.set("Name", name);
    entry.set("Queued", value::utc(now));
    entry.set(subject(noun), canonical_name(&mailbox));
    entry.set("Alias", mailbox.text("Alias"));
    for property in ["FilePath", "BatchName", "SourceRootFolder", "TargetRootFolder", "SourceDatabase", "BadItemLimit"]
    {
        if let Some(text) = call.text(property) {
            entry.set(property, text);
        }
    }
    for property in ["SourceStoreMailbox", "SourceMailbox"] {
        let Some(text) = call.text(property) else { continue };
        let gone = call.organization().read(|state| state.history().find_gone(&text).cloned());
        let source = match gone {
            Some(gone) => gone,
            None => find_one(call, &text, Class::MAILBOXES)?,
        };
        entry.set("SourceMailbox", canonical_name(&source));
    }
    let database = mailbox.text("Database");
    entry.set(if noun == NOUNS[0] { "SourceDatabase" } else { "TargetDatabase" }, database);
    if call.flag("Suspend") {
        halt_or_go(&mut entry, now, true);
    }
    if !call.should_process(&format!("New {noun}"), &identity(noun, &entry))? {
        return Ok(());
    }
    keep(call, entry.clone());
    let entry = told(call, noun, entry);
    Ok(show(call, &entry, noun)?)
}

fn get(call: &mut Call<'_>, noun: &'static str) -> Result<(), Trouble> {
    if call.given("Identity") {
        let entry = told(call, noun, meant(call, noun)?);
        return Ok(show(call, &entry, noun)?);
    }
    let (limit, _) = result_size(call)?;
    let of = match call.text(subject(noun)) {
        Some(text) => Some(canonical_name(&find_one(call, &text, Class::MAILBOXES)?)),
        None => None,
    };
    let all: Vec<Entry> = objects(call, noun).into_iter().map(|entry| told(call, noun, entry)).collect();
    let has =
        |entry: &Entry, name: &str| call.text(name).is_none_or(|text| entry.text(name).eq_ignore_ascii_case(&text));
    let suspended = |entry: &Entry| {
        let own = entry.get("Suspended").and_then(value::bool_of).unwrap_or(false);
        !call.given("Suspend") || own == call.flag("Suspend")
    };
    let fits = |entry: &&Entry| {
        of.as_ref().is_none_or(|path| entry.text(subject(noun)) == *path)
            && ["Name", "BatchName", "Status"].iter().all(|name| has(entry, name))
            && suspended(entry)
    };
    let found: Vec<Entry> = all.iter().filter(fits).take(limit).cloned().collect();
    found.iter().try_for_each(|entry| show(call, entry, noun)).map_err(Into::into)
}

fn set(call: &mut Call<'_>, noun: &'static str) -> Result<(), Halt> {
    let view = schema::view(noun).ok_or(Halt::Stopped)?;
    let changed = meant(call, noun).and_then(|mut entry| {
        let changed = assign_all(call, &mut entry, &[view])?;
        Ok((entry, changed))
    });
    finish_change(call, &format!("Set {noun}"), changed)
}

fn suspend(call: &mut Call<'_>, noun: &'static str, halt: bool) -> Result<(), Trouble> {
    let mut entry = meant(call, noun)?;
    let now = call.organization().now();
    if progress(&entry, now).done.is_some() {
        let message = format!("\"{}\" is completed.", identity(noun, &entry));
        return Err(Failure::refused(message).into());
    }
    let operation = if halt { "Suspend" } else { "Resume" };
    if call.should_process(&format!("{operation} {noun}"), &identity(noun, &entry))? {
        halt_or_go(&mut entry, now, halt);
        keep(call, entry);
    }
    Ok(())
}

fn remove(call: &mut Call<'_>, noun: &'static str) -> Result<(), Trouble> {
    let entry = meant(call, noun)?;
    if call.should_process(&format!("Remove {noun}"), &identity(noun, &entry))? {
        call.organization().write(|state| state.remove(entry.id));
    }
    Ok(())
}

/// Items and bytes of a mailbox.
pub(super) fn contents(call: &Call<'_>, mailbox: &Entry) -> (u64, u64) {
    let view = schema::view("MailboxStatistics");
    let of = |name: &str| {
        let column = view.and_then(|view| view.column(name));
        column.map_or(PsValue::Null, |column| call.organization().property(mailbox, column))
    };
    let items = value::number_of(&of("ItemCount")).unwrap_or(0).unsigned_abs();
    (items, value::bytes_of(&of("TotalItemSize")).unwrap_or(0))
}

fn statistics(call: &mut Call<'_>, noun: &'static str) -> Result<(), Trouble> {
    let entry = meant(call, noun)?;
    let now = call.organization().now();
    let progress = progress(&entry, now);
    let mailbox = find_one(call, &entry.text(subject(noun)), Class::MAILBOXES)?;
    let (items, bytes) = contents(call, &mailbox);
    let view =
        schema::views().iter().find(|view| view.noun.strip_suffix("Statistics") == Some(noun)).ok_or(Halt::Stopped)?;
    let number = |number: u64| PsValue::I64(number as i64);
    let object = view.record(&[
        ("Name", entry.text("Name").into()),
        ("Identity", identity(noun, &entry).into()),
        ("Status", progress.status.into()),
        ("StatusDetail", progress.detail.into()),
        ("SourceAlias", if noun == NOUNS[0] { mailbox.text("Alias") } else { String::new() }.into()),
        ("TargetAlias", if noun == NOUNS[0] { String::new() } else { mailbox.text("Alias") }.into()),
        ("Mailbox", canonical_name(&mailbox).into()),
        ("FilePath", entry.text("FilePath").into()),
        ("BatchName", entry.text("BatchName").into()),
        ("SourceDatabase", entry.text("SourceDatabase").into()),
        ("TargetDatabase", entry.text("TargetDatabase").into()),
        ("PercentComplete", PsValue::I32(progress.percent as i32)),
        ("EstimatedTransferSize", value::size_text(bytes).into()),
        ("EstimatedTransferItemCount", number(items)),
        ("BytesTransferred", value::size_text(bytes / 100 * progress.percent).into()),
        ("ItemsTransferred", number(items * progress.percent / 100)),
        ("BadItemsEncountered", PsValue::I32(0)),
        ("QueuedTimestamp", entry.get("Queued").cloned().unwrap_or(PsValue::Null)),
        ("CompletionTimestamp", progress.done.map_or(PsValue::Null, value::utc)),
        (
            "OverallDuration",
            value::ticks_text(progress.done.unwrap_or(now).duration_since(entry.created).as_secs() * 10_000_000).into(),
        ),
    ]);
    Ok(call.output(object)?)
}
