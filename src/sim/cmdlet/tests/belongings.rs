//! What hangs on mailboxes and on the organization: rules, devices, folders, settings, contacts, connectors.

use super::{Office, list, off, on, text};
use crate::clixml::PsValue;
use crate::sim::Release;

#[test]
fn an_inbox_rule_is_made_changed_switched_and_removed() {
    let office = Office::new(20);
    let alice = ("Mailbox", PsValue::from("alice"));
    let made = office.call(
        "New-InboxRule",
        &[
            alice.clone(),
            ("Name", "Away".into()),
            ("ForwardTo", list(&["bob@contoso.com"])),
            ("StopProcessingRules", on()),
        ],
    );
    assert_eq!(made.texts("ForwardTo"), ["bob@contoso.com"], "{} {:?}", made.failure_id(), made.error_ids());
    let rule = ("Identity", PsValue::from("Away"));
    assert_eq!(office.call("Disable-InboxRule", &[alice.clone(), rule.clone(), ("Confirm", off())]).failure_id(), "");
    office.call("Set-InboxRule", &[alice.clone(), rule.clone(), ("DeleteMessage", on())]);
    let got = office.call("Get-InboxRule", std::slice::from_ref(&alice));
    assert_eq!((got.texts("Enabled"), got.texts("DeleteMessage")), (vec!["False".to_owned()], vec!["True".to_owned()]));
    office.call("Remove-InboxRule", &[alice.clone(), rule, ("Confirm", off())]);
    assert_eq!(office.call("Get-InboxRule", &[alice]).output.len(), 0);
}

#[test]
fn some_mailboxes_forward_home_from_the_beginning() {
    let office = Office::new(400);
    let mailboxes = office.call("Get-Mailbox", &[("ResultSize", "Unlimited".into())]).output;
    let forwarding = mailboxes.iter().filter(|mailbox| {
        let rules = office.call("Get-InboxRule", &[("Mailbox", text(mailbox, "Alias").into())]);
        rules.texts("ForwardTo").iter().any(|to| to.contains("example.net"))
    });
    assert!(forwarding.count() > 3);
}

#[test]
fn automatic_replies_and_region_are_kept_per_mailbox() {
    let office = Office::new(20);
    let bob = ("Identity", PsValue::from("bob"));
    let set = office.call(
        "Set-MailboxAutoReplyConfiguration",
        &[bob.clone(), ("AutoReplyState", "Enabled".into()), ("InternalMessage", "away".into())],
    );
    assert_eq!(set.failure_id(), "");
    let got = office.call("Get-MailboxAutoReplyConfiguration", std::slice::from_ref(&bob));
    assert_eq!(
        (got.texts("AutoReplyState"), got.texts("InternalMessage")),
        (vec!["Enabled".to_owned()], vec!["away".to_owned()])
    );
    office.call("Set-MailboxRegionalConfiguration", &[bob.clone(), ("TimeZone", "W. Europe Standard Time".into())]);
    let region = office.call("Get-MailboxRegionalConfiguration", &[bob]);
    assert_eq!(region.texts("TimeZone"), ["W. Europe Standard Time"]);
    let alice = office.call("Get-MailboxAutoReplyConfiguration", &[("Identity", "alice".into())]);
    assert_eq!(alice.texts("AutoReplyState"), ["Disabled"]);
}

#[test]
fn a_room_accepts_by_itself_and_a_person_does_not() {
    let office = Office::new(20);
    office.call("New-Mailbox", &[("Room", on()), ("Name", "Aquarium".into())]);
    let state =
        |who: &str| office.call("Get-CalendarProcessing", &[("Identity", who.into())]).texts("AutomateProcessing");
    assert_eq!((state("Aquarium"), state("bob")), (vec!["AutoAccept".to_owned()], vec!["AutoUpdate".to_owned()]));
    office.call("Set-CalendarProcessing", &[("Identity", "Aquarium".into()), ("AutomateProcessing", "None".into())]);
    assert_eq!(state("Aquarium"), ["None"]);
}

#[test]
fn a_calendar_is_shared_and_unshared() {
    let office = Office::new(20);
    let calendar = ("Identity", PsValue::from("alice:\\Calendar"));
    let bob = ("User", PsValue::from("bob"));
    let added =
        office.call("Add-MailboxFolderPermission", &[calendar.clone(), bob.clone(), ("AccessRights", "Editor".into())]);
    assert_eq!(added.texts("AccessRights"), ["Editor"], "{} {:?}", added.failure_id(), added.error_ids());
    let users =
        |office: &Office| office.call("Get-MailboxFolderPermission", std::slice::from_ref(&calendar)).texts("User");
    assert_eq!(users(&office), ["Default", "Anonymous", "Bob Brook"]);
    office.call(
        "Set-MailboxFolderPermission",
        &[calendar.clone(), ("User", "Default".into()), ("AccessRights", "Reviewer".into())],
    );
    let default = office.call("Get-MailboxFolderPermission", &[calendar.clone(), ("User", "Default".into())]);
    assert_eq!(default.texts("AccessRights"), ["Reviewer"]);
    office.call("Remove-MailboxFolderPermission", &[calendar.clone(), bob, ("Confirm", off())]);
    assert_eq!(users(&office), ["Default", "Anonymous"]);
}

