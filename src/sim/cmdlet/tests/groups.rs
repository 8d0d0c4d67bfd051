//! Groups, their members, and objects of the configuration.

use super::{Office, list, off, on};
use crate::clixml::PsValue;

#[test]
fn a_group_is_made_changed_and_removed() {
    let office = Office::new(30);
    let made = office.call(
        "New-DistributionGroup",
        &[("Name", "Friends".into()), ("Members", list(&["alice", "bob"])), ("ManagedBy", "carol".into())],
    );
    assert_eq!(
        made.texts("PrimarySmtpAddress"),
        ["Friends@contoso.com"],
        "{} {:?}",
        made.failure_id(),
        made.error_ids()
    );
    assert_eq!(made.texts("ManagedBy"), ["contoso.com/Users/Carol Cole"]);
    let members = office.call("Get-DistributionGroupMember", &[("Identity", "Friends".into())]);
    assert_eq!(members.texts("Alias"), ["alice", "bob"]);
    office.call("Set-DistributionGroup", &[("Identity", "Friends".into()), ("MemberJoinRestriction", "Open".into())]);
    let shown = office.call("Get-DistributionGroup", &[("Identity", "friends@contoso.com".into())]);
    assert_eq!(shown.texts("MemberJoinRestriction"), ["Open"]);
    office.call("Remove-DistributionGroup", &[("Identity", "Friends".into()), ("Confirm", off())]);
    assert_eq!(office.call("Get-DistributionGroup", &[("Identity", "Friends".into())]).errors.len(), 1);
}

#[test]
fn members_join_and_leave_once() {
    let office = Office::new(30);
    office.call("New-DistributionGroup", &[("Name", "Friends".into())]);
    let both = [("Identity", PsValue::from("Friends")), ("Member", "dave".into())];
    assert_eq!(office.call("Add-DistributionGroupMember", &both).errors.len(), 0);
    assert_eq!(office.call("Add-DistributionGroupMember", &both).errors.len(), 1);
    let leave = [both.as_slice(), &[("Confirm", off())]].concat();
    assert_eq!(office.call("Remove-DistributionGroupMember", &leave).errors.len(), 0);
    assert_eq!(office.call("Remove-DistributionGroupMember", &leave).errors.len(), 1);
}

#[test]
fn who_is_removed_is_a_member_no_more() {
    let office = Office::new(30);
    office.call("New-DistributionGroup", &[("Name", "Friends".into()), ("Members", list(&["alice", "bob"]))]);
    office.call("Remove-Mailbox", &[("Identity", "alice".into()), ("Confirm", off())]);
    let members = office.call("Get-DistributionGroupMember", &[("Identity", "Friends".into())]);
    assert_eq!(members.texts("Alias"), ["bob"]);
}

#[test]
fn groups_are_found_by_owner_and_by_kind() {
    let office = Office::new(200);
    office.call(
        "New-DistributionGroup",
        &[("Name", "Keys".into()), ("Type", "Security".into()), ("ManagedBy", "bob".into())],
    );
    let owned = office.call("Get-DistributionGroup", &[("ManagedBy", "bob".into())]);
    assert!(owned.texts("Name").contains(&"Keys".to_owned()));
    let kinds = office.call("Get-DistributionGroup", &[("RecipientTypeDetails", "MailUniversalSecurityGroup".into())]);
    assert!(kinds.texts("Name").contains(&"Keys".to_owned()));
    assert!(kinds.texts("GroupType").iter().all(|kind| kind == "Universal, SecurityEnabled"));
}

#[test]
fn recipients_of_all_kinds_are_listed_together() {
    let office = Office::new(40);
    let all = office.call("Get-Recipient", &[("ResultSize", "Unlimited".into())]);
    let groups = office.call("Get-DistributionGroup", &[]).output.len();
    let folders = office.call("Get-MailPublicFolder", &[]).output.len();
    assert_eq!(all.output.len(), 40 + groups + folders);
    let rooms = office.call("Get-Recipient", &[("RecipientTypeDetails", list(&["RoomMailbox", "EquipmentMailbox"]))]);
    assert!(rooms.texts("RecipientTypeDetails").iter().all(|kind| kind == "RoomMailbox" || kind == "EquipmentMailbox"));
}

#[test]
fn domains_are_accepted_and_one_is_the_default() {
    let office = Office::new(5);
    let made = office.call("New-AcceptedDomain", &[("Name", "Wingtip".into()), ("DomainName", "wingtip.com".into())]);
    assert_eq!(made.texts("DomainName"), ["wingtip.com"], "{}", made.failure_id());
    office.call("Set-AcceptedDomain", &[("Identity", "Wingtip".into()), ("MakeDefault", on())]);
    let all = office.call("Get-AcceptedDomain", &[]);
    let defaults = all.texts("Default").iter().filter(|text| *text == "True").count();
    assert_eq!((all.output.len(), defaults), (4, 1));
    let removed = office.call("Remove-AcceptedDomain", &[("Identity", "Wingtip".into()), ("Confirm", off())]);
    assert_eq!(removed.errors.len(), 1, "the default domain stays");
}

#[test]
fn the_organization_has_one_configuration() {
    let office = Office::new(5);
    office.call("Set-OrganizationConfig", &[("MailTipsLargeAudienceThreshold", PsValue::I32(50))]);
    let shown = office.call("Get-OrganizationConfig", &[]);
    assert_eq!(shown.texts("MailTipsLargeAudienceThreshold"), ["50"]);
    assert_eq!(shown.texts("Name"), ["Contoso"]);
}
