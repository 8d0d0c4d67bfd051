//! New-, Get-, Set-, Start-, Stop-, Complete- and Remove-MigrationBatch: many mailboxes on their way together.
//!
//! Nothing is moved: each user of a batch is synchronized some minutes after the start, by the clock. Users are in
//! `migration_user`.

use jiff::Timestamp;

use super::mailbox::keep;
use super::migration_user::{self, User};
use super::reading::{find_one, identified, objects, result_size, show};
use super::writing::{assign_all, check_name, finish_change};
use super::{Attempt, Call, Each, Failure, Halt, Outcome, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{schema, value};

pub(super) const NOUN: &str = "MigrationBatch";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    let switch = |name, start| Spec { name, parameters: &["Identity"], output: "", start };
    vec![
        spec(
            "New-MigrationBatch",
            &[
                "Name",
                "CSVData",
                "UserIds",
                "Local",
                "SourceEndpoint",
                "TargetEndpoint",
                "TargetDeliveryDomain",
                "TargetDatabases",
                "NotificationEmails",
                "AutoStart",
                "AutoComplete",
                "CompleteAfter",
                "StartAfter",
                "?BadItemLimit",
                "?LargeItemLimit",
            ],
            |_| Box::new(Tries(new)),
        ),
        spec("Get-MigrationBatch", &["Identity", "Status", "Endpoint", "?ResultSize"], |_| Box::new(Tries(get))),
        spec("Set-MigrationBatch", &["Identity", "*"], |_| Box::new(Each(set))),
        switch("Start-MigrationBatch", |_| Box::new(Tries(|call| step(call, "Start")))),
        switch("Stop-MigrationBatch", |_| Box::new(Tries(|call| step(call, "Stop")))),
        switch("Complete-MigrationBatch", |_| Box::new(Tries(|call| step(call, "Complete")))),
        spec("Remove-MigrationBatch", &["Identity", "?Force"], |_| Box::new(Tries(remove))),
    ]
}

/// A batch as it stands now: its counts are those of its users.
fn told(call: &Call<'_>, mut batch: Entry) -> Entry {
    let now = call.organization().now();
    let users = migration_user::of_batch(call, &batch.name);
    let count = |states: &[&str]| users.iter().filter(|user| states.contains(&user.status)).count();
    let number = |count: usize| PsValue::I32(i32::try_from(count).unwrap_or(i32::MAX));
    let counts = [
        ("TotalCount", users.len()),
        ("ActiveCount", count(&["Queued", "Syncing", "Completing"])),
        ("SyncedCount", count(&["Synced"])),
        ("FinalizedCount", count(&["Completed"])),
        ("FailedCount", count(&["Failed"])),
        ("StoppedCount", count(&["Stopped"])),
    ];
    for (property, count) in counts {
        batch.set(property, number(count));
    }
    let status = batch_status(&batch, &users);
    if status == "Completed" && batch.get("FinalizedDateTime").is_none_or(PsValue::is_null) {
        batch.set("FinalizedDateTime", value::utc(now));
    }
    batch.set("Status", status);
    batch
}

fn batch_status(batch: &Entry, users: &[User]) -> &'static str {
    let all = |states: &[&str]| users.iter().all(|user| states.contains(&user.status));
    let any = |state: &str| users.iter().any(|user| user.status == state);
    match batch.text("Phase").as_str() {
        "Created" => "Created",
        "Stopped" => "Stopped",
        _ if any("Completing") => "Completing",
        _ if all(&["Completed"]) => "Completed",
        _ if all(&["Synced"]) => "Synced",
        _ if all(&["Synced", "Failed"]) => "SyncedWithErrors",
        _ if all(&["Completed", "Failed"]) => "CompletedWithErrors",
        _ => "Syncing",
    }
}

/// The addresses in a CSV file with a column EmailAddress.
fn addresses(bytes: &[u8]) -> Result<Vec<String>, Failure> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(|line| line.split(',').map(|cell| cell.trim().trim_matches('"')));
    let column = lines.next().and_then(|mut head| head.position(|name| name.eq_ignore_ascii_case("EmailAddress")));
    let Some(column) = column else {
        return Err(Failure::invalid("CSVData", "The CSV file needs a column EmailAddress."));
    };
    let found: Vec<String> =
        lines.filter_map(|mut line| line.nth(column)).filter(|cell| !cell.is_empty()).map(ToOwned::to_owned).collect();
    if found.is_empty() {
        return Err(Failure::invalid("CSVData", "The CSV file names nobody."));
    }
    Ok(found)
}

fn asked_users(call: &Call<'_>) -> Result<Vec<String>, Failure> {
    match call.value("CSVData") {
        Some(PsValue::Bytes(bytes)) => addresses(bytes),
        Some(other) => addresses(value::plain_text(other).unwrap_or_default().as_bytes()),
        None => Ok(call.texts("UserIds")),
    }
}

