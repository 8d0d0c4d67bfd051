//! Mail as it might have gone: every message is a function of the seed and of the moment it was sent.
//!
//! What cmdlets send or set up does not appear here. Nothing is stored; the same moments always have the same mail.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::derived::canonical_name;
use super::entry::EntryId;
use super::seed::{DOMAIN, Purpose, Seed};

/// What became of a message for a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Delivered,
    Failed,
    Spam,
    Quarantined,
    Pending,
    Expanded,
}

impl Fate {
    /// As message traces call it.
    pub(crate) fn status(self) -> &'static str {
        match self {
            Self::Delivered => "Delivered",
            Self::Failed => "Failed",
            Self::Spam => "FilteredAsSpam",
            Self::Quarantined => "Quarantined",
            Self::Pending => "Pending",
            Self::Expanded => "Expanded",
        }
    }
}

/// One message.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    /// Grows with time.
    pub(crate) number: u32,
    pub(crate) id: Uuid,
    pub(crate) sent: Timestamp,
    pub(crate) sender: String,
    pub(crate) subject: String,
    pub(crate) bytes: u64,
    /// Whether it came from outside.
    pub(crate) inbound: bool,
    /// Each recipient with what became of it there; a group comes before its members.
    pub(crate) recipients: Vec<(String, Fate)>,
}

impl Mail {
    /// Its Message-ID.
    pub(crate) fn message_id(&self) -> String {
        let host = self.sender.split_once('@').map_or(DOMAIN, |(_, host)| host);
        format!("<{}@{host}>", self.id.simple())
    }

    /// Where it came from.
    pub(crate) fn source_ip(&self) -> String {
        let last = self.number % 200 + 1;
        if self.inbound { format!("203.0.113.{last}") } else { format!("198.51.100.{last}") }
    }

    /// Where it went, when that was outside.
    pub(crate) fn target_ip(&self, recipient: &str) -> Option<String> {
        (!is_inside(recipient)).then(|| format!("192.0.2.{}", self.number % 250 + 1))
    }

    /// Which of the two servers handled it.
    pub(crate) fn server(&self) -> &'static str {
        if self.number.is_multiple_of(2) { "EX01" } else { "EX02" }
    }
}

/// Whether an address is one of the organization's.
pub(crate) fn is_inside(address: &str) -> bool {
    address.to_lowercase().ends_with(&format!("@{DOMAIN}"))
}

const OUTSIDE: [&str; 6] = [
    "orders@partner.example",
    "news@litware.example",
    "sales@adatum.example",
    "kim@northwind.example",
    "billing@tailspin.example",
    "ceo@c0ntoso.example",
];

const SUBJECTS: [&str; 12] = [
    "Offer",
    "Budget",
    "Minutes of Monday",
    "Lunch?",
    "Drawings",
    "Invoice",
    "Your order",
    "Holiday plan",
    "Newsletter",
    "Project Aurora",
    "Question about the contract",
    "Travel",
];

/// The mail of an organization.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traffic(pub(crate) Seed);

impl Traffic {
    /// Seconds from one message to the next.
    fn step(self) -> i64 {
        86_400 / i64::from(self.0.mailboxes.saturating_mul(2).clamp(12, 4_000))
    }

    /// All mail from `start` to `end`, the newest first.
    pub(crate) fn between(self, start: Timestamp, end: Timestamp) -> impl Iterator<Item = Mail> {
        let step = self.step();
        let first = (start.as_second() + step - 1).div_euclid(step);
        let last = end.as_second().div_euclid(step) + 1;
        (first..last).rev().filter_map(move |number| u32::try_from(number).ok()).map(move |number| self.mail(number))
    }

    fn address(self, draw: u64) -> String {
        self.0.address((draw % u64::from(self.0.mailboxes.max(1))) as u32)
    }

    fn mail(self, number: u32) -> Mail {
        let draw = self.0.draw(Purpose::Mail, number);
        let outside = || OUTSIDE[(draw >> 12) as usize % OUTSIDE.len()].to_owned();
        let inside = || self.address(draw >> 24);
        let kind = draw % 10;
        let inbound = (4..7).contains(&kind);
        let sender = if inbound { outside() } else { self.address(draw >> 40) };
        let to = if (7..9).contains(&kind) { outside() } else { inside() };
        let fate = match (draw >> 4) % 50 {
            0..=1 => Fate::Failed,
            2 => Fate::Pending,
            3..=7 if inbound => Fate::Spam,
            8..=10 if inbound => Fate::Quarantined,
            _ => Fate::Delivered,
        };
        let recipients = match self.group(draw).filter(|_| kind == 9) {
            Some(recipients) => recipients,
            None => vec![(to, fate)],
        };
        let subject = SUBJECTS[(draw >> 50) as usize % SUBJECTS.len()];
        Mail {
            number,
            id: self.0.guid(Purpose::Mail, number),
            sent: Timestamp::from_second(i64::from(number) * self.step()).unwrap_or(Timestamp::UNIX_EPOCH),
            sender,
            subject: if kind < 4 && draw.is_multiple_of(3) { format!("RE: {subject}") } else { subject.to_owned() },
            bytes: 2_000 + (draw >> 20) % 60_000 + if draw.is_multiple_of(17) { 3_500_000 } else { 0 },
            inbound,
            recipients,
        }
    }

