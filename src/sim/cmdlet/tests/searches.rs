//! Compliance searches, recoverable items, remote mailboxes, places.

use super::{Office, list, off, on, text};
use crate::clixml::PsValue;
use crate::sim::Release;

#[test]
fn a_search_is_run_and_what_it_found_purged_after_a_question() {
    let office = Office::of(20, "Organization Management", Release::Online);
    let spam = ("Identity", PsValue::from("Spam"));
    let made = office.call(
        "New-ComplianceSearch",
        &[("Name", "Spam".into()), ("ExchangeLocation", list(&["All"])), ("ContentMatchQuery", "subject:prize".into())],
    );
    assert_eq!(made.texts("Status"), ["NotStarted"], "{} {:?}", made.failure_id(), made.error_ids());
    let purge = [("SearchName", PsValue::from("Spam")), ("Purge", on()), ("PurgeType", "SoftDelete".into())];
    assert_eq!(office.call("New-ComplianceSearchAction", &purge).errors.len(), 1);
    office.call("Start-ComplianceSearch", std::slice::from_ref(&spam));
    let found = office.call("Get-ComplianceSearch", std::slice::from_ref(&spam));
    assert_eq!(found.texts("Status"), ["Completed"]);
    assert!(text(&found.output[0], "SuccessResults").contains("alice@contoso.com"));
    let asked = office.answering(Some(2), "New-ComplianceSearchAction", &purge);
    assert_eq!((asked.asked.len(), asked.output.len()), (1, 0));
    let done = office.answering(Some(0), "New-ComplianceSearchAction", &purge);
    assert_eq!(done.texts("Action"), ["Purge"], "{} {:?}", done.failure_id(), done.error_ids());
}

#[test]
fn a_deleted_item_comes_back_once() {
    let office = Office::new(40);
    let people = office.call("Get-Mailbox", &[]).texts("Alias");
    let (who, items) = people
        .iter()
        .map(|alias| (alias.as_str(), office.call("Get-RecoverableItems", &[("Identity", alias.as_str().into())])))
        .find(|(_, items)| items.output.len() > 2)
        .unwrap();
    let one = text(&items.output[0], "EntryID");
    let asked = [("Identity", PsValue::from(who)), ("EntryID", one.as_str().into())];
    let restored = office.call("Restore-RecoverableItems", &asked);
    assert_eq!(
        restored.texts("WasRestoredSuccessfully"),
        ["True"],
        "{} {:?}",
        restored.failure_id(),
        restored.error_ids()
    );
    assert_eq!(office.call("Get-RecoverableItems", &asked).output.len(), 0);
}

#[test]
fn an_account_gets_a_mailbox_in_the_cloud() {
    let office = Office::new(10);
    office.call("Disable-Mailbox", &[("Identity", "bob".into()), ("Confirm", off())]);
    let enabled = office.call("Enable-RemoteMailbox", &[("Identity", "Bob Brook".into()), ("Archive", on())]);
    assert_eq!(
        enabled.texts("RemoteRoutingAddress"),
        ["SMTP:bob@contoso.mail.onmicrosoft.com"],
        "{} {:?}",
        enabled.failure_id(),
        enabled.error_ids()
    );
    let found = office.call("Get-Recipient", &[("Identity", "bob@contoso.com".into())]);
    assert_eq!(found.texts("RecipientTypeDetails"), ["RemoteUserMailbox"]);
    assert_eq!(office.call("Get-RemoteMailbox", &[("Archive", on())]).output.len(), 1);
    office.call("Disable-RemoteMailbox", &[("Identity", "bob".into()), ("Confirm", off())]);
    assert_eq!(office.call("Get-RemoteMailbox", &[]).output.len(), 0);
}

#[test]
fn only_rooms_are_places() {
    let office = Office::of(60, "Organization Management", Release::Online);
    let rooms = office.call("Get-Mailbox", &[("RecipientTypeDetails", list(&["RoomMailbox"]))]).texts("Alias");
    let places = office.call("Get-Place", &[]);
    assert_eq!(places.output.len(), rooms.len(), "{} {:?}", places.failure_id(), places.error_ids());
    office.call("Set-Place", &[("Identity", rooms[0].as_str().into()), ("Capacity", 42.into())]);
    assert_eq!(office.call("Get-Place", &[("Identity", rooms[0].as_str().into())]).texts("Capacity"), ["42"]);
    assert_eq!(office.call("Get-Place", &[("Identity", "alice".into())]).errors.len(), 1);
}
