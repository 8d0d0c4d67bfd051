//! Releases and sizes: what a 2016 server, the newest one and the cloud show differently, and what a company has.

use super::{Office, off, on, text};
use crate::clixml::PsValue;
use crate::sim::{Release, Size};

const ADMIN: &str = "Organization Management";

fn first(release: Release, cmdlet: &str, property: &str) -> String {
    let found = Office::of(20, ADMIN, release).call(cmdlet, &[]);
    found.output.first().map(|object| text(object, property)).unwrap_or_default()
}

#[test]
fn servers_say_the_version_of_their_release() {
    // Builds of exchange-clixml: E16 objects say 15.1, E19 and SE 15.2.
    assert!(first(Release::Exchange2016, "Get-ExchangeServer", "AdminDisplayVersion").starts_with("Version 15.1 "));
    assert!(first(Release::ServerSe, "Get-ExchangeServer", "AdminDisplayVersion").starts_with("Version 15.2 "));
    assert!(first(Release::Online, "Get-Mailbox", "AdminDisplayVersion").starts_with("Version 15.20 "));
}

#[test]
fn the_cloud_goes_by_names_and_a_server_by_paths() {
    assert_eq!(first(Release::ServerSe, "Get-Mailbox", "Identity"), "contoso.com/Users/Alice Archer");
    assert_eq!(first(Release::Online, "Get-Mailbox", "Identity"), "Alice Archer");
    assert!(first(Release::Online, "Get-Mailbox", "DistinguishedName").contains("OU=contoso.onmicrosoft.com"));
    assert!(first(Release::Online, "Get-Mailbox", "EmailAddresses").contains("@contoso.onmicrosoft.com"));
}

#[test]
fn names_of_the_cloud_lead_back_to_their_mailbox() {
    let office = Office::of(200, ADMIN, Release::Online);
    let all = office.call("Get-Mailbox", &[("ResultSize", "Unlimited".into())]);
    for property in ["Identity", "DistinguishedName", "LegacyExchangeDN", "PrimarySmtpAddress", "Guid"] {
        let one = &all.output[77];
        let found = office.call("Get-Mailbox", &[("Identity", text(one, property).into())]);
        assert_eq!(found.texts("Guid"), [text(one, "Guid")], "{property}: {:?}", found.error_ids());
    }
}

#[test]
fn a_permission_of_the_cloud_names_the_user_principal() {
    let online = Office::of(20, ADMIN, Release::Online);
    let grant = [("Identity", PsValue::from("alice")), ("User", "bob".into()), ("AccessRights", "FullAccess".into())];
    assert_eq!(online.call("Add-MailboxPermission", &grant).texts("User"), ["bob@contoso.com"]);
    assert_eq!(Office::new(20).call("Add-MailboxPermission", &grant).texts("User"), ["CONTOSO\\bob"]);
}

#[test]
fn the_releases_differ_in_cmdlets() {
    let has = |release, name: &str| Office::of(1, ADMIN, release).commands().contains(&name.to_owned());
    assert!(has(Release::ServerSe, "Get-AuthenticationPolicy"));
    assert!(!has(Release::Exchange2016, "Get-AuthenticationPolicy"));
    assert!(has(Release::Exchange2016, "Get-MessageTrackingLog") && !has(Release::Online, "Get-MessageTrackingLog"));
    assert!(has(Release::Online, "Get-MessageTraceV2") && has(Release::Online, "Get-ComplianceCase"));
}

#[test]
fn a_company_of_the_cloud_has_ownerless_groups_and_inactive_mailboxes() {
    let office = Office::sized(Size::Company, 1_000, ADMIN, Release::Online);
    let groups = office.call("Get-UnifiedGroup", &[]);
    assert!(groups.texts("ManagedBy").iter().any(String::is_empty), "{}", groups.failure_id());
    assert!(groups.texts("GroupMemberCount").contains(&"0".to_owned()));
    let inactive = office.call("Get-Mailbox", &[("InactiveMailboxOnly", on())]);
    assert!(inactive.output.len() > 20);
}

#[test]
fn a_company_on_servers_has_a_backlog_and_a_certificate_about_to_end() {
    let office = Office::sized(Size::Company, 1_000, ADMIN, Release::ServerSe);
    let waiting = office.call("Get-Queue", &[("Filter", "MessageCount -gt 1000".into())]);
    assert_eq!(waiting.output.len(), 1, "{} {:?}", waiting.failure_id(), waiting.error_ids());
    let ends = office.call("Get-ExchangeCertificate", &[]).texts("NotAfter");
    assert!(ends.contains(&"1/27/2026 10:00:00 AM".to_owned()), "{ends:?}");
    let moves = office.call("Get-MoveRequest", &[("MoveStatus", "Failed".into())]);
    assert_eq!(moves.output.len(), 1, "{} {:?}", moves.failure_id(), moves.error_ids());
}

#[test]
fn rights_that_somebody_left_behind_can_be_taken_away() {
    let office = Office::sized(Size::Company, 400, ADMIN, Release::ServerSe);
    let everyone = office.call("Get-Mailbox", &[("ResultSize", "Unlimited".into())]);
    let orphan = everyone.texts("Alias").into_iter().find_map(|alias| {
        let rights = office.call("Get-MailboxPermission", &[("Identity", alias.as_str().into())]);
        rights.texts("User").into_iter().find(|user| user.starts_with("S-1-5-21")).map(|user| (alias, user))
    });
    let (alias, user) = orphan.expect("somebody left rights behind");
    let removed = office.call(
        "Remove-MailboxPermission",
        &[("Identity", alias.into()), ("User", user.into()), ("AccessRights", "FullAccess".into()), ("Confirm", off())],
    );
    assert_eq!((removed.errors.len(), removed.warnings.len()), (0, 0), "{:?}", removed.error_ids());
}
