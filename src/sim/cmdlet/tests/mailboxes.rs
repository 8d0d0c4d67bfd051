//! Mailboxes: found, changed, made, removed, enabled, disabled.

use super::{Office, change, list, off, on, secret};
use crate::clixml::PsValue;
use crate::sim::Release;

#[test]
fn a_mailbox_is_found_by_every_name_it_has() {
    let office = Office::new(50);
    let names = [
        "Name",
        "Alias",
        "UserPrincipalName",
        "PrimarySmtpAddress",
        "Guid",
        "ExchangeGuid",
        "DistinguishedName",
        "LegacyExchangeDN",
        "Identity",
        "SamAccountName",
    ];
    for name in names {
        let value = office.mailbox("bob", name);
        assert_eq!(office.mailbox(&value, "Alias"), "bob", "by {name}: {value}");
    }
    assert_eq!(office.mailbox("BOB@fabrikam.com", "Alias"), "bob");
    assert_eq!(office.mailbox("CONTOSO\\bob", "Alias"), "bob");
}

#[test]
fn nobody_is_a_non_terminating_error_in_exchanges_manner() {
    let office = Office::new(5);
    let found = office.call("Get-Mailbox", &[("Identity", "nobody".into())]);
    assert!(found.output.is_empty() && found.failed.is_none());
    assert_eq!(
        found.error_ids()[0],
        "[Server=EX01,RequestId=00000000-0000-0000-0000-000000000000,TimeStamp=1/15/2026 10:00:00 AM] \
         [FailureCategory=Cmdlet-ManagementObjectNotFoundException] 74EDD416,\
         Microsoft.Exchange.Management.RecipientTasks.GetMailbox"
    );
    let stopped = office.call("Get-Mailbox", &[("Identity", "nobody".into()), ("ErrorAction", "Stop".into())]);
    assert!(stopped.failed.is_some() && stopped.errors.is_empty());
    let silent =
        office.call("Get-Mailbox", &[("Identity", "nobody".into()), ("ErrorAction", "SilentlyContinue".into())]);
    assert!(silent.failed.is_none() && silent.errors.is_empty());
}

#[test]
fn wildcards_and_ambiguous_name_resolution_find_several() {
    let office = Office::new(100);
    assert_eq!(office.call("Get-Mailbox", &[("Identity", "ali*".into())]).texts("Alias"), ["alice"]);
    assert!(office.call("Get-Mailbox", &[("Anr", "car".into())]).texts("Alias").contains(&"carol".to_owned()));
}

#[test]
fn results_are_sorted_when_asked() {
    let office = Office::new(40);
    let found = office.call("Get-Mailbox", &[("SortBy", "DisplayName".into()), ("ResultSize", PsValue::I32(10))]);
    let names = found.texts("DisplayName");
    let mut sorted = names.clone();
    sorted.sort_by_key(|name| name.to_lowercase());
    assert_eq!((names.len(), &names), (10, &sorted));
    assert_eq!(found.warnings.len(), 1);
}

#[test]
fn more_results_than_asked_for_are_announced_by_a_warning() {
    let office = Office::new(1_200);
    let two = office.call("Get-Mailbox", &[("ResultSize", PsValue::I32(2))]);
    assert_eq!((two.output.len(), two.warnings.len()), (2, 1));
    let default = office.call("Get-Mailbox", &[]);
    assert_eq!((default.output.len(), default.warnings.len()), (1_000, 1));
    let all = office.call("Get-Mailbox", &[("ResultSize", "Unlimited".into())]);
    assert_eq!((all.output.len(), all.warnings.len()), (1_200, 0));
}

#[test]
fn a_filter_looks_at_values_by_kind() {
    let office = Office::new(300);
    let filter = |text: &str| {
        let found = office.call("Get-Mailbox", &[("Filter", text.into()), ("ResultSize", "Unlimited".into())]);
        assert!(found.failed.is_none(), "{text}: {}", found.failure_id());
        found.output.len()
    };
    assert_eq!(filter("Alias -eq 'bob'"), 1);
    assert_eq!(filter("UseDatabaseQuotaDefaults -eq $false") + filter("UseDatabaseQuotaDefaults -eq $true"), 300);
    assert_eq!(filter("ProhibitSendQuota -eq '45 GB'"), filter("UseDatabaseQuotaDefaults -eq $false"));
    assert_eq!(filter("WhenCreated -lt '1/1/1990'"), 0);
    let unknown = office.call("Get-Mailbox", &[("Filter", "Shoesize -gt 44".into())]);
    assert!(unknown.failed.is_some());
}

