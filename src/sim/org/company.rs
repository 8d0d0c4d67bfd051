//! What gathers in an organization over the years: forwarding, full mailboxes, odd rights, people who left, a backlog.
//!
//! Traits of mailboxes and groups are functions of the seed, like the objects themselves; only what is not derived from
//! a number (contacts, dynamic groups, groups of the cloud, removed mailboxes, moves) is made when the organization begins.

use jiff::{SignedDuration, Timestamp};

use super::derived::{account, canonical_name, property, sid};
use super::entry::{Class, Entry, EntryId};
use super::names::DEPARTMENTS;
use super::seed::{DOMAIN, Purpose, Seed};
use super::store::{Grant, State};
use super::value;
use crate::clixml::PsValue;
use crate::sim::Size;

/// What a person's mailbox has beyond the ordinary; most have nothing.
pub(super) fn give_traits(seed: &Seed, entry: &mut Entry, number: u32) {
    let draw = seed.draw(Purpose::Company, number);
    let other = || seed.mailbox_name((draw >> 20) as u32 % seed.mailboxes.max(1));
    match draw % 60 {
        0..=2 => {
            entry.set("ForwardingAddress", other());
            entry.set("DeliverToMailboxAndForward", draw.is_multiple_of(3));
        }
        3..=4 => fill_up(seed, entry),
        5 => entry.set("RetentionPolicy", "Legal 7 Years"),
        6 => entry.set("InPlaceHolds", value::texts([format!("mbx{:08x}", draw as u32)])),
        7..=8 => entry.set("GrantSendOnBehalfTo", value::references([other()])),
        9 => entry.set("AuditEnabled", false),
        10..=11 => {
            let alias = entry.text("Alias");
            let mut addresses = entry.texts("EmailAddresses");
            addresses.extend((1..4).map(|round| format!("smtp:{alias}.{round}@old.example")));
            addresses.push(format!("X500:/o=Old/ou=First/cn=Recipients/cn={alias}"));
            entry.set("EmailAddresses", value::addresses(addresses));
            entry.set("EmailAddressPolicyEnabled", false);
        }
        12 => entry.set("MaxSendSize", value::size_text(150 << 20)),
        13..=14 => {
            // Somebody who left: the account is closed, everything else is as it was.
            entry.set("AccountDisabled", true);
            entry.set("CustomAttribute1", "left");
        }
        15 => {
            entry.set("ImapEnabled", false);
            entry.set("PopEnabled", false);
        }
        16 => entry.set("SingleItemRecoveryEnabled", false),
        17 => entry.set("ModerationEnabled", true),
        _ => {}
    }
}

/// Sets the quotas so that the mailbox is over one of them.
fn fill_up(seed: &Seed, entry: &mut Entry) {
    let around = super::Surroundings { seed: *seed, now: Timestamp::UNIX_EPOCH };
    let Some(bytes) = value::bytes_of(&property(entry, "TotalItemSize", around)) else { return };
    let part = |percent: u64| value::size_text((bytes / 100 * percent).max(1 << 20));
    entry.set("UseDatabaseQuotaDefaults", false);
    entry.set("IssueWarningQuota", part(85));
    entry.set("ProhibitSendQuota", part(97));
    entry.set("ProhibitSendReceiveQuota", part(if bytes.is_multiple_of(3) { 99 } else { 105 }));
}

/// Groups in groups, several deep, and two that hold each other.
pub(super) fn nest(members: &mut Vec<EntryId>, number: u32, groups: u32) {
    if number % 11 == 10 && number > 2 {
        members.extend([number - 1, number - 2].map(EntryId::Group));
    }
    if (52..54).contains(&number) && groups > 54 {
        members.push(EntryId::Group(105 - number));
    }
    members.sort_unstable();
    members.dedup();
}

/// Rights on a mailbox that somebody should ask about: of everyone, of a group, of nobody who still exists, denied ones.
pub(super) fn odd_grants(seed: &Seed, number: u32) -> Vec<Grant> {
    if seed.size != Size::Company || number < 4 {
        return Vec::new();
    }
    let draw = seed.draw(Purpose::Company, number ^ 0x1000_0000);
    let grant = |user: String, user_sid: String, right: &str, deny| Grant {
        user,
        rights: vec![right.to_owned()],
        deny,
        inheritance: "All".to_owned(),
        user_sid,
    };
    let orphan = format!("S-1-5-21-1004336348-1177238915-682003330-{}", 900_000 + draw % 90_000);
    match draw % 90 {
        0 => vec![grant(orphan.clone(), orphan, "FullAccess", false)],
        1 => {
            let group = seed.group(0);
            vec![grant(account(&group), sid(&group), "FullAccess", false)]
        }
        2 => vec![grant("Everyone".to_owned(), "S-1-1-0".to_owned(), "ReadPermission", false)],
        3 => {
            let other = seed.mailbox((draw >> 20) as u32 % seed.mailboxes.max(1));
            vec![grant(account(&other), sid(&other), "FullAccess", true)]
        }
        _ => Vec::new(),
    }
}