    /// A group with its members; one group in five never gets mail.
    fn group(self, draw: u64) -> Option<Vec<(String, Fate)>> {
        let groups = u64::from(self.0.groups());
        let number = ((draw >> 24) % groups.max(1)) as u32;
        if groups == 0 || number % 5 == 4 {
            return None;
        }
        let mut recipients = vec![(self.0.group(number).primary_address(), Fate::Expanded)];
        let members = self.0.members(number).into_iter().take(20).filter_map(|id| match id {
            EntryId::Mailbox(number) => Some((self.0.address(number), Fate::Delivered)),
            _ => None,
        });
        recipients.extend(members);
        Some(recipients)
    }
}

/// What happened to mailboxes, for the audit logs: who did what to whom at a moment, also a function of the seed.
#[derive(Debug, Clone)]
pub(crate) struct Deed {
    pub(crate) id: Uuid,
    pub(crate) when: Timestamp,
    /// The mailbox, by its path, and its address.
    pub(crate) mailbox: String,
    pub(crate) address: String,
    /// Who did it, by address.
    pub(crate) actor: String,
    pub(crate) operation: &'static str,
    /// `Owner`, `Delegate` or `Admin`.
    pub(crate) logon: &'static str,
    pub(crate) folder: &'static str,
    pub(crate) subject: String,
    pub(crate) client_ip: String,
}

/// Operations, by whom, in which folder.
const DEEDS: [(&str, &str, &str); 8] = [
    ("MailboxLogin", "Owner", ""),
    ("MailItemsAccessed", "Owner", "\\Inbox"),
    ("SendAs", "Delegate", "\\Sent Items"),
    ("SoftDelete", "Owner", "\\Inbox"),
    ("HardDelete", "Owner", "\\Deleted Items"),
    ("MoveToDeletedItems", "Delegate", "\\Inbox"),
    ("UpdateInboxRules", "Owner", ""),
    ("FolderBind", "Admin", "\\Inbox"),
];

/// What was done to mailboxes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deeds(pub(crate) Seed);

impl Deeds {
    const STEP: i64 = 3_600;

    /// All deeds from `start` until before `end`, the newest first; one an hour in the whole organization.
    pub(crate) fn between(self, start: Timestamp, end: Timestamp) -> impl Iterator<Item = Deed> {
        let first = (start.as_second() + Self::STEP - 1).div_euclid(Self::STEP);
        let last = (end.as_second() + Self::STEP - 1).div_euclid(Self::STEP);
        (first..last).rev().filter_map(move |number| u32::try_from(number).ok()).map(move |number| self.deed(number))
    }

    fn deed(self, number: u32) -> Deed {
        let draw = self.0.draw(Purpose::Deed, number);
        let count = self.0.mailboxes.max(1);
        let owner = self.0.mailbox((draw >> 8) as u32 % count);
        let (operation, logon, folder) = DEEDS[draw as usize % DEEDS.len()];
        let actor = match logon {
            "Owner" => owner.primary_address(),
            "Admin" => format!("admin@{DOMAIN}"),
            _ => self.0.address((draw >> 36) as u32 % count),
        };
        let when = Timestamp::from_second(i64::from(number) * Self::STEP).unwrap_or(Timestamp::UNIX_EPOCH);
        Deed {
            id: self.0.guid(Purpose::Deed, number),
            when: when + SignedDuration::from_secs((draw % 59) as i64),
            mailbox: canonical_name(&owner),
            address: owner.primary_address(),
            actor,
            operation,
            logon,
            folder,
            subject: SUBJECTS[(draw >> 50) as usize % SUBJECTS.len()].to_owned(),
            client_ip: format!("198.51.100.{}", draw % 250 + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_hour_always_has_the_same_mail_whatever_the_window() {
        let traffic = Traffic(Seed::plain(1, 100));
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let ids = |start: &str, end: &str| {
            traffic.between(at(start), at(end)).map(|mail| mail.message_id()).collect::<Vec<_>>()
        };
        let noon = ids("2026-01-10T12:00:00Z", "2026-01-10T13:00:00Z");
        assert!(noon.len() > 5);
        let day = ids("2026-01-10T00:00:00Z", "2026-01-11T00:00:00Z");
        assert!(noon.iter().all(|id| day.contains(id)));
        assert_eq!(ids("2026-01-10T12:00:01Z", "2026-01-10T12:00:02Z").len(), 0);
    }

    #[test]
    fn mail_comes_in_all_kinds() {
        let traffic = Traffic(Seed::plain(1, 200));
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mails: Vec<Mail> = traffic.between(at("2026-01-05T00:00:00Z"), at("2026-01-15T00:00:00Z")).collect();
        for fate in [Fate::Delivered, Fate::Failed, Fate::Spam, Fate::Quarantined, Fate::Pending, Fate::Expanded] {
            assert!(mails.iter().any(|mail| mail.recipients.iter().any(|(_, own)| *own == fate)), "{fate:?}");
        }
        assert!(mails.is_sorted_by(|one, two| one.sent >= two.sent));
    }
}
