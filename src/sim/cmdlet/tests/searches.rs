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

#[test]
fn a_purge_takes_ten_items_of_a_mailbox_and_the_next_search_finds_fewer() {
    let office = Office::of(60, "Organization Management", Release::Online);
    let spam = || ("Identity", PsValue::from("Spam"));
    office.call("New-ComplianceSearch", &[("Name", "Spam".into()), ("ExchangeLocation", list(&["All"]))]);
    office.call("Set-ComplianceSearch", &[spam(), ("ContentMatchQuery", "subject:offer".into())]);
    let found = || {
        office.call("Start-ComplianceSearch", &[spam()]);
        office.call("Get-ComplianceSearch", &[spam()]).texts("Items")[0].parse::<u64>().unwrap()
    };
    let before = found();
    let purge = [("SearchName", PsValue::from("Spam")), ("Purge", on()), ("Force", on())];
    let done = office.call("New-ComplianceSearchAction", &purge);
    assert_eq!(done.output.len(), 1, "{} {:?}", done.failure_id(), done.error_ids());
    let after = found();
    assert!(before > 0 && after < before, "{before} {after}");
}

#[test]
fn servers_search_a_mailbox_and_delete_what_they_find() {
    let office = Office::new(20);
    let search = |more: &[(&str, PsValue)]| {
        let mut parameters = vec![("Identity", PsValue::from("bob")), ("SearchQuery", "subject:\"Your order\"".into())];
        parameters.extend_from_slice(more);
        office.call("Search-Mailbox", &parameters)
    };
    let estimate = || search(&[("EstimateResultOnly", on())]).texts("ResultItemsCount")[0].clone();
    assert_ne!(estimate(), "0");
    let refused = search(&[]);
    assert!(refused.error_ids()[0].contains("DataValidationException"), "{:?}", refused.error_ids());
    let done = search(&[("DeleteContent", on()), ("Force", on())]);
    assert_eq!(done.texts("Success"), ["True"], "{} {:?}", done.failure_id(), done.error_ids());
    assert_eq!(estimate(), "0");
}

#[test]
fn the_quick_cmdlets_of_the_cloud_show_a_few_properties_unless_more_are_asked_for() {
    let office = Office::of(20, "Organization Management", Release::Online);
    let shown = |more: &[(&str, PsValue)]| {
        let mut parameters = vec![("UserPrincipalName", PsValue::from("alice@contoso.com"))];
        parameters.extend_from_slice(more);
        let found = office.call("Get-EXOMailbox", &parameters);
        assert_eq!(found.output.len(), 1, "{} {:?}", found.failure_id(), found.error_ids());
        found.output[0].as_object().unwrap().properties().len()
    };
    // The documentation of Get-EXOMailbox counts 14 in its Minimum set, and its identity comes besides.
    let minimum = shown(&[]);
    assert!((14..=15).contains(&minimum), "{minimum}");
    assert_eq!(shown(&[("Properties", list(&["Office", "Database"]))]), minimum + 2);
    assert!(shown(&[("PropertySets", list(&["All"]))]) > 150);
    let unknown = office.call("Get-EXOMailbox", &[("Identity", "nobody".into())]);
    assert_eq!(unknown.errors.len(), 1);
}

#[test]
fn a_search_in_old_traces_is_done_after_an_hour() {
    let office = Office::of(20, "Organization Management", Release::Online);
    let parameters = [
        ("ReportTitle", PsValue::from("Orders")),
        ("ReportType", "MessageTrace".into()),
        ("StartDate", super::at("2026-01-01T00:00:00Z")),
        ("EndDate", super::at("2026-01-10T00:00:00Z")),
        ("SenderAddress", "orders@partner.example".into()),
    ];
    let started = office.call("Start-HistoricalSearch", &parameters);
    assert_eq!(started.texts("Status"), ["NotStarted"], "{} {:?}", started.failure_id(), started.error_ids());
    office.wait_minutes(61);
    let done = office.call("Get-HistoricalSearch", &[]);
    assert_eq!(done.texts("Status"), ["Done"]);
    assert_ne!(done.texts("Rows"), ["0"]);
    let too_old = office.call("Start-HistoricalSearch", &[parameters[0].clone(), parameters[1].clone()]);
    assert!(too_old.failed.is_some() || !too_old.errors.is_empty(), "the dates are needed");
}

#[test]
fn a_collection_of_rules_comes_back_as_it_was() {
    let office = Office::new(5);
    let rules = |property: &str| office.call("Get-TransportRule", &[]).texts(property);
    let before = ["Name", "State", "SubjectContainsWords", "ApplyHtmlDisclaimerText"].map(rules);
    let exported = office.call("Export-TransportRuleCollection", &[]);
    let data = exported.output[0].as_object().and_then(|object| object.get("FileData")).unwrap();
    office.call("Remove-TransportRule", &[("Identity", "Old project".into()), ("Confirm", off())]);
    let imported = office.call("Import-TransportRuleCollection", &[("FileData", data), ("Force", on())]);
    assert!(imported.errors.is_empty(), "{} {:?}", imported.failure_id(), imported.error_ids());
    assert_eq!(before, ["Name", "State", "SubjectContainsWords", "ApplyHtmlDisclaimerText"].map(rules));
}

#[test]
fn a_contact_and_a_group_lose_their_address_and_get_one_again() {
    let office = Office::new(20);
    let there = |cmdlet: &str, name: &str| office.call(cmdlet, &[("Identity", name.into())]).output.len();
    office.call(
        "New-MailContact",
        &[("Name", "Orders".into()), ("ExternalEmailAddress", "orders@partner.example".into())],
    );
    office.call("Disable-MailContact", &[("Identity", "Orders".into()), ("Confirm", off())]);
    assert_eq!((there("Get-MailContact", "Orders"), there("Get-Contact", "Orders")), (0, 1));
    let again = office.call(
        "Enable-MailContact",
        &[("Identity", "Orders".into()), ("ExternalEmailAddress", "o@partner.example".into())],
    );
    assert_eq!(again.texts("ExternalEmailAddress"), ["SMTP:o@partner.example"], "{:?}", again.error_ids());
    office.call("New-DistributionGroup", &[("Name", "Keys".into()), ("Type", "Security".into())]);
    office.call("Disable-DistributionGroup", &[("Identity", "Keys".into()), ("Confirm", off())]);
    assert_eq!((there("Get-DistributionGroup", "Keys"), there("Get-Group", "Keys")), (0, 1));
    let again = office.call("Enable-DistributionGroup", &[("Identity", "Keys".into())]);
    assert_eq!(again.texts("RecipientTypeDetails"), ["MailUniversalSecurityGroup"], "{:?}", again.error_ids());
}