#[test]
fn what_is_set_is_what_is_got() {
    let office = Office::new(20);
    let set = office.call(
        "Set-Mailbox",
        &[
            ("Identity", "bob".into()),
            ("CustomAttribute1", "blue".into()),
            ("ProhibitSendQuota", PsValue::I64(48_318_382_080)),
            ("IssueWarningQuota", "40GB".into()),
            ("UseDatabaseQuotaDefaults", off()),
            ("RetainDeletedItemsFor", "30".into()),
            ("HiddenFromAddressListsEnabled", on()),
            ("ForwardingAddress", "alice".into()),
            ("MaxSendSize", "35MB".into()),
        ],
    );
    assert_eq!(set.error_ids(), Vec::<String>::new());
    for (property, text) in [
        ("CustomAttribute1", "blue"),
        ("ProhibitSendQuota", "45 GB (48,318,382,080 bytes)"),
        ("IssueWarningQuota", "40 GB (42,949,672,960 bytes)"),
        ("UseDatabaseQuotaDefaults", "False"),
        ("RetainDeletedItemsFor", "30.00:00:00"),
        ("HiddenFromAddressListsEnabled", "True"),
        ("ForwardingAddress", "contoso.com/Users/Alice Archer"),
        ("MaxSendSize", "35 MB (36,700,160 bytes)"),
        ("WhenChanged", "1/15/2026 10:00:00 AM"),
    ] {
        assert_eq!(office.mailbox("bob", property), text, "{property}");
    }
    let recipient = office.call("Get-Recipient", &[("Identity", "bob".into())]);
    assert_eq!(recipient.texts("CustomAttribute1"), ["blue"], "one object, seen by all cmdlets");
}

#[test]
fn values_that_do_not_fit_are_refused_and_change_nothing() {
    let office = Office::new(20);
    for (parameter, value) in [
        ("ProhibitSendQuota", PsValue::from("plenty")),
        ("RetainDeletedItemsFor", "soon".into()),
        ("ForwardingAddress", "nobody".into()),
        ("Database", "DB99".into()),
        ("EmailAddresses", "not an address".into()),
        ("EmailAddresses", "alice@contoso.com".into()),
    ] {
        let set = office.call("Set-Mailbox", &[("Identity", "bob".into()), (parameter, value)]);
        assert_eq!(set.errors.len() + usize::from(set.failed.is_some()), 1, "{parameter}");
    }
    assert_eq!(office.mailbox("bob", "WhenChanged"), Office::new(20).mailbox("bob", "WhenChanged"));
}

#[test]
fn quotas_must_be_in_order() {
    let office = Office::new(20);
    let set = office.call(
        "Set-Mailbox",
        &[("Identity", "bob".into()), ("IssueWarningQuota", "50GB".into()), ("ProhibitSendQuota", "40GB".into())],
    );
    assert_eq!(set.errors.len(), 1);
}

#[test]
fn addresses_are_added_removed_and_replaced() {
    let office = Office::new(20);
    let set = |value: PsValue| office.call("Set-Mailbox", &[("Identity", "bob".into()), ("EmailAddresses", value)]);
    set(change(&[("Add", list(&["b@contoso.com", "smtp:bb@contoso.com"])), ("Remove", "bob@fabrikam.com".into())]));
    assert_eq!(
        office.mailbox("bob", "EmailAddresses"),
        "SMTP:bob@contoso.com, smtp:b@contoso.com, smtp:bb@contoso.com"
    );
    set(list(&["robert@contoso.com", "bob@contoso.com"]));
    assert_eq!(office.mailbox("bob", "PrimarySmtpAddress"), "robert@contoso.com");
    assert_eq!(office.mailbox("robert@contoso.com", "Alias"), "bob", "found by its new address");
}

#[test]
fn a_primary_address_needs_the_policy_switched_off() {
    let office = Office::new(20);
    let refused =
        office.call("Set-Mailbox", &[("Identity", "bob".into()), ("PrimarySmtpAddress", "b@contoso.com".into())]);
    assert_eq!(refused.errors.len(), 1);
    let done = office.call(
        "Set-Mailbox",
        &[
            ("Identity", "bob".into()),
            ("PrimarySmtpAddress", "b@contoso.com".into()),
            ("EmailAddressPolicyEnabled", off()),
        ],
    );
    assert_eq!(done.error_ids(), Vec::<String>::new());
    assert_eq!(
        office.mailbox("bob", "EmailAddresses"),
        "SMTP:b@contoso.com, smtp:bob@contoso.com, smtp:bob@fabrikam.com"
    );
}