#[test]
fn folders_share_the_size_of_their_mailbox() {
    let office = Office::new(20);
    let folders = office.call("Get-MailboxFolderStatistics", &[("Identity", "bob".into())]);
    assert!(folders.texts("Name").contains(&"Inbox".to_owned()));
    let recoverable = office
        .call("Get-MailboxFolderStatistics", &[("Identity", "bob".into()), ("FolderScope", "RecoverableItems".into())]);
    assert!(recoverable.texts("FolderType").iter().all(|kind| kind.starts_with("Recoverable")));
}

#[test]
fn devices_are_listed_and_removed() {
    let office = Office::new(200);
    let all = office.call("Get-MobileDevice", &[("ResultSize", "Unlimited".into())]);
    assert!(all.output.len() > 20);
    let one = all.texts("Identity")[0].clone();
    let statistics = office.call("Get-MobileDeviceStatistics", &[("Identity", one.as_str().into())]);
    assert_eq!(statistics.texts("Status"), ["DeviceOk"], "{} {:?}", statistics.failure_id(), statistics.error_ids());
    office.call("Remove-MobileDevice", &[("Identity", one.into()), ("Confirm", off())]);
    assert_eq!(
        office.call("Get-MobileDevice", &[("ResultSize", "Unlimited".into())]).output.len(),
        all.output.len() - 1
    );
}

#[test]
fn the_right_to_send_as_is_asked_for_differently_in_the_cloud() {
    let office = Office::new(20);
    let both = [("Identity", PsValue::from("alice")), ("User", "bob".into()), ("ExtendedRights", list(&["Send As"]))];
    let added = office.call("Add-ADPermission", &both);
    assert_eq!(added.texts("User"), ["CONTOSO\\bob"], "{} {:?}", added.failure_id(), added.error_ids());
    assert_eq!(
        office.call("Get-RecipientPermission", &[("Identity", "alice".into())]).failure_id(),
        "CommandNotFoundException"
    );
    let online = Office::of(20, "Organization Management", Release::Online);
    let added = online.call(
        "Add-RecipientPermission",
        &[
            ("Identity", "alice".into()),
            ("Trustee", "bob".into()),
            ("AccessRights", "SendAs".into()),
            ("Confirm", off()),
        ],
    );
    assert_eq!(added.texts("Trustee"), ["bob@contoso.com"], "{} {:?}", added.failure_id(), added.error_ids());
}

#[test]
fn contacts_have_an_address_outside() {
    let office = Office::new(20);
    let made = office.call(
        "New-MailContact",
        &[("Name", "Orders".into()), ("ExternalEmailAddress", "orders@partner.example".into())],
    );
    assert_eq!(
        made.texts("ExternalEmailAddress"),
        ["SMTP:orders@partner.example"],
        "{} {:?}",
        made.failure_id(),
        made.error_ids()
    );
    office.call("Set-Contact", &[("Identity", "Orders".into()), ("Company", "Partner".into())]);
    assert_eq!(office.call("Get-Contact", &[("Identity", "Orders".into())]).texts("Company"), ["Partner"]);
    assert_eq!(
        office.call("Get-Recipient", &[("Identity", "orders@partner.example".into())]).texts("RecipientType"),
        ["MailContact"]
    );
    office.call("Remove-MailContact", &[("Identity", "Orders".into()), ("Confirm", off())]);
    assert_eq!(office.call("Get-MailContact", &[]).output.len(), 0);
}

#[test]
fn a_contact_moves_to_another_address_once() {
    let office = Office::new(20);
    office.call(
        "New-MailContact",
        &[("Name", "Orders".into()), ("ExternalEmailAddress", "orders@partner.example".into())],
    );
    let move_it = [("Identity", PsValue::from("Orders")), ("ExternalEmailAddress", "smtp:new@partner.example".into())];
    assert_eq!(office.call("Set-MailContact", &move_it).warnings, [""; 0]);
    let outside = office.call("Get-MailContact", &[("Identity", "Orders".into())]).texts("ExternalEmailAddress");
    assert_eq!(outside, ["SMTP:new@partner.example"]);
    assert_eq!(office.call("Set-MailContact", &move_it).warnings.len(), 1);
}

