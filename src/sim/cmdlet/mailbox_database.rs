//! Get-, New- and Remove-MailboxDatabase, Mount- and Dismount-Database, Get-MailboxDatabaseCopyStatus, Suspend-, Resume-
//! and Update-MailboxDatabaseCopy.
//!
//! As on a server, what a database is doing is told only with -Status. No file is made and nothing is copied.

use super::mailbox::keep;
use super::reading::{Reading, find_one, identified, objects, server_called, show};
use super::writing::{assign_all, check_name};
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::Walk;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::schema;
use crate::sim::org::value::{number_of, texts, wildcard};

const NOUN: &str = "MailboxDatabase";
const COPY: &str = "MailboxDatabaseCopyStatus";

/// Properties that are asked of the running database.
const LIVE: [&str; 5] =
    ["Mounted", "DatabaseSize", "AvailableNewMailboxSpace", "LastFullBackup", "LastIncrementalBackup"];

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, output, start| Spec { name, parameters, output, start };
    let database = "Microsoft.Exchange.Data.Directory.SystemConfiguration.MailboxDatabase";
    vec![
        spec("Get-MailboxDatabase", &["Identity", "Server", "Status"], "", |_| Box::new(Tries(get))),
        spec("New-MailboxDatabase", &["Name", "Server", "EdbFilePath", "LogFolderPath", "Recovery"], database, |_| {
            Box::new(Tries(new))
        }),
        spec("Remove-MailboxDatabase", &["Identity"], "", |_| Box::new(Tries(remove))),
        spec("Mount-Database", &["Identity", "Force"], "", |_| Box::new(Tries(|call| mount(call, true)))),
        spec("Dismount-Database", &["Identity"], "", |_| Box::new(Tries(|call| mount(call, false)))),
        spec("Get-MailboxDatabaseCopyStatus", &["Identity", "Server", "Active"], "", |_| Box::new(Tries(copies))),
        spec("Suspend-MailboxDatabaseCopy", &["Identity", "SuspendComment"], "", |_| {
            Box::new(Tries(|call| copy(call, "Suspend")))
        }),
        spec("Resume-MailboxDatabaseCopy", &["Identity"], "", |_| Box::new(Tries(|call| copy(call, "Resume")))),
        spec("Update-MailboxDatabaseCopy", &["Identity", "~DeleteExistingFiles", "Force"], "", |_| {
            Box::new(Tries(|call| copy(call, "Update")))
        }),
    ]
}

fn get(call: &mut Call<'_>) -> Attempt {
    let view = schema::view(NOUN).ok_or(Halt::Stopped)?;
    let server = call.text("Server").map(|server| server_called(call, &server)).transpose()?;
    let keeps = |entry: &Entry| {
        let here = [entry.texts("Server"), entry.texts("Servers")].concat();
        server.as_deref().is_none_or(|server| here.iter().any(|one| one.eq_ignore_ascii_case(server)))
    };
    let live = call.flag("Status");
    let mut copies = objects(call, COPY);
    copies.sort_by_key(|copy| copy.get("ActivationPreference").and_then(number_of));
    Reading { view, classes: schema::config_classes(NOUN), keeps: &keeps }.each(call, &mut |call, entry| {
        let mut entry = entry.clone();
        if !live {
            for property in LIVE {
                entry.set(property, PsValue::Null);
            }
        }
        let own = copies.iter().filter(|copy| copy.text("DatabaseName") == *entry.name);
        let order = own.map(|copy| format!("[{}, {}]", copy.text("MailboxServer"), copy.text("ActivationPreference")));
        entry.set("ActivationPreference", texts(order));
        let object = call.organization().object(&entry, view);
        call.output(object)
    })?;
    Ok(())
}

fn new(call: &mut Call<'_>) -> Attempt {
    let name = call.text("Name").unwrap_or_default();
    let server = server_called(call, &call.text("Server").unwrap_or_default())?;
    let now = call.organization().now();
    let mut entry = call.organization().write(|state| state.fresh(Class::Config(NOUN), &name, now));
    check_name(call, &name, &entry)?;
    assign_all(call, &mut entry, &[schema::view(NOUN).ok_or(Halt::Stopped)?])?;
    for (property, text) in [
        ("Server", server.clone()),
        ("ServerName", server.clone()),
        ("Servers", server.clone()),
        ("MasterServerOrAvailabilityGroup", server.clone()),
        ("ReplicationType", "None".to_owned()),
        ("DatabaseSize", "0 B (0 bytes)".to_owned()),
        (
            "EdbFilePath",
            call.text("EdbFilePath").unwrap_or_else(|| format!("C:\\ExchangeServer\\Mailbox\\{name}\\{name}.edb")),
        ),
        ("LogFolderPath", call.text("LogFolderPath").unwrap_or_else(|| format!("C:\\ExchangeServer\\Mailbox\\{name}"))),
    ] {
        entry.set(property, text);
    }
    entry.set("Recovery", call.flag("Recovery"));
    // A new database is mounted by hand.
    entry.set("Mounted", false);
    if call.should_process("New mailbox database", &name)? {
        keep(call, entry.clone());
        show(call, &entry, NOUN)?;
        call.warning("restart the information store service on the server before using the new database")?;
    }
    Ok(())
}

