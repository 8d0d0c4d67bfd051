//! Microsoft 365 groups: owners, members, subscribers.

use super::{Office, list, off};
use crate::clixml::PsValue;
use crate::sim::Release;

fn links(kind: &str, people: &[&str]) -> [(&'static str, PsValue); 3] {
    [("Identity", "launch".into()), ("LinkType", kind.into()), ("Links", list(people))]
}

#[test]
fn an_owner_is_a_member_first_and_a_group_keeps_one() {
    let office = Office::of(20, "Organization Management", Release::Online);
    let made = office.call(
        "New-UnifiedGroup",
        &[
            ("DisplayName", "Launch".into()),
            ("Alias", "launch".into()),
            ("Owner", "alice".into()),
            ("Members", list(&["bob"])),
        ],
    );
    assert_eq!(made.texts("GroupMemberCount"), ["2"], "{} {:?}", made.failure_id(), made.error_ids());
    assert_eq!(office.call("Add-UnifiedGroupLinks", &links("Owners", &["carol"])).errors.len(), 1);
    assert_eq!(office.call("Add-UnifiedGroupLinks", &links("Owners", &["bob"])).errors.len(), 0);
    let who = |kind: &str| office.call("Get-UnifiedGroupLinks", &links(kind, &[])[..2]).texts("Alias");
    assert_eq!(
        (who("Owners"), who("Members")),
        (vec!["alice".to_owned(), "bob".to_owned()], vec!["alice".to_owned(), "bob".to_owned()])
    );
    let mut away = links("Owners", &["alice"]).to_vec();
    away.push(("Confirm", off()));
    assert_eq!(office.call("Remove-UnifiedGroupLinks", &away).errors.len(), 0);
    let mut last = links("Owners", &["bob"]).to_vec();
    last.push(("Confirm", off()));
    assert_eq!(office.call("Remove-UnifiedGroupLinks", &last).errors.len(), 1);
    assert_eq!(who("Owners"), ["bob"]);
}

#[test]
fn a_unified_group_is_a_recipient_and_goes() {
    let office = Office::of(20, "Organization Management", Release::Online);
    office.call(
        "New-UnifiedGroup",
        &[("DisplayName", "Launch".into()), ("Alias", "launch".into()), ("Owner", "alice".into())],
    );
    let found = office.call("Get-Recipient", &[("Identity", "launch@contoso.com".into())]);
    assert_eq!(found.texts("RecipientTypeDetails"), ["GroupMailbox"]);
    office.call("Set-UnifiedGroup", &[("Identity", "launch".into()), ("AccessType", "Public".into())]);
    assert_eq!(office.call("Get-UnifiedGroup", &[("Identity", "launch".into())]).texts("AccessType"), ["Public"]);
    office.call("Remove-UnifiedGroup", &[("Identity", "launch".into()), ("Confirm", off())]);
    assert_eq!(office.call("Get-UnifiedGroup", &[("Identity", "launch".into())]).errors.len(), 1);
}

#[test]
fn members_of_a_distribution_group_are_replaced_as_a_whole() {
    let office = Office::new(20);
    office.call("New-DistributionGroup", &[("Name", "Board".into()), ("Members", list(&["alice", "bob"]))]);
    let update = [("Identity", "Board".into()), ("Members", list(&["carol", "dave"])), ("Confirm", off())];
    let done = office.call("Update-DistributionGroupMember", &update);
    assert_eq!(done.errors.len(), 0, "{:?}", done.error_ids());
    let members = office.call("Get-DistributionGroupMember", &[("Identity", "Board".into())]);
    assert_eq!(members.texts("Alias"), ["carol", "dave"]);
}