/// Makes what is not derived from a number.
pub(super) fn populate(state: &mut State, seed: &Seed, now: Timestamp) {
    let company = seed.size == Size::Company;
    if seed.size == Size::Demo {
        if seed.mailboxes > 40 {
            [0, 4].into_iter().for_each(|number| contact(state, number, now));
            dynamic_group(state, DEPARTMENTS[0], now);
            leftovers(state, seed, now);
        }
    } else {
        for number in 0..(if company { 60 } else { 4 }) {
            contact(state, number, now);
        }
        for department in DEPARTMENTS.iter().take(if company { DEPARTMENTS.len() } else { 1 }) {
            dynamic_group(state, department, now);
        }
        for number in 0..(if company { 60 } else { 1 }) {
            let mut mailbox = seed.mailbox(seed.mailboxes + number);
            mailbox.set("LitigationHoldEnabled", company && number % 3 != 2);
            let since = SignedDuration::from_hours(24 * (2 + i64::from(number) % 26));
            state.history_mut().bury(mailbox, now - since, "Disabled");
        }
    }
    if seed.is_cloud() {
        for number in 0..(if company { 80 } else { 3 }) {
            unified_group(state, seed, number, now);
        }
    }
    if company {
        for number in 0..12 {
            moving(state, seed, number, now);
        }
    }
}

fn contact(state: &mut State, number: u32, now: Timestamp) {
    let firm = ["partner", "litware", "adatum", "northwind"][number as usize % 4];
    let name = format!("Contact {} {}", firm, number + 1);
    let class = if number % 5 == 4 { Class::MailUser } else { Class::MailContact };
    let mut entry = state.fresh(class, &name, now - SignedDuration::from_hours(24 * 400));
    let address = format!("c{}@{firm}.example", number + 1);
    entry.set("DisplayName", name);
    entry.set("Alias", format!("{firm}{}", number + 1));
    entry.set("Company", firm);
    entry.set("ExternalEmailAddress", format!("SMTP:{address}"));
    entry.set("EmailAddresses", value::addresses([format!("SMTP:{address}")]));
    state.put(entry);
}

fn dynamic_group(state: &mut State, department: &str, now: Timestamp) {
    let name = format!("Everyone in {department}");
    let mut entry = state.fresh(Class::DynamicGroup, &name, now - SignedDuration::from_hours(24 * 300));
    let alias = format!("dyn{}", department.to_lowercase().replace(' ', ""));
    entry.set("DisplayName", name);
    entry.set("EmailAddresses", value::addresses([format!("SMTP:{alias}@{DOMAIN}")]));
    entry.set("Alias", alias);
    entry.set("RecipientFilterType", "Custom");
    entry.set("RecipientFilter", format!("((RecipientType -eq 'UserMailbox') -and (Department -eq '{department}'))"));
    state.put(entry);
}

/// A group of the cloud; one in eight has no owner any more, one in ten no members.
fn unified_group(state: &mut State, seed: &Seed, number: u32, now: Timestamp) {
    let draw = seed.draw(Purpose::Company, number ^ 0x2000_0000);
    let (name, alias) = match number {
        0 => ("Marketing Launch".to_owned(), "marketinglaunch".to_owned()),
        1 => ("Project Aurora".to_owned(), "aurora".to_owned()),
        _ => (format!("Workspace {number}"), format!("workspace{number}")),
    };
    let mut entry = state.fresh(Class::UnifiedGroup, &alias, now - SignedDuration::from_hours((draw % 20_000) as i64));
    let size = if number % 10 == 9 { 0 } else { 2 + draw % 9 };
    let mut members: Vec<u32> =
        (0..size).map(|step| ((draw >> 16) + step * 13) as u32 % seed.mailboxes.max(1)).collect();
    members.sort_unstable();
    members.dedup();
    let owner = members.first().filter(|_| number % 8 != 7).map(|owner| canonical_name(&seed.mailbox(*owner)));
    entry.set("DisplayName", name);
    entry.set("EmailAddresses", value::addresses([format!("SMTP:{alias}@{DOMAIN}")]));
    entry.set("SharePointSiteUrl", format!("https://contoso.sharepoint.com/sites/{alias}"));
    entry.set("Alias", alias);
    entry.set("AccessType", if draw.is_multiple_of(3) { "Public" } else { "Private" });
    entry.set("ManagedBy", value::references(owner));
    entry.set("ResourceProvisioningOptions", value::texts((number % 2 == 1).then_some("Team")));
    state.set_members(entry.id, members.into_iter().map(EntryId::Mailbox).collect());
    state.put(entry);
}