#[test]
fn a_dynamic_group_has_whoever_fits() {
    let office = Office::new(100);
    let made = office.call(
        "New-DynamicDistributionGroup",
        &[
            ("Name", "Sales".into()),
            ("IncludedRecipients", "MailboxUsers".into()),
            ("ConditionalDepartment", "Sales".into()),
        ],
    );
    assert_eq!(made.texts("RecipientFilterType"), ["Precanned"], "{} {:?}", made.failure_id(), made.error_ids());
    let members = office.pipe(
        &[super::command("Get-Recipient", &[("Filter", made.texts("RecipientFilter")[0].as_str().into())])],
        None,
    );
    assert!(!members.output.is_empty());
    assert!(members.texts("Department").iter().all(|department| department == "Sales"));
}

#[test]
fn transport_rules_are_switched_and_kept_in_order() {
    let office = Office::new(1);
    office.call("Disable-TransportRule", &[("Identity", "External disclaimer".into()), ("Confirm", off())]);
    let rules = office.call("Get-TransportRule", &[]);
    assert_eq!(rules.texts("State"), ["Disabled", "Enabled", "Disabled"]);
    let made = office.call("New-TransportRule", &[("Name", "Stamp".into()), ("PrependSubject", "[x] ".into())]);
    assert_eq!(made.texts("PrependSubject"), ["[x] "], "{} {:?}", made.failure_id(), made.error_ids());
}

#[test]
fn servers_databases_queues_and_certificates_are_there_to_look_at() {
    let office = Office::new(1);
    for (name, count) in [
        ("Get-ExchangeServer", 2),
        ("Get-MailboxDatabase", 5),
        ("Get-MailboxDatabaseCopyStatus", 10),
        ("Get-Queue", 4),
        ("Get-ExchangeCertificate", 2),
        ("Get-SendConnector", 2),
        ("Get-ReceiveConnector", 4),
        ("Get-RemoteDomain", 2),
        ("Get-RetentionPolicyTag", 3),
        ("Get-RoleGroup", 4),
    ] {
        let found = office.call(name, &[]);
        assert_eq!(found.output.len(), count, "{name} {}", found.failure_id());
    }
    let one = office.call("Get-MailboxDatabase", &[("Identity", "DB02".into()), ("Status", on())]);
    assert_eq!(one.texts("DatabaseSize"), ["388 GB (416,611,827,712 bytes)"]);
    assert_eq!(office.call("Get-Queue", &[("Server", "EX02".into())]).output.len(), 1);
}

/// What the documentation of Get-MailboxDatabaseCopyStatus says -Identity, -Server and -Active take.
#[test]
fn copies_are_named_by_their_database_their_server_or_both() {
    let office = Office::new(1);
    let database = office.call("Get-MailboxDatabase", &[("Identity", "DB03".into())]);
    assert_eq!(database.texts("ActivationPreference"), ["[EX02, 1], [EX01, 2]"]);
    let distinguished = database.texts("DistinguishedName").remove(0);
    for identity in ["DB03", "db03\\*", "DB03*", &distinguished] {
        let found = office.call("Get-MailboxDatabaseCopyStatus", &[("Identity", identity.into())]);
        assert_eq!(found.texts("Name"), ["DB03\\EX01", "DB03\\EX02"], "{identity} {}", found.failure_id());
    }
    let one = office.call("Get-MailboxDatabaseCopyStatus", &[("Identity", "DB03\\EX02".into())]);
    assert_eq!(one.texts("Status"), ["Mounted"]);
    let active = office.call("Get-MailboxDatabaseCopyStatus", &[("Server", "EX01".into()), ("Active", on())]);
    assert_eq!(active.texts("Name"), ["DB02\\EX01", "DB04\\EX01"]);
    let none = office.call("Get-MailboxDatabaseCopyStatus", &[("Identity", "DB99".into())]);
    assert_eq!((none.output.len(), none.error_ids().len()), (0, 1));
}

#[test]
fn role_groups_have_members() {
    let office = Office::new(20);
    let members = |office: &Office| {
        office.call("Get-RoleGroupMember", &[("Identity", "Recipient Management".into())]).texts("Alias")
    };
    assert_eq!(members(&office), ["bob", "carol"]);
    office.call("Add-RoleGroupMember", &[("Identity", "Recipient Management".into()), ("Member", "dave".into())]);
    office.call(
        "Remove-RoleGroupMember",
        &[("Identity", "Recipient Management".into()), ("Member", "bob".into()), ("Confirm", off())],
    );
    assert_eq!(members(&office), ["carol", "dave"]);
}
