//! Get- and Remove-MigrationUser and Get-MigrationUserStatistics: who is on the way, and how far.
//!
//! A user is synchronized some minutes after the batch began, and completed some minutes after that was asked for.

use jiff::Timestamp;

use super::mailbox::keep;
use super::reading::{find_one, objects, result_size, show};
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{schema, value};

const NOUN: &str = "MigrationUser";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Get-MigrationUser", &["Identity", "BatchId", "Status", "StatusSummary", "ResultSize"], |_| {
            Box::new(Tries(get))
        }),
        spec("Get-MigrationUserStatistics", &["Identity", "IncludeReport"], |_| Box::new(Tries(statistics))),
        spec("Remove-MigrationUser", &["Identity", "?Force"], |_| Box::new(Tries(remove))),
    ]
}

/// A user as of now.
pub(super) struct User {
    pub(super) entry: Entry,
    pub(super) status: &'static str,
}

const KNOWN: [&str; 8] = ["Completed", "Synced", "Syncing", "Failed", "Stopped", "Completing", "Queued", "Validating"];

impl User {
    fn now(entry: Entry, now: Timestamp) -> Self {
        let kept = entry.text("Status");
        let minutes = |property: &str| {
            let since = entry.get(property).and_then(value::timestamp_of)?;
            Some(now.duration_since(since).as_mins())
        };
        let turn = i64::from(entry.guid.as_bytes()[2] % 4) + 2;
        let auto = entry.get("AutoComplete").and_then(value::bool_of).unwrap_or(false);
        let status = match (kept.as_str(), minutes("Completing"), minutes("Began")) {
            ("Failed" | "Stopped", ..) | (_, None, None) => {
                KNOWN.into_iter().find(|known| *known == kept).unwrap_or("Queued")
            }
            (_, Some(passed), _) => {
                if passed >= turn {
                    "Completed"
                } else {
                    "Completing"
                }
            }
            (_, None, Some(passed)) if auto && passed >= 2 * turn => "Completed",
            (_, None, Some(passed)) if passed >= turn => "Synced",
            _ => "Syncing",
        };
        Self { entry, status }
    }

    /// As it is shown.
    fn told(&self) -> Entry {
        let mut entry = self.entry.clone();
        entry.set("Status", self.status);
        entry.set(
            "StatusSummary",
            match self.status {
                "Syncing" | "Queued" | "Completing" => "Active",
                other => other,
            },
        );
        entry
    }
}

/// All users of all batches.
pub(super) fn everyone(call: &Call<'_>) -> Vec<User> {
    let now = call.organization().now();
    objects(call, NOUN).into_iter().map(|entry| User::now(entry, now)).collect()
}

pub(super) fn of_batch(call: &Call<'_>, batch: &str) -> Vec<User> {
    everyone(call).into_iter().filter(|user| user.entry.text("BatchId").eq_ignore_ascii_case(batch)).collect()
}

/// Puts users into a batch; who is no recipient fails at once.
pub(super) fn enlist(call: &Call<'_>, batch: &str, users: &[String]) {
    let now = call.organization().now();
    for user in users {
        let known = find_one(call, user, Class::RECIPIENTS).ok();
        let mut entry = call.organization().write(|state| state.fresh(Class::Config(NOUN), user, now));
        entry.set("MailboxIdentifier", user.as_str());
        entry.set("MailboxEmailAddress", user.as_str());
        entry.set("BatchId", batch);
        entry.set("State", "Active");
        entry.set("RecipientType", "Mailbox");
        entry.set("Status", if known.is_some() { "Queued" } else { "Failed" });
        entry.set("SkippedItemCount", PsValue::I32(0));
        entry.set("SyncedItemCount", PsValue::I32(0));
        match known {
            Some(mailbox) => entry.set("MailboxGuid", mailbox.get("ExchangeGuid").cloned().unwrap_or(PsValue::Null)),
            None => entry.set("ErrorSummary", format!("\"{user}\" is no recipient here")),
        }
        keep(call, entry);
    }
}

fn each(call: &Call<'_>, batch: &str, change: &dyn Fn(&mut Entry, &str)) {
    for user in of_batch(call, batch) {
        let mut entry = user.entry;
        change(&mut entry, user.status);
        keep(call, entry);
    }
}

