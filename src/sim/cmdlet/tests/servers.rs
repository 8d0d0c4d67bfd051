//! Servers, databases, queues, certificates and roles: state that follows from what was done.

use super::{Office, list, off, on, text};
use crate::clixml::PsValue;

#[test]
fn a_dismounted_database_fails_its_test_and_cannot_be_dismounted_again() {
    let office = Office::new(5);
    let down = [("Identity", PsValue::from("DB02")), ("Confirm", off())];
    assert_eq!(office.call("Dismount-Database", &down).errors.len(), 0);
    assert_eq!(office.call("Dismount-Database", &down).errors.len(), 1);
    let test = office.call("Test-MAPIConnectivity", &[("Database", "DB02".into())]);
    assert_eq!(test.texts("Result"), ["*FAILURE*"], "{} {:?}", test.failure_id(), test.error_ids());
    office.call("Mount-Database", &[("Identity", "DB02".into())]);
    let state = office.call("Get-MailboxDatabase", &[("Identity", "DB02".into()), ("Status", on())]);
    assert_eq!(state.texts("Mounted"), ["True"]);
}

#[test]
fn a_database_with_mailboxes_stays_and_an_empty_one_goes() {
    let office = Office::new(20);
    assert_eq!(
        office.call("Remove-MailboxDatabase", &[("Identity", "DB01".into()), ("Confirm", off())]).errors.len(),
        1
    );
    let made = office.call("New-MailboxDatabase", &[("Name", "DB09".into()), ("Server", "EX02".into())]);
    assert_eq!(made.texts("Server"), ["EX02"], "{} {:?}", made.failure_id(), made.error_ids());
    office.call("New-Mailbox", &[("Name", "Aquarium".into()), ("Room", on()), ("Database", "DB09".into())]);
    assert_eq!(office.mailbox("Aquarium", "Database"), "DB09");
    office.call("Remove-Mailbox", &[("Identity", "Aquarium".into()), ("Confirm", off())]);
    assert_eq!(
        office.call("Remove-MailboxDatabase", &[("Identity", "DB09".into()), ("Confirm", off())]).errors.len(),
        0
    );
}

#[test]
fn a_suspended_copy_fails_the_replication_test() {
    let office = Office::new(5);
    office.call("Suspend-MailboxDatabaseCopy", &[("Identity", "DB01\\EX01".into()), ("Confirm", off())]);
    let checks = office.call("Test-ReplicationHealth", &[("Identity", "EX01".into())]);
    let failed: Vec<String> = checks
        .output
        .iter()
        .filter(|check| text(check, "Result") == "*FAILED*")
        .map(|check| text(check, "Check"))
        .collect();
    assert!(failed.contains(&"DBCopySuspended".to_owned()), "{} {:?}", checks.failure_id(), checks.error_ids());
    office.call("Resume-MailboxDatabaseCopy", &[("Identity", "DB01\\EX01".into())]);
    let checks = office.call("Test-ReplicationHealth", &[("Identity", "EX01".into())]);
    assert!(checks.texts("Result").iter().all(|result| result == "Passed"));
}

#[test]
fn services_have_the_shape_of_a_real_server() {
    // shared/data/exchange-clixml/E19-TestServiceHealth.xml: three roles or four, thirteen services of the first.
    let office = Office::new(1);
    let found = office.call("Test-ServiceHealth", &[]);
    assert_eq!(found.texts("Role")[0], "Mailbox Server Role");
    let services = found.output[0].as_object().unwrap().get("ServicesRunning").unwrap();
    assert_eq!(crate::sim::org::value::texts_of(&services).len(), 13);
}

