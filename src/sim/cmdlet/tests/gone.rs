//! Mailboxes without an owner: kept, found, connected again.

use super::{Office, off, on, text};
use crate::clixml::PsValue;
use crate::sim::Release;

#[test]
fn a_disabled_mailbox_is_disconnected_and_connects_again_to_its_user() {
    let office = Office::new(10);
    let (guid, database) = (office.mailbox("bob", "ExchangeGuid"), office.mailbox("bob", "Database"));
    office.call("Disable-Mailbox", &[("Identity", "bob".into()), ("Confirm", off())]);
    let statistics = [("Database", PsValue::from(database.as_str())), ("Filter", "DisconnectDate -ne $null".into())];
    let found = office.call("Get-MailboxStatistics", &statistics);
    assert_eq!(found.texts("MailboxGuid"), [guid.as_str()], "{} {:?}", found.failure_id(), found.error_ids());
    let connect =
        [("Identity", PsValue::from(guid.as_str())), ("Database", database.into()), ("User", "Bob Brook".into())];
    let connected = office.call("Connect-Mailbox", &connect);
    assert_eq!(connected.errors.len(), 0, "{:?}", connected.error_ids());
    assert_eq!(office.mailbox("bob", "ExchangeGuid"), guid);
    assert_eq!(office.call("Get-MailboxStatistics", &statistics).output.len(), 0);
}

#[test]
fn a_held_mailbox_stays_on_a_server_and_becomes_inactive_online() {
    let hold = [("Identity", PsValue::from("bob")), ("LitigationHoldEnabled", on())];
    let remove = [("Identity", PsValue::from("bob")), ("Confirm", off())];
    let server = Office::new(10);
    server.call("Set-Mailbox", &hold);
    assert_eq!(server.call("Remove-Mailbox", &remove).errors.len(), 1);
    let online = Office::of(10, "Organization Management", Release::Online);
    online.call("Set-Mailbox", &hold);
    assert_eq!(online.call("Remove-Mailbox", &remove).errors.len(), 0);
    let inactive = online.call("Get-Mailbox", &[("InactiveMailboxOnly", on())]);
    assert_eq!(inactive.texts("Alias"), ["bob"], "{} {:?}", inactive.failure_id(), inactive.error_ids());
    assert_eq!(text(&inactive.output[0], "IsInactiveMailbox"), "True");
}

#[test]
fn a_removed_mailbox_online_comes_back() {
    let online = Office::of(10, "Organization Management", Release::Online);
    online.call("Remove-Mailbox", &[("Identity", "carol".into()), ("Confirm", off())]);
    assert_eq!(online.call("Get-Mailbox", &[("Identity", "carol".into())]).errors.len(), 1);
    assert_eq!(online.call("Get-Mailbox", &[("SoftDeletedMailbox", on())]).texts("Alias"), ["carol"]);
    let back = online.call("Undo-SoftDeletedMailbox", &[("SoftDeletedObject", "carol".into())]);
    assert_eq!(back.texts("Alias"), ["carol"], "{} {:?}", back.failure_id(), back.error_ids());
    assert_eq!(online.mailbox("carol", "WhenSoftDeleted"), "");
    assert_eq!(online.call("Get-Mailbox", &[("SoftDeletedMailbox", on())]).output.len(), 0);
}

#[test]
fn what_is_removed_for_good_is_not_kept() {
    let online = Office::of(10, "Organization Management", Release::Online);
    online.call("Remove-Mailbox", &[("Identity", "dave".into()), ("PermanentlyDelete", on()), ("Confirm", off())]);
    assert_eq!(online.call("Get-Mailbox", &[("SoftDeletedMailbox", on())]).output.len(), 0);
}

#[test]
fn mailboxes_are_on_the_server_of_their_database() {
    let office = Office::new(40);
    let on = |server: &str| office.call("Get-Mailbox", &[("Server", server.into())]).texts("ServerName");
    let (one, two) = (on("EX01"), on("ex02.contoso.com"));
    assert_eq!(one.len() + two.len(), 40);
    assert!(two.iter().all(|server| server == "EX02"));
    assert_eq!(office.call("Get-Mailbox", &[("Server", "EX09".into())]).errors.len(), 1);
}
