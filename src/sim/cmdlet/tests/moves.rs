//! Moves, exports and migrations: they take their time by the clock.

use super::{Office, list, off, on};
use crate::clixml::PsValue;

#[test]
fn a_move_advances_with_the_clock_and_ends_in_the_other_database() {
    let office = Office::new(20);
    let (from, to) = (office.mailbox("bob", "Database"), "DB05");
    let bob = ("Identity", PsValue::from("bob"));
    let made =
        office.call("New-MoveRequest", &[bob.clone(), ("TargetDatabase", to.into()), ("BatchName", "b1".into())]);
    assert_eq!(made.texts("Status"), ["Queued"], "{} {:?}", made.failure_id(), made.error_ids());
    assert_eq!(office.call("New-MoveRequest", &[bob.clone(), ("TargetDatabase", "DB04".into())]).errors.len(), 1);
    office.wait_minutes(5);
    let half = office.call("Get-MoveRequestStatistics", std::slice::from_ref(&bob));
    assert_eq!(
        (half.texts("PercentComplete"), half.texts("Status")),
        (vec!["50".to_owned()], vec!["InProgress".to_owned()])
    );
    assert_eq!(office.mailbox("bob", "Database"), from);
    office.wait_minutes(6);
    assert_eq!(office.call("Get-MoveRequest", &[("BatchName", "b1".into())]).texts("Status"), ["Completed"]);
    assert_eq!(office.mailbox("bob", "Database"), to);
    office.call("Remove-MoveRequest", &[bob, ("Confirm", off())]);
    assert_eq!(office.call("Get-MoveRequest", &[]).output.len(), 0);
}

#[test]
fn a_suspended_move_stands_still_and_goes_on() {
    let office = Office::new(20);
    let bob = ("Identity", PsValue::from("bob"));
    office.call(
        "New-MoveRequest",
        &[bob.clone(), ("TargetDatabase", "DB05".into()), ("SuspendWhenReadyToComplete", on())],
    );
    let status = || office.call("Get-MoveRequest", std::slice::from_ref(&bob)).texts("Status");
    office.wait_minutes(2);
    office.call("Suspend-MoveRequest", &[bob.clone(), ("Confirm", off())]);
    office.wait_minutes(60);
    assert_eq!(status(), ["Suspended"]);
    office.call("Resume-MoveRequest", &[bob.clone(), ("SuspendWhenReadyToComplete", on())]);
    office.wait_minutes(9);
    assert_eq!(status(), ["AutoSuspended"]);
}

#[test]
fn an_export_needs_a_share_and_is_told_by_mailbox_and_name() {
    let office = Office::new(20);
    let export =
        |path: &str| office.call("New-MailboxExportRequest", &[("Mailbox", "bob".into()), ("FilePath", path.into())]);
    assert_eq!(export("C:\\bob.pst").errors.len(), 1);
    let made = export("\\\\ex01\\pst\\bob.pst");
    assert_eq!(made.texts("Name"), ["MailboxExport"], "{} {:?}", made.failure_id(), made.error_ids());
    office.wait_minutes(20);
    let statistics = office.call("Get-MailboxExportRequestStatistics", &[("Identity", "bob\\MailboxExport".into())]);
    assert_eq!(
        statistics.texts("PercentComplete"),
        ["100"],
        "{} {:?}",
        statistics.failure_id(),
        statistics.error_ids()
    );
    let completed = office.call("Get-MailboxExportRequest", &[("Status", "Completed".into())]);
    assert_eq!(completed.texts("FilePath"), ["\\\\ex01\\pst\\bob.pst"]);
}

#[test]
fn a_batch_is_made_of_a_csv_file_started_and_completed() {
    let office = Office::new(20);
    let csv = "EmailAddress,Note\r\nalice.x@contoso.com,a\r\ncarol2@contoso.com,b\r\n";
    let users = office.call("Get-MigrationUser", &[("BatchId", "Wave2".into())]);
    assert_eq!(users.output.len(), 5);
    let made = office.call(
        "New-MigrationBatch",
        &[
            ("Name", "Spring".into()),
            ("CSVData", PsValue::Bytes(csv.as_bytes().to_vec().into())),
            ("Local", on()),
            ("AutoStart", on()),
        ],
    );
    assert_eq!(made.texts("TotalCount"), ["2"], "{} {:?}", made.failure_id(), made.error_ids());
    // Nobody is called so: both fail at once.
    assert_eq!(made.texts("Status"), ["SyncedWithErrors"]);
}

#[test]
fn users_of_a_batch_are_synchronized_and_completed() {
    let office = Office::new(40);
    let people: Vec<String> = office.call("Get-Mailbox", &[]).texts("PrimarySmtpAddress")[10..13].to_vec();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let spring = ("Identity", PsValue::from("Spring"));
    office.call("New-MigrationBatch", &[("Name", "Spring".into()), ("UserIds", list(&people))]);
    let status = || office.call("Get-MigrationBatch", std::slice::from_ref(&spring)).texts("Status");
    assert_eq!(status(), ["Created"]);
    office.call("Start-MigrationBatch", std::slice::from_ref(&spring));
    assert_eq!(status(), ["Syncing"]);
    assert_eq!(office.call("Complete-MigrationBatch", std::slice::from_ref(&spring)).errors.len(), 1);
    office.wait_minutes(10);
    assert_eq!(status(), ["Synced"]);
    office.call("Complete-MigrationBatch", std::slice::from_ref(&spring));
    office.wait_minutes(10);
    assert_eq!(status(), ["Completed"]);
}