fn new(call: &mut Call<'_>) -> Attempt {
    let name = call.text("Name").unwrap_or_default();
    let now = call.organization().now();
    let mut batch = call.organization().write(|state| state.fresh(Class::Config(NOUN), &name, now));
    check_name(call, &name, &batch)?;
    let users = asked_users(call)?;
    for (parameter, property) in [("SourceEndpoint", "SourceEndpoint"), ("TargetEndpoint", "SourceEndpoint")] {
        if let Some(endpoint) = call.text(parameter) {
            let endpoint = find_one(call, &endpoint, schema::config_classes("MigrationEndpoint"))?;
            batch.set(property, &*endpoint.name);
        }
    }
    let local = call.flag("Local") || !batch.properties.contains_key("SourceEndpoint");
    let known = migration_user::everyone(call);
    let others: Vec<String> = known.iter().map(|user| user.entry.name.to_lowercase()).collect();
    if let Some(twice) = users.iter().find(|user| others.contains(&user.to_lowercase())) {
        return Err(Failure::refused(format!("\"{twice}\" is in another batch already.")).into());
    }
    batch.set("MigrationType", if local { "ExchangeLocalMove" } else { "ExchangeRemoteMove" });
    batch.set("CreationDateTime", value::utc(now));
    batch.set("CreatedBy", call.context.user.as_str());
    batch.set("State", "Active");
    batch.set("Phase", "Created");
    batch.set("BatchGuid", PsValue::Guid(batch.guid));
    batch.set("NotificationEmails", value::texts(call.texts("NotificationEmails")));
    for property in ["TargetDeliveryDomain", "TargetDatabases", "BadItemLimit", "LargeItemLimit"] {
        if let Some(text) = call.text(property) {
            batch.set(property, text);
        }
    }
    for property in ["CompleteAfter", "StartAfter"] {
        if let Some(time) = call.value(property).and_then(value::timestamp_of) {
            batch.set(property, value::utc(time));
        }
    }
    if !call.should_process("New migration batch", &name)? {
        return Ok(());
    }
    batch.set("AutoComplete", call.flag("AutoComplete"));
    migration_user::enlist(call, &name, &users);
    if call.flag("AutoStart") {
        begin(call, &mut batch, now);
    }
    keep(call, batch.clone());
    let batch = told(call, batch);
    Ok(show(call, &batch, NOUN)?)
}

fn begin(call: &Call<'_>, batch: &mut Entry, now: Timestamp) {
    batch.set("Phase", "Started");
    batch.set("StartDateTime", value::utc(now));
    let completes = batch.get("AutoComplete").and_then(value::bool_of).unwrap_or(false);
    migration_user::start(call, &batch.name, now, completes);
}

fn get(call: &mut Call<'_>) -> Attempt {
    let found = match call.text("Identity") {
        Some(_) => vec![identified(call, schema::config_classes(NOUN))?],
        None => objects(call, NOUN),
    };
    let (limit, _) = result_size(call)?;
    let status = call.text("Status");
    let endpoint = call.text("Endpoint");
    let is = |wanted: &Option<String>, own: String| wanted.as_deref().is_none_or(|text| own.eq_ignore_ascii_case(text));
    let mut found: Vec<Entry> = found.into_iter().map(|batch| told(call, batch)).collect();
    found.retain(|batch| is(&status, batch.text("Status")) && is(&endpoint, batch.text("SourceEndpoint")));
    found.iter().take(limit).try_for_each(|batch| show(call, batch, NOUN)).map_err(Into::into)
}

fn set(call: &mut Call<'_>) -> Outcome {
    let view = schema::view(NOUN).ok_or(Halt::Stopped)?;
    let changed = identified(call, schema::config_classes(NOUN)).and_then(|mut batch| {
        let changed = assign_all(call, &mut batch, &[view])?;
        Ok((batch, changed))
    });
    finish_change(call, "Set migration batch", changed)
}

/// Start-, Stop- and Complete-.
fn step(call: &mut Call<'_>, verb: &str) -> Attempt {
    let mut batch = identified(call, schema::config_classes(NOUN))?;
    let status = told(call, batch.clone()).text("Status");
    let fits = match verb {
        "Start" => ["Created", "Stopped", "SyncedWithErrors", "CompletedWithErrors"].contains(&status.as_str()),
        "Stop" => status == "Syncing",
        _ => ["Synced", "SyncedWithErrors"].contains(&status.as_str()),
    };
    if !fits {
        let message = format!("\"{}\" is {status}; {verb}-MigrationBatch does not go with that.", batch.name);
        return Err(Failure::refused(message).into());
    }
    let name = batch.name.to_string();
    if !call.should_process(&format!("{verb} migration batch"), &name)? {
        return Ok(());
    }
    let now = call.organization().now();
    match verb {
        "Start" => begin(call, &mut batch, now),
        "Stop" => {
            batch.set("Phase", "Stopped");
            migration_user::stop(call, &name);
        }
        _ => migration_user::complete(call, &name, now),
    }
    keep(call, batch);
    Ok(())
}

fn remove(call: &mut Call<'_>) -> Attempt {
    let batch = identified(call, schema::config_classes(NOUN))?;
    if told(call, batch.clone()).text("Status") == "Syncing" && !call.flag("Force") {
        return Err(Failure::refused(format!("\"{}\" is on its way; stop it first.", batch.name)).into());
    }
    let name = batch.name.to_string();
    if call.should_process("Remove migration batch", &name)? {
        for user in migration_user::of_batch(call, &name) {
            call.organization().write(|state| state.remove(user.entry.id));
        }
        call.organization().write(|state| state.remove(batch.id));
    }
    Ok(())
}
