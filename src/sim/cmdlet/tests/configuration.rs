//! Objects of the configuration: what tables alone make of verbs and nouns.

use super::{Office, list, off, text};
use crate::clixml::PsValue;
use crate::sim::Release;

fn online() -> Office {
    Office::of(20, "Organization Management", Release::Online)
}

/// `Name=Priority` of all rules, in the order they come.
fn order(office: &Office) -> Vec<String> {
    let rules = office.call("Get-TransportRule", &[]).output;
    rules.iter().map(|rule| format!("{}={}", text(rule, "Name"), text(rule, "Priority"))).collect()
}

#[test]
fn a_rule_takes_its_place_and_the_others_make_room() {
    let office = Office::new(1);
    office.call(
        "New-TransportRule",
        &[("Name", "First".into()), ("PrependSubject", "[x]".into()), ("Priority", 0.into())],
    );
    assert_eq!(order(&office), ["First=0", "External disclaimer=1", "Block executables=2", "Old project=3"]);
    office.call("Set-TransportRule", &[("Identity", "First".into()), ("Priority", 2.into())]);
    assert_eq!(order(&office), ["External disclaimer=0", "Block executables=1", "First=2", "Old project=3"]);
    office.call("Remove-TransportRule", &[("Identity", "Block executables".into()), ("Confirm", off())]);
    assert_eq!(order(&office), ["External disclaimer=0", "First=1", "Old project=2"]);
}

#[test]
fn a_rule_may_be_made_disabled() {
    let office = Office::new(1);
    let made = office.call("New-TransportRule", &[("Name", "Later".into()), ("Enabled", off())]);
    assert_eq!(made.texts("State"), ["Disabled"], "{} {:?}", made.failure_id(), made.error_ids());
}

#[test]
fn journal_rules_are_switched_by_their_own_property() {
    let office = Office::new(1);
    office.call("Disable-JournalRule", &[("Identity", "Board".into()), ("Confirm", off())]);
    assert_eq!(office.call("Get-JournalRule", &[]).texts("Enabled"), ["False"]);
}

#[test]
fn properties_that_are_parameters_of_a_get_select() {
    let office = Office::new(1);
    let found = office.call("Get-ManagementRoleAssignment", &[("Role", "User Options".into())]);
    assert_eq!(found.texts("RoleAssigneeName"), ["Help Desk"], "{} {:?}", found.failure_id(), found.error_ids());
}

#[test]
fn the_cloud_has_policies_that_a_server_has_not() {
    let policy = [("Identity", PsValue::from("Strict"))];
    let set = online().call("Get-HostedContentFilterPolicy", &policy);
    assert_eq!(set.texts("BulkThreshold"), ["5"], "{} {:?}", set.failure_id(), set.error_ids());
    let server = Office::new(1).call("Get-HostedContentFilterPolicy", &policy);
    assert_eq!(server.failure_id(), "CommandNotFoundException");
}

#[test]
fn a_policy_that_does_not_exist_cannot_be_given_to_a_mailbox() {
    let office = Office::new(5);
    let set = |policy: &str| {
        office.call("Set-Mailbox", &[("Identity", "alice".into()), ("RetentionPolicy", policy.into())]).errors
    };
    assert_eq!(set("No Such Policy").len(), 1);
    assert_eq!(set("Legal 7 Years").len(), 0);
    assert_eq!(office.mailbox("alice", "RetentionPolicy"), "Legal 7 Years");
}

#[test]
fn virtual_directories_belong_to_servers() {
    let office = Office::new(1);
    let found = office.call("Get-OwaVirtualDirectory", &[("Server", "EX02".into())]);
    assert_eq!(found.texts("Server"), ["EX02"], "{} {:?}", found.failure_id(), found.error_ids());
    let set = [
        ("Identity", PsValue::from("EX02\\owa (Default Web Site)")),
        ("ExternalUrl", "https://owa.contoso.com/owa".into()),
    ];
    assert_eq!(office.call("Set-OwaVirtualDirectory", &set).errors.len(), 0);
    assert_eq!(
        office.call("Get-OwaVirtualDirectory", &[("Server", "EX02".into())]).texts("ExternalUrl"),
        ["https://owa.contoso.com/owa"]
    );
}

#[test]
fn every_mailbox_has_calendar_and_message_settings() {
    let office = Office::new(5);
    let alice = ("Identity", PsValue::from("alice"));
    office.call("Set-MailboxCalendarConfiguration", &[alice.clone(), ("WorkingHoursStartTime", "07:30:00".into())]);
    let got = office.call("Get-MailboxCalendarConfiguration", std::slice::from_ref(&alice));
    assert_eq!(got.texts("WorkingHoursStartTime"), ["07:30:00"], "{} {:?}", got.failure_id(), got.error_ids());
    office.call("Set-MailboxMessageConfiguration", &[alice.clone(), ("SignatureText", "Alice".into())]);
    assert_eq!(office.call("Get-MailboxMessageConfiguration", &[alice]).texts("SignatureText"), ["Alice"]);
}

#[test]
fn connectors_of_the_cloud_are_made_with_their_addresses() {
    let office = online();
    let made = office.call(
        "New-InboundConnector",
        &[("Name", "Scanner".into()), ("SenderDomains", list(&["*"])), ("SenderIPAddresses", list(&["192.0.2.7"]))],
    );
    assert_eq!(made.texts("SenderIPAddresses"), ["192.0.2.7"], "{} {:?}", made.failure_id(), made.error_ids());
}
