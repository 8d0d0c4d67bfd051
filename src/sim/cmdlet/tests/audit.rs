//! The audit logs: what cmdlets changed, who asked, page by page.

use super::{Office, at, list, off, text};
use crate::clixml::PsValue;
use crate::sim::Release;

#[test]
fn a_change_is_in_the_admin_audit_log_and_a_look_or_a_what_if_is_not() {
    let office = Office::new(20);
    office.call("Set-Mailbox", &[("Identity", "alice".into()), ("CustomAttribute1", "x".into())]);
    office
        .call("Set-Mailbox", &[("Identity", "bob".into()), ("CustomAttribute1", "x".into()), ("WhatIf", true.into())]);
    office.call("Get-Mailbox", &[("Identity", "carol".into())]);
    let today = [("StartDate", at("2026-01-15T10:00:00Z")), ("EndDate", at("2026-01-15T11:00:00Z"))];
    let found = office.call("Search-AdminAuditLog", &today);
    assert_eq!(found.texts("CmdletName"), ["Set-Mailbox"], "{} {:?}", found.failure_id(), found.error_ids());
    assert_eq!(found.texts("ObjectModified"), ["contoso.com/Users/Alice Archer"]);
    assert_eq!(found.texts("Caller"), ["admin@contoso.com"]);
    assert_eq!(found.texts("CmdletParameters"), ["Identity, CustomAttribute1"]);
}

#[test]
fn the_admin_audit_log_is_searched_by_cmdlet_and_parameter() {
    let office = Office::new(50);
    let by = |more: &[(&str, PsValue)]| {
        let mut all = vec![("StartDate", at("2025-12-20T00:00:00Z")), ("EndDate", at("2026-01-15T10:00:00Z"))];
        all.extend_from_slice(more);
        office.call("Search-AdminAuditLog", &all)
    };
    let everything = by(&[]).output.len();
    let forwarding = by(&[("Cmdlets", list(&["Set-Mailbox"])), ("Parameters", list(&["Forwarding*"]))]);
    assert!(!forwarding.output.is_empty() && forwarding.output.len() < everything);
    assert!(forwarding.texts("CmdletParameters").iter().all(|all| all.contains("ForwardingSmtpAddress")));
    assert_eq!(by(&[("Parameters", list(&["Name"]))]).error_ids().len(), 1);
}

#[test]
fn a_password_never_reaches_the_audit_log() {
    let office = Office::new(5);
    let new = [
        ("Name", PsValue::from("Eve Engel")),
        ("UserPrincipalName", "eve@contoso.com".into()),
        ("Password", super::secret("hunter2")),
    ];
    assert_eq!(office.call("New-Mailbox", &new).errors.len(), 0);
    let found = office
        .call("Search-AdminAuditLog", &[("Cmdlets", list(&["New-Mailbox"])), ("EndDate", at("2026-01-15T11:00:00Z"))]);
    assert_eq!(found.output.len(), 1);
    assert!(!format!("{:?}", found.output).contains("hunter2"));
}

#[test]
fn the_unified_log_hands_out_a_session_page_by_page() {
    let office = Office::of(30, "Organization Management", Release::Online);
    let page = || {
        office.call(
            "Search-UnifiedAuditLog",
            &[
                ("StartDate", at("2026-01-08T00:00:00Z")),
                ("EndDate", at("2026-01-15T00:00:00Z")),
                ("SessionId", "one".into()),
                ("SessionCommand", "ReturnLargeSet".into()),
                ("ResultSize", 80.into()),
            ],
        )
    };
    let mut all = Vec::new();
    loop {
        let found = page();
        assert_eq!(found.errors.len(), 0, "{:?}", found.error_ids());
        if found.output.is_empty() {
            break;
        }
        all.extend(found.texts("ResultIndex"));
    }
    let count: usize = all.len();
    assert!(count > 100);
    assert_eq!(all, (1..=count).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[test]
fn the_data_of_a_unified_record_is_json_about_it() {
    let office = Office::of(30, "Organization Management", Release::Online);
    office.call("Set-Mailbox", &[("Identity", "alice".into()), ("Type", "Shared".into())]);
    let found = office.call(
        "Search-UnifiedAuditLog",
        &[
            ("StartDate", at("2026-01-15T10:00:00Z")),
            ("EndDate", at("2026-01-15T11:00:00Z")),
            ("Operations", list(&["Set-Mailbox"])),
        ],
    );
    let data: serde_json::Value = serde_json::from_str(&text(&found.output[0], "AuditData")).unwrap();
    assert_eq!((&data["UserId"], &data["Parameters"][1]["Value"]), (&"admin@contoso.com".into(), &"Shared".into()));
}

#[test]
fn mailbox_audit_needs_details_for_logon_types() {
    let office = Office::new(30);
    let asked = [("LogonTypes", list(&["Delegate"]))];
    assert_eq!(office.call("Search-MailboxAuditLog", &asked).error_ids().len(), 1);
    let found =
        office.call("Search-MailboxAuditLog", &[("LogonTypes", list(&["Delegate"])), ("ShowDetails", true.into())]);
    assert!(!found.output.is_empty());
    assert!(found.texts("LogonType").iter().all(|kind| kind == "Delegate"));
    let quiet = office.call("Remove-Mailbox", &[("Identity", "bob".into()), ("Confirm", off())]);
    assert_eq!(quiet.errors.len(), 0);
}
