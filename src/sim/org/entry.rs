//! One object of the organization: what it is, when it came and changed, and the properties it was given.
//!
//! Properties that follow from others (addresses, distinguished name, dates) are not kept; `derived` tells them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use crate::clixml::PsValue;

/// Which kind of object an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Class {
    /// A person's mailbox.
    UserMailbox,
    /// A mailbox that several people use.
    SharedMailbox,
    /// A meeting room.
    RoomMailbox,
    /// A projector or a car.
    EquipmentMailbox,
    /// An account without a mailbox.
    User,
    /// An account with an address elsewhere.
    MailUser,
    /// An address elsewhere without an account.
    MailContact,
    /// A contact without an address.
    Contact,
    /// A group without an address; rights may be given to the second.
    Group,
    PlainSecurityGroup,
    /// A mail-enabled distribution group.
    DistributionGroup,
    /// A mail-enabled security group.
    SecurityGroup,
    /// A group whose members a filter decides.
    DynamicGroup,
    /// A Microsoft 365 group: members, owners, a mailbox.
    UnifiedGroup,
    /// A public folder with an address.
    PublicFolder,
    /// An account here whose mailbox is in the cloud.
    RemoteMailbox,
    /// An object of the configuration, by its noun.
    Config(&'static str),
}

impl Class {
    pub(crate) const MAILBOXES: &[Self] =
        &[Self::UserMailbox, Self::SharedMailbox, Self::RoomMailbox, Self::EquipmentMailbox];
    pub(crate) const GROUPS: &[Self] = &[Self::DistributionGroup, Self::SecurityGroup];
    pub(crate) const ACCOUNTS: &[Self] = &[
        Self::UserMailbox,
        Self::SharedMailbox,
        Self::RoomMailbox,
        Self::EquipmentMailbox,
        Self::User,
        Self::MailUser,
        Self::RemoteMailbox,
    ];
    pub(crate) const RECIPIENTS: &[Self] = &[
        Self::UserMailbox,
        Self::SharedMailbox,
        Self::RoomMailbox,
        Self::EquipmentMailbox,
        Self::MailUser,
        Self::MailContact,
        Self::DistributionGroup,
        Self::SecurityGroup,
        Self::DynamicGroup,
        Self::UnifiedGroup,
        Self::PublicFolder,
        Self::RemoteMailbox,
    ];

    /// Exchange's `RecipientTypeDetails` of it.
    pub(crate) fn details(self) -> &'static str {
        match self {
            Self::UserMailbox => "UserMailbox",
            Self::SharedMailbox => "SharedMailbox",
            Self::RoomMailbox => "RoomMailbox",
            Self::EquipmentMailbox => "EquipmentMailbox",
            Self::User => "User",
            Self::MailUser => "MailUser",
            Self::MailContact => "MailContact",
            Self::Contact => "Contact",
            Self::Group => "UniversalDistributionGroup",
            Self::PlainSecurityGroup => "UniversalSecurityGroup",
            Self::DistributionGroup => "MailUniversalDistributionGroup",
            Self::SecurityGroup => "MailUniversalSecurityGroup",
            Self::DynamicGroup => "DynamicDistributionGroup",
            Self::UnifiedGroup => "GroupMailbox",
            Self::PublicFolder => "PublicFolder",
            Self::RemoteMailbox => "RemoteUserMailbox",
            Self::Config(noun) => noun,
        }
    }

    /// Exchange's `RecipientType` of it: all mailboxes are user mailboxes.
    pub(crate) fn recipient_type(self) -> &'static str {
        match self {
            Self::UnifiedGroup => "MailUniversalDistributionGroup",
            Self::RemoteMailbox => "MailUser",
            Self::Group | Self::PlainSecurityGroup => "Group",
            _ if self.is_mailbox() => "UserMailbox",
            _ => self.details(),
        }
    }

    pub(crate) fn is_mailbox(self) -> bool {
        Self::MAILBOXES.contains(&self)
    }

    pub(crate) fn is_group(self) -> bool {
        Self::GROUPS.contains(&self)
    }

    pub(crate) fn is_recipient(self) -> bool {
        !matches!(self, Self::Config(_))
    }
}

/// Which object: a derived one by its number, or one that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum EntryId {
    /// Mailbox number i of the seed.
    Mailbox(u32),
    /// Group number i of the seed.
    Group(u32),
    /// The n-th object that was made, configuration included.
    Made(u32),
}

/// An object.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) id: EntryId,
    pub(crate) class: Class,
    /// The common name, unique among its siblings.
    pub(crate) name: Arc<str>,
    pub(crate) guid: Uuid,
    pub(crate) created: Timestamp,
    pub(crate) changed: Timestamp,
    /// Whether it is in the cloud, where paths and names look different.
    pub(crate) cloud: bool,
    pub(crate) properties: BTreeMap<Arc<str>, PsValue>,
}

impl Entry {
    /// A property it was given, by exact name.
    pub(crate) fn get(&self, name: &str) -> Option<&PsValue> {
        self.properties.get(name)
    }

    /// The text of a property; empty when absent or no text.
    pub(crate) fn text(&self, name: &str) -> String {
        self.get(name).and_then(super::value::plain_text).unwrap_or_default()
    }

    /// The texts of a list property.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.get(name).map(super::value::texts_of).unwrap_or_default()
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<PsValue>) {
        self.properties.insert(name.into(), value.into());
    }

    /// The primary address without `SMTP:`.
    pub(crate) fn primary_address(&self) -> String {
        let addresses = self.texts("EmailAddresses");
        addresses.iter().find_map(|address| address.strip_prefix("SMTP:")).unwrap_or_default().to_owned()
    }
}