#[test]
fn what_if_says_and_does_nothing() {
    let office = Office::new(20);
    let set = office.call("Set-Mailbox", &[("Identity", "bob".into()), ("Office", "Mars".into()), ("WhatIf", on())]);
    assert_eq!(
        set.told,
        ["What if: Performing the operation \"Set mailbox\" on target \"contoso.com/Users/Bob Brook\"."]
    );
    assert_ne!(office.mailbox("bob", "Office"), "Mars");
}

#[test]
fn removing_asks_first_and_a_no_keeps_the_mailbox() {
    let office = Office::new(20);
    let no = office.answering(Some(2), "Remove-Mailbox", &[("Identity", "bob".into())]);
    assert_eq!(no.asked, ["Remove mailbox \"contoso.com/Users/Bob Brook\"?"]);
    assert_eq!(office.mailbox("bob", "Alias"), "bob");
    let nobody = office.answering(None, "Remove-Mailbox", &[("Identity", "bob".into())]);
    assert!(nobody.failed.is_some(), "a question that nobody answers is an error");
    let yes = office.answering(Some(0), "Remove-Mailbox", &[("Identity", "bob".into())]);
    assert_eq!(yes.error_ids(), Vec::<String>::new());
    assert_eq!(office.call("Get-Mailbox", &[("Identity", "bob".into())]).errors.len(), 1);
}

#[test]
fn a_confirm_that_is_off_asks_nobody() {
    let office = Office::new(20);
    let removed = office.answering(None, "Remove-Mailbox", &[("Identity", "bob".into()), ("Confirm", off())]);
    assert!(removed.asked.is_empty() && removed.failed.is_none());
}

#[test]
fn a_new_mailbox_of_a_person_needs_a_secure_password() {
    let office = Office::new(20);
    let person = [("Name", PsValue::from("Zed Zulu")), ("UserPrincipalName", "zed@contoso.com".into())];
    let plain = [person.as_slice(), &[("Password", "s3cret".into())]].concat();
    assert!(office.call("New-Mailbox", &plain).failed.is_some());
    let secure = [person.as_slice(), &[("Password", secret("s3cret"))]].concat();
    let made = office.call("New-Mailbox", &secure);
    assert_eq!(made.failure_id(), "");
    assert_eq!(made.texts("PrimarySmtpAddress"), ["zed@contoso.com"]);
    assert_eq!(made.texts("RecipientTypeDetails"), ["UserMailbox"]);
    assert_eq!(office.mailbox("Zed Zulu", "Alias"), "zed");
    assert_eq!(office.call("New-Mailbox", &secure).errors.len(), 1, "the name is taken");
}

#[test]
fn shared_and_room_mailboxes_need_no_password() {
    let office = Office::new(20);
    let shared = office.call("New-Mailbox", &[("Shared", on()), ("Name", "Front Desk".into())]);
    assert_eq!(shared.texts("RecipientTypeDetails"), ["SharedMailbox"], "{}", shared.failure_id());
    let room = office
        .call("New-Mailbox", &[("Room", on()), ("Name", "Aquarium".into()), ("ResourceCapacity", PsValue::I32(8))]);
    assert_eq!(room.texts("ResourceType"), ["Room"], "{}", room.failure_id());
    assert_eq!(room.texts("ResourceCapacity"), ["8"]);
    let made_regular = office.call("Set-Mailbox", &[("Identity", "Front Desk".into()), ("Type", "Regular".into())]);
    assert_eq!(made_regular.error_ids(), Vec::<String>::new());
    assert_eq!(office.mailbox("Front Desk", "RecipientTypeDetails"), "UserMailbox");
}

#[test]
fn a_disabled_mailbox_leaves_a_user_who_can_be_enabled_again() {
    let office = Office::new(20);
    office.call("Disable-Mailbox", &[("Identity", "carol".into()), ("Confirm", off())]);
    assert_eq!(office.call("Get-Mailbox", &[("Identity", "Carol Cole".into())]).errors.len(), 1);
    assert_eq!(office.call("Get-User", &[("Identity", "Carol Cole".into())]).texts("RecipientType"), ["User"]);
    let enabled = office.call("Enable-Mailbox", &[("Identity", "Carol Cole".into())]);
    assert_eq!(enabled.error_ids(), Vec::<String>::new());
    assert_eq!(enabled.texts("PrimarySmtpAddress"), ["carol@contoso.com"]);
}

