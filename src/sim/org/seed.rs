//! The organization as it was before anyone changed it: every object is a function of the seed and its number.
//!
//! Nothing is stored, so a hundred thousand mailboxes cost nothing until someone looks at one; and names lead
//! back to numbers, so looking one up does not look at all. Numbers of days are drawn, the clock is not read.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::entry::{Class, Entry, EntryId};
use super::names::{DEPARTMENTS, FIRST, LAST, PLACES, STARTERS, TITLES};
use super::value;
use crate::sim::{Release, Size};

/// The internal domain; addresses, distinguished names and canonical names end in it.
pub(crate) const DOMAIN: &str = "contoso.com";
/// The first domain of the organization online.
pub(crate) const TENANT: &str = "contoso.onmicrosoft.com";
/// The server that answers.
pub(crate) const SERVER: &str = "EX01";
/// The server where a database is mounted: every other one is on the second server.
pub(crate) fn server_of(database: &str) -> &'static str {
    match database.chars().last().and_then(|digit| digit.to_digit(10)) {
        Some(digit) if database.starts_with("DB") && digit % 2 == 1 => "EX02",
        Some(digit) if database.starts_with("EUR") && digit % 2 == 1 => "AM0PR01MB4102",
        Some(_) if database.starts_with("EUR") => "DB8PR01MB7310",
        _ => SERVER,
    }
}

/// The domain controller that is asked.
pub(crate) const CONTROLLER: &str = "dc01.contoso.com";

const PEOPLE: u32 = (FIRST.len() * LAST.len()) as u32;
/// Odd, so that it permutes a power of two; with its inverse modulo `PEOPLE`.
const STEP: u32 = 5_741;
const UNSTEP: u32 = inverse(STEP, PEOPLE);

const fn inverse(step: u32, modulus: u32) -> u32 {
    // Newton's iteration doubles the correct low bits each time.
    let mut found: u32 = 1;
    let mut round = 0;
    while round < 5 {
        found = found.wrapping_mul(2u32.wrapping_sub(step.wrapping_mul(found)));
        round += 1;
    }
    found % modulus
}

/// What decides everything.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seed {
    pub(crate) seed: u64,
    pub(crate) mailboxes: u32,
    pub(crate) size: Size,
    pub(crate) release: Release,
}

/// What a number is drawn for; different purposes draw independently.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    ObjectGuid = 1,
    MailboxGuid,
    GroupGuid,
    ConfigGuid,
    Kind,
    Created,
    Job,
    Items,
    Logon,
    Traits,
    Member,
    Mail,
    Deed,
    Company,
}

impl Seed {
    /// A tidy organization of the newest release.
    pub(crate) fn plain(seed: u64, mailboxes: u32) -> Self {
        Self { seed, mailboxes, size: Size::Demo, release: Release::ServerSe }
    }

    /// Whether something of a table exists in this organization, given the place that the table names.
    pub(crate) fn has(&self, place: &str) -> bool {
        match place {
            "" => true,
            "server" => self.release != Release::Online,
            "online" => self.release == Release::Online,
            "2016" => self.release == Release::Exchange2016,
            "se" => self.release == Release::ServerSe,
            "company" => self.size == Size::Company,
            "company-server" => self.size == Size::Company && self.release != Release::Online,
            _ => false,
        }
    }

    /// Whether it is the online flavour.
    pub(crate) fn is_cloud(&self) -> bool {
        self.release == Release::Online
    }

    /// Where mailbox `number` is.
    fn database(&self, number: u32) -> String {
        if self.is_cloud() {
            format!("EURPR01DG{:03}-db{:03}", number % 4 + 11, number % 4 + 41)
        } else {
            format!("DB{:02}", number % 4 + 1)
        }
    }

    /// A number for this purpose and object.
    pub(crate) fn draw(&self, purpose: Purpose, number: u32) -> u64 {
        mix(mix(self.seed ^ ((purpose as u64) << 32)) ^ u64::from(number))
    }

    /// A GUID that leads back to `number`.
    pub(crate) fn guid(&self, purpose: Purpose, number: u32) -> Uuid {
        let high = self.draw(purpose, number);
        let low = (u64::from(number) ^ mix(self.seed)) & 0xffff_ffff;
        let bits = (u128::from(high) << 64) | (u128::from(mix(high) >> 32) << 32) | u128::from(low);
        uuid::Builder::from_u128(bits)
            .with_variant(uuid::Variant::RFC4122)
            .with_version(uuid::Version::Random)
            .into_uuid()
    }

    /// The number that a GUID would have been made for; only a guess until compared.
    fn number_of(&self, guid: Uuid) -> u32 {
        ((guid.as_u128() as u64) ^ mix(self.seed)) as u32
    }

