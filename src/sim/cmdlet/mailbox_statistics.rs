//! Get-MailboxStatistics: sizes, counts and logons, derived for the mailboxes of the seed, empty for new ones.
//!
//! Not simulated: move history, disconnected mailboxes.

use super::call::{Call, Halt};
use super::reading::{find_one, short_name};
use super::{Each, Failure, Outcome, Spec};
use crate::clixml::PsValue;
use crate::sim::org::Walk;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::schema;
use crate::sim::org::seed::SERVER;

pub(super) fn specs() -> Vec<Spec> {
    vec![Spec {
        name: "Get-MailboxStatistics",
        parameters: &["Identity", "Database", "Server", "Archive"],
        output: "Microsoft.Exchange.Management.MapiTasks.Presentation.MailboxStatistics",
        start: |_| Box::new(Each(get)),
    }]
}

fn get(call: &mut Call<'_>) -> Outcome {
    if call.given("Identity") {
        let identity = call.text("Identity").unwrap_or_default();
        let entry = match find_one(call, &identity, Class::MAILBOXES) {
            Ok(entry) => entry,
            Err(failure) => return call.error(failure),
        };
        if call.flag("Archive") && entry.text("ArchiveStatus") != "Active" {
            return call.error(Failure::refused(format!("\"{identity}\" has no archive.")));
        }
        return show(call, &entry);
    }
    let database = call.text("Database").map(short_name);
    if let Some(server) = call.text("Server").map(short_name).filter(|server| !server.eq_ignore_ascii_case(SERVER)) {
        return call.error(Failure::not_found(&server, None));
    }
    let mut walk = Walk::new(Class::MAILBOXES);
    while let Some(entry) = walk.next(call.organization()) {
        if database.as_deref().is_none_or(|name| name.eq_ignore_ascii_case(&entry.text("Database"))) {
            show(call, &entry)?;
        }
    }
    Ok(())
}

fn show(call: &mut Call<'_>, entry: &Entry) -> Outcome {
    let view = schema::view("MailboxStatistics").ok_or(Halt::Stopped)?;
    let mut entry = entry.clone();
    let database = entry.text("Database");
    entry.set("DatabaseName", database);
    if let Some(guid) = entry.get("ExchangeGuid").and_then(crate::sim::org::value::plain_text) {
        entry.set("Identity", guid);
    }
    if call.flag("Archive") {
        entry.set("IsArchiveMailbox", PsValue::Bool(true));
        let name = entry.texts("ArchiveName").join(" ");
        entry.set("DisplayName", name);
    }
    let object = call.organization().object(&entry, view);
    call.output(object)
}