#[test]
fn an_archive_is_switched_on_and_off() {
    let office = Office::new(20);
    let on_ = office.call("Enable-Mailbox", &[("Identity", "dave".into()), ("Archive", on())]);
    assert_eq!(on_.texts("ArchiveState"), ["Local"], "{} {:?}", on_.failure_id(), on_.error_ids());
    assert_eq!(office.call("Enable-Mailbox", &[("Identity", "dave".into()), ("Archive", on())]).errors.len(), 1);
    office.call("Disable-Mailbox", &[("Identity", "dave".into()), ("Archive", on()), ("Confirm", off())]);
    assert_eq!(office.mailbox("dave", "ArchiveState"), "None");
}

#[test]
fn a_hold_remembers_who_set_it_and_when() {
    let office = Office::new(20);
    office.call("Set-Mailbox", &[("Identity", "bob".into()), ("LitigationHoldEnabled", on())]);
    assert_eq!(office.mailbox("bob", "LitigationHoldOwner"), "admin@contoso.com");
    assert_eq!(office.mailbox("bob", "LitigationHoldDate"), "1/15/2026 10:00:00 AM");
}

#[test]
fn permissions_are_granted_shown_and_taken_back() {
    let office = Office::new(20);
    let both = [("Identity", PsValue::from("alice")), ("User", "bob".into()), ("AccessRights", "FullAccess".into())];
    let added = office.call("Add-MailboxPermission", &both);
    assert_eq!(added.texts("AccessRights"), ["FullAccess"], "{}", added.failure_id());
    assert_eq!(office.call("Add-MailboxPermission", &both).warnings.len(), 1, "granted already");
    let shown = office.call("Get-MailboxPermission", &[("Identity", "alice".into())]);
    assert_eq!(shown.texts("User"), ["NT AUTHORITY\\SELF", "CONTOSO\\bob"]);
    let removed = office.call("Remove-MailboxPermission", &[both.as_slice(), &[("Confirm", off())]].concat());
    assert_eq!(removed.failure_id(), "");
    assert_eq!(office.call("Get-MailboxPermission", &[("Identity", "alice".into())]).output.len(), 1);
    let wrong = [("Identity", PsValue::from("alice")), ("User", "bob".into()), ("AccessRights", "Everything".into())];
    assert!(
        office.call("Add-MailboxPermission", &wrong).failure_id().starts_with("ParameterArgumentTransformationError")
    );
}

#[test]
fn statistics_have_sizes_and_times() {
    let office = Office::new(20);
    let found = office.call("Get-MailboxStatistics", &[("Identity", "alice".into())]);
    assert_eq!(found.texts("DisplayName"), ["Alice Archer"]);
    assert!(found.texts("TotalItemSize")[0].ends_with("bytes)"));
    assert!(matches!(found.output[0].as_object().unwrap().get("LastLogonTime"), Some(PsValue::DateTime(_))));
    let database = office.call("Get-MailboxStatistics", &[("Database", "DB01".into())]);
    assert_eq!(database.output.len(), 5);
}

#[test]
fn protocols_are_switched_per_mailbox() {
    let office = Office::new(20);
    office.call("Set-CASMailbox", &[("Identity", "bob".into()), ("PopEnabled", off()), ("ActiveSyncEnabled", off())]);
    let found = office.call("Get-CASMailbox", &[("Filter", "PopEnabled -eq $false".into())]);
    assert_eq!(found.texts("Name"), ["Bob Brook"]);
    assert_eq!(found.texts("ActiveSyncEnabled"), ["False"]);
}

#[test]
fn releases_differ_in_what_they_offer() {
    let online = Office::of(5, "Organization Management", Release::Online);
    let se = Office::new(5);
    let database = [("Identity", PsValue::from("alice")), ("Database", "DB02".into())];
    assert_eq!(online.call("Set-Mailbox", &database).failure_id(), "NamedParameterNotFound,Set-Mailbox");
    assert_eq!(se.call("Set-Mailbox", &database).failure_id(), "");
}
