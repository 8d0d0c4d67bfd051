//! Several commands in one pipeline, and objects from the client.

use super::{Office, command, list, off, text};
use crate::clixml::{PsObject, PsValue};

#[test]
fn piped_names_bind_one_by_one_and_a_wrong_one_harms_no_other() {
    let office = Office::new(20);
    let found = office.pipe(&[command("Get-Mailbox", &[])], Some(vec!["alice".into(), "nobody".into(), "bob".into()]));
    assert_eq!(found.texts("Alias"), ["alice", "bob"]);
    assert_eq!(found.errors.len(), 1);
}

#[test]
fn mailboxes_are_piped_into_a_change() {
    let office = Office::new(40);
    let all = office.pipe(
        &[
            command("Get-Mailbox", &[("ResultSize", PsValue::I32(3)), ("WarningAction", "SilentlyContinue".into())]),
            command("Set-Mailbox", &[("CustomAttribute7", "seven".into())]),
        ],
        None,
    );
    assert_eq!((all.output.len(), all.warnings.len()), (0, 0));
    let changed = office.call("Get-Mailbox", &[("Filter", "CustomAttribute7 -eq 'seven'".into())]);
    assert_eq!(changed.texts("Alias"), ["alice", "bob", "carol"]);
}

#[test]
fn an_object_that_went_out_comes_back_by_its_properties() {
    let office = Office::new(20);
    let bob = office.call("Get-Mailbox", &[("Identity", "bob".into())]).output.remove(0);
    let statistics = office.pipe(&[command("Get-MailboxStatistics", &[])], Some(vec![bob]));
    assert_eq!(statistics.texts("DisplayName"), ["Bob Brook"]);
    let row = PsObject::bag([("Identity", PsValue::from("carol")), ("Office", "Moon".into())]);
    let set = office.pipe(&[command("Set-Mailbox", &[("CustomAttribute1", "x".into())])], Some(vec![row.into()]));
    assert_eq!(set.failure_id(), "");
    assert_eq!(office.mailbox("carol", "CustomAttribute1"), "x");
}

#[test]
fn a_piped_database_means_its_mailboxes() {
    let office = Office::new(40);
    let found = office
        .pipe(&[command("Get-MailboxDatabase", &[("Identity", "DB03".into())]), command("Get-Mailbox", &[])], None);
    assert_eq!(found.failure_id(), "");
    assert_eq!(found.output.len(), 10);
    assert!(found.texts("Database").iter().all(|name| name == "DB03"));
}

#[test]
fn enough_objects_stop_the_commands_before() {
    let office = Office::new(50_000);
    let first = office.pipe(
        &[
            command("Get-Mailbox", &[("ResultSize", "Unlimited".into())]),
            command("Select-Object", &[("First", PsValue::I32(2)), ("Property", list(&["Alias", "Missing"]))]),
        ],
        None,
    );
    assert_eq!(first.texts("Alias"), ["alice", "bob"]);
    let types = first.output[0].as_object().unwrap().type_names().unwrap();
    assert_eq!(types.first(), Some("Selected.Microsoft.Exchange.Data.Directory.Management.Mailbox"));
    assert_eq!(text(&first.output[0], "Missing"), "");
}

#[test]
fn objects_are_counted_and_summed() {
    let office = Office::new(30);
    let count = office.pipe(&[command("Get-Mailbox", &[]), command("Measure-Object", &[])], None);
    assert_eq!(count.texts("Count"), ["30"]);
    let none = office.pipe(&[command("Measure-Object", &[])], Some(Vec::new()));
    assert_eq!(none.texts("Count"), ["0"]);
}

#[test]
fn views_are_offered_for_the_objects() {
    let office = Office::new(1);
    let views =
        office.call("Get-FormatData", &[("TypeName", "Microsoft.Exchange.Data.Directory.Management.Mailbox".into())]);
    assert_eq!(views.texts("TypeName"), ["Microsoft.Exchange.Data.Directory.Management.Mailbox"]);
    assert_eq!(office.call("Get-FormatData", &[("TypeName", list(&["No.Such.*"]))]).output.len(), 0);
}

#[test]
fn removing_a_group_of_piped_mailboxes_removes_each() {
    let office = Office::new(20);
    let removed = office.pipe(
        &[
            command(
                "Get-Mailbox",
                &[("Identity", "*".into()), ("ResultSize", PsValue::I32(5)), ("WarningAction", "Ignore".into())],
            ),
            command("Remove-Mailbox", &[("Confirm", off())]),
        ],
        None,
    );
    assert_eq!(removed.failure_id(), "");
    assert_eq!(office.call("Get-Mailbox", &[]).output.len(), 15);
}