/// What a larger demo has lying about: an old address, moves, an export, a search in old traces.
fn leftovers(state: &mut State, seed: &Seed, now: Timestamp) {
    let mut mailbox = seed.mailbox(41);
    let alias = mailbox.text("Alias");
    let mut addresses = mailbox.texts("EmailAddresses");
    addresses.extend([format!("smtp:{alias}@old.example"), format!("X500:/o=Old/ou=First/cn=Recipients/cn={alias}")]);
    mailbox.set("EmailAddresses", value::addresses(addresses));
    mailbox.set("MailboxAuditBypassAssociation/AuditBypassEnabled", true);
    state.put(mailbox);
    if seed.is_cloud() {
        let mut search = state.fresh(Class::Config("HistoricalSearch"), "Orders of September", now);
        search.name = search.guid.to_string().into();
        search.set("JobId", PsValue::Guid(search.guid));
        search.set("ReportTitle", "Orders of September");
        search.set("ReportType", "MessageTrace");
        search.set("SubmitDate", value::utc(now - SignedDuration::from_hours(20)));
        search.set("Rows", PsValue::I32(214));
        state.put(search);
        return;
    }
    for number in [0, 6] {
        moving(state, seed, number, now);
    }
    let mailbox = seed.mailbox(42);
    let mut export = state.fresh(Class::Config("MailboxExportRequest"), "MailboxExport", now);
    export.name = format!("{}\\MailboxExport", mailbox.name).into();
    export.set("Name", "MailboxExport");
    export.set("Queued", value::utc(now - SignedDuration::from_hours(3)));
    export.set("Mailbox", canonical_name(&mailbox));
    export.set("Alias", mailbox.text("Alias"));
    export.set("SourceDatabase", mailbox.text("Database"));
    export.set("FilePath", format!("\\\\files\\pst\\{}.pst", mailbox.text("Alias")));
    state.put(export);
}

/// A move request: most are done, some on the way, one has failed.
fn moving(state: &mut State, seed: &Seed, number: u32, now: Timestamp) {
    let mailbox = seed.mailbox((100 + number * 7) % seed.mailboxes.max(1));
    let mut entry = state.fresh(Class::Config("MoveRequest"), &mailbox.name, now);
    let path = canonical_name(&mailbox);
    for (property, text) in [
        ("Identity", path.clone()),
        ("MailboxIdentity", path),
        ("DisplayName", mailbox.text("DisplayName")),
        ("Alias", mailbox.text("Alias")),
        ("SourceDatabase", mailbox.text("Database")),
        ("TargetDatabase", if mailbox.text("Database") == "DB03" { "DB04" } else { "DB03" }.to_owned()),
        ("BatchName", "Rebalance".to_owned()),
        ("Flags", "IntraOrg, Pull".to_owned()),
        ("RequestStyle", "IntraOrg".to_owned()),
        ("Direction", "Pull".to_owned()),
    ] {
        entry.set(property, text);
    }
    entry.set("MailboxGuid", mailbox.get("ExchangeGuid").cloned().unwrap_or(PsValue::Null));
    let minutes = if number < 7 { 600 } else { i64::from(number - 6) };
    entry.set("Queued", value::utc(now - SignedDuration::from_mins(minutes)));
    entry.set("Failed", number == 6);
    state.put(entry);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Release;

    fn company() -> Seed {
        Seed { size: Size::Company, ..Seed::plain(1, 10_000) }
    }

    #[test]
    fn a_company_has_some_of_everything() {
        let seed = company();
        let mailboxes: Vec<Entry> = (0..3_000).map(|number| seed.mailbox(number)).collect();
        let with = |name: &str| mailboxes.iter().filter(|entry| entry.properties.contains_key(name)).count();
        for (property, least) in [
            ("ForwardingAddress", 60),
            ("ForwardingSmtpAddress", 60),
            ("LitigationHoldEnabled", 100),
            ("InPlaceHolds", 20),
            ("GrantSendOnBehalfTo", 50),
            ("RetentionPolicy", 20),
        ] {
            assert!(with(property) >= least, "{property}: {}", with(property));
        }
        assert!((0..seed.groups()).any(|number| seed.group(number).texts("ManagedBy").is_empty()));
        assert!(
            (0..3_000).any(|number| odd_grants(&seed, number).iter().any(|grant| grant.user.starts_with("S-1-5-")))
        );
        assert!(seed.members(52).contains(&EntryId::Group(53)) && seed.members(53).contains(&EntryId::Group(52)));
    }

    #[test]
    fn a_full_mailbox_says_so() {
        let seed = company();
        let around = super::super::Surroundings { seed, now: Timestamp::UNIX_EPOCH };
        let status = |number| value::plain_text(&property(&seed.mailbox(number), "StorageLimitStatus", around));
        let full = (0..2_000).filter(|number| status(*number).is_some_and(|status| status != "BelowLimit")).count();
        assert!(full > 20, "{full}");
    }

    #[test]
    fn the_same_company_begins_the_same_way() {
        let now = "2026-01-15T10:00:00Z".parse().unwrap();
        let names = |release| {
            let seed = Seed { release, ..company() };
            let state = State::new(seed, now);
            state.history().gone().iter().map(|entry| entry.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(Release::ServerSe), names(Release::ServerSe));
        assert_eq!(names(Release::ServerSe).len(), 60);
    }
}
