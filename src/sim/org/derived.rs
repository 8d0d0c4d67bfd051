//! Properties that follow from others: identities, distinguished names, addresses, dates, statistics.

use jiff::{SignedDuration, Timestamp};

use super::entry::{Class, Entry, EntryId};
use super::seed::{CONTROLLER, DOMAIN, Purpose, Seed, TENANT, server_of};
use super::value::{self, local, size_text, texts, utc};
use crate::clixml::PsValue;

/// What a derived property may look at beside its object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surroundings {
    pub(crate) seed: Seed,
    pub(crate) now: Timestamp,
}

/// Where organizations of the cloud are kept.
const FOREST: &str = "OU=Microsoft Exchange Hosted Organizations,DC=EURPR01A001,DC=PROD,DC=OUTLOOK,DC=COM";
const FOREST_ROOT: &str = "CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=EURPR01A001,DC=PROD,DC=OUTLOOK,DC=COM";

/// Somebody as a security principal is shown: `CONTOSO\bob`, online `bob@contoso.com`.
pub(crate) fn account(entry: &Entry) -> String {
    match (entry.cloud, entry.text("UserPrincipalName")) {
        (false, _) => format!("CONTOSO\\{}", entry.text("SamAccountName")),
        (true, name) if name.is_empty() => entry.name.to_string(),
        (true, name) => name,
    }
}

/// The configuration's place in the directory.
const CONFIGURATION: &str = "CN=Contoso,CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=contoso,DC=com";

pub(crate) fn distinguished_name(entry: &Entry) -> String {
    match entry.class {
        Class::Config(noun) => {
            let container = super::schema::view(noun).and_then(|view| view.container);
            match container {
                // A move is kept with the mailbox that moves.
                None if noun == "MoveRequest" => format!("CN={},OU=Users,DC=contoso,DC=com", entry.name),
                None => format!("CN={},{CONFIGURATION}", entry.name),
                Some("") => CONFIGURATION.to_owned(),
                Some(container) if entry.cloud => {
                    format!(
                        "CN={},{container},CN=Configuration,CN={TENANT},CN=ConfigurationUnits,{FOREST_ROOT}",
                        entry.name
                    )
                }
                Some(container) => format!("CN={},{container},{CONFIGURATION}", entry.name),
            }
        }
        _ if entry.cloud => format!("CN={},OU={TENANT},{FOREST}", entry.name),
        class => format!("CN={},OU={},DC=contoso,DC=com", entry.name, unit(class)),
    }
}

/// Which domain controller an object came from.
fn controller(cloud: bool) -> &'static str {
    if cloud { "AM0PR01A001DC01.EURPR01A001.PROD.OUTLOOK.COM" } else { CONTROLLER }
}

fn unit(class: Class) -> &'static str {
    let plain = [Class::Group, Class::PlainSecurityGroup];
    if class.is_group()
        || plain.contains(&class)
        || matches!(class, Class::DynamicGroup | Class::UnifiedGroup | Class::PublicFolder)
    {
        "Groups"
    } else if [Class::MailContact, Class::Contact].contains(&class) {
        "Contacts"
    } else {
        "Users"
    }
}

/// `contoso.com/Users/Kim Akers`; configuration objects, and everything online, go by their name.
pub(crate) fn canonical_name(entry: &Entry) -> String {
    match entry.class {
        Class::Config(_) => entry.name.to_string(),
        _ if entry.cloud => entry.name.to_string(),
        class => format!("{DOMAIN}/{}/{}", unit(class), entry.name),
    }
}

pub(crate) fn legacy_dn(entry: &Entry) -> String {
    let alias = entry.text("Alias");
    if entry.cloud {
        let number = entry.guid.as_u128() as u32;
        return format!(
            "/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn={number:08x}-{alias}"
        );
    }
    format!("/o=Contoso/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn={alias}")
}

/// The value of a computed property; null when it is not known.
pub(crate) fn property(entry: &Entry, name: &str, around: Surroundings) -> PsValue {
    object_property(entry, name)
        .or_else(|| recipient_property(entry, name))
        .or_else(|| (name == "AdminDisplayVersion").then(|| around.seed.release.display_version().into()))
        .or_else(|| statistics_property(entry, name, around))
        .unwrap_or(PsValue::Null)
}