fn remove(call: &mut Call<'_>) -> Attempt {
    let entry = identified(call, schema::config_classes(NOUN))?;
    let name = entry.name.to_string();
    let mut walk = Walk::new(Class::MAILBOXES);
    let used = std::iter::from_fn(|| walk.next(call.organization())).any(|mailbox| {
        ["Database", "ArchiveDatabase"].iter().any(|property| mailbox.text(property).eq_ignore_ascii_case(&name))
    });
    if used {
        return Err(Failure::refused(format!("\"{name}\" holds mailboxes; move or disable them first.")).into());
    }
    if call.should_process("Remove mailbox database", &name)? {
        call.organization().write(|state| state.remove(entry.id));
    }
    Ok(())
}

fn mount(call: &mut Call<'_>, up: bool) -> Attempt {
    let mut entry = identified(call, schema::config_classes(NOUN))?;
    let name = entry.name.to_string();
    let is_up = entry.get("Mounted").and_then(crate::sim::org::value::bool_of).unwrap_or(true);
    if up == is_up {
        let message = format!("\"{name}\" is {} already.", if up { "mounted" } else { "dismounted" });
        return Err(Failure::refused(message).into());
    }
    if call.should_process(if up { "Mount database" } else { "Dismount database" }, &name)? {
        entry.set("Mounted", up);
        let server = entry.text("Server");
        keep(call, entry);
        for mut copy in objects(call, COPY) {
            if copy.text("DatabaseName") == name && copy.text("MailboxServer").eq_ignore_ascii_case(&server) {
                copy.set("Status", if up { "Mounted" } else { "Dismounted" });
                keep(call, copy);
            }
        }
    }
    Ok(())
}

/// The copies of a database, `DB01` or what names it otherwise, or those of a pattern such as `DB0*\\EX01`.
fn copies(call: &mut Call<'_>) -> Attempt {
    let view = schema::view(COPY).ok_or(Halt::Stopped)?;
    let server = call.text("Server").map(|server| server_called(call, &server)).transpose()?;
    let identity = call.text("Identity");
    let (database, place) = match identity.as_deref().map(|text| text.split_once('\\').unwrap_or((text, "*"))) {
        None => ("*".to_owned(), "*"),
        Some((name, place)) if name.contains('*') => (name.to_owned(), place),
        Some((name, place)) => (find_one(call, name, schema::config_classes(NOUN))?.name.to_string(), place),
    };
    let is_meant = |copy: &Entry| {
        wildcard(&database, &copy.text("DatabaseName"))
            && wildcard(place, &copy.text("MailboxServer"))
            && server.as_deref().is_none_or(|server| copy.text("MailboxServer").eq_ignore_ascii_case(server))
            && (!call.flag("Active")
                || copy.text("MailboxServer").eq_ignore_ascii_case(&copy.text("ActiveDatabaseCopy")))
    };
    let found: Vec<Entry> = objects(call, COPY).into_iter().filter(is_meant).collect();
    if let (true, Some(identity)) = (found.is_empty(), &identity) {
        return Err(Failure::not_found(identity, None).into());
    }
    for copy in found {
        let object = call.organization().object(&copy, view);
        call.output(object)?;
    }
    Ok(())
}

fn copy(call: &mut Call<'_>, verb: &str) -> Attempt {
    let text = call.text("Identity").unwrap_or_default();
    let mut entry = find_one(call, &text, schema::config_classes(COPY))?;
    let status = entry.text("Status");
    if ["Mounted", "Dismounted"].contains(&status.as_str()) {
        return Err(Failure::refused(format!("\"{text}\" is the active copy.")).into());
    }
    if verb == "Update" && !status.contains("Suspended") {
        return Err(Failure::refused(format!("\"{text}\" must be suspended before it is seeded anew.")).into());
    }
    if call.should_process(&format!("{verb} mailbox database copy"), &text)? {
        entry.set("Status", if verb == "Suspend" { "Suspended" } else { "Healthy" });
        if verb == "Update" {
            entry.set("CopyQueueLength", PsValue::I32(0));
            entry.set("ReplayQueueLength", PsValue::I32(0));
            entry.set("ContentIndexState", "Healthy");
        }
        if let Some(comment) = call.text("SuspendComment") {
            entry.set("SuspendComment", comment);
        }
        keep(call, entry);
    }
    Ok(())
}
