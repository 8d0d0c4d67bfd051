//! Public folders: the tree, who may, addresses.

use super::{Office, list, off, on};
use crate::clixml::PsValue;

fn paths(office: &Office, asked: &[(&str, PsValue)]) -> Vec<String> {
    office.call("Get-PublicFolder", asked).texts("Identity")
}

#[test]
fn folders_are_a_tree() {
    let office = Office::new(5);
    let made = office.call("New-PublicFolder", &[("Name", "2026".into()), ("Path", "\\Marketing\\Campaigns".into())]);
    assert_eq!(
        made.texts("Identity"),
        ["\\Marketing\\Campaigns\\2026"],
        "{} {:?}",
        made.failure_id(),
        made.error_ids()
    );
    let below = [("Identity", PsValue::from("\\Marketing")), ("Recurse", on())];
    assert_eq!(paths(&office, &below), ["\\Marketing", "\\Marketing\\Campaigns", "\\Marketing\\Campaigns\\2026"]);
    let children = [("Identity", PsValue::from("\\")), ("GetChildren", on())];
    assert_eq!(paths(&office, &children), ["\\Holidays", "\\Marketing", "\\Support"]);
}

#[test]
fn a_renamed_folder_takes_along_what_is_below() {
    let office = Office::new(5);
    office.call("Set-PublicFolder", &[("Identity", "\\Marketing".into()), ("Name", "Brand".into())]);
    assert_eq!(paths(&office, &[("Identity", "\\Brand\\Campaigns".into())]), ["\\Brand\\Campaigns"]);
    assert_eq!(office.call("Get-PublicFolder", &[("Identity", "\\Marketing".into())]).errors.len(), 1);
}

#[test]
fn a_folder_with_others_below_goes_only_with_them() {
    let office = Office::new(5);
    let remove = [("Identity", PsValue::from("\\Marketing")), ("Confirm", off())];
    assert_eq!(office.call("Remove-PublicFolder", &remove).errors.len(), 1);
    let mut whole = remove.to_vec();
    whole.push(("Recurse", on()));
    assert_eq!(office.call("Remove-PublicFolder", &whole).errors.len(), 0);
    assert_eq!(paths(&office, &[("Recurse", on())]), ["\\", "\\Holidays", "\\Support"]);
}

#[test]
fn rights_on_a_folder_are_given_and_taken() {
    let office = Office::new(20);
    let bob = [("Identity", PsValue::from("\\Support")), ("User", "bob".into())];
    let mut add = bob.to_vec();
    add.push(("AccessRights", list(&["Editor"])));
    let added = office.call("Add-PublicFolderClientPermission", &add);
    assert_eq!(added.texts("AccessRights"), ["Editor"], "{} {:?}", added.failure_id(), added.error_ids());
    let users = |office: &Office| office.call("Get-PublicFolderClientPermission", &bob[..1]).texts("User");
    assert_eq!(users(&office), ["Default", "Anonymous", "Bob Brook"]);
    let mut remove = bob.to_vec();
    remove.push(("Confirm", off()));
    office.call("Remove-PublicFolderClientPermission", &remove);
    assert_eq!(users(&office), ["Default", "Anonymous"]);
}

#[test]
fn a_mail_enabled_folder_is_a_recipient() {
    let office = Office::new(5);
    assert_eq!(office.call("Get-MailPublicFolder", &[]).texts("PrimarySmtpAddress"), ["Support@contoso.com"]);
    let enabled = office.call("Enable-MailPublicFolder", &[("Identity", "\\Marketing".into())]);
    assert_eq!(enabled.errors.len(), 0, "{:?}", enabled.error_ids());
    let found = office.call("Get-Recipient", &[("Identity", "marketing@contoso.com".into())]);
    assert_eq!(found.texts("RecipientType"), ["PublicFolder"]);
    office.call("Disable-MailPublicFolder", &[("Identity", "\\Marketing".into()), ("Confirm", off())]);
    assert_eq!(office.call("Get-PublicFolder", &[("Identity", "\\Marketing".into())]).texts("MailEnabled"), ["False"]);
}
