//! Get-MailboxStatistics: sizes, counts and logons, derived for the mailboxes of the seed, empty for new ones.
//!
//! A database tells of mailboxes without an owner too. Not simulated: move history.

use super::call::{Call, Halt};
use super::reading::{find_one, server_called, short_name};
use super::{Each, Failure, Outcome, Spec, mailbox_gone};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::filter::Filter;
use crate::sim::org::schema;
use crate::sim::org::seed::server_of;
use crate::sim::org::{Walk, archive_guid};

pub(super) fn specs() -> Vec<Spec> {
    vec![Spec {
        name: "Get-MailboxStatistics",
        parameters: &["Identity", "Database", "Server", "Archive", "Filter", "?IncludeSoftDeletedRecipients"],
        output: "Microsoft.Exchange.Management.MapiTasks.Presentation.MailboxStatistics",
        start: |_| Box::new(Each(get)),
    }]
}

fn get(call: &mut Call<'_>) -> Outcome {
    if call.given("Identity") {
        let identity = call.text("Identity").unwrap_or_default();
        let entry = match find_one(call, &identity, Class::MAILBOXES) {
            Ok(entry) => entry,
            Err(failure) => {
                let gone = call.organization().read(|state| state.history().find_gone(&identity).cloned());
                match gone.filter(|_| call.flag("IncludeSoftDeletedRecipients")) {
                    Some(entry) => entry,
                    None => return call.error(failure),
                }
            }
        };
        if call.flag("Archive") && entry.text("ArchiveStatus") != "Active" {
            return call.error(Failure::refused(format!("\"{identity}\" has no archive.")));
        }
        return show(call, &entry);
    }
    let database = call.text("Database").map(short_name);
    let server = match call.text("Server").map(|server| server_called(call, &server)).transpose() {
        Ok(server) => server,
        Err(failure) => return call.error(failure),
    };
    let filter = match call.text("Filter").map(|text| Filter::parse(&text)).transpose() {
        Ok(filter) => filter,
        Err(error) => return Err(call.fail(Failure::invalid("Filter", error.to_string()))),
    };
    let mut walk = Walk::new(Class::MAILBOXES);
    while let Some(entry) = walk.next(call.organization()) {
        let own = entry.text("Database");
        if database.as_deref().is_none_or(|name| name.eq_ignore_ascii_case(&own))
            && server.as_deref().is_none_or(|server| server == server_of(&own))
            && fits(call, filter.as_ref(), &entry)
        {
            show(call, &entry)?;
        }
    }
    // A database tells of the mailboxes without an owner too.
    for entry in database.iter().flat_map(|name| mailbox_gone::of_database(call, name)).collect::<Vec<_>>() {
        if fits(call, filter.as_ref(), &entry) {
            show(call, &entry)?;
        }
    }
    Ok(())
}

fn fits(call: &Call<'_>, filter: Option<&Filter>, entry: &Entry) -> bool {
    let property = |name: &str| {
        let column = schema::view("MailboxStatistics").and_then(|view| view.column(name));
        column.map_or(PsValue::Null, |column| call.organization().property(entry, column))
    };
    filter.is_none_or(|filter| filter.fits(&mut |name| property(name)))
}

fn show(call: &mut Call<'_>, entry: &Entry) -> Outcome {
    let view = schema::view("MailboxStatistics").ok_or(Halt::Stopped)?;
    let mut entry = entry.clone();
    let database = entry.text("Database");
    entry.set("DatabaseName", database);
    if call.flag("Archive") {
        entry.set("IsArchiveMailbox", PsValue::Bool(true));
        let name = entry.texts("ArchiveName").join(" ");
        entry.set("DisplayName", name);
        entry.set("ExchangeGuid", PsValue::Guid(archive_guid(&entry)));
    }
    if let Some(guid) = entry.get("ExchangeGuid").and_then(crate::sim::org::value::plain_text) {
        entry.set("Identity", guid);
    }
    let object = call.organization().object(&entry, view);
    call.output(object)
}