    /// How many groups there are.
    pub(crate) fn groups(&self) -> u32 {
        if self.mailboxes == 0 { 0 } else { (4 + self.mailboxes / 20).min(2_000) }
    }

    fn class_of(&self, number: u32) -> Class {
        if (number as usize) < STARTERS.len() {
            return Class::UserMailbox;
        }
        match self.draw(Purpose::Kind, number) % 100 {
            0..=4 => Class::SharedMailbox,
            5..=8 => Class::RoomMailbox,
            9..=10 => Class::EquipmentMailbox,
            _ => Class::UserMailbox,
        }
    }

    fn offset(&self) -> u32 {
        (mix(self.seed ^ 0x6e61_6d65) % u64::from(PEOPLE)) as u32
    }

    /// First name, last name, and a number when the name comes again.
    fn person(&self, number: u32) -> (&'static str, &'static str, u32) {
        let place = number.wrapping_mul(STEP).wrapping_add(self.offset()) % PEOPLE;
        let (first, last) = (place as usize % FIRST.len(), place as usize / FIRST.len());
        (FIRST[first], LAST[last], number / PEOPLE)
    }

    /// Name, alias, first and last name of a mailbox.
    fn naming(&self, number: u32) -> (String, String, String, String) {
        let owned = |text: &str| text.to_owned();
        if let Some((alias, first, last)) = STARTERS.get(number as usize) {
            return (format!("{first} {last}"), owned(alias), owned(first), owned(last));
        }
        match self.class_of(number) {
            Class::SharedMailbox => (format!("Team Desk {number}"), format!("desk{number}"), owned(""), owned("")),
            Class::RoomMailbox => (format!("Meeting Room {number}"), format!("room{number}"), owned(""), owned("")),
            Class::EquipmentMailbox => {
                (format!("Projector {number}"), format!("projector{number}"), owned(""), owned(""))
            }
            _ => {
                let (first, last, again) = self.person(number);
                let (name, alias) = (format!("{first} {last}"), format!("{first}.{last}").to_lowercase());
                if again == 0 {
                    (name, alias, owned(first), owned(last))
                } else {
                    (format!("{name} {}", again + 1), format!("{alias}{}", again + 1), owned(first), owned(last))
                }
            }
        }
    }

    /// The first address of mailbox `number`.
    pub(crate) fn address(&self, number: u32) -> String {
        format!("{}@{DOMAIN}", self.naming(number).1)
    }

    /// The path of mailbox `number`, without the rest of it.
    pub(super) fn mailbox_name(&self, number: u32) -> String {
        let name = self.naming(number).0;
        if self.is_cloud() { name } else { format!("{DOMAIN}/Users/{name}") }
    }

    /// Mailbox `number` as it was in the beginning.
    pub(crate) fn mailbox(&self, number: u32) -> Entry {
        let class = self.class_of(number);
        let (name, alias, first, last) = self.naming(number);
        let created = epoch() + SignedDuration::from_hours((self.draw(Purpose::Created, number) % 35_000) as i64);
        let job = self.draw(Purpose::Job, number);
        let (office, city, state, country) = PLACES[(job % 6) as usize];
        let upn = format!("{alias}@{DOMAIN}");
        let mut entry = Entry {
            id: EntryId::Mailbox(number),
            class,
            name: name.as_str().into(),
            guid: self.guid(Purpose::ObjectGuid, number),
            created,
            changed: created + SignedDuration::from_hours((job % 4_000) as i64),
            cloud: self.is_cloud(),
            properties: std::collections::BTreeMap::new(),
        };
        entry.set("DisplayName", name);
        entry.set("SamAccountName", alias.as_str());
        let routing = if self.is_cloud() { TENANT } else { "fabrikam.com" };
        entry.set("EmailAddresses", value::addresses([format!("SMTP:{upn}"), format!("smtp:{alias}@{routing}")]));
        if self.is_cloud() {
            entry.set("ExternalDirectoryObjectId", self.guid(Purpose::Company, number).to_string());
            entry.set("IssueWarningQuota", value::size_text(98 << 30));
            entry.set("ProhibitSendQuota", value::size_text(99 << 30));
            entry.set("ProhibitSendReceiveQuota", value::size_text(100 << 30));
            entry.set("MailboxPlan", "ExchangeOnlineEnterprise");
            // People have a licence; some mailbox that several people use got one, too.
            entry.set("SKUAssigned", class == Class::UserMailbox || job.is_multiple_of(5));
        }
        entry.set("Alias", alias);
        entry.set("UserPrincipalName", upn);
        entry.set("FirstName", first);
        entry.set("LastName", last);
        entry.set("Database", self.database(number));
        entry.set("ExchangeGuid", crate::clixml::PsValue::Guid(self.guid(Purpose::MailboxGuid, number)));
        entry.set("Office", office);
        entry.set("City", city);
        entry.set("StateOrProvince", state);
        entry.set("CountryOrRegion", country);
        entry.set("Company", "Contoso");
        if class == Class::UserMailbox {
            entry.set("Department", DEPARTMENTS[(job >> 8) as usize % DEPARTMENTS.len()]);
            entry.set("Title", TITLES[(job >> 16) as usize % TITLES.len()]);
            entry.set("Phone", format!("+1 555 01{:02} {:04}", number / 10_000 % 100, number % 10_000));
            self.give_traits(&mut entry, number);
            if self.size != Size::Demo && number as usize >= STARTERS.len() {
                super::company::give_traits(self, &mut entry, number);
            }
        } else {
            entry.set("AccountDisabled", true);
        }
        entry
    }