#[test]
fn a_component_is_switched_off_and_mail_does_not_flow() {
    let office = Office::new(1);
    let switch = |state: &str| {
        office.call(
            "Set-ServerComponentState",
            &[
                ("Identity", "EX01".into()),
                ("Component", "HubTransport".into()),
                ("State", state.into()),
                ("Requester", "Maintenance".into()),
            ],
        )
    };
    assert_eq!(switch("Draining").errors.len(), 0);
    assert_eq!(office.call("Test-Mailflow", &[("Identity", "EX01".into())]).texts("TestMailflowResult"), ["*FAILURE*"]);
    assert_eq!(switch("Asleep").errors.len() + usize::from(switch("Asleep").failed.is_some()), 1);
}

#[test]
fn a_message_is_removed_from_its_queue() {
    let office = Office::new(1);
    let queue = ("Identity", PsValue::from("EX01\\7"));
    let count = || office.call("Get-Queue", std::slice::from_ref(&queue)).texts("MessageCount");
    assert_eq!(count(), ["37"]);
    let waiting = office.call("Get-Message", &[("Queue", "EX01\\7".into())]);
    assert_eq!(waiting.output.len(), 2, "{} {:?}", waiting.failure_id(), waiting.error_ids());
    let one = text(&waiting.output[0], "Identity");
    office.call("Remove-Message", &[("Identity", one.into()), ("WithNDR", off()), ("Confirm", off())]);
    assert_eq!(count(), ["36"]);
    office.call("Suspend-Queue", &[queue.clone(), ("Confirm", off())]);
    assert_eq!(office.call("Get-Queue", std::slice::from_ref(&queue)).texts("Status"), ["Suspended"]);
}

#[test]
fn a_certificate_takes_services_and_goes() {
    let office = Office::new(1);
    let made = office.call(
        "New-ExchangeCertificate",
        &[("DomainName", list(&["mx.contoso.com"])), ("FriendlyName", "mx".into()), ("Services", "SMTP".into())],
    );
    let thumbprint = made.texts("Thumbprint");
    assert_eq!(thumbprint.len(), 1, "{} {:?}", made.failure_id(), made.error_ids());
    let thumbprint = ("Thumbprint", PsValue::from(thumbprint[0].as_str()));
    office.call("Enable-ExchangeCertificate", &[thumbprint.clone(), ("Services", "IIS".into())]);
    let services: Vec<String> = office.call("Get-ExchangeCertificate", &[]).texts("Services");
    assert!(services.contains(&"SMTP, IIS".to_owned()), "{services:?}");
    office.call("Remove-ExchangeCertificate", &[thumbprint, ("Confirm", off())]);
    assert_eq!(office.call("Get-ExchangeCertificate", &[]).output.len(), 2);
}

#[test]
fn a_role_group_is_made_with_roles_and_members() {
    let office = Office::new(20);
    let made = office.call(
        "New-RoleGroup",
        &[("Name", "Room keepers".into()), ("Roles", list(&["Mail Recipients"])), ("Members", list(&["bob"]))],
    );
    assert_eq!(made.texts("AssignedRoles"), ["Mail Recipients"], "{} {:?}", made.failure_id(), made.error_ids());
    let assigned = office.call("Get-ManagementRoleAssignment", &[("RoleAssignee", "bob".into())]);
    assert!(assigned.texts("RoleAssigneeName").contains(&"Room keepers".to_owned()));
    let users = office.call(
        "Get-ManagementRoleAssignment",
        &[("Role", "Mail Recipients".into()), ("RoleAssignee", "Room keepers".into()), ("GetEffectiveUsers", on())],
    );
    assert_eq!(users.texts("EffectiveUserName"), ["Bob Brook"]);
    office.call("Remove-RoleGroup", &[("Identity", "Room keepers".into()), ("Confirm", off())]);
    assert_eq!(office.call("Get-ManagementRoleAssignment", &[("RoleAssignee", "Room keepers".into())]).output.len(), 0);
    let built_in = [("Identity", PsValue::from("Help Desk")), ("Confirm", off())];
    assert_eq!(office.call("Remove-RoleGroup", &built_in).errors.len(), 1);
}