/// All that are not done begin.
pub(super) fn start(call: &Call<'_>, batch: &str, now: Timestamp, completes: bool) {
    each(call, batch, &|entry, status| {
        if ["Queued", "Stopped"].contains(&status) {
            entry.set("Status", "Syncing");
            entry.set("Began", value::utc(now));
            entry.set("AutoComplete", completes);
        }
    });
}

/// All that are on the way stop.
pub(super) fn stop(call: &Call<'_>, batch: &str) {
    each(call, batch, &|entry, status| {
        if ["Queued", "Syncing"].contains(&status) {
            entry.set("Status", "Stopped");
        }
    });
}

/// All that are synchronized complete.
pub(super) fn complete(call: &Call<'_>, batch: &str, now: Timestamp) {
    each(call, batch, &|entry, status| {
        if status == "Synced" {
            entry.set("Completing", value::utc(now));
        }
    });
}

fn meant(call: &Call<'_>) -> Result<User, Failure> {
    let text = call.text("Identity").unwrap_or_default();
    let entry = find_one(call, &text, schema::config_classes(NOUN))?;
    Ok(User::now(entry, call.organization().now()))
}

fn get(call: &mut Call<'_>) -> Attempt {
    if call.given("Identity") {
        let user = meant(call)?.told();
        return Ok(show(call, &user, NOUN)?);
    }
    let (limit, _) = result_size(call)?;
    let has =
        |entry: &Entry, name: &str| call.text(name).is_none_or(|text| entry.text(name).eq_ignore_ascii_case(&text));
    let mut all: Vec<Entry> = everyone(call).iter().map(User::told).collect();
    all.retain(|user| ["BatchId", "Status", "StatusSummary"].iter().all(|name| has(user, name)));
    all.iter().take(limit).try_for_each(|user| show(call, user, NOUN)).map_err(Into::into)
}

fn statistics(call: &mut Call<'_>) -> Attempt {
    let user = meant(call)?;
    let view = schema::view("MigrationUserStatistics").ok_or(Halt::Stopped)?;
    let mut entry = user.told();
    let mailbox = find_one(call, &user.entry.name, Class::MAILBOXES).ok();
    let (items, bytes) = mailbox.map_or((4_000, 900_000_000), |mailbox| super::request::contents(call, &mailbox));
    let percent = match user.status {
        "Completed" => 100,
        "Synced" | "Completing" => 95,
        "Syncing" => 40,
        _ => 0,
    };
    let synced = PsValue::I32(i32::try_from(items * percent / 100).unwrap_or(i32::MAX));
    for (name, value) in [
        ("SyncedItemCount", synced),
        ("TotalItemsInSourceMailboxCount", PsValue::I32(i32::try_from(items).unwrap_or(i32::MAX))),
        ("EstimatedTotalTransferSize", value::size_text(bytes).into()),
        ("EstimatedTotalTransferCount", PsValue::I32(i32::try_from(items).unwrap_or(i32::MAX))),
        ("BytesTransferred", value::size_text(bytes / 100 * percent).into()),
        ("PercentageComplete", PsValue::I32(percent as i32)),
        ("PercentComplete", PsValue::I32(percent as i32)),
        ("Error", entry.get("ErrorSummary").cloned().unwrap_or(PsValue::Null)),
        ("MigrationType", "ExchangeRemoteMove".into()),
    ] {
        if view.column(name).is_some() {
            entry.set(name, value);
        }
    }
    if call.flag("IncludeReport") {
        entry.set("Report", format!("{}: {}", user.entry.name, user.status));
    }
    let object = call.organization().object(&entry, view);
    Ok(call.output(object)?)
}

fn remove(call: &mut Call<'_>) -> Attempt {
    let user = meant(call)?;
    if user.status == "Syncing" && !call.flag("Force") {
        return Err(Failure::refused(format!("\"{}\" is on its way.", user.entry.name)).into());
    }
    if call.should_process("Remove migration user", &user.entry.name)? {
        call.organization().write(|state| state.remove(user.entry.id));
    }
    Ok(())
}