fn object_property(entry: &Entry, name: &str) -> Option<PsValue> {
    Some(match name {
        "Identity" | "Id" | "MailboxIdentity" | "ObjectId" => canonical_name(entry).into(),
        "Name" => PsValue::from(&*entry.name),
        "DistinguishedName" => distinguished_name(entry).into(),
        "Guid" | "OwnerADGuid" => PsValue::Guid(entry.guid),
        "WhenCreated" | "WhenMailboxCreated" => local(entry.created),
        "WhenChanged" => local(entry.changed),
        "WhenCreatedUTC" => utc(entry.created),
        "WhenChangedUTC" => utc(entry.changed),
        "OriginatingServer" => controller(entry.cloud).into(),
        "ObjectCategory" => match entry.class {
            Class::Config(_) => "contoso.com/Configuration/Schema/ms-Exch-Configuration".into(),
            class if class.is_group() => "contoso.com/Configuration/Schema/Group".into(),
            _ => "contoso.com/Configuration/Schema/Person".into(),
        },
        "ObjectClass" => match entry.class {
            Class::Config(_) => texts(["top", "msExchConfigurationObject"]),
            class if class.is_group() => texts(["top", "group"]),
            Class::MailContact => texts(["top", "person", "organizationalPerson", "contact"]),
            _ => texts(["top", "person", "organizationalPerson", "user"]),
        },
        _ => return None,
    })
}

fn recipient_property(entry: &Entry, name: &str) -> Option<PsValue> {
    let mailbox = entry.class.is_mailbox();
    Some(match name {
        "OrganizationalUnit" if entry.cloud => {
            format!("eurpr01a001.prod.outlook.com/Microsoft Exchange Hosted Organizations/{TENANT}").into()
        }
        "OrganizationalUnit" => format!("{DOMAIN}/{}", unit(entry.class)).into(),
        "LegacyExchangeDN" | "LegacyDN" => legacy_dn(entry).into(),
        "PrimarySmtpAddress" | "WindowsEmailAddress" => entry.primary_address().into(),
        "RecipientType" => entry.class.recipient_type().into(),
        "RecipientTypeDetails" | "MailboxTypeDetail" => entry.class.details().into(),
        "IsResource" => PsValue::Bool(matches!(entry.class, Class::RoomMailbox | Class::EquipmentMailbox)),
        "IsShared" => PsValue::Bool(entry.class == Class::SharedMailbox),
        "ResourceType" => match entry.class {
            Class::RoomMailbox => "Room".into(),
            Class::EquipmentMailbox => "Equipment".into(),
            _ => PsValue::Null,
        },
        "RoomMailboxAccountEnabled" => match entry.class {
            Class::RoomMailbox => {
                PsValue::Bool(!entry.get("AccountDisabled").and_then(value::bool_of).unwrap_or(false))
            }
            _ => PsValue::Null,
        },
        "ServerName" => {
            if mailbox {
                server_of(&entry.text("Database")).into()
            } else {
                PsValue::Null
            }
        }
        "ServerLegacyDN" => {
            if mailbox {
                format!(
                    "/o=Contoso/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Configuration/cn=Servers/cn={}",
                    server_of(&entry.text("Database"))
                )
                .into()
            } else {
                PsValue::Null
            }
        }
        "DatabaseGuid" => PsValue::Guid(database_guid(&entry.text("Database"))),
        "ArchiveState" => {
            if entry.text("ArchiveStatus") == "Active" {
                "Local".into()
            } else {
                "None".into()
            }
        }
        "ArchiveGuid" => PsValue::Guid(archive_guid(entry)),
        "ExchangeUserAccountControl" | "UserAccountControl" => {
            let disabled = entry.get("AccountDisabled").and_then(value::bool_of).unwrap_or(false);
            match (name, disabled) {
                ("UserAccountControl", false) => "NormalAccount".into(),
                ("UserAccountControl", true) => "AccountDisabled, NormalAccount".into(),
                (_, false) => "None".into(),
                (_, true) => "AccountDisabled".into(),
            }
        }
        "MailboxLocations" => {
            let guid = entry.get("ExchangeGuid").and_then(value::plain_text).unwrap_or_default();
            texts([format!("1;{guid};Primary;{DOMAIN};{}", database_guid(&entry.text("Database")))])
        }
        "Sid" => sid(entry).into(),
        "MailboxOwnerId" => canonical_name(entry).into(),
        "AutomateProcessing" => match entry.class {
            Class::RoomMailbox | Class::EquipmentMailbox => "AutoAccept".into(),
            _ => "AutoUpdate".into(),
        },
        _ => return None,
    })
}

pub(crate) fn sid(entry: &Entry) -> String {
    let relative = match entry.id {
        EntryId::Mailbox(number) => 10_000 + number,
        EntryId::Group(number) => 2_000_000 + number,
        EntryId::Made(number) => 3_000_000 + number,
    };
    format!("S-1-5-21-1004336348-1177238915-682003330-{relative}")
}