    /// What makes an organization worth looking through: quotas, forwarding, holds, disabled accounts.
    fn give_traits(&self, entry: &mut Entry, number: u32) {
        let traits = self.draw(Purpose::Traits, number);
        if (number as usize) < STARTERS.len() {
            return;
        }
        if traits.is_multiple_of(10) {
            entry.set("UseDatabaseQuotaDefaults", false);
            entry.set("ProhibitSendQuota", value::size_text(45 << 30));
            entry.set("ProhibitSendReceiveQuota", value::size_text(50 << 30));
            entry.set("IssueWarningQuota", value::size_text(40 << 30));
        }
        if traits % 25 == 1 {
            entry.set("ForwardingSmtpAddress", format!("smtp:{}@example.net", entry.text("Alias")));
            entry.set("DeliverToMailboxAndForward", traits.is_multiple_of(2));
        }
        if traits % 20 == 2 {
            entry.set("LitigationHoldEnabled", true);
            entry.set("LitigationHoldDate", value::local(entry.changed));
            entry.set("LitigationHoldOwner", "admin@contoso.com");
        }
        if traits % 30 == 3 {
            entry.set("AccountDisabled", true);
        }
        if traits % 40 == 4 {
            entry.set("HiddenFromAddressListsEnabled", true);
        }
        if traits % 8 == 5 {
            entry.set("ArchiveStatus", "Active");
            entry.set("ArchiveDatabase", if self.is_cloud() { self.database(number + 1) } else { "DB05".to_owned() });
            entry.set("ArchiveName", value::texts([format!("In-Place Archive - {}", entry.name)]));
        }
    }

    /// Group `number` as it was in the beginning.
    pub(crate) fn group(&self, number: u32) -> Entry {
        let (name, alias) = match number {
            0 => ("All Staff".to_owned(), "allstaff".to_owned()),
            _ => {
                let department = DEPARTMENTS[number as usize % DEPARTMENTS.len()];
                let short = department.to_lowercase().replace(' ', "");
                (format!("{department} Team {number}"), format!("{short}{number}"))
            }
        };
        let security = self.draw(Purpose::Kind, number ^ 0x8000_0000).is_multiple_of(4);
        let created = epoch() + SignedDuration::from_hours((self.draw(Purpose::Created, !number) % 30_000) as i64);
        let mut entry = Entry {
            id: EntryId::Group(number),
            class: if security { Class::SecurityGroup } else { Class::DistributionGroup },
            name: name.as_str().into(),
            guid: self.guid(Purpose::GroupGuid, number),
            created,
            changed: created,
            cloud: self.is_cloud(),
            properties: std::collections::BTreeMap::new(),
        };
        entry.set("DisplayName", name);
        entry.set("EmailAddresses", value::addresses([format!("SMTP:{alias}@{DOMAIN}")]));
        entry.set("SamAccountName", alias.as_str());
        entry.set("Alias", alias);
        entry.set("GroupType", if security { "Universal, SecurityEnabled" } else { "Universal" });
        entry.set("RequireSenderAuthenticationEnabled", true);
        let owner = self.mailbox((self.draw(Purpose::Member, number) % u64::from(self.mailboxes.max(1))) as u32);
        entry.set("ManagedBy", value::references([super::derived::canonical_name(&owner)]));
        if self.size != Size::Demo && number % 19 == 3 {
            entry.set("ManagedBy", value::references::<&str>([]));
        }
        entry
    }

    /// Members of group `number` in the beginning: everyone, or a few; some groups hold another, some are empty.
    pub(crate) fn members(&self, number: u32) -> Vec<EntryId> {
        if number == 0 {
            return (1..self.groups()).map(EntryId::Group).collect();
        }
        if number % 13 == 12 {
            return Vec::new();
        }
        let size = 3 + self.draw(Purpose::Member, number ^ 0x4000_0000) % 12;
        let start = self.draw(Purpose::Member, number ^ 0x2000_0000);
        let mut members: Vec<EntryId> = (0..size)
            .map(|step| EntryId::Mailbox(((start + step * 7) % u64::from(self.mailboxes.max(1))) as u32))
            .collect();
        members.sort_unstable();
        members.dedup();
        if number % 7 == 6 && number > 1 {
            members.push(EntryId::Group(number - 1));
        }
        if self.size == Size::Company {
            super::company::nest(&mut members, number, self.groups());
        }
        members
    }

