//! Quarantine, the allow/block list, signing keys.

use super::{Office, list, on, text};
use crate::clixml::PsValue;
use crate::sim::Release;

fn online() -> Office {
    Office::of(200, "Organization Management", Release::Online)
}

#[test]
fn a_quarantined_message_is_released_and_another_deleted() {
    let office = online();
    let kept = office.call("Get-QuarantineMessage", &[("PageSize", 1000.into())]);
    assert!(kept.output.len() > 5, "{} {:?}", kept.failure_id(), kept.error_ids());
    let (one, two) = (text(&kept.output[0], "Identity"), text(&kept.output[1], "Identity"));
    let released =
        office.call("Release-QuarantineMessage", &[("Identity", one.as_str().into()), ("ReleaseToAll", on())]);
    assert_eq!(released.errors.len(), 0, "{:?}", released.error_ids());
    let again = office.call("Get-QuarantineMessage", &[("Identity", one.as_str().into())]);
    assert_eq!(again.texts("ReleaseStatus"), ["RELEASED"]);
    office.call("Delete-QuarantineMessage", &[("Identity", two.as_str().into())]);
    assert_eq!(office.call("Get-QuarantineMessage", &[("Identity", two.as_str().into())]).errors.len(), 1);
    let waiting =
        office.call("Get-QuarantineMessage", &[("ReleaseStatus", "NOTRELEASED".into()), ("PageSize", 1000.into())]);
    assert_eq!(waiting.output.len(), kept.output.len() - 2);
}

#[test]
fn a_block_ends_after_thirty_days_and_an_allowance_never_lasts() {
    let office = online();
    let sender = ("ListType", PsValue::from("Sender"));
    let block = [sender.clone(), ("Block", on()), ("Entries", list(&["x@bad.example"]))];
    let made = office.call("New-TenantAllowBlockListItems", &block);
    assert_eq!(made.texts("ExpirationDate"), ["2/14/2026 10:00:00 AM"], "{} {:?}", made.failure_id(), made.error_ids());
    assert_eq!(office.call("New-TenantAllowBlockListItems", &block).errors.len(), 1);
    let allow = [sender.clone(), ("Allow", on()), ("Entries", list(&["y@good.example"])), ("NoExpiration", on())];
    assert_eq!(office.call("New-TenantAllowBlockListItems", &allow).errors.len(), 1);
    office.wait_minutes(31 * 24 * 60);
    let left = office.call("Get-TenantAllowBlockListItems", &[sender, ("Entry", "x@bad.example".into())]);
    assert_eq!(left.output.len(), 0);
}

#[test]
fn keys_rotate_in_four_days_and_not_before() {
    let office = online();
    let contoso = ("Identity", PsValue::from("contoso.com"));
    let get = || office.call("Get-DkimSigningConfig", std::slice::from_ref(&contoso));
    let old = get().texts("Selector2PublicKey");
    let rotated = office.call("Rotate-DkimSigningConfig", &[contoso.clone(), ("KeySize", 2048.into())]);
    assert_eq!(rotated.errors.len(), 0, "{} {:?}", rotated.failure_id(), rotated.error_ids());
    let now = get();
    assert_eq!(now.texts("RotateOnDate"), ["1/19/2026 10:00:00 AM"]);
    assert_ne!(now.texts("Selector2PublicKey"), old);
    assert_eq!(office.call("Rotate-DkimSigningConfig", std::slice::from_ref(&contoso)).errors.len(), 1);
}

#[test]
fn a_domain_without_records_does_not_sign() {
    let office = online();
    let enable = [("Identity", PsValue::from("fabrikam.com")), ("Enabled", on())];
    assert_eq!(office.call("Set-DkimSigningConfig", &enable).errors.len(), 1);
}