/// The GUID of a mailbox's archive, of zeros where there is none.
pub(crate) fn archive_guid(entry: &Entry) -> uuid::Uuid {
    if entry.text("ArchiveStatus") != "Active" {
        return uuid::Uuid::nil();
    }
    let bits = entry.guid.as_u128().rotate_left(41);
    uuid::Builder::from_u128(bits).with_variant(uuid::Variant::RFC4122).with_version(uuid::Version::Random).into_uuid()
}

/// The GUID of a database, from its name: databases are few and never renamed before they are asked for.
pub(crate) fn database_guid(name: &str) -> uuid::Uuid {
    let number = name.bytes().fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    Seed::plain(0x6462, 0).guid(Purpose::ConfigGuid, number)
}

fn statistics_property(entry: &Entry, name: &str, around: Surroundings) -> Option<PsValue> {
    let EntryId::Mailbox(number) = entry.id else { return empty_statistics(entry, name) };
    // An archive has its own.
    let of_archive = entry.get("IsArchiveMailbox").and_then(value::bool_of) == Some(true);
    let draw = around.seed.draw(Purpose::Items, if of_archive { !number } else { number });
    let items = 40 + draw % 48_000;
    let bytes = items * (18_000 + draw % 71_000);
    let deleted = items / 17;
    let logon = last_logon(entry, around);
    Some(match name {
        "ItemCount" => PsValue::I64(items as i64),
        "AssociatedItemCount" => PsValue::I64((20 + draw % 90) as i64),
        "DeletedItemCount" => PsValue::I64(deleted as i64),
        "TotalItemSize" => size_text(bytes).into(),
        "TotalDeletedItemSize" => size_text(deleted * (9_000 + draw % 40_000)).into(),
        "StorageLimitStatus" => storage_status(entry, bytes).into(),
        "LastLogonTime" => logon.map_or(PsValue::Null, local),
        "LastLogoffTime" => logon.map_or(PsValue::Null, |time| local(time + SignedDuration::from_mins(47))),
        "LastInteractionTime" | "LastUserActionTime" => {
            logon.map_or(PsValue::Null, |time| local(time + SignedDuration::from_mins(31)))
        }
        "LastLoggedOnUserAccount" => match logon {
            Some(_) => account(entry).into(),
            None => PsValue::Null,
        },
        "MailboxGuid" => entry.get("ExchangeGuid").cloned().unwrap_or(PsValue::Null),
        "MailboxTableIdentifier" => format!("1-{number:X}").into(),
        "MapiIdentity" => entry.get("ExchangeGuid").and_then(value::plain_text).unwrap_or_default().into(),
        _ => return None,
    })
}

/// Statistics of a mailbox that was made here: it holds nothing and nobody has opened it.
fn empty_statistics(entry: &Entry, name: &str) -> Option<PsValue> {
    Some(match name {
        "ItemCount" | "AssociatedItemCount" | "DeletedItemCount" => PsValue::I64(0),
        "TotalItemSize" | "TotalDeletedItemSize" => size_text(0).into(),
        "StorageLimitStatus" => "BelowLimit".into(),
        "MailboxGuid" => entry.get("ExchangeGuid").cloned().unwrap_or(PsValue::Null),
        _ => return None,
    })
}

/// Most logged on within days; one in twelve months ago; resources never.
pub(crate) fn last_logon(entry: &Entry, around: Surroundings) -> Option<Timestamp> {
    let EntryId::Mailbox(number) = entry.id else { return None };
    if entry.class != Class::UserMailbox {
        return None;
    }
    let draw = around.seed.draw(Purpose::Logon, number);
    let hours = if draw.is_multiple_of(12) { 24 * (95 + (draw >> 8) % 500) } else { (draw >> 8) % 200 };
    Some(around.now - SignedDuration::from_hours(hours as i64 + 1))
}

fn storage_status(entry: &Entry, bytes: u64) -> &'static str {
    if entry.get("UseDatabaseQuotaDefaults").and_then(value::bool_of) != Some(false) {
        return "BelowLimit";
    }
    let over = |quota: &str| entry.get(quota).and_then(value::bytes_of).is_some_and(|limit| bytes > limit);
    if over("ProhibitSendReceiveQuota") {
        "MailboxDisabled"
    } else if over("ProhibitSendQuota") {
        "ProhibitSend"
    } else if over("IssueWarningQuota") {
        "IssueWarning"
    } else {
        "BelowLimit"
    }
}