    /// The derived object that a name, alias, address or GUID could mean; the caller compares.
    pub(crate) fn guesses(&self, text: &str) -> Vec<EntryId> {
        let mut guesses = Vec::new();
        if let Ok(guid) = text.trim_matches(['{', '}']).parse::<Uuid>() {
            let number = self.number_of(guid);
            guesses.extend([EntryId::Mailbox(number), EntryId::Group(number)]);
        } else {
            let lower = text.to_lowercase();
            let local = lower.strip_prefix("smtp:").unwrap_or(&lower);
            let local = local.split_once('@').map_or(local, |(local, _)| local);
            let local = local.rsplit(['/', '\\']).next().unwrap_or(local);
            let name = match local.strip_prefix("cn=") {
                Some(rest) => rest.split(',').next().unwrap_or(rest),
                None => local.rsplit("/cn=").next().unwrap_or(local),
            };
            // Legacy names of the cloud have a number before the alias.
            let numbered = name.split_once('-').filter(|(number, _)| u32::from_str_radix(number, 16).is_ok());
            guesses.extend(self.by_name(numbered.filter(|_| self.is_cloud()).map_or(name, |(_, alias)| alias)));
        }
        guesses.retain(|id| match id {
            EntryId::Mailbox(number) => *number < self.mailboxes,
            EntryId::Group(number) => *number < self.groups(),
            EntryId::Made(_) => false,
        });
        guesses
    }

    fn by_name(&self, name: &str) -> Vec<EntryId> {
        let mut guesses = Vec::new();
        if let Some(at) = STARTERS
            .iter()
            .position(|(alias, first, last)| *alias == name || format!("{first} {last}").to_lowercase() == name)
        {
            guesses.push(EntryId::Mailbox(at as u32));
        }
        if matches!(name, "allstaff" | "all staff") {
            guesses.push(EntryId::Group(0));
        }
        let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits: Option<u32> = name[stem.len()..].parse().ok();
        if let Some(number) = digits {
            guesses.extend([EntryId::Mailbox(number), EntryId::Group(number)]);
        }
        let mut words = stem.trim().splitn(2, ['.', ' ']);
        let find = |list: &[&str], word: &str| list.iter().position(|known| known.eq_ignore_ascii_case(word));
        if let (Some(first), Some(last)) = (words.next(), words.next())
            && let (Some(first), Some(last)) = (find(&FIRST, first), find(&LAST, last))
        {
            let place = (last * FIRST.len() + first) as u32;
            let base = place.wrapping_sub(self.offset()).wrapping_mul(UNSTEP) % PEOPLE;
            let again = digits.unwrap_or(1).saturating_sub(1);
            guesses.push(EntryId::Mailbox(base.saturating_add(again.saturating_mul(PEOPLE))));
        }
        guesses
    }
}

/// When the oldest object was made: 1 March 2021.
fn epoch() -> Timestamp {
    Timestamp::from_second(1_614_556_800).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// SplitMix64's finalizer: every bit of the input decides every bit of the output.
pub(crate) fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_aliases_addresses_and_guids_lead_back_to_their_mailbox() {
        let seed = Seed::plain(42, 20_000);
        for number in (0..20_000).step_by(97).chain(0..6) {
            let entry = seed.mailbox(number);
            let texts = [
                entry.name.to_string(),
                entry.text("Alias"),
                entry.primary_address(),
                entry.guid.to_string(),
                super::super::derived::distinguished_name(&entry),
                super::super::derived::canonical_name(&entry),
                super::super::derived::legacy_dn(&entry),
            ];
            for text in texts {
                assert!(seed.guesses(&text).contains(&EntryId::Mailbox(number)), "{number}: {text}");
            }
        }
    }

    #[test]
    fn no_two_mailboxes_share_an_alias() {
        let seed = Seed::plain(7, 20_000);
        let aliases: std::collections::HashSet<String> =
            (0..20_000).map(|number| seed.mailbox(number).text("Alias")).collect();
        assert_eq!(aliases.len(), 20_000);
    }

    #[test]
    fn another_seed_is_another_organization() {
        let (one, two) = (Seed::plain(1, 100), Seed::plain(2, 100));
        assert_ne!(one.mailbox(50).name, two.mailbox(50).name);
        assert_eq!(one.mailbox(50).name, one.mailbox(50).name);
    }
}
